"""A report quotes the people it is about, from the theme it stands under, and nobody else."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Revision
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from analysis.review.models import Assignment, Passage, Theme
from analysis.review.services.codebook import candidates_accept, theme_merge
from cms.publishing.parity import Code, ParityError
from cms.publishing.services.pairs import pair_publish
from cms.publishing.services.schedule import pairs_publish_scheduled
from cms.publishing.services.verdicts import pair_verdict
from cms.reporting.models import FindingsPage
from cms.reporting.models.snapshots import QuoteMark
from cms.reporting.selectors import findings_view
from feedback.answering.references import withdrawal_code
from feedback.answering.services.withdrawals import response_withdraw
from feedback.bilingual import Language
from feedback.people.enums import Role
from feedback.people.models import Membership
from tests.cms.conftest import wrote
from tests.factories import (
    make_department,
    make_engagement,
    make_questionnaire,
    make_result,
    make_run,
    make_user,
)

pytestmark = pytest.mark.django_db

SECRET = "What the people of another department wrote about their illness."
NOWHERE = 2_000_000_000


@pytest.fixture
def foreign(reviewed: Any) -> Passage:
    """A passage of another department, in a theme of its own codebook."""
    department = make_department()
    question = make_questionnaire(make_engagement(department, open=False)).questions.get(
        code="slowed"
    )
    answers = wrote(question, [(SECRET, Language.EN), ("Autre chose.", Language.FR)])
    run = make_run(question, make_result(answers, {"T1": [0, 1]}))
    candidates_accept(candidates=run.candidates.all(), user=make_user(department, Role.ANALYST))
    return Passage.objects.get(text=SECRET)


def draft_of(page: FindingsPage) -> FindingsPage:
    return FindingsPage.objects.get(pk=page.pk).get_latest_revision_as_object()


def quoting(page: FindingsPage, passage: int, theme: int = 0) -> FindingsPage:
    """The draft of a page with a passage as the first quote of one of its themes."""
    draft = draft_of(page)
    draft.themes[theme].value["quotes"][0]["passage"] = passage
    return draft


def of_theme(reviewed: Any, theme: int) -> int:
    return (
        Assignment.objects.in_codebook()
        .filter(theme=reviewed.themes[theme])
        .order_by("-pk")
        .values_list("passage_id", flat=True)[0]
    )


def posted(page: FindingsPage, passage: int | str, code: str | None = None) -> dict[str, Any]:
    """The editor's form with one theme and one quote."""
    draft = draft_of(page)
    block = draft.themes[0].value
    return nested_form_data(
        {
            "title": draft.title,
            "slug": draft.slug,
            "lead": draft.lead,
            "summary": rich_text(""),
            "not_decided": rich_text(""),
            "method_note": rich_text(""),
            "thanks": "",
            "search_description": "",
            "seo_title": "",
            "go_live_at": "",
            "expire_at": "",
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            "themes": streamfield(
                [
                    (
                        "theme",
                        {
                            "code": code or block["code"],
                            "heading": block["heading"],
                            "text": rich_text(""),
                            "quotes": streamfield([("item", {"passage": passage})]),
                            "commitments": streamfield([]),
                        },
                    )
                ]
            ),
        }
    )


