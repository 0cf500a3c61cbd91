"""The second half of the main job: from answers to a report that both languages read alike."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

import consult.demo
from analysis.review.enums import RunStatus, ThemeStatus
from analysis.review.models import AnalysisRun, Theme
from cms.reporting.models import FindingsPage
from feedback.answering.models import Answer
from feedback.asking.models import Question
from feedback.bilingual import Language
from feedback.people.enums import Role
from tests.browser import Pages
from tests.factories import make_comments, make_user
from tests.journeys.conftest import Look, Town
from tests.journeys.sheet import follow, language_of, sign_in, switch_language

pytestmark = pytest.mark.browser

SUBJECTS = ("waiting", "parking", "forms", "accessibility")
EACH = 10
COMMENTS = Path(consult.demo.__file__).parent / "data" / "comments"


class Closed(NamedTuple):
    town: Town
    question: Question
    analyst: Any
    approver: Any

    @property
    def desk(self) -> str:
        reference = self.town.engagement.reference_number
        return f"/staff/review/{reference}/{self.question.code}/"


@pytest.fixture
def closed(town: Town) -> Closed:
    """A consultation that has closed with eighty comments on four subjects, half of each French."""
    question = Question.objects.get(questionnaire__engagement=town.engagement, code="change")
    make_comments(
        question,
        [
            (comment, language)
            for subject in SUBJECTS
            for language in (Language.EN, Language.FR)
            for comment in _comments(subject, language)
        ],
    )
    town.engagement.closes_at = timezone.now() - timedelta(days=1)
    town.engagement.save(update_fields=["closes_at"])
    return Closed(
        town,
        question,
        make_user(town.department, Role.ANALYST, username="analyst"),
        make_user(town.department, Role.APPROVER, Role.AUTHOR, username="approver"),
    )


def _comments(subject: str, language: Language) -> list[str]:
    lines = (COMMENTS / language / f"{subject}.txt").read_text(encoding="utf-8").splitlines()
    return [line[2:] for line in lines if line[:2] in {"- ", "+ ", "~ "}][:EACH]


def test_answers_become_a_report_read_alike_in_both_languages(
    closed: Closed, celery_worker: Any, open_page: Pages, look: Look
) -> None:
    page = open_page()
    _sign_in_with_a_mistake_first(page, closed, look)
    _group(page, closed, look)
    _review(page, closed, look)
    _draft(page, closed, look)
    # The approver rewrites the lead in both languages, and publishes the pair.
    leads = _publish(open_page(), closed, look)
    _read(open_page(locale="fr-CA"), closed, leads, look)


def _sign_in_with_a_mistake_first(page: Page, closed: Closed, look: Look) -> None:
    page.goto(closed.desk)
    look(page, "sign-in-en")
    page.locator("[name=login]").fill("analyst")
    page.locator("[name=password]").fill("wrong")
    follow(page, page.locator("#sign-in button"))
    expect(page.locator(".err-sum")).to_be_visible()
    look(page, "sign-in-error-en")
    switch_language(page)
    look(page, "sign-in-fr")
    page.locator("[name=login]").fill("analyst")
    page.locator("[name=password]").fill("wrong")
    follow(page, page.locator("#sign-in button"))
    look(page, "sign-in-error-fr")
    switch_language(page)
    sign_in(page, closed.analyst, closed.desk)


def _group(page: Page, closed: Closed, look: Look) -> None:
    """Ask for the run, and see the desk fill itself once a worker is done."""
    page.goto("/staff/review/")
    look(page, "questions-en")
    switch_language(page)
    look(page, "questions-fr")
    follow(page, page.locator(f'main a[href="{closed.desk}"]'))
    look(page, "not-grouped-fr")
    switch_language(page)
    look(page, "not-grouped-en")
    page.locator(".nothing form .btn:not(.quiet, .small)").click()
    expect(page.locator("#col-tree")).to_be_visible(timeout=60_000)
    run = AnalysisRun.objects.get()
    assert (run.status, run.requested_by) == (RunStatus.SUCCEEDED, closed.analyst)
    assert run.document_count == len(SUBJECTS) * 2 * EACH
    assert page.locator("#col-tree input[name=proposal]").count() >= 3
    look(page, "proposals-en")


def _review(page: Page, closed: Closed, look: Look) -> None:
    """Accept all, rename one in both languages (with a mistake on the way), merge two, dismiss."""
    with page.expect_response(lambda reply: "/accept/" in reply.url):
        page.locator("#bulk button[name=all]").click()
    expect(page.locator("#bulk")).to_have_count(0)
    themes = list(Theme.objects.filter(question=closed.question).order_by("pk"))
    tops = [theme for theme in themes if theme.parent_id is None]
    assert len(tops) >= 3
    renamed, merged, dismissed = tops[0], tops[1], tops[2]

    _select(page, renamed)
    page.locator("#rename summary").click()
    page.locator("#f-name_en").fill("Waiting at counters")
    page.locator("#f-name_fr").fill("")
    _decide(page, renamed, page.locator("#rename button"))
    expect(page.locator("#problem")).to_be_visible()
    expect(page.locator("#f-name_fr")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#f-name_en")).to_have_value("Waiting at counters")
    look(page, "rename-error-en")
    page.locator("#f-name_fr").fill("L'attente aux comptoirs")
    _decide(page, renamed, page.locator("#rename button"))
    expect(page.locator("#problem")).to_have_count(0)
    expect(page.locator(f"#g-t{renamed.pk} .name")).to_contain_text("Waiting at counters")
    assert (renamed.name_en, renamed.name_fr) == ("Waiting at counters", "L'attente aux comptoirs")

    _select(page, merged)
    page.locator("#merge summary").click()
    page.locator("#merge select").select_option(str(renamed.pk))
    _decide(page, merged, page.locator("#merge button"))
    assert (merged.status, merged.merged_into) == (ThemeStatus.MERGED, renamed)

    _select(page, dismissed)
    _decide(page, dismissed, page.locator("#col-details [data-key=d]"))
    assert dismissed.status == ThemeStatus.DISMISSED
    _select(page, renamed)
    look(page, "reviewed-en")
    # The theme that was selected still is, in the other language.
    switch_language(page)
    expect(page.locator("#col-details h2.title")).to_have_text("L'attente aux comptoirs")
    expect(page.locator(f"#g-t{renamed.pk} .name")).to_contain_text("L'attente aux comptoirs")
    look(page, "reviewed-fr")


def _select(page: Page, theme: Theme) -> None:
    with page.expect_response(lambda reply: f"group=t{theme.pk}" in reply.url):
        page.locator(f"#g-t{theme.pk}").click()
    expect(page.locator(f'#desk[data-group="t{theme.pk}"]')).to_be_visible()
    _settled(page)


def _decide(page: Page, theme: Theme, pressed: Locator) -> None:
    """Press a button of a theme; the desk shows what came of it."""
    with page.expect_response(lambda reply: f"/themes/{theme.pk}/" in reply.url):
        pressed.click()
    _settled(page)
    theme.refresh_from_db()


def _settled(page: Page) -> None:
    busy = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
    page.wait_for_function(f"() => !document.querySelector('{busy}')")


def _draft(page: Page, closed: Closed, look: Look) -> None:
    follow(page, page.locator(f'form[action$="/questions/{closed.question.pk}/findings/"] button'))
    assert FindingsPage.objects.count() == 2
    assert not FindingsPage.objects.live().exists()
    look(page, "draft-fr")


def _publish(page: Page, closed: Closed, look: Look) -> dict[str, str]:
    drafts = {each.language: each for each in FindingsPage.objects.all()}
    leads = {"en": "We heard you: <queues> first.", "fr": "Nous vous avons entendus: <l'attente>."}
    sign_in(page, closed.approver, f"/cms/pair/{drafts['en'].pk}/")
    for language, draft in drafts.items():
        page.goto(f"/cms/pages/{draft.pk}/edit/")
        page.locator("textarea[name=lead]").fill(leads[language])
        with page.expect_navigation():
            page.locator("button.action-save:not([name])").first.click()
    page.goto(f"/cms/pair/{drafts['en'].pk}/")
    look(page, "pair-en")
    with page.expect_navigation():
        page.locator("button[name=action][value=publish]").click()
    assert {each.language for each in FindingsPage.objects.live()} == {"en", "fr"}
    return leads


def _read(page: Page, closed: Closed, leads: dict[str, str], look: Look) -> None:
    """A reader finds the report from the front page, in both languages, with the same numbers."""
    page.goto("/")
    look(page, "home-fr")
    pages = {each.language: each for each in FindingsPage.objects.live()}
    follow(page, page.locator(f'main a[href="{pages["fr"].url}"]').first)
    french = _what_is_said(page)
    look(page, "report-fr")
    assert language_of(page) == "fr"
    expect(page.locator("p.lead")).to_have_text(leads["fr"])
    switch_language(page)
    english = _what_is_said(page)
    look(page, "report-en")
    expect(page.locator("p.lead")).to_have_text(leads["en"])

    assert english.numbers == french.numbers
    assert len(english.numbers) > 10
    assert english.quotes == french.quotes
    assert {language for language, _ in english.quotes} == {"en", "fr"}
    written = "\n".join(Answer.objects.values_list("text", flat=True))
    for _, quote in english.quotes:
        assert quote in written
    # The name people gave stands in each language; what they set aside stands in neither.
    assert "Waiting at counters" in english.headings
    assert "L'attente aux comptoirs" in french.headings
    aside = Theme.objects.filter(question=closed.question).exclude(status=ThemeStatus.ACCEPTED)
    assert aside.count() >= 2
    for theme in aside:
        assert theme.name_en not in english.headings
        assert theme.name_fr not in french.headings

    page.goto(closed.town.page("fr"))
    expect(page.locator(f'main a[href="{pages["fr"].url}"]').first).to_be_visible()
    look(page, "outcome-fr")
    switch_language(page)
    look(page, "outcome-en")


class Said(NamedTuple):
    """What a report says that no language may change, and its headings."""

    numbers: list[str]
    quotes: list[tuple[str, str]]
    headings: list[str]


def _what_is_said(page: Page) -> Said:
    for summary in page.locator("main summary").all():
        summary.click()
    parts = page.locator("ul.big b, main table td, main table th, main svg text, section.theme>p")
    text = "\n".join(part or "" for part in parts.all_text_contents())
    found = re.findall(r"\d+(?:[.,\u00a0\u202f]\d+)*", text)
    quotes = page.locator("blockquote").evaluate_all("all => all.map(e => [e.lang, e.textContent])")
    return Said(
        sorted(re.sub(r"[.,\u00a0\u202f]", "", number) for number in found),
        [(language, quote) for language, quote in quotes],
        [heading.split("\n")[0].strip() for heading in page.locator("main h3").all_inner_texts()],
    )
