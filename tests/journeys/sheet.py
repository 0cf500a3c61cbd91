"""Pages as a person handles them: by the names of fields and of buttons, in either language."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

from feedback.asking.models import Engagement

OTHER = {"en": "fr", "fr": "en"}
ANSWER = {"en": "/en/answer/{}/", "fr": "/fr/repondre/{}/"}
WITHDRAW = {"en": "/en/withdraw/", "fr": "/fr/retirer/"}


def form_of(engagement: Engagement, language: str) -> str:
    """The address of the form."""
    return ANSWER[language].format(engagement.reference_number)


def option(page: Page, code: str, choice: str) -> Locator:
    return page.locator(f'input[name="c.{code}"][value="{choice}"]:not([type=hidden])')


def text(page: Page, code: str) -> Locator:
    return page.locator(f'[name="t.{code}"]:not([type=hidden])')


def button(page: Page, go: str) -> Locator:
    return page.locator(f'main button[name="go"][value="{go}"]').first


def press(page: Page, go: str, *, status: int = 200) -> None:
    """Press a button of the form and arrive where it leads."""
    _arrive(page, button(page, go), status)


def switch_language(page: Page, *, status: int = 200) -> None:
    """Press the language toggle; the page arrives in the other language."""
    before = page.locator("html").get_attribute("lang") or ""
    _arrive(page, page.locator("nav.lang :is(a, button:not(.sr-only))"), status)
    assert page.locator("html").get_attribute("lang") == OTHER[before]


def follow(page: Page, link: Locator, *, status: int = 200) -> None:
    _arrive(page, link, status)


def _arrive(page: Page, pressed: Locator, status: int) -> None:
    with page.expect_navigation() as navigation:
        pressed.click()
    response = navigation.value
    assert response is not None
    assert response.status == status, f"{response.status} at {page.url}"


def language_of(page: Page) -> str:
    return page.locator("html").get_attribute("lang") or ""


def focused(page: Page) -> str:
    """What has the focus: its id, else its class, else its tag."""
    said = "e => e.id || e.className || e.tagName.toLowerCase()"
    return str(page.evaluate(f"() => ({said})(document.activeElement)"))


def fill_in(page: Page) -> None:
    """Answer what ``make_questionnaire`` requires, from the first page to the check."""
    option(page, "reached", "phone").check()
    press(page, "next")
    option(page, "ease", "4").check()
    press(page, "next")
    press(page, "next")


def sign_in(page: Page, user: Any, towards: str) -> None:
    """Ask for a staff page, sign in on the way, arrive there. ``user`` is ``make_user``'s."""
    page.goto(towards)
    page.locator("[name=login]").fill(user.get_username())
    page.locator("[name=password]").fill("correct horse battery")
    follow(page, page.locator("#sign-in button"))
    assert page.url.endswith(towards)
