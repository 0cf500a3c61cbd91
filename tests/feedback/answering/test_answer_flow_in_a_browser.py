"""What only a browser can tell of the answer flow: Enter, focus, Back, line ends."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from feedback.answering.models import Answer, Response
from feedback.asking.models import Engagement
from tests.browser import PHONE, assert_accessible
from tests.factories import make_engagement, make_questionnaire

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESSES = {"en": "/en/answer/", "fr": "/fr/repondre/"}


@pytest.fixture
def engagement(live_server: Any) -> Engagement:
    return make_questionnaire(make_engagement()).engagement


def press(page: Page, go: str) -> None:
    page.locator(f'main button[name=go][value="{go}"]').first.click()


def at_the_last_page(
    page: Page, engagement: Engagement, language: str, *, javascript: bool = True
) -> None:
    page.goto(f"{ADDRESSES[language]}{engagement.reference_number}/")
    page.check("#q-reached-2")
    if javascript:
        press(page, "next")
    page.check("#q-ease-4")
    page.fill("#q-slowed", "\nAprès une ligne vide.\n\n  Fin.")
    if javascript:
        press(page, "next")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("javascript", [True, False])
def test_enter_goes_on_and_back_shows_what_was_sent(
    open_page: Any, engagement: Engagement, language: str, javascript: bool
) -> None:
    page = open_page(locale=f"{language}-CA", javascript=javascript, viewport=PHONE)
    at_the_last_page(page, engagement, language, javascript=javascript)
    page.fill("#q-first", "Carte santé")
    page.press("#q-first", "Enter")
    expect(page.locator("dl.answers")).to_be_visible()
    assert page.url.endswith(f"{ADDRESSES[language]}{engagement.reference_number}/")
    assert page.locator("html").get_attribute("lang") == language
    press(page, "send")
    expect(page.locator("dd.ref").first).to_be_visible()
    receipt = page.url
    assert Answer.objects.get(question__code="slowed").text == (
        "\r\nAprès une ligne vide.\r\n\r\n  Fin."
    )
    page.go_back()
    expect(page.locator("dl.answers")).to_contain_text("Carte santé")
    press(page, "send")
    page.wait_for_url(receipt)
    assert Response.objects.count() == 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_errors_take_the_focus_and_lead_to_their_fields(
    open_page: Any, engagement: Engagement, language: str
) -> None:
    page = open_page(locale=f"{language}-CA")
    page.goto(f"{ADDRESSES[language]}{engagement.reference_number}/")
    press(page, "next")
    expect(page.locator(".err-sum")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.id") == "q-reached"
    assert page.is_checked("#q-reached")


def test_counter_counts_as_the_server_does(open_page: Any, engagement: Engagement) -> None:
    page = open_page(locale="fr-CA")
    page.goto(f"/fr/repondre/{engagement.reference_number}/")
    page.check("#q-reached")
    press(page, "next")
    page.check("#q-ease")
    page.fill("#q-slowed", "👩🏽‍🚀\n" * 100)  # Four code points and a line end each.
    assert page.inner_text("#q-slowed-count").endswith("\u00a0: 0")
    page.fill("#q-slowed", "👩🏽‍🚀\n" * 100 + "x")
    expect(page.locator("#q-slowed-count")).to_have_class("count over")
    press(page, "next")
    assert page.locator("#q-slowed-error").inner_text().count("1 ") == 1
    page.fill("#q-slowed", "👩🏽‍🚀\n" * 100)
    press(page, "next")
    expect(page.locator("#q-first")).to_be_visible()


def test_receipt_prints_without_its_buttons(open_page: Any, engagement: Engagement) -> None:
    page = open_page(locale="fr-CA")
    at_the_last_page(page, engagement, "fr")
    press(page, "next")
    press(page, "send")
    page.emulate_media(media="print")
    expect(page.locator("dd.ref").first).to_be_visible()
    expect(page.locator("form.no-print")).to_be_hidden()
    expect(page.locator(".print-only")).to_contain_text("/fr/retirer/")


def test_accents_piled_on_a_letter_cover_nothing_else(
    open_page: Any, engagement: Engagement
) -> None:
    page = open_page(viewport=PHONE)
    at_the_last_page(page, engagement, "en")
    page.fill("#q-first", "e" + "\u0301" * 60)
    press(page, "next")
    row = page.locator("dl.answers > div", has=page.locator(".said")).last
    expect(row).to_be_visible()
    box = row.locator("dt").bounding_box()
    assert box is not None
    # Without the last line of pixels, which the answer may share.
    clip = {**box, "height": box["height"] - 2}
    piled = page.screenshot(clip=clip, full_page=True)
    row.locator(".said").evaluate("said => said.textContent = 'e'")
    assert page.screenshot(clip=clip, full_page=True) == piled
