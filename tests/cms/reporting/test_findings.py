"""What we heard: frozen numbers, living quotes, both languages."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext, override

from analysis.review.models import CandidateTheme, Passage
from analysis.review.services.codebook import theme_create, theme_dismiss
from cms.publishing.parity import Code, ParityError
from cms.publishing.selectors import pair_of
from cms.publishing.services.pairs import pair_publish
from cms.publishing.services.verdicts import pair_verdict
from cms.reporting.downloads import themes_csv
from cms.reporting.frozen import as_json, digest_of, from_json
from cms.reporting.models import FindingsPage, FindingsSnapshot
from cms.reporting.selectors import findings_view
from cms.reporting.sentences import comparison_sentences, limits, lower_first, theme_sentence
from cms.reporting.services import FindingsNotReady, findings_draft
from feedback.answering.references import withdrawal_code
from feedback.answering.services.withdrawals import response_withdraw
from feedback.asking.enums import EngagementKind, Sampling
from feedback.asking.life import EngagementStatus
from feedback.bilingual import Language
from feedback.people.enums import Role, SmallestCell
from tests.factories import make_department, make_engagement, make_questionnaire, make_user, submit

pytestmark = pytest.mark.django_db

DIGITS = re.compile(r"\d[\d\u00a0,.]*\d|\d")


def page_numbers(html: str) -> list[str]:
    """The numbers a reader sees, without what a language does to them; sorted."""
    body = html.split("<main", 1)[1].split("</main>", 1)[0]
    body = re.sub(r"<figure.*?</figure>|<svg.*?</svg>|<details.*?</details>", " ", body, flags=re.S)
    text = unescape(re.sub(r"<[^>]+>", " ", body))
    plain = (re.sub(r"[\u00a0,.]", "", found) for found in DIGITS.findall(text))
    return sorted(plain)


def edited(page: FindingsPage, **fields):
    draft = FindingsPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision(clean=False)
    return draft


# --- The draft -------------------------------------------------------------------------------


def test_draft_is_in_both_languages_below_the_consultation_and_not_live(reviewed):
    pair = reviewed.drafts()
    for page, parent in zip(pair.pages, reviewed.pages.pages, strict=True):
        assert page.get_parent().pk == parent.pk
        assert not page.live
        assert [block.value["code"] for block in page.themes] == [t.code for t in reviewed.themes]
    assert pair.english.snapshot_id == pair.french.snapshot_id
    assert pair.english.title != pair.french.title
    assert pair.english.slug != pair.french.slug
    assert pair_verdict(page=pair.english).may_publish


def test_snapshot_holds_numbers_and_nobodys_words(reviewed):
    for smallest in (SmallestCell.ANY, SmallestCell.TEN):
        reviewed.hides(smallest)
        numbers = reviewed.drafts().english.get_latest_revision_as_object().snapshot.numbers
        kept = str(numbers)
        for answer in reviewed.answers:
            assert answer.text not in kept
        read = from_json(numbers)
        assert read.with_text == len(reviewed.answers)
        assert sum(t.n for t in read.rows) + read.unthemed_total == read.with_text
        assert as_json(read) == numbers


def test_snapshot_is_never_changed(reviewed):
    snapshot = reviewed.drafts().english.snapshot
    snapshot.numbers = {}
    with pytest.raises(TypeError):
        snapshot.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        FindingsSnapshot.objects.filter(pk=snapshot.pk).update(digest="0")
    fresh = FindingsSnapshot.objects.get(pk=snapshot.pk)
    assert digest_of(fresh.numbers) == fresh.digest


def test_later_responses_do_not_move_published_numbers(reviewed, client):
    page = reviewed.published().english
    before = client.get(page.url).content.decode()
    from feedback.asking.enums import Channel

    submit(reviewed.engagement, channel=Channel.MAIL, received_at=reviewed.engagement.opens_at)
    assert page_numbers(client.get(page.url).content.decode()) == page_numbers(before)


def test_second_draft_keeps_peoples_words_and_takes_new_numbers(reviewed):
    pair = reviewed.drafts()
    edited(pair.english, lead="People told us what we feared.")
    edited(pair.french, lead="Les gens nous ont dit ce que nous craignions.")
    again = reviewed.drafts()
    assert [page.pk for page in again.pages] == [page.pk for page in pair.pages]
    draft = again.english.get_latest_revision_as_object()
    assert draft.lead == "People told us what we feared."
    assert draft.snapshot_id != pair.english.snapshot_id
    assert FindingsPage.objects.count() == 2


def test_nothing_reviewed_is_nothing_to_report(reviewed):
    other = reviewed.question.questionnaire.questions.get(code="change")
    with pytest.raises(FindingsNotReady) as refusal:
        findings_draft(question=other, user=reviewed.approver)
    assert refusal.value.reason == FindingsNotReady.NO_THEMES
    assert not FindingsSnapshot.objects.exists()


def test_a_theme_nobody_named_in_one_language_is_not_reported_on(reviewed, client):
    candidate = CandidateTheme.objects.exclude(theme=None).first()
    CandidateTheme.objects.filter(pk=candidate.pk).update(
        unnamed=["fr"], name_fr=candidate.theme.name_fr
    )
    with pytest.raises(FindingsNotReady) as refusal:
        reviewed.drafts()
    assert refusal.value.reason == FindingsNotReady.NOT_NAMED
    client.force_login(reviewed.approver)
    address = reverse("reporting:findings_draft", args=[reviewed.question.pk])
    assert client.post(address).status_code == 409


def test_open_consultation_is_not_reported_on(reviewed):
    reviewed.engagement.closes_at = None
    reviewed.engagement.save(update_fields=["closes_at"])
    with pytest.raises(FindingsNotReady) as refusal:
        reviewed.drafts()
    assert refusal.value.reason == FindingsNotReady.STILL_OPEN


def test_consultation_without_pages_has_no_place_for_a_report():
    question = make_questionnaire(make_engagement(open=False)).questions.get(code="slowed")
    with pytest.raises(FindingsNotReady) as refusal:
        findings_draft(question=question, user=make_user())
    assert refusal.value.reason == FindingsNotReady.NO_PAGES


def test_theme_without_numbers_is_refused_by_the_gate(reviewed):
    pair = reviewed.drafts()
    for page in pair.pages:
        draft = page.get_latest_revision_as_object()
        draft.themes[0].value["code"] = "T99"
        draft.save_revision(clean=False)
    assert Code.UNKNOWN_THEME in {p.code for p in pair_verdict(page=pair.english).problems}


def test_quotes_differ_between_languages_is_refused(reviewed):
    pair = reviewed.drafts()
    draft = pair.french.get_latest_revision_as_object()
    del draft.themes[0].value["quotes"][0]
    draft.save_revision(clean=False)
    with pytest.raises(ParityError):
        pair_publish(page=pair.english, user=reviewed.approver)
    assert not FindingsPage.objects.filter(live=True).exists()


# --- The page --------------------------------------------------------------------------------


def test_publishing_the_report_publishes_the_outcome(reviewed):
    pair = reviewed.published()
    reviewed.engagement.refresh_from_db()
    assert reviewed.engagement.status == EngagementStatus.OUTCOME_PUBLISHED
    event = reviewed.engagement.events.get()
    assert event.actor_id == reviewed.approver.pk
    # Whoever reads the history reads the title in her language.
    assert all(page.title in event.reason for page in pair.pages)


def test_report_that_fails_the_gate_leaves_the_outcome_to_come(reviewed):
    pair = reviewed.drafts()
    edited(pair.french, lead="")
    with pytest.raises(ParityError):
        pair_publish(page=pair.english, user=reviewed.approver)
    reviewed.engagement.refresh_from_db()
    assert reviewed.engagement.status == EngagementStatus.APPROVED


def test_both_languages_show_the_same_numbers(reviewed, client):
    reviewed.hides(SmallestCell.ANY)
    pair = reviewed.published()
    pages = [client.get(page.url).content.decode() for page in pair.pages]
    assert page_numbers(pages[0]) == page_numbers(pages[1])
    assert len(page_numbers(pages[0])) > 20


def test_quotes_stand_in_their_own_language_on_both_pages(reviewed, client):
    pair = reviewed.published()
    for page in pair.pages:
        html = client.get(page.url).content.decode()
        assert '<blockquote lang="en">I waited' in html
        assert '<blockquote lang="fr">J&#x27;ai attendu' in html


def test_withdrawn_words_are_gone_from_the_published_page(reviewed, client):
    pair = reviewed.published()
    block = pair.english.themes[0].value
    passage = Passage.objects.get(pk=block["quotes"][0]["passage"])
    words = passage.text[:30].replace("'", "&#x27;")
    for page in pair.pages:
        assert words in client.get(page.url).content.decode()
    response = passage.answer.response
    response_withdraw(reference=response.reference, code=withdrawal_code(response.receipt_key))
    for page in pair.pages:
        html = client.get(page.url).content.decode()
        assert words not in html
        assert client.get(page.url).status_code == 200


def test_respondents_words_are_escaped(reviewed, client):
    pair = reviewed.published()
    block = pair.english.themes[0].value
    Passage.objects.filter(pk=block["quotes"][0]["passage"]).update(
        text="<script>alert(1)</script> & {{ 7|add:7 }}"
    )
    html = client.get(pair.english.url).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7|add:7 }}" in html


def test_no_reference_of_a_response_is_shown(reviewed, client):
    html = client.get(reviewed.published().english.url).content.decode()
    for answer in reviewed.answers:
        assert answer.response.reference not in html


def test_chart_comes_with_its_table_and_downloads(reviewed, client):
    for page in reviewed.published().pages:
        html = client.get(page.url).content.decode()
        assert html.count('<svg xmlns="http://www.w3.org/2000/svg" class="chart') == 1
        assert '<table class="chart-table">' in html
        assert "style=" not in html
        drawn = client.get(page.url + "themes/svg/")
        assert drawn["Content-Type"] == "image/svg+xml"
        assert f'lang="{page.language}"' in drawn.content.decode()


def test_csv_says_what_the_page_says(reviewed, client):
    reviewed.hides(SmallestCell.ANY)
    page = reviewed.published().english
    response = client.get(page.url + "themes/csv/")
    text = response.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    numbers = from_json(page.snapshot.numbers)
    assert [row["theme_code"] for row in rows] == [*(t.code for t in numbers.themes), ""]
    assert sum(int(row["people"]) for row in rows) == numbers.with_text
    assert int(rows[0]["people_en"]) + int(rows[0]["people_fr"]) == int(rows[0]["people"])


# --- Sentences -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_clear_difference_is_named_and_small_base_is_not_compared(reviewed, language):
    reviewed.hides(SmallestCell.ANY)
    numbers = from_json(reviewed.drafts().english.snapshot.numbers)
    theme = next(t for t in numbers.top_themes if t.by_language.get("fr", 0) > t.n / 2)
    comparison = numbers.comparison(theme)
    assert comparison is not None
    assert comparison.is_clear
    assert comparison.low > 0
    with override(language):
        assert len(comparison_sentences(numbers, theme)) == 2
    small = from_json({**as_json(numbers), "with_text_languages": {"en": 40, "fr": 29}})
    assert small.comparison(theme) is None
    with override(language):
        assert len(comparison_sentences(small, theme)) == 1


def test_same_share_in_both_languages_is_no_difference(reviewed):
    reviewed.hides(SmallestCell.ANY)
    numbers = from_json(reviewed.drafts().english.snapshot.numbers)
    numbers = replace(numbers, with_text_languages={"en": 200, "fr": 100})
    found = numbers.comparison(replace(numbers.themes[0], by_language={"en": 40, "fr": 21}))
    assert found is not None
    assert found.low < found.difference < found.high
    assert found.low < 0 < found.high
    assert not found.is_clear


def test_limits_follow_how_people_were_asked(reviewed):
    plain = reviewed.drafts().english.snapshot.numbers
    said = {
        sampling: limits(from_json({**plain, "sampling": sampling}))[0]
        for sampling in Sampling.values
    }
    assert len(set(said.values())) == len(Sampling.values)


def test_numbers_in_french_are_written_the_canadian_way(reviewed):
    numbers = from_json(reviewed.drafts().english.snapshot.numbers)
    theme = numbers.top_themes[0]
    with override("fr"):
        assert "\u00a0%" in theme_sentence(numbers, theme)
    with override("en"):
        assert "\u00a0%" not in theme_sentence(numbers, theme)


# --- The staff view --------------------------------------------------------------------------


def draft_url(question) -> str:
    return reverse("reporting:findings_draft", args=[question.pk])


@pytest.mark.parametrize("role", ["approver", "analyst"])
def test_approver_and_analyst_may_draft(reviewed, client, role):
    client.force_login(getattr(reviewed, role))
    response = client.post(draft_url(reviewed.question))
    assert response.status_code == 302
    assert FindingsPage.objects.count() == 2
    assert client.get(response["Location"]).status_code == 200


def test_author_may_not_draft(reviewed, client):
    client.force_login(reviewed.author)
    assert client.post(draft_url(reviewed.question)).status_code == 403


@pytest.mark.parametrize("role", list(Role))
def test_other_department_finds_nothing(reviewed, client, role):
    client.force_login(make_user(make_department(), role))
    page = reviewed.drafts().english
    assert client.post(draft_url(reviewed.question)).status_code == 404
    assert client.get(reverse("reporting:findings_preview", args=[page.pk])).status_code == 404


def test_anonymous_is_sent_to_sign_in(reviewed, client):
    page = reviewed.drafts().english
    for response in (
        client.post(draft_url(reviewed.question)),
        client.get(reverse("reporting:findings_preview", args=[page.pk])),
    ):
        assert response.status_code == 302
        assert "/sign-in/" in response["Location"]


def test_wrong_method_and_wrong_question(reviewed, client):
    client.force_login(reviewed.approver)
    assert client.get(draft_url(reviewed.question)).status_code == 405
    closed = reviewed.question.questionnaire.questions.get(code="reached")
    assert client.post(draft_url(closed)).status_code == 404
    missing = reverse("reporting:findings_draft", args=[10_000_000])
    assert client.post(missing).status_code == 404


@pytest.mark.parametrize("language", list(Language))
def test_refusal_is_a_page_that_says_what_to_do(reviewed, client, language):
    client.force_login(reviewed.approver)
    other = reviewed.question.questionnaire.questions.get(code="change")
    response = client.post(draft_url(other), headers={"accept-language": language})
    assert response.status_code == 409
    assert f'<html lang="{language}"' in response.content.decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_preview_shows_the_draft_in_its_language_and_toggles_to_the_other(
    reviewed, client, language
):
    client.force_login(reviewed.analyst)
    pair = reviewed.drafts()
    page, other = pair.of(language), pair.of("fr" if language == "en" else "en")
    html = client.get(reverse("reporting:findings_preview", args=[page.pk])).content.decode()
    assert f'<html lang="{language}"' in html
    assert reverse("reporting:findings_preview", args=[other.pk]) in html
    assert client.get(page.url).status_code == 404


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("role", ["analyst", "author", "approver"])
def test_a_draft_says_what_it_is_and_what_comes_next(reviewed, client, role, language):
    page = reviewed.drafts().of(language)
    client.force_login(getattr(reviewed, role))
    address = reverse("reporting:findings_preview", args=[page.pk])
    html = client.get(address).content.decode()
    notice = html[html.index('id="draft-title"') : html.index("<h1")]
    assert getattr(reviewed.department, f"name_{language}") in notice
    desk = [reviewed.engagement.reference_number, reviewed.question.code]
    assert reverse("review:desk", args=desk) in notice
    may_write = role != "analyst"
    assert (reverse("cms_pair", args=[page.pk]) in notice) == may_write
    assert (reverse("wagtailadmin_pages:edit", args=[page.pk]) in notice) == may_write
    # What the public would get from the address of a page that is not there yet.
    assert " download>" not in html
    pair_publish(page=page, user=reviewed.approver)
    assert 'id="draft-title"' not in client.get(page.url).content.decode()


@pytest.mark.parametrize("role", ["analyst", "approver"])
def test_drafting_says_what_was_done(reviewed, client, role):
    client.force_login(getattr(reviewed, role))
    said = []
    for _ in range(2):
        response = client.post(draft_url(reviewed.question), follow=True)
        said.append([str(message) for message in response.context["messages"]])
        assert said[-1][0] in unescape(response.content.decode())
    assert len(said[0]) == len(said[1]) == 1
    assert said[0] != said[1]


# --- Both texts side by side -----------------------------------------------------------------


def pair_url(page) -> str:
    return reverse("cms_pair", args=[page.pk])


def test_the_comparison_shows_both_texts_block_by_block(reviewed, client):
    pair = reviewed.drafts()
    for page, words, sum_up in (
        (pair.english, "We will <hire>.", "<p>In <b>short</b>.</p>"),
        (pair.french, "Nous <embaucherons>.", "<p>En <b>bref</b>.</p>"),
    ):
        draft = page.get_latest_revision_as_object()
        draft.summary = sum_up
        draft.themes[0].value["commitments"].append(
            {"text": words, "owner": page.language, "due_on": date(2027, 3, 1)}
        )
        draft.save_revision(clean=False)
    client.force_login(reviewed.author)
    response = client.get(pair_url(pair.english))
    html = response.content.decode()
    page, first, second = response.context["sections"]
    assert [len(section.lines) > 3 for section in (page, first, second)] == [True] * 3
    told = {line.label: [str(side.text) for side in line.sides] for line in first.lines}
    assert ["We will <hire>.", "Nous <embaucherons>."] in told.values()
    assert ["March 1, 2027", "1er mars 2027"] in told.values()
    assert "<b>short</b>" in html
    assert "<b>bref</b>" in html
    assert "We will &lt;hire&gt;." in html
    # Numbers stand with the text; quotes once, in the language they were written in.
    quotes = [line for line in first.lines if line.is_quote]
    assert {line.sides[0].lang for line in quotes} == {"en", "fr"}
    assert all(len(line.sides) == 1 for line in quotes)
    numbers = from_json(pair.english.snapshot.numbers)
    with override("fr"):
        assert theme_sentence(numbers, numbers.top_themes[0]) in html


def test_the_comparison_shows_where_something_is_to_be_mended(reviewed, client):
    pair = reviewed.drafts()
    draft = pair.french.get_latest_revision_as_object()
    draft.themes[0].value["heading"] = ""
    del draft.themes[1].value["quotes"][0]
    draft.save_revision(clean=False)
    client.force_login(reviewed.approver)
    response = client.get(pair_url(pair.english))
    assert response.status_code == 200
    _, first, second = response.context["sections"]
    heading = next(line for line in first.lines if line.problems)
    assert [side.text != "" for side in heading.sides] == [True, False]
    assert second.problems
    assert 'value="publish"' not in response.content.decode()


def test_a_withdrawn_quote_is_not_in_the_comparison(reviewed, client):
    pair = reviewed.drafts()
    passage = Passage.objects.get(pk=pair.english.themes[0].value["quotes"][0]["passage"])
    response = passage.answer.response
    response_withdraw(reference=response.reference, code=withdrawal_code(response.receipt_key))
    client.force_login(reviewed.approver)
    html = unescape(client.get(pair_url(pair.english)).content.decode())
    assert passage.text not in html


def test_report_on_a_survey_may_be_drafted_while_it_is_open(reviewed):
    reviewed.engagement.kind = EngagementKind.SURVEY
    reviewed.engagement.closes_at = None
    reviewed.engagement.save()
    pair = reviewed.drafts()
    assert pair_verdict(page=pair.english).may_publish
    pair_publish(page=pair_of(pair.english).english, user=reviewed.approver)
    reviewed.engagement.refresh_from_db()
    assert reviewed.engagement.status == EngagementStatus.APPROVED


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Waiting times", "waiting times"),
        ("L'attente", "l'attente"),
        ("Écrans", "écrans"),
        ("TDD lines", "TDD lines"),
        ("I waited", "I waited"),
    ],
)
def test_theme_name_within_a_sentence_begins_small(name, inside):
    assert lower_first(name) == inside


# --- Themes made by hand


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("is_all", [True, False], ids=["all by hand", "beside proposals"])
def test_a_report_says_which_themes_people_made_by_hand(reviewed, client, language, is_all):
    if is_all:
        for theme in reviewed.themes:
            theme_dismiss(theme=theme, version=theme.version, user=reviewed.analyst)
    passages = Passage.objects.filter(answer__in=reviewed.answers[:26]).select_related("answer")
    made = theme_create(
        question=reviewed.question,
        name_en="Waiting for hours",
        name_fr="Des heures d'attente",
        user=reviewed.analyst,
        passages=list(passages),
    )
    pair = reviewed.published()
    page = pair.of(language)
    assert (page.numbers.is_by_hand(made.code), page.numbers.theme(made.code).n) == (True, 26)
    with override(language):
        view = findings_view(page)
        marked = {theme.code: bool(theme.by_hand) for theme in view.themes}
        by_software = gettext(
            "Analysis was assisted by software that groups similar comments, on our own servers. "
            "Findings were reviewed and validated by people."
        )
    assert marked.pop(made.code)
    assert not any(marked.values())
    # No report claims a grouping that nobody made, nor hides one.
    assert (by_software in view.how) == (not is_all)
    text = unescape(client.get(page.get_url()).content.decode())
    assert view.how in text
    rows = csv.DictReader(io.StringIO(themes_csv(page.numbers).lstrip("\ufeff")))
    told = {row["theme_code"]: row["by_hand"] for row in rows if row["by_hand"]}
    assert told.pop(made.code) == "1"
    assert set(told.values()) == (set() if is_all else {"0"})
