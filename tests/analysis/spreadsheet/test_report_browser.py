"""The report as a director opens it: from a file, on a phone, in the dark, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, Pages, assert_accessible

pytestmark = pytest.mark.browser


@pytest.fixture
def pages(chromium_browser: Browser) -> Iterator[Pages]:
    made = Pages(chromium_browser, "file://")
    yield made
    made.close()
    assert made.faults == []


@pytest.fixture(scope="module")
def report(full: Path) -> str:
    return (full / "report.html").as_uri()


def shown(page: Page, language: str) -> None:
    """Choose the language as a person does, by its name at the top."""
    page.locator(f"label[for=choose-{language}]").click()
    expect(page.locator(f"main[lang={language}]")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_in_either_language_and_light(
    pages: Pages, report: str, language: str, dark: bool
) -> None:
    page = pages(dark=dark)
    page.goto(report)
    shown(page, language)
    for summary in page.locator(f"main[lang={language}] summary").all():
        if summary.locator("xpath=..").get_attribute("open") is None:
            summary.click()
    assert_accessible(page)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_phone_shows_all_of_it_without_scrolling_sideways(
    pages: Pages, report: str, language: str
) -> None:
    page = pages(viewport=PHONE)
    page.goto(report)
    shown(page, language)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    # The names leave the map, the numbers stay and are in its table.
    map_ = page.locator(f"#{language}-map-picture")
    assert map_.locator(".map-name").first.is_hidden()
    height = map_.locator(".map-number").first.bounding_box()
    assert height is not None
    assert height["height"] >= 10
    numbers = map_.locator(".map-number").all_text_contents()
    page.locator(f"#{language}-map summary").click()
    assert page.locator(f"#{language}-map tbody th").all_text_contents() == sorted(numbers, key=int)


def test_the_languages_change_by_keyboard_and_without_javascript(pages: Pages, report: str) -> None:
    page = pages(javascript=False)
    page.goto(report)
    expect(page.locator("main[lang=en]")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator("main[lang=fr]")).to_be_visible()
    expect(page.locator("main[lang=en]")).to_be_hidden()


def test_the_contents_lead_to_each_part(pages: Pages, report: str) -> None:
    page = pages()
    page.goto(report)
    links = page.locator("main[lang=en] .contents a")
    assert links.count() >= 8
    for link in links.all():
        link.click()
        target = (link.get_attribute("href") or "")[1:]
        expect(page.locator(f"[id='{target}']")).to_be_in_viewport()


def test_paper_shows_one_language_and_what_was_opened(
    pages: Pages, report: str, tmp_path: Path
) -> None:
    page = pages()
    page.goto(report)
    shown(page, "fr")
    page.locator("#fr-chart summary").click()
    page.emulate_media(media="print")
    assert page.locator("main[lang=en]").is_hidden()
    assert page.locator(".bar-top").is_hidden()
    box = page.locator("#fr-chart table").bounding_box()
    assert box is not None
    assert box["height"] > 20
    # Not even the word to open what stayed closed: paper cannot.
    assert page.locator("#fr-balance-picture").is_visible()
    assert page.locator("#fr-balance summary").is_hidden()
    page.pdf(path=tmp_path / "report.pdf", format="Letter")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_picture_covers_what_follows_it_on_paper(
    pages: Pages, report: str, language: str
) -> None:
    page = pages()
    page.goto(report)
    shown(page, language)
    page.emulate_media(media="print")
    inside = """figure => [...figure.querySelectorAll('svg *')].every(
        part => part.getBoundingClientRect().bottom <= figure.getBoundingClientRect().bottom + 1)"""
    figures = page.locator(f"main[lang={language}] figure:visible").all()
    assert len(figures) >= 3
    for figure in figures:
        assert figure.evaluate(inside)


def test_nothing_is_asked_of_any_network(chromium_browser: Browser, report: str) -> None:
    context = chromium_browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text))
    page.goto(report)
    page.wait_for_load_state("networkidle")
    assert asked == [report]
    assert faults == []
    context.close()
