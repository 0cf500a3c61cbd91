"""On an old phone, in large letters, in the dark, in forced colours, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from feedback.answering.models import Response
from tests.browser import DESKTOP, PHONE, Pages
from tests.cms.conftest import Reviewed
from tests.journeys.conftest import Look, Town, assert_fits
from tests.journeys.sheet import (
    WITHDRAW,
    focused,
    form_of,
    option,
    press,
    switch_language,
    text,
)

pytestmark = pytest.mark.browser

# As narrow as WCAG 1.4.10 asks.
NARROW = {"width": 320, "height": 740}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
WORD = "Anticonstitutionnellement" * 6


@pytest.fixture
def report(town: Town) -> Any:
    """The published report of another consultation of the same site."""
    return Reviewed().published()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_public_page_fits_and_can_be_read(
    town: Town, report: Any, open_page: Pages, look: Look, language: str
) -> None:
    page = open_page(locale=f"{language}-CA", viewport=PHONE)
    for name in walk(page, town, report, language):
        look(page, name)
        page.set_viewport_size(NARROW)
        assert_fits(page)
        page.set_viewport_size(DESKTOP)
        _in_large_letters(page)
        page.emulate_media(color_scheme="dark")
        _assert_contrast(page, "in the dark")
        page.emulate_media(color_scheme="light", forced_colors="active")
        _assert_contrast(page, "in forced colours")
        page.emulate_media(forced_colors="none")
        page.set_viewport_size(PHONE)


def walk(page: Page, town: Town, report: Any, language: str) -> Any:
    """Every public page and each of its error states, by name."""
    page.goto(f"/{language}/")
    yield "home"
    page.goto(town.page(language))
    yield "consultation"
    page.goto(f"{town.page(language)}questions/")
    yield "questions"
    page.goto(str(report.of(language).url))
    for summary in page.locator("summary").all():
        summary.click()
    yield "findings"
    page.goto(form_of(town.engagement, language))
    page.locator("summary").click()
    yield "form-1"
    press(page, "next", status=422)
    yield "form-1-error"
    option(page, "reached", "phone").check()
    press(page, "next")
    text(page, "slowed").fill(WORD * 4)
    press(page, "next", status=422)
    yield "form-2-error"
    option(page, "ease", "na").check()
    text(page, "slowed").fill(WORD)
    press(page, "next")
    text(page, "first").fill(WORD[:100])
    yield "form-3"
    press(page, "next")
    yield "check"
    press(page, "send")
    yield "receipt"
    page.go_back()
    press(page, "page-3")
    text(page, "first").fill("")
    press(page, "next")
    press(page, "send", status=409)
    yield "differs"
    page.goto(WITHDRAW[language])
    press(page, "confirm", status=422)
    yield "withdraw-error"
    page.goto(f"/{language}/nothing-here/")
    yield "not-found"


def _in_large_letters(page: Page) -> None:
    """Text at twice its size, as a reader may set it, on the same screen."""
    size = "() => parseFloat(getComputedStyle(document.documentElement).fontSize)"
    before = page.evaluate(size)
    page.evaluate(f"() => document.documentElement.style.fontSize = '{before * 2}px'")
    assert page.evaluate(size) == before * 2
    assert_fits(page)
    page.evaluate("() => document.documentElement.style.fontSize = ''")


def _assert_contrast(page: Page, setting: str) -> None:
    found = Axe().run(page, options=CONTRAST).response["violations"]
    told = [
        f"{node['html'][:120]}\n    {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]
    assert not told, f"{page.url} {setting}\n" + "\n".join(told)


# --- By keyboard -------------------------------------------------------------------------------

# What can be reached: a group of radio buttons is one stop, what is folded away is none.
NAME = """e => e.type === "radio" ? "radio " + e.name
  : e.id || (e.name && e.name + "=" + e.value) || e.getAttribute("href") || e.tagName"""
REACHABLE = f"""() => {{
  const name = {NAME};
  const all = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), textarea, select, summary, [tabindex='0']")];
  const seen = all.filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility());
  return seen.map(name).filter((n, i, names) => !n.startsWith("radio") || n !== names[i - 1]);
}}"""
FOCUSED = f"""() => {{
  const e = document.activeElement, name = {NAME};
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
  return {{
    name: name(e),
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      && style.outlineColor !== "rgba(0, 0, 0, 0)",
    seen: box.bottom > 0 && box.top < innerHeight && !!at && (e.contains(at) || at.contains(e)
      || at.htmlFor === e.id),
  }};
}}"""


def _tab_through(page: Page) -> list[str]:
    """The stops of the Tab key over the whole page, each of them marked and in view."""
    stops: list[str] = []
    while len(stops) < 200:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None or (stops and stop["name"] == stops[0]):
            break
        assert stop["marked"], f"nobody sees that {stop['name']} has the focus on {page.url}"
        assert stop["seen"], f"{stop['name']} has the focus out of sight on {page.url}"
        stops.append(stop["name"])
    return stops


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_control_is_reached_in_order_and_seen(
    town: Town, report: Any, open_page: Pages, viewport: dict[str, int]
) -> None:
    page = open_page(viewport=viewport)

    def met() -> None:
        reachable = page.evaluate(REACHABLE)
        assert reachable[0] == "#main"
        assert _tab_through(page) == reachable, page.url

    for address in ("/fr/", town.page("fr"), str(report.english.url), WITHDRAW["en"]):
        page.goto(address)
        met()
    page.goto(form_of(town.engagement, "en"))
    met()
    option(page, "reached", "phone").check()
    press(page, "next")
    met()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_response_is_sent_with_the_keyboard_alone(
    town: Town, open_page: Pages, language: str
) -> None:
    page = open_page(locale=f"{language}-CA", viewport=PHONE)
    page.goto(form_of(town.engagement, language))
    # The skip link leads past the header.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "main"
    _tab_to(page, lambda name: name == "go=next")
    _enter(page, 422)
    assert focused(page) == "err-sum"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "q-reached"
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(option(page, "reached", "online")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    # Enter in a field goes on; it never presses the language.
    _enter(page, 200)
    _tab_to(page, lambda name: name == "radio c.ease")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Typed without a mouse.\nTwo lines.")
    _tab_to(page, lambda name: name == "go=next")
    _enter(page, 200)
    _tab_to(page, lambda name: name == "q-first")
    page.keyboard.type("Keys")
    _enter(page, 200)
    assert page.locator("html").get_attribute("lang") == language
    _tab_to(page, lambda name: name == "go=send")
    _enter(page, 200)
    response = Response.objects.get()
    assert page.locator("dd.ref").first.inner_text() == response.reference
    answers = {
        a.question.code: a.text.replace("\r\n", "\n") or a.codes for a in response.answers.all()
    }
    assert answers == {
        "reached": ["online"],
        "used": ["phone"],
        "ease": ["1"],
        "slowed": "Typed without a mouse.\nTwo lines.",
        "first": "Keys",
    }
    assert response.language == language


def _tab_to(page: Page, wanted: Callable[[str], bool]) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop and wanted(stop["name"]):
            return
    raise AssertionError(f"not reached by Tab on {page.url}")


def _enter(page: Page, status: int) -> None:
    with page.expect_navigation() as navigation:
        page.keyboard.press("Enter")
    assert navigation.value is not None
    assert navigation.value.status == status


def test_changing_language_keeps_the_place(town: Town, open_page: Pages) -> None:
    """By keyboard, by the toggle, on a phone: the same step, the same answers."""
    page = open_page(viewport=PHONE)
    page.goto(form_of(town.engagement, "en"))
    option(page, "reached", "online").check()
    press(page, "next")
    option(page, "ease", "3").check()
    step = page.locator('input[name="page"]').get_attribute("value")
    switch_language(page)
    assert page.locator('input[name="page"]').get_attribute("value") == step
    expect(option(page, "ease", "3")).to_be_checked()
