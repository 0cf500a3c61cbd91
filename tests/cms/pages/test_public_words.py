"""Our own words on public pages: cut where they may be cut, true at every moment, linked."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cms.pages.selectors.status import status_text
from cms.publishing.excerpts import excerpt
from cms.publishing.services.pairs import pair_publish
from consult.look.contacts import contact_links
from feedback.answering.models import Response
from feedback.asking.enums import EngagementKind
from feedback.asking.life import EngagementStatus, Phase
from feedback.asking.models import Engagement, Questionnaire
from tests.factories import (
    given,
    make_engagement,
    make_pages,
    make_question,
    make_questionnaire,
    submit,
)

FRENCH_LEAD = (
    "Bellerive compte 14 comptoirs de service. Ils ferment à 16\u00a0h\u00a030, quand bien des "
    "gens sont encore au travail. Nous avons demandé si des heures prolongées étaient la bonne "
    "solution."
)
FEMININE = re.compile(r"Ouverte|Fermée|Prévue|Approuvée|Retirée|Terminée")


# --- Cut between sentences, else between words ---------------------------------------------------


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Short.", 220, "Short."),
        (FRENCH_LEAD, 130, FRENCH_LEAD[: FRENCH_LEAD.index(" Nous")]),
        (FRENCH_LEAD, 70, FRENCH_LEAD[: FRENCH_LEAD.index(" Ils")]),
        # A sentence too short to stand for the whole: words.
        ("Oui. Nous voulons savoir comment cela se passe.", 30, "Oui. Nous voulons savoir…"),
        ("Une virgule, puis la suite", 16, "Une virgule…"),
        # Not after an abbreviation.
        ("Écrivez à M. Tremblay et à ses collègues", 15, "Écrivez à M…"),
        ("Il est 16\u00a0h\u00a030 au comptoir", 13, "Il est…"),
        ("Anticonstitutionnellement", 10, "Anticonst…"),
        ("  Deux   espaces\nici  ", 220, "Deux espaces ici"),
    ],
)
def test_excerpt_ends_with_a_sentence_or_a_word(text: str, limit: int, expected: str) -> None:
    cut = excerpt(text, limit)
    assert cut == expected
    assert len(cut) <= max(limit, 1)


def test_excerpt_never_cuts_a_word() -> None:
    for limit in range(len("Bellerive") + 2, 240):
        cut = excerpt(FRENCH_LEAD, limit).removesuffix("…")
        assert FRENCH_LEAD.startswith(cut)
        assert FRENCH_LEAD[len(cut) :][:1] in {" ", ",", ".", ""}


# --- Addresses and numbers are links -------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("Écrivez à a.b-c@example.ca.", '<a href="mailto:a.b-c@example.ca">a.b-c@example.ca</a>.'),
        ("1‑800‑555‑0142, du lundi", '<a href="tel:+18005550142">1‑800‑555‑0142</a>, du lundi'),
        ("(613) 555-0142", '<a href="tel:+16135550142">(613) 555-0142</a>'),
        ("613&nbsp;555&nbsp;0142", '<a href="tel:+16135550142">613\u00a0555\u00a00142</a>'),
        ("+1 613.555.0142", '<a href="tel:+16135550142">+1 613.555.0142</a>'),
    ],
)
def test_addresses_and_numbers_become_links(written: str, link: str) -> None:
    page = Template("{% load look %}{{ words|safe|contact_links }}")
    html = page.render(Context({"words": f"<p>{written}</p>"}))
    assert link in html


@pytest.mark.parametrize(
    "written",
    [
        '<a href="mailto:x@example.ca">x@example.ca</a>',
        '<a class="b" href="tel:+16135550142"><b>613 555 0142</b></a>',
        "<p>2026-11-30, 2022-2023, 14 comptoirs, no 613-555-01421, @example</p>",
    ],
)
def test_what_is_a_link_or_no_number_stays(written: str) -> None:
    page = Template("{% load look %}{{ words|safe|contact_links }}")
    assert page.render(Context({"words": written})) == written


def test_words_that_are_not_html_are_escaped() -> None:
    assert "<script>" not in contact_links("<script>a@example.ca</script>")


# --- Said of a consultation or of a survey -------------------------------------------------------


def test_french_of_a_survey_is_masculine_in_every_phase_and_status() -> None:
    with override("fr"):
        for phase in Phase:
            assert not FEMININE.search(phase.label_for(EngagementKind.SURVEY)), phase
        for status in EngagementStatus:
            assert not FEMININE.search(status.label_for(EngagementKind.SURVEY)), status
        assert Phase.OPEN.label_for(EngagementKind.CONSULTATION) == "Ouverte"
        now = timezone.now()
        for opens, closes in ((-1, 0.001), (-1, 1), (-1, 5), (1, 5)):
            survey = Engagement(
                kind=EngagementKind.SURVEY,
                status=EngagementStatus.APPROVED,
                opens_at=now + timedelta(days=opens),
                closes_at=now + timedelta(days=closes),
            )
            assert not FEMININE.search(status_text(survey, survey.phase()))


# --- True at every moment ------------------------------------------------------------------------

KINDS = [EngagementKind.CONSULTATION, EngagementKind.SURVEY]
ENDS = {
    Phase.CLOSED: EngagementStatus.APPROVED,
    Phase.OUTCOME_PUBLISHED: EngagementStatus.OUTCOME_PUBLISHED,
    Phase.NO_REPORT_EXPECTED: EngagementStatus.NO_REPORT_EXPECTED,
    Phase.WITHDRAWN: EngagementStatus.WITHDRAWN,
}
INVITATIONS = {
    "en": re.compile(r"share your thoughts|What happens next|Other ways to answer|will be used"),
    "fr": re.compile(r"faites-nous part|Prochaines étapes|Autres façons|ferons de vos"),
}


def over(kind: EngagementKind) -> Engagement:
    """An engagement that nobody can answer any more, with one response."""
    engagement = make_questionnaire(make_engagement(kind=kind)).engagement
    submit(engagement, given(reached="phone", ease="4", slowed="L'attente."))
    engagement.closes_at = timezone.now() - timedelta(days=1)
    engagement.save(update_fields=["closes_at"])
    return engagement


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("phase", ENDS)
def test_page_and_receipt_of_what_is_over_invite_nobody(
    client: Client, kind: EngagementKind, phase: Phase
) -> None:
    engagement = over(kind)
    is_survey = kind == EngagementKind.SURVEY
    pair = make_pages(engagement) if is_survey else pages_with_steps(engagement, -20, -10)
    engagement.status = ENDS[phase]
    engagement.save(update_fields=["status"])
    assert engagement.phase() == phase
    response = Response.objects.get()
    for language, page in (("en", pair.english), ("fr", pair.french)):
        for address in (page.url, f"{page.url}questions/"):
            html = client.get(address).content.decode()
            assert not INVITATIONS[language].search(html), INVITATIONS[language].search(html)
            assert page.short_title in html
        with override(language):
            address = reverse("answering:receipt", args=[response.receipt_key])
        receipt = client.get(address).content.decode()
        promised = {"en": "are accepted until", "fr": "sont acceptées jusqu"}[language]
        assert promised not in receipt
        will = {"en": "will be published", "fr": "Nous publierons"}[language]
        assert (will in receipt) is (phase == Phase.CLOSED)


def pages_with_steps(engagement: Engagement, *days: int) -> Any:
    """Both pages, with a step that many days from now each."""
    pair = make_pages(engagement, published=False)
    today = timezone.localdate()
    for page in pair.pages:
        page.next_steps = [
            ("step", {"when": "", "label": "Étape", "starts_on": today + timedelta(days=day)})
            for day in days
        ]
        page.save_revision()
    return pair_publish(page=pair.english, user=None, checks_permission=False)


@pytest.mark.django_db
def test_steps_still_ahead_are_named_so_on_a_closed_page(client: Client) -> None:
    pair = pages_with_steps(over(EngagementKind.CONSULTATION), -10, 10)
    assert "What happened and what comes next" in client.get(pair.english.url).content.decode()
    assert "Étapes franchies et à venir" in client.get(pair.french.url).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_withdrawn_page_does_not_say_what_is_done_with_the_answers(
    client: Client, kind: EngagementKind
) -> None:
    """It would go on promising a report."""
    engagement = over(kind)
    pair = make_pages(engagement, published=False)
    for page in pair.pages:
        page.how_used = "<p>REPORT</p>"
        page.save_revision()
    pair = pair_publish(page=pair.english, user=None, checks_permission=False)
    for status, says in (
        (EngagementStatus.APPROVED, True),
        (EngagementStatus.WITHDRAWN, False),
    ):
        engagement.status = status
        engagement.save(update_fields=["status"])
        for page in pair.pages:
            assert ("REPORT" in client.get(page.url).content.decode()) is says


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_receipt_is_true_when_the_dates_were_moved_after_it(client: Client, language: str) -> None:
    """Put off to later, or left without an end: neither over nor without a report."""
    engagement = over(EngagementKind.CONSULTATION)
    make_pages(engagement)
    with override(language):
        address = reverse("answering:receipt", args=[Response.objects.get().receipt_key])
    no_report, until, over_words, later, report = {
        "en": ("No report", "were accepted", "What came of it", "What happens next", "published"),
        "fr": ("Aucun rapport", "étaient acceptées", "Les suites", "Prochaines étapes", "publier"),
    }[language]
    now = timezone.now()
    day = timedelta(days=1)
    for opens, closes in ((now + day, now + 9 * day), (None, None), (now - day, None)):
        engagement.opens_at, engagement.closes_at = opens, closes
        engagement.save(update_fields=["opens_at", "closes_at"])
        html = client.get(address).content.decode()
        assert later in html
        for untrue in (no_report, until, over_words):
            assert untrue not in html
        # What never closes is never reported: a draft waits for the closing.
        assert (report in html) is (closes is not None)


@pytest.mark.django_db
def test_address_in_the_notice_on_a_receipt_is_a_link(client: Client) -> None:
    questionnaire = Questionnaire.objects.create(
        engagement=make_engagement(),
        privacy_notice_en="Write to a@example.ca.",
        privacy_notice_fr="Écrivez à a@example.ca.",
    )
    make_question(questionnaire, "slowed", "long_text")
    submit(questionnaire.engagement, given(slowed="L'attente."))
    address = reverse("answering:receipt", args=[Response.objects.get().receipt_key])
    assert 'href="mailto:a@example.ca"' in client.get(address).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_start_says_nothing_of_no_minutes(client: Client, language: str) -> None:
    questionnaire = Questionnaire.objects.create(engagement=make_engagement(), minutes=0)
    make_question(questionnaire, "slowed", "long_text")
    with override(language):
        address = reverse("answering:start", args=[questionnaire.engagement.reference_number])
    page = client.get(address)
    assert page.status_code == 200
    assert not re.search(r"\b0 minute", page.content.decode())
