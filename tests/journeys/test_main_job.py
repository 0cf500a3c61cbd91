"""The first half of the main job: a citizen is heard, in both languages, once, and for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override, pgettext
from playwright.sync_api import Page, expect

from feedback.answering.models import Answer, Response
from tests.browser import Pages
from tests.journeys.conftest import Look, Town
from tests.journeys.sheet import (
    WITHDRAW,
    button,
    fill_in,
    focused,
    follow,
    form_of,
    language_of,
    option,
    press,
    switch_language,
    text,
)

pytestmark = pytest.mark.browser

SLOWED = "On m'a fait attendre deux heures, puis on m'a dit de revenir.  \nÀ cause d'un timbre!"
FIRST = 'Answer the phone, <b>please</b> & "soon"'
CHANGE = "Let me finish the form online.\n\n\tOtherwise I drive 80 km for a signature. 😀"


def test_a_citizen_changes_language_half_way_and_is_heard_once(
    town: Town, open_page: Pages, look: Look
) -> None:
    page = open_page(locale="fr-CA")
    page.goto("/")
    assert page.url == f"{town.address}/fr/"
    look(page, "home-fr")
    follow(page, page.locator(f'main a[href="{town.page("fr")}"]'))
    look(page, "consultation-fr")
    follow(page, page.locator(f'a[href="{form_of(town.engagement, "fr")}"]'))

    # An error is met in French, and in English too.
    look(page, "page-1-fr")
    press(page, "next", status=422)
    _expect_error(page, "fr", "q-reached")
    look(page, "page-1-error-fr")
    switch_language(page, status=422)
    _expect_error(page, "en", "q-reached")
    look(page, "page-1-error-en")
    switch_language(page, status=422)
    option(page, "reached", "counter").check()
    option(page, "used", "phone").check()
    option(page, "used", "online").check()
    press(page, "next")
    assert page.title() == page.title().removeprefix(_error_prefix("fr"))

    # Half-way, and with an error on the page, the language changes; nothing typed is lost.
    too_long = SLOWED + "." * (501 - len(SLOWED))
    text(page, "slowed").fill(too_long)
    press(page, "next", status=422)
    _expect_error(page, "fr", "q-ease", "q-slowed")
    look(page, "page-2-error-fr")
    option(page, "ease", "2").check()
    switch_language(page, status=422)
    _expect_error(page, "en", "q-slowed")
    look(page, "page-2-error-en")
    expect(option(page, "ease", "2")).to_be_checked()
    expect(text(page, "slowed")).to_have_value(too_long)
    text(page, "slowed").fill(SLOWED)
    press(page, "next")
    text(page, "first").fill(FIRST)
    text(page, "change").fill(CHANGE)
    switch_language(page)
    expect(text(page, "first")).to_have_value(FIRST)
    expect(text(page, "change")).to_have_value(CHANGE)
    look(page, "page-3-fr")
    switch_language(page)
    look(page, "page-3-en")

    # Back by our button and by the browser's: what was typed is still there.
    press(page, "back")
    expect(text(page, "slowed")).to_have_value(SLOWED)
    press(page, "next")
    expect(text(page, "change")).to_have_value(CHANGE)
    press(page, "next")
    _expect_check(page, "en", FIRST, CHANGE, SLOWED)
    page.go_back()
    expect(text(page, "change")).to_have_value(CHANGE)
    page.go_forward()

    # On the check one answer is changed, and one is taken back to the check at once.
    look(page, "check-en")
    change = page.locator('button[name="go"][formaction$="#q-slowed"]')
    assert change.count() == 1
    follow(page, change)
    assert page.url.endswith("#q-slowed")
    look(page, "returning-en")
    text(page, "slowed").fill("Deux heures d'attente.")
    press(page, "next")
    _expect_check(page, "en", FIRST, CHANGE, "Deux heures d'attente.")
    switch_language(page)
    _expect_check(page, "fr", FIRST, CHANGE, "Deux heures d'attente.")
    look(page, "check-fr")
    switch_language(page)
    assert not Response.objects.exists()

    # A double click, F5, Back and sending again are one response with one receipt.
    button(page, "send").dblclick()
    page.wait_for_url("**/en/receipt/**")
    receipt = page.url
    response = Response.objects.get()
    assert page.locator("dd.ref").first.inner_text() == response.reference
    look(page, "receipt-en")
    page.reload()
    assert page.url == receipt
    page.go_back()
    _expect_check(page, "en", FIRST)
    press(page, "send")
    assert page.url == receipt
    assert Response.objects.get() == response
    assert (response.language, response.channel) == ("en", "online")
    stored = {
        answer.question.code: (answer.codes, answer.text.replace("\r\n", "\n"))
        for answer in Answer.objects.filter(response=response).select_related("question")
    }
    assert stored == {
        "reached": (["counter"], ""),
        "used": (["phone", "online"], ""),
        "ease": (["2"], ""),
        "slowed": ([], "Deux heures d'attente."),
        "first": ([], FIRST),
        "change": ([], CHANGE),
    }
    switch_language(page)
    assert page.locator("dd.ref").first.inner_text() == response.reference
    assert page.locator("dd.said").evaluate_all("all => all.map(e => e.lang)") == ["en"] * 3
    look(page, "receipt-fr")


def test_sending_again_with_other_answers_asks_first(
    town: Town, open_page: Pages, look: Look
) -> None:
    page = open_page()
    page.goto(form_of(town.engagement, "en"))
    fill_in(page)
    press(page, "send")
    receipt = page.url
    page.go_back()
    press(page, "page-3")
    text(page, "first").fill("One more thing")
    press(page, "next")
    press(page, "send", status=409)
    assert page.locator("main a[href*=receipt]").get_attribute("href") in receipt
    look(page, "differs-en")
    switch_language(page, status=409)
    look(page, "differs-fr")
    press(page, "send")
    assert page.url != receipt
    assert Response.objects.count() == 2


def test_a_citizen_takes_a_response_back(town: Town, open_page: Pages, look: Look) -> None:
    page = open_page(locale="fr-CA")
    page.goto(form_of(town.engagement, "fr"))
    fill_in(page)
    press(page, "send")
    receipt = page.url
    reference, code = page.locator("dd.ref").all_inner_texts()

    # By hand, with mistakes on the way.
    page.goto(WITHDRAW["fr"])
    look(page, "form-fr")
    switch_language(page)
    look(page, "form-en")
    press(page, "confirm", status=422)
    _expect_error(page, "en", "reference", "code")
    look(page, "error-en")
    switch_language(page)
    page.locator("#reference").fill(reference)
    page.locator("#code").fill("0000 0000 0000")
    press(page, "confirm", status=422)
    _expect_error(page, "fr", "reference")
    look(page, "refused-fr")
    page.locator("#code").fill(code)
    press(page, "confirm")
    look(page, "confirm-fr")
    switch_language(page)
    look(page, "confirm-en")
    assert Response.objects.standing().count() == 1
    press(page, "withdraw")
    look(page, "done-en")
    switch_language(page)
    look(page, "done-fr")
    assert not Response.objects.standing().exists()
    assert not Answer.objects.exists()
    page.goto(receipt)
    look(page, "receipt-withdrawn-fr")
    switch_language(page)
    look(page, "receipt-withdrawn-en")


def test_closing_meanwhile_gives_back_every_word(town: Town, open_page: Pages, look: Look) -> None:
    page = open_page()
    page.goto(form_of(town.engagement, "en"))
    option(page, "reached", "phone").check()
    press(page, "next")
    text(page, "slowed").fill(SLOWED)
    town.engagement.closes_at = timezone.now() - timedelta(days=1)
    town.engagement.save(update_fields=["closes_at"])
    press(page, "next", status=409)
    assert SLOWED in page.locator("#words").input_value()
    look(page, "closed-en")
    switch_language(page, status=409)
    assert SLOWED in page.locator("#words").input_value()
    look(page, "closed-fr")
    page.goto(form_of(town.engagement, "fr"))
    look(page, "arrived-late-fr")
    page.goto(town.page("fr"))
    look(page, "page-closed-fr")
    switch_language(page)
    look(page, "page-closed-en")


def _error_prefix(language: str) -> str:
    with override(language):
        return pgettext("start of a page's title", "Error:")


def _expect_error(page: Page, language: str, *fields: str) -> None:
    """The page says so in its title, the summary has the focus and leads to these fields."""
    assert language_of(page) == language
    assert page.title().startswith(_error_prefix(language))
    assert focused(page) == "err-sum"
    links = page.locator(".err-sum a")
    hrefs = [link.get_attribute("href") for link in links.all()]
    assert hrefs == [f"#{field}" for field in fields]
    for link in links.all():
        href = link.get_attribute("href") or ""
        link.click()
        assert focused(page) == href[1:]
        # The same words are beside the field.
        described = (page.locator(href).get_attribute("aria-describedby") or "").split()
        group = page.locator(href).locator("xpath=ancestor::*[@aria-describedby][1]")
        if group.count():
            described += (group.get_attribute("aria-describedby") or "").split()
        said = [page.locator(f"#{id_}").inner_text() for id_ in described if id_.endswith("-error")]
        assert link.inner_text() in said or href == "#code"


def _expect_check(page: Page, language: str, *texts: str) -> None:
    """The check shows each of these texts whole, as it was typed."""
    assert language_of(page) == language
    shown = page.locator("dl.answers dd.said").evaluate_all("all => all.map(e => e.textContent)")
    for each in texts:
        assert each in shown
