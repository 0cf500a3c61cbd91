"""Nothing typed is lost: Back, Forward, reload, leaving and coming back, with a script and without.

Without a script all questions are on one page, whose fields the browser itself restores. With one,
pages follow each other, and what was typed is kept in the tab until it is sent. Playwright's
browser has no back-forward cache: each page a story goes back to is built anew.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from feedback.answering.models import Answer, Response
from feedback.asking.models import Engagement
from tests.browser import PHONE
from tests.factories import make_engagement, make_questionnaire
from tests.journeys.sheet import button, form_of, option, press, switch_language, text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REFUSED = """Object.defineProperty(window, "sessionStorage",
  { get() { throw new DOMException("refused", "SecurityError"); } })"""


@pytest.fixture
def engagement(live_server: Any) -> Engagement:
    return make_questionnaire(make_engagement()).engagement


def fill_three_pages(page: Page) -> None:
    option(page, "reached", "phone").check()
    option(page, "used", "counter").check()
    press(page, "next")
    option(page, "ease", "4").check()
    text(page, "slowed").fill("The wait.\n\nTwice.")
    press(page, "next")
    text(page, "first").fill("Health card")
    text(page, "change").fill("Longer hours.")
    press(page, "next")


def stored() -> dict[str, str]:
    return dict(Answer.objects.exclude(text="").values_list("question__code", "text"))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_later_pages_survive_an_answer_changed_two_pages_back(
    open_page: Any, engagement: Engagement, language: str
) -> None:
    page = open_page(locale=f"{language}-CA")
    page.goto(form_of(engagement, language))
    fill_three_pages(page)
    page.go_back()
    expect(text(page, "first")).to_have_value("Health card")
    expect(text(page, "change")).to_have_value("Longer hours.")
    page.go_back()
    expect(text(page, "slowed")).to_have_value("The wait.\n\nTwice.")
    # This page came from the server before the third was typed.
    text(page, "slowed").fill("The form.")
    page.go_back()
    expect(option(page, "used", "counter")).to_be_checked()
    option(page, "reached", "online").check()
    press(page, "next")
    expect(text(page, "slowed")).to_have_value("The form.")
    press(page, "next")
    expect(text(page, "first")).to_have_value("Health card")
    press(page, "next")
    expect(page.locator("dl.answers")).to_contain_text("Longer hours.")
    press(page, "send")
    assert stored() == {
        "slowed": "The form.",
        "first": "Health card",
        "change": "Longer hours.",
    }
    assert Answer.objects.get(question__code="reached").codes == ["online"]
    # Sent: nothing of it stays in the browser.
    kept = page.evaluate("() => Object.values(window.sessionStorage).join('')")
    assert kept == ""
    page.go_back()
    press(page, "send")
    assert Response.objects.count() == 1


def test_reload_language_errors_and_an_older_check_show_what_was_typed_last(
    open_page: Any, engagement: Engagement
) -> None:
    page = open_page()
    page.goto(form_of(engagement, "en"))
    option(page, "reached", "phone").check()
    page.reload()
    expect(option(page, "reached", "phone")).to_be_checked()
    press(page, "next")
    text(page, "slowed").fill("Typed before the language.")
    press(page, "next", status=422)
    text(page, "slowed").fill("Typed after the error.")
    page.go_back()
    expect(text(page, "slowed")).to_have_value("Typed after the error.")
    page.go_forward()
    expect(text(page, "slowed")).to_have_value("Typed after the error.")
    option(page, "ease", "4").check()
    switch_language(page)
    text(page, "slowed").fill("Tapé en français.")
    page.reload()
    expect(text(page, "slowed")).to_have_value("Tapé en français.")
    page.go_back()
    expect(text(page, "slowed")).to_have_value("Tapé en français.")
    press(page, "next")
    text(page, "first").fill("Carte santé")
    press(page, "next")
    # Changed since the check was shown: it says so, and sends nothing that was not read.
    with page.expect_navigation():
        page.locator('button[formaction$="#q-first"]').click()
    text(page, "first").fill("Le permis")
    page.go_back()
    expect(button(page, "send")).to_be_hidden()
    press(page, "check")
    expect(page.locator("dl.answers")).to_contain_text("Le permis")
    expect(page.locator("dl.answers")).to_contain_text("Tapé en français.")
    expect(page.locator("#changed")).to_be_hidden()


def test_form_left_unsent_is_found_again_by_back_and_offered_by_the_link(
    open_page: Any, engagement: Engagement
) -> None:
    page = open_page()
    page.goto(form_of(engagement, "en"))
    option(page, "reached", "phone").check()
    press(page, "next")
    text(page, "slowed").fill("Half a thought")
    with page.expect_navigation():
        page.locator("a.brand").click()
    page.go_back()
    expect(text(page, "slowed")).to_have_value("Half a thought")
    # By the address, not by Back: asked first, as the machine may be a shared one.
    page.goto(form_of(engagement, "fr"))
    expect(option(page, "reached", "phone")).not_to_be_checked()
    page.locator("#resume").click()
    expect(option(page, "reached", "phone")).to_be_checked()
    press(page, "next")
    expect(text(page, "slowed")).to_have_value("Half a thought")
    # Another tab is another sheet, and does not see this one.
    other = page.context.new_page()
    other.goto(form_of(engagement, "en"))
    expect(other.locator("#unfinished")).to_be_hidden()
    page.goto(form_of(engagement, "en"))
    page.locator("#erase").click()
    assert page.evaluate("() => Object.values(window.sessionStorage).join('')") == ""


def test_what_was_typed_on_a_page_without_the_script_is_not_put_back(
    open_page: Any, engagement: Engagement
) -> None:
    """As on the page shown while the database is away, whose texts can be edited too."""
    page = open_page()
    page.goto(form_of(engagement, "en"))
    option(page, "reached", "phone").check()
    press(page, "next")
    option(page, "ease", "4").check()
    text(page, "slowed").fill("First")
    press(page, "next")
    page.route("**/unsent.js", lambda route: route.abort())
    press(page, "back")
    text(page, "slowed").fill("Second")
    page.unroute("**/unsent.js")
    press(page, "next")
    press(page, "next")
    expect(page.locator("dl.answers")).to_contain_text("Second")
    page.go_back()
    press(page, "back")
    expect(text(page, "slowed")).to_have_value("Second")


@pytest.mark.parametrize("script", ["none", "without a store"])
def test_without_a_script_or_a_store_all_questions_are_on_one_page(
    open_page: Any, engagement: Engagement, script: str
) -> None:
    page = open_page(locale="fr-CA", javascript=script != "none", viewport=PHONE)
    if script != "none":
        page.add_init_script(REFUSED)
    page.goto(form_of(engagement, "fr"))
    option(page, "reached", "phone").check()
    text(page, "slowed").fill("L'attente.\n\nDeux fois.")
    text(page, "first").fill("Carte santé")
    text(page, "change").fill("L'horaire.")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    with page.expect_navigation():
        page.locator("a.brand").click()
    assert asked == ([] if script == "none" else ["beforeunload"])
    page.go_back()
    expect(option(page, "reached", "phone")).to_be_checked()
    expect(text(page, "slowed")).to_have_value("L'attente.\n\nDeux fois.")
    # What is missing on any page is said at the top, with everything kept.
    press(page, "next", status=422)
    expect(page.locator(".err-sum a")).to_have_attribute("href", "#q-ease")
    expect(text(page, "change")).to_have_value("L'horaire.")
    option(page, "ease", "4").check()
    press(page, "next")
    page.go_back()
    for code, typed in (("slowed", "L'attente.\n\nDeux fois."), ("first", "Carte santé")):
        expect(text(page, code)).to_have_value(typed)
    expect(option(page, "ease", "4")).to_be_checked()
    text(page, "slowed").fill("Le formulaire.")
    press(page, "next")
    expect(page.locator("dl.answers")).to_contain_text("L'horaire.")
    switch_language(page)
    press(page, "send")
    assert stored() == {
        "slowed": "Le formulaire.",
        "first": "Carte santé",
        "change": "L'horaire.",
    }