def edit_url(page: FindingsPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


# --- No road leads elsewhere -----------------------------------------------------------------


@pytest.mark.parametrize("number", ["foreign", "nowhere"])
def test_the_authors_form_refuses_any_other_passage(reviewed, foreign, client, number):
    page = reviewed.drafts().english
    client.force_login(reviewed.author)
    before = page.revisions.count()
    passage = foreign.pk if number == "foreign" else NOWHERE
    response = client.post(edit_url(page), posted(page, passage))
    assert response.status_code == 200
    assert page.revisions.count() == before
    assert SECRET not in unescape(response.content.decode())
    for nonsense in ("words", -1, 0, 10**30, "1; 2"):
        response = client.post(edit_url(page), posted(page, nonsense))
        assert response.status_code == 200
        assert page.revisions.count() == before
    # Its own are taken, those of another theme of the same report are not.
    response = client.post(edit_url(page), posted(page, of_theme(reviewed, 1)))
    assert page.revisions.count() == before
    response = client.post(edit_url(page), posted(page, of_theme(reviewed, 0)))
    assert response.status_code == 302
    assert page.revisions.count() == before + 1
    kept = draft_of(page).themes[0].value["quotes"]
    assert [quote["passage"] for quote in kept] == [of_theme(reviewed, 0)]


@pytest.mark.parametrize("is_clean", [True, False])
def test_no_draft_is_kept_that_quotes_anybody_else(reviewed, foreign, is_clean):
    page = reviewed.drafts().english
    for passage in (foreign.pk, NOWHERE):
        with pytest.raises(ValidationError):
            quoting(page, passage).save_revision(clean=is_clean)
    with pytest.raises(ValidationError):
        quoting(page, of_theme(reviewed, 1)).save_revision()
    assert page.revisions.count() == 1


@pytest.mark.parametrize("is_live", [True, False])
def test_no_page_is_saved_that_quotes_anybody_else(reviewed, foreign, is_live):
    page = (reviewed.published() if is_live else reviewed.drafts()).english
    draft = quoting(page, foreign.pk)
    with pytest.raises((ValidationError, ParityError)):
        draft.save()
    with pytest.raises(ValidationError):
        page.copy(
            update_attrs={"slug": "copy", "themes": draft.themes, "live": False},
            copy_revisions=False,
        )


def smuggled(pair: Any, passage: Any, blocks: int = 2) -> None:
    """The quote as a row written past every check: a fixture, a restore, a query."""
    for page in pair.pages:
        raw = json.loads(page.get_latest_revision().content["themes"])
        raw[0]["value"]["quotes"][0]["value"]["passage"] = passage
        text = json.dumps(raw[:blocks])
        FindingsPage.objects.filter(pk=page.pk).update(themes=text)
        revision = page.get_latest_revision()
        Revision.objects.filter(pk=revision.pk).update(content={**revision.content, "themes": text})


@pytest.mark.parametrize("number", ["foreign", "nowhere", "other theme"])
def test_the_gate_lets_no_such_quote_out(reviewed, foreign, number):
    pair = reviewed.drafts()
    passage = {
        "foreign": foreign.pk,
        "nowhere": NOWHERE,
        "other theme": of_theme(reviewed, 1),
    }[number]
    smuggled(pair, passage)
    fresh = FindingsPage.objects.get(pk=pair.english.pk)
    codes = {problem.code for problem in pair_verdict(page=fresh).problems}
    assert codes & {Code.UNKNOWN_QUOTE, Code.QUOTE_GONE}
    with pytest.raises(ParityError):
        pair_publish(page=fresh, user=reviewed.approver)
    with pytest.raises(ParityError):
        fresh.get_latest_revision().publish()
    assert not FindingsPage.objects.filter(live=True).exists()


def test_a_quote_nobody_picked_does_not_go_out(reviewed):
    pair = reviewed.drafts()
    for page in pair.pages:
        draft = draft_of(page)
        draft.themes[0].value["quotes"][0]["passage"] = None
        draft.save_revision(clean=False)
    fresh = FindingsPage.objects.get(pk=pair.english.pk)
    assert {problem.code for problem in pair_verdict(page=fresh).problems} == {Code.QUOTE_GONE}
    with pytest.raises(ParityError):
        pair_publish(page=fresh, user=reviewed.approver)


def test_a_row_written_past_every_check_shows_nothing(reviewed, foreign, client):
    pair = reviewed.published()
    smuggled(pair, foreign.pk)
    addresses = [page.url for page in pair.pages]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        assert SECRET not in unescape(response.content.decode())
    client.force_login(reviewed.approver)
    for page in pair.pages:
        for address in (
            edit_url(page),
            reverse("cms_pair", args=[page.pk]),
            reverse("reporting:findings_preview", args=[page.pk]),
            reverse(
                "wagtailadmin_pages:revisions_revert",
                args=[page.pk, page.get_latest_revision().pk],
            ),
        ):
            response = client.get(address)
            assert response.status_code == 200, address
            assert SECRET not in unescape(response.content.decode()), address


def test_a_quote_of_another_theme_shows_nothing(reviewed, client):
    """A small theme is not quoted under the name of a large one, whoever wrote the row."""
    pair = reviewed.published()
    other = Passage.objects.get(pk=of_theme(reviewed, 1))
    smuggled(pair, other.pk, blocks=1)
    client.force_login(reviewed.approver)
    for page in pair.pages:
        for address in (
            page.url,
            edit_url(page),
            reverse("cms_pair", args=[page.pk]),
            reverse("reporting:findings_preview", args=[page.pk]),
        ):
            response = client.get(address)
            assert response.status_code == 200, address
            assert other.text not in unescape(response.content.decode()), address


@pytest.mark.parametrize("nonsense", ["words", -1, 10**30, None, True])
def test_a_row_that_holds_no_number_breaks_no_page(reviewed, client, nonsense):
    pair = reviewed.published()
    page = pair.english
    smuggled(pair, nonsense)
    client.force_login(reviewed.approver)
    for address in (page.url, edit_url(page), reverse("cms_pair", args=[page.pk])):
        assert client.get(address).status_code == 200, address


def test_a_merge_after_publication_takes_no_quote_off_the_page(reviewed, client):
    page = reviewed.published().english
    passage = page.themes[1].value["quotes"][0]["passage"]
    text = Passage.objects.get(pk=passage).text
    theme = Theme.objects.get(pk=reviewed.themes[1].pk)
    theme_merge(theme=theme, into=reviewed.themes[0], version=theme.version, user=reviewed.approver)
    assert text in unescape(client.get(page.url).content.decode())


def test_a_quote_withdrawn_after_it_was_scheduled_does_not_stop_the_report(reviewed):
    pair = reviewed.drafts()
    later = timezone.now() + timedelta(hours=1)
    for page in pair.pages:
        draft = draft_of(page)
        draft.go_live_at = later
        draft.save_revision()
    pair_publish(page=FindingsPage.objects.get(pk=pair.english.pk), user=reviewed.approver)
    quote = pair.english.themes[0].value["quotes"][0]["passage"]
    response = Passage.objects.get(pk=quote).answer.response
    response_withdraw(reference=response.reference, code=withdrawal_code(response.receipt_key))
    with time_machine.travel(later + timedelta(minutes=1), tick=False):
        outcome = pairs_publish_scheduled()
    assert (outcome.published, outcome.refused) == (1, 0)
    assert FindingsPage.objects.filter(live=True).count() == 2
    # A person who publishes is told, and the editor's form no longer offers it.
    fresh = FindingsPage.objects.get(pk=pair.english.pk)
    assert Code.QUOTE_GONE in {problem.code for problem in pair_verdict(page=fresh).problems}


# --- Picked by reading -----------------------------------------------------------------------


def list_url(page: FindingsPage, **asked: str) -> str:
    return f"{reverse('cms_quotes_choose', args=[page.pk])}?{urlencode(asked)}"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_author_sees_names_and_words(reviewed, client, language):
    pair = reviewed.drafts()
    page = pair.of(language)
    client.force_login(reviewed.author)
    html = unescape(
        client.get(edit_url(page), headers={"accept-language": language}).content.decode()
    )
    for theme in reviewed.themes:
        # As a choice of the list, beside the heading.
        name = getattr(theme, f"name_{language}")
        assert re.search(rf'value=\\?"{theme.code}\\?">\s*{name}', html.replace("\\n", " "))
    for quote in page.themes[0].value["quotes"]:
        words = Passage.objects.get(pk=quote["passage"]).text
        assert json.dumps(words)[1:-1] in html
    assert "codebook" not in html


def test_the_list_is_of_one_theme_in_both_languages(reviewed, foreign, client):
    page = reviewed.drafts().english
    client.force_login(reviewed.author)
    code = reviewed.themes[0].code
    html = unescape(json.loads(client.get(list_url(page, theme=code)).content)["html"])
    assert "I waited 2 hours" in html
    assert "J'ai attendu" in html
    assert SECRET not in html
    # Those the draft begins with stand first.
    first = Passage.objects.get(pk=page.themes[0].value["quotes"][0]["passage"]).text
    assert html.index(first) < html.index("I waited 30 hours") if "30 hours" in html else True
    results = reverse("cms_quotes_results", args=[page.pk])
    found = client.get(results, {"theme": code, "q": "waited 17"}).content.decode()
    assert found.count("data-chooser-modal-choice") == 1
    french = client.get(results, {"theme": code, "written_in": "fr"}).content.decode()
    assert "I waited" not in french
    assert french.count("data-chooser-modal-choice") == 5
    for unknown in ("", "T99", "others"):
        assert "data-chooser-modal-choice" not in unescape(
            client.get(results, {"theme": unknown}).content.decode()
        )


def test_a_long_comment_is_read_whole_before_it_is_picked(reviewed, client):
    page = reviewed.drafts().english
    text = "It began well, and went on. " * 40 + "Then the very last word: harpsichord."
    Passage.objects.filter(pk=of_theme(reviewed, 0)).update(text=text)
    client.force_login(reviewed.author)
    results = reverse("cms_quotes_results", args=[page.pk])
    html = client.get(results, {"theme": reviewed.themes[0].code, "q": "harpsichord"}).content
    assert "the very last word: harpsichord." in html.decode()


def test_a_letter_is_listed_once(reviewed, client):
    page = reviewed.drafts().english
    Passage.objects.filter(pk__in=Passage.objects.order_by("pk").values("pk")[:3]).update(
        text="The very same letter."
    )
    client.force_login(reviewed.author)
    results = reverse("cms_quotes_results", args=[page.pk])
    html = client.get(results, {"theme": reviewed.themes[0].code, "q": "very same"}).content
    assert html.decode().count("data-chooser-modal-choice") == 1


def test_what_was_picked_comes_back_with_its_words(reviewed, foreign, client):
    page = reviewed.drafts().english
    client.force_login(reviewed.author)
    own = of_theme(reviewed, 0)
    chosen = client.get(reverse("cms_quotes_chosen", args=[page.pk, own]))
    assert json.loads(chosen.content)["result"] == {
        "id": str(own),
        "title": Passage.objects.get(pk=own).text,
        "edit_url": None,
    }
    for other in (foreign.pk, NOWHERE):
        address = reverse("cms_quotes_chosen", args=[page.pk, other])
        assert client.get(address).status_code == 404


def test_who_may_read_the_list(reviewed, client):
    page = reviewed.drafts().english
    addresses = [
        reverse("cms_quotes_choose", args=[page.pk]),
        reverse("cms_quotes_results", args=[page.pk]),
        reverse("cms_quotes_chosen", args=[page.pk, of_theme(reviewed, 0)]),
    ]
    for user, status in (
        (reviewed.author, 200),
        (reviewed.approver, 200),
        (make_user(make_department(), Role.AUTHOR), 404),
        (make_user(make_department(), Role.APPROVER), 404),
    ):
        client.force_login(user)
        assert [client.get(address).status_code for address in addresses] == [status] * 3
    # An analyst of the department who edits elsewhere reads the desk, not the editor's lists.
    both = make_user(reviewed.department, Role.ANALYST)
    Membership.objects.create(user=both, department=make_department(), role=Role.AUTHOR)
    client.force_login(both)
    assert {client.get(address).status_code for address in addresses} == {403}
    client.logout()
    assert {client.get(address).status_code for address in addresses} == {302}


# --- How a quote was come by -------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_half_of_what_a_draft_quotes_is_drawn_at_random_and_each_says_how_it_was_come_by(
    reviewed, client, language
):
    page = reviewed.published().of(language)
    with override(language):
        marks = {mark: str(mark.label) for mark in QuoteMark}
        shown = [[quote.mark for quote in theme.quotes] for theme in findings_view(page).themes]
    assert len(shown) == 2
    for said in shown:
        assert len(said) >= 2
        assert said.count(marks[QuoteMark.DRAWN]) * 2 >= len(said)
        assert set(said) <= {marks[QuoteMark.DRAWN], marks[QuoteMark.CHOSEN]}
    html = unescape(client.get(page.get_url()).content.decode())
    for mark, label in marks.items():
        assert html.count(label) == sum(said.count(label) for said in shown), mark


def test_a_quote_that_is_swapped_by_hand_is_marked_as_chosen_by_people_for_good(reviewed):
    page = reviewed.drafts().english
    drafted = draft_of(page).themes[0].value["quotes"][0]["passage"]
    code = draft_of(page).themes[0].value["code"]
    assert page.snapshot.mark_of(code, drafted) == QuoteMark.DRAWN
    quoted = {quote["passage"] for quote in draft_of(page).themes[0].value["quotes"]}
    of_theme_0 = Assignment.objects.in_codebook().filter(theme=reviewed.themes[0])
    swapped = of_theme_0.exclude(passage__in=quoted).values_list("passage_id", flat=True)[0]
    quoting(page, swapped).save_revision(user=reviewed.author)
    for _ in range(2):
        draft = draft_of(page)
        assert draft.themes[0].value["quotes"][0]["passage"] == swapped
        assert draft.snapshot.mark_of(code, swapped) == QuoteMark.BY_PEOPLE
        # Whatever else the report held keeps its mark, in this snapshot and in the next.
        assert draft.snapshot.mark_of(code, drafted) == QuoteMark.DRAWN
        reviewed.drafts()
