"""The same stories for those whose browser runs no script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from analysis.review.enums import ThemeStatus
from analysis.review.models import AnalysisRun, Theme
from feedback.answering.models import Answer, Response
from feedback.asking.models import Question
from feedback.people.enums import Role
from tests.browser import PHONE, Pages
from tests.factories import make_comments, make_result, make_run, make_user
from tests.journeys.conftest import Town
from tests.journeys.sheet import (
    button,
    follow,
    form_of,
    language_of,
    option,
    press,
    sign_in,
    switch_language,
    text,
)

pytestmark = pytest.mark.browser


def test_a_citizen_answers_sends_and_takes_back(town: Town, open_page: Pages) -> None:
    page = open_page(locale="fr-CA", javascript=False, viewport=PHONE)
    page.goto(town.page("fr"))
    follow(page, page.locator(f'a[href="{form_of(town.engagement, "fr")}"]'))
    press(page, "next", status=422)
    # All questions are on one page.
    wrong = page.locator(".err-sum a").evaluate_all("links => links.map(a => a.hash)")
    assert wrong == ["#q-reached", "#q-ease"]
    option(page, "reached", "online").check()
    option(page, "ease", "5").check()
    text(page, "slowed").fill("x" * 501)
    press(page, "next", status=422)
    switch_language(page, status=422)
    expect(text(page, "slowed")).to_have_value("x" * 501)
    text(page, "slowed").fill("Rien du tout.")
    switch_language(page)
    # Enter in a field goes on, and never changes the language.
    text(page, "first").fill("Répondre")
    with page.expect_navigation():
        text(page, "first").press("Enter")
    assert language_of(page) == "fr"
    follow(page, page.locator('button[formaction$="#q-slowed"]'))
    text(page, "slowed").fill("Presque rien.")
    press(page, "next")
    press(page, "back")
    expect(text(page, "first")).to_have_value("Répondre")
    press(page, "next")
    button(page, "send").dblclick()
    page.wait_for_url("**/fr/accuse-de-reception/**")
    receipt = page.url
    page.reload()
    page.go_back()
    press(page, "send")
    assert page.url == receipt
    response = Response.objects.get()
    assert page.locator("dd.ref").first.inner_text() == response.reference
    texts = Answer.objects.filter(response=response).exclude(text="").values_list("text", flat=True)
    assert set(texts) == {"Presque rien.", "Répondre"}
    switch_language(page)
    press(page, "confirm")
    press(page, "withdraw")
    assert not Response.objects.standing().exists()


def test_an_analyst_reviews(town: Town, open_page: Pages) -> None:
    question = Question.objects.get(questionnaire__engagement=town.engagement, code="change")
    comments = [(f"Comment {n} in English.", "en") for n in range(4)]
    comments += [(f"Commentaire {n} en français.", "fr") for n in range(4)]
    answers = make_comments(question, comments)  # type: ignore[arg-type]
    analyst = make_user(town.department, Role.ANALYST, username="analyst")
    make_run(question, make_result(answers, {"T1": [0, 1, 4], "T2": [2, 5], "T3": [3, 6]}))
    desk = f"/staff/review/{town.engagement.reference_number}/{question.code}/"

    page = open_page(javascript=False)
    sign_in(page, analyst, desk)
    candidates = list(AnalysisRun.objects.get().candidates.order_by("rank"))
    for candidate in candidates:
        follow(page, page.locator(f"#g-c{candidate.pk}"))
        follow(page, page.locator("#col-details button[value=accept]"))
    themes = list(Theme.objects.order_by("pk"))
    assert [theme.name_en for theme in themes] == [each.name_en for each in candidates]

    _open(page, themes[0], "rename")
    page.locator("#f-name_en").fill("Opening hours")
    page.locator("#f-name_fr").fill("")
    follow(page, page.locator("#rename button"), status=422)
    # What was typed stays, in a form that is open already.
    expect(page.locator("#f-name_en")).to_have_value("Opening hours")
    page.locator("#f-name_fr").fill("Heures d'ouverture")
    follow(page, page.locator("#rename button"))
    _open(page, themes[1], "merge")
    page.locator("#merge select").select_option(str(themes[0].pk))
    follow(page, page.locator("#merge button"))
    follow(page, page.locator(f"#g-t{themes[2].pk}"))
    follow(page, page.locator("#col-details button[value=dismiss]"))

    for theme in themes:
        theme.refresh_from_db()
    assert (themes[0].name_en, themes[0].name_fr) == ("Opening hours", "Heures d'ouverture")
    assert (themes[1].status, themes[1].merged_into) == (ThemeStatus.MERGED, themes[0])
    assert themes[2].status == ThemeStatus.DISMISSED
    switch_language(page)
    expect(page.locator(f"#g-t{themes[0].pk}")).to_contain_text("Heures d'ouverture")

    # A page of the desk left open: what someone else did meanwhile is not overwritten.
    follow(page, page.locator(f"#g-t{themes[0].pk}"))
    page.locator("#rename summary").click()
    Theme.objects.filter(pk=themes[0].pk).update(version=99)
    page.locator("#f-name_en").fill("Mine")
    follow(page, page.locator("#rename button"), status=409)
    expect(page.locator("#f-name_en")).to_have_value("Mine")
    themes[0].refresh_from_db()
    assert themes[0].name_en == "Opening hours"


def _open(page: Page, theme: Theme, form: str) -> None:
    follow(page, page.locator(f"#g-t{theme.pk}"))
    page.locator(f"#{form} summary").click()
