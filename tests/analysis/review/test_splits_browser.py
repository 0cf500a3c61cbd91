"""Splits in a browser: by keyboard and without JavaScript, on a phone, with axe."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from analysis.review.models import CandidateTheme
from analysis.review.services.codebook import candidates_accept
from feedback.asking.models import Question
from feedback.people.enums import Role
from tests.analysis.review.test_desk_splits import people, wrote
from tests.browser import PHONE, Pages, assert_accessible
from tests.factories import (
    make_department,
    make_engagement,
    make_questionnaire,
    make_result,
    make_run,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def question() -> Question:
    analyst = make_user(make_department("splits"), Role.ANALYST, username="analyst")
    engagement = make_engagement(analyst.memberships.get().department)
    asked: Question = make_questionnaire(engagement).questions.get(code="change")
    answers = wrote(asked, people())
    make_run(asked, make_result(answers, {"T1": list(range(20)), "T2": list(range(24, 50))}))
    candidates_accept(candidates=CandidateTheme.objects.all(), user=analyst)
    return asked


def path_of(question: Question) -> str:
    return f"/staff/review/{question.questionnaire.engagement.reference_number}/change/"


def enter(page: Page, path: str) -> None:
    page.goto(f"/staff/sign-in/?next={path}")
    page.fill("[name=login]", "analyst")
    page.fill("[name=password]", "correct horse battery")
    page.click("#sign-in button")
    page.wait_for_url(f"**{path}")


def fits(page: Page) -> bool:
    wide: Any = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return bool(wide <= 0)


@pytest.mark.parametrize("locale", ["en-CA", "fr-CA"])
@pytest.mark.parametrize("javascript", [True, False])
def test_another_question_is_asked_for_with_the_keyboard(
    open_page: Pages, question: Question, locale: str, javascript: bool
) -> None:
    page = open_page(locale=locale, javascript=javascript, viewport=PHONE)
    enter(page, path_of(question))
    expect(page.locator(".crossed svg.chart-split")).to_have_count(1)
    if javascript:
        # A phone folds it.
        page.locator("#crossed > summary").focus()
        page.keyboard.press("Enter")
    page.locator("#f-by").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**by=reached**")
    expect(page.locator("#f-by")).to_have_value("reached")
    expect(page.locator(".crossed svg.chart-split")).to_have_count(1)
    if javascript:
        # Both ask the page to run something.
        assert fits(page)
        assert_accessible(page)


@pytest.mark.parametrize("locale", ["en-CA", "fr-CA"])
@pytest.mark.parametrize("by", ["ease", "reached"])
def test_themes_side_by_side_fit_a_phone(
    open_page: Pages, question: Question, locale: str, by: str
) -> None:
    page = open_page(locale=locale, viewport=PHONE)
    enter(page, f"{path_of(question)}splits/")
    page.goto(f"{path_of(question)}splits/?by={by}")
    for details in page.locator("details").all():
        details.locator("summary").press("Enter")
    assert fits(page)
    assert_accessible(page)
