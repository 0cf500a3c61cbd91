"""The review desk in a browser: by keyboard, without JavaScript, on a phone, with axe."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from analysis.review.enums import ReviewAction, RunStatus, SetAsideReason, Source, ThemeStatus
from analysis.review.models import (
    AnalysisRun,
    Assignment,
    ReviewEvent,
    RunState,
    SetAsideAnswer,
    Theme,
)
from analysis.review.services.codebook import candidate_accept
from feedback.asking.models import Question
from feedback.bilingual import Language
from feedback.people.enums import Role
from tests.browser import PHONE, Pages, assert_accessible
from tests.factories import (
    make_comments,
    make_department,
    make_engagement,
    make_questionnaire,
    make_result,
    make_run,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GROUPS = {"T1": [0, 1, 6, 7], "T1.1": [2, 8], "T2": [3, 9], "T3": [4, 5]}
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> {{ 7*7 }}"


@pytest.fixture
def analyst() -> Any:
    return make_user(make_department("desk"), Role.ANALYST, username="analyst")


@pytest.fixture
def question(analyst: Any) -> Question:
    engagement = make_engagement(analyst.memberships.get().department)
    return make_questionnaire(engagement).questions.get(code="change")


@pytest.fixture
def answers(question: Question) -> Any:
    texts = [(f"Remark number {n} about the counter. {HOSTILE}", Language.EN) for n in range(6)]
    texts += [(f"Remarque numéro {n} sur le comptoir.", Language.FR) for n in range(6, 11)]
    return make_comments(question, texts)


@pytest.fixture
def run(question: Question, answers: Any) -> AnalysisRun:
    return make_run(question, make_result(answers, GROUPS, campaigns={"L1": [0, 1]}))


def path_of(question: Question) -> str:
    return f"/staff/review/{question.questionnaire.engagement.reference_number}/change/"


def enter(page: Page, path: str) -> None:
    page.goto(f"/staff/sign-in/?next={path}")
    page.fill("[name=login]", "analyst")
    page.fill("[name=password]", "correct horse battery")
    page.click("#sign-in button")
    page.wait_for_url(f"**{path}")


def test_an_analyst_reviews_by_keyboard_and_no_page_is_loaded_again(
    open_page: Pages, question: Question, run: AnalysisRun
) -> None:
    page = open_page()
    enter(page, path_of(question))
    page.evaluate("window.sameDocument = true")
    status, title = page.locator("#desk-status"), page.locator(".col-details h2")

    expect(title).to_have_text("Proposal T1")
    page.keyboard.press("a")
    expect(status).to_contain_text("Proposal T1")
    expect(title).to_have_text("Proposal T1.1")
    page.keyboard.press("a")
    expect(title).to_have_text("Proposal T2")
    page.keyboard.press("a")
    expect(title).to_have_text("Proposal T3")
    page.keyboard.press("d")
    expect(title).to_have_text("Proposal T3")
    expect(page.locator("button[value=restore]")).to_be_visible()
    assert Theme.objects.filter(status=ThemeStatus.ACCEPTED).count() == 3
    assert Theme.objects.get(name_en="Proposal T3").status == ThemeStatus.DISMISSED

    page.locator("#g-t" + str(Theme.objects.get(name_en="Proposal T2").pk)).focus()
    page.keyboard.press("Enter")
    expect(title).to_have_text("Proposal T2")
    page.keyboard.press("r")
    expect(page.locator("#f-name_en")).to_be_focused()
    page.keyboard.type("Waiting at the counter, again")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_be_focused()
    expect(page.locator("#f-name_en")).to_have_value("Waiting at the counter, again")
    page.fill("#f-name_fr", "L'attente au comptoir")
    page.keyboard.press("Enter")
    expect(title).to_have_text("Waiting at the counter, again")
    renamed = Theme.objects.get(name_en="Waiting at the counter, again")
    assert renamed.name_fr == "L'attente au comptoir"

    page.keyboard.press("p")
    expect(page.locator(".pass").first).to_be_focused()
    page.keyboard.press("m")
    page.keyboard.type("Proposal T1")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(status).to_contain_text("Proposal T1")
    assert Assignment.objects.in_codebook().filter(source=Source.HUMAN).count() == 1

    expect(page.locator("#passages-title")).to_contain_text("1 passage")
    page.keyboard.press("t")
    page.keyboard.press("k")
    expect(title).not_to_have_text("Waiting at the counter, again")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("a")
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    before = ReviewEvent.objects.count()
    page.keyboard.press("d")
    page.wait_for_timeout(300)
    assert ReviewEvent.objects.count() == before, "single keys were switched off"
    assert page.evaluate("window.sameDocument") is True
    assert "group=" in page.url
    page.reload()
    expect(title).to_be_visible()
    assert set(ReviewEvent.objects.values_list("action", flat=True)) == {
        ReviewAction.ACCEPT,
        ReviewAction.DISMISS,
        ReviewAction.RENAME,
        ReviewAction.MOVE,
    }


def test_everything_works_without_javascript(
    open_page: Pages, question: Question, run: AnalysisRun
) -> None:
    page = open_page(javascript=False, viewport=PHONE)
    enter(page, path_of(question))
    page.click("text=Accept all")
    assert Theme.objects.count() == 4
    page.click(".tree a:has-text('Proposal T2')")
    page.click("summary:has-text('Rename')")
    page.fill("#f-name_en", "Waiting")
    page.fill("#f-name_fr", "L'attente")
    page.click("text=Save both names")
    expect(page.locator("#desk-status")).to_contain_text("Waiting")
    page.click("summary:has-text('Merge')")
    page.select_option("#f-into", label="Proposal T3")
    page.click("button:text-is('Merge')")
    expect(page.locator(".col-details h2")).to_have_text("Proposal T3")
    assert Theme.objects.get(name_en="Waiting").status == ThemeStatus.MERGED
    page.click("nav.lang button")
    expect(page.locator(".col-details h2")).to_have_text("Proposition T3")


@pytest.mark.parametrize("way", ["keyboard", "no script"])
def test_a_theme_is_made_by_hand_where_nothing_could_be_grouped(
    open_page: Pages, question: Question, answers: Any, way: str
) -> None:
    none = {
        "level": "not_enough_to_group",
        "why": {"code": "too_few_passages", "values": {"passages": 11, "least": 12}},
        "stability": None,
    }
    AnalysisRun.objects.filter(pk=make_run(question, make_result(answers, {})).pk).update(
        confidence=none
    )
    page = open_page(javascript=way == "keyboard", viewport=PHONE if way == "no script" else None)
    enter(page, path_of(question))
    status = page.locator("#desk-status")
    passages = page.locator(".pass")
    expect(passages).to_have_count(11)
    if way == "keyboard":
        page.keyboard.press("p")
        page.keyboard.press("x")
        page.keyboard.press("j")
        page.keyboard.press("x")
        page.keyboard.press("n")
        expect(page.locator("#f-make-name_en")).to_be_focused()
        page.keyboard.type("Counters")
        # Enter makes the theme, and moves nothing; it is refused for want of a French name.
        page.keyboard.press("Enter")
        expect(page.locator("#problem")).to_be_focused()
        assert_accessible(page)
        expect(page.locator("input[name=passage]:checked")).to_have_count(2)
        page.fill("#f-make-name_fr", HOSTILE)
        page.keyboard.press("Enter")
    else:
        page.click("nav.lang button")
        for at in (0, 1):
            passages.nth(at).locator("input[name=passage]").check()
        page.click("#make summary")
        page.fill("#f-make-name_en", "Counters")
        page.fill("#f-make-name_fr", HOSTILE)
        page.click("#make button")
    expect(status).to_contain_text("Counters" if way == "keyboard" else HOSTILE)
    theme = Theme.objects.get()
    assert (theme.name_fr, theme.origin) == (HOSTILE, Source.HUMAN)
    expect(passages).to_have_count(9)
    expect(page.locator("#desk form[action*='findings']")).to_have_count(1)
    # One more goes there, one comes back.
    passages.first.locator("input[name=passage]").check()
    page.select_option("#f-into-ticked", str(theme.pk))
    page.click("#ticked .to button")
    expect(passages).to_have_count(8)
    page.click(f"#g-t{theme.pk}")
    expect(passages).to_have_count(3)
    passages.first.locator("input[name=passage]").check()
    page.select_option("#f-into-ticked", "none")
    page.click("#ticked .to button")
    expect(passages).to_have_count(2)
    if way == "keyboard":
        assert_accessible(page)
    assert theme.assignments.count() == 2


@pytest.mark.parametrize("javascript", [True, False])
def test_the_question_asked_for_outlasts_decisions_and_the_language(
    open_page: Pages, question: Question, run: AnalysisRun, javascript: bool
) -> None:
    page = open_page(javascript=javascript)
    enter(page, path_of(question))
    page.select_option("#f-by", "reached")
    page.click(".by button")
    page.wait_for_url("**by=reached**")
    title = page.locator(".col-details h2")
    for before, after in (("Proposal T1", "Proposal T1.1"), ("Proposal T1.1", "Proposal T2")):
        expect(title).to_have_text(before)
        page.click("button[value=accept]")
        expect(title).to_have_text(after)
        expect(page.locator("#f-by")).to_have_value("reached")
        assert "by=reached" in page.url
    page.click(".tree a:has-text('Proposal T1'):not(:has-text('T1.1'))")
    expect(title).to_have_text("Proposal T1")
    page.locator("input[name=passage]").first.check()
    page.select_option("#f-into-ticked", "none")
    page.click("#ticked .to button")
    expect(page.locator("#desk-status p")).to_be_visible()
    expect(page.locator("#f-by")).to_have_value("reached")
    page.click("nav.lang button")
    expect(title).to_have_text("Proposition T1")
    expect(page.locator("#f-by")).to_have_value("reached")


def test_a_phone_folds_what_is_beside_the_point_and_leads_to_it(
    open_page: Pages, question: Question, run: AnalysisRun
) -> None:
    page = open_page(viewport=PHONE)
    enter(page, path_of(question))
    split, quotes = page.locator("#crossed"), page.locator("#quoted")
    expect(split).not_to_have_attribute("open", "")
    page.click(".jump a[href='#crossed-title']")
    expect(page.locator("#crossed-title")).to_be_in_viewport()
    expect(split).to_have_attribute("open", "")
    # What a person opened stays open from theme to theme; what they did not, folded.
    page.click(".tree a:has-text('Proposal T2')")
    expect(page.locator(".col-details h2")).to_have_text("Proposal T2")
    expect(split).to_have_attribute("open", "")
    expect(quotes).not_to_have_attribute("open", "")
    expect(page.locator("#desk .around:visible")).to_have_count(0)
    without = open_page(viewport=PHONE, javascript=False)
    enter(without, path_of(question))
    expect(without.locator("#quoted")).to_have_attribute("open", "")
    without.click(".jump a[href='#quoted-title']")
    expect(without.locator("#quoted-title")).to_be_in_viewport()


@pytest.mark.parametrize("locale", ["en-CA", "fr-CA"])
@pytest.mark.parametrize(
    ("viewport", "dark"), [(None, False), (PHONE, True)], ids=["desk", "phone"]
)
def test_axe_finds_no_barrier(
    open_page: Pages,
    question: Question,
    run: AnalysisRun,
    analyst: Any,
    locale: str,
    viewport: dict[str, int] | None,
    dark: bool,
) -> None:
    theme = candidate_accept(candidate=run.candidates.get(code="T1"), user=analyst)
    page = open_page(locale=locale, viewport=viewport, dark=dark)
    path = path_of(question)
    enter(page, path)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.goto(f"{path}?group=t{theme.pk}")
    for summary in page.locator("summary").all():
        if summary.is_visible():
            summary.click()
    assert_accessible(page)
    page.fill("#f-name_fr", "")
    page.click("button[value=rename]")
    expect(page.locator("#problem")).to_be_visible()
    assert_accessible(page)
    for other in ("?group=none", "runs/", f"runs/{run.pk}/"):
        page.goto(path + other)
        assert_accessible(page)
    page.goto("/staff/review/")
    assert_accessible(page)


def test_a_run_under_way_is_followed_without_loading_the_page(
    open_page: Pages, question: Question, run: AnalysisRun
) -> None:
    active = make_run(question, status=RunStatus.RUNNING, stage="embed", progress=0.4)
    page = open_page()
    enter(page, path_of(question))
    page.evaluate("window.sameDocument = true")
    expect(page.locator("#run-state progress")).to_have_attribute("value", "40")
    AnalysisRun.objects.filter(pk=active.pk).update(progress=0.6)
    expect(page.locator("#run-state progress")).to_have_attribute("value", "60")
    AnalysisRun.objects.filter(pk=active.pk).update(status=RunStatus.FAILED, error="no_text")
    page.click("#run-state a")
    expect(page.locator(".problem")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_what_has_come_and_what_needs_attention_are_told_accessibly(
    open_page: Pages, question: Question, run: AnalysisRun, answers: Any, locale: str
) -> None:
    RunState.objects.create(run=run, payload=b"x")
    make_comments(question, [("It came late, and there were two.", Language.EN)] * 2)
    SetAsideAnswer.objects.create(run=run, answer=answers[9], reason=SetAsideReason.OUT_OF_TIME)
    page = open_page(locale=locale, viewport=PHONE)
    enter(page, path_of(question))
    expect(page.locator("html")).to_have_attribute("lang", locale)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("a[href$='#attention']").click()
    expect(page.locator("#attention")).to_be_visible()
    expect(page.locator("main")).to_contain_text(answers[9].response.reference)
    assert_accessible(page)
    page.go_back()
    page.locator("form:has([name=add]) button").click()
    expect(page.locator("#run-state .running")).to_be_visible()
    assert AnalysisRun.objects.filter(extends=run).count() == 1
