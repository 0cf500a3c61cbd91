"""The public journey is light, private, and asks nobody but the site itself."""

from __future__ import annotations

import gzip
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage
from playwright.sync_api import Response as Reply

from tests.browser import Pages
from tests.journeys.conftest import Town
from tests.journeys.sheet import WITHDRAW, fill_in, form_of, option, press, switch_language, text

pytestmark = pytest.mark.browser

# All that a form page may cost on the wire, in bytes.
BUDGET = 50_000
TEXTUAL = {"text/html", "text/css", "text/javascript", "image/svg+xml"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_public_journey_asks_only_its_own_host(
    town: Town, open_page: Pages, language: str
) -> None:
    page = open_page(locale=f"{language}-CA")
    asked: list[str] = []
    said: list[str] = []
    replies: list[Reply] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda reply: replies.append(reply))

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "422" not in message.text:
            said.append(message.text)

    page.on("console", listen)
    page.goto("/")
    page.goto(town.page(language))
    page.goto(f"{town.page(language)}questions/")
    page.goto(form_of(town.engagement, language))
    press(page, "next", status=422)
    option(page, "reached", "phone").check()
    press(page, "next")
    switch_language(page)
    switch_language(page)
    option(page, "ease", "4").check()
    text(page, "slowed").fill("https://elsewhere.example/ <img src=https://elsewhere.example/x>")
    press(page, "next")
    press(page, "next")
    press(page, "send")
    press(page, "confirm")
    press(page, "withdraw")

    hosts = {urlsplit(url).netloc for url in asked if not url.startswith("data:")}
    assert hosts == {urlsplit(town.address).netloc}
    assert said == []
    assert [reply.url for reply in replies if reply.status >= 400 and reply.status != 422] == []
    # Nothing is kept on the citizen's machine.
    assert page.context.cookies() == []
    assert page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    for reply in replies:
        assert "set-cookie" not in reply.headers, reply.url
        if reply.request.resource_type == "document" and reply.status < 300:
            policy = reply.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "http" not in policy


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_form_page_costs_little(town: Town, open_page: Pages, language: str) -> None:
    page = open_page()
    replies: list[Reply] = []
    page.on("response", lambda reply: replies.append(reply))
    page.goto(form_of(town.engagement, language), wait_until="networkidle")
    weights = {urlsplit(reply.url).path: _weight(reply) for reply in replies}
    assert sum(weights.values()) <= BUDGET, weights
    assert len(replies) <= 8, weights


def _weight(reply: Reply) -> int:
    """Bytes on the wire from a production server, which compresses text."""
    body = reply.body()
    kind = reply.headers.get("content-type", "").partition(";")[0]
    headers = sum(len(name) + len(value) + 4 for name, value in reply.headers.items())
    return headers + (len(gzip.compress(body)) if kind in TEXTUAL else len(body))


def test_what_is_secret_is_stored_nowhere(town: Town, open_page: Pages) -> None:
    page = open_page()
    documents: dict[str, Reply] = {}

    def keep(reply: Reply) -> None:
        if reply.request.resource_type == "document":
            documents[urlsplit(reply.url).path.split("/")[2]] = reply

    page.on("response", keep)
    page.goto(form_of(town.engagement, "en"))
    fill_in(page)
    # What was typed may stay in the browser's own history, and nowhere else.
    assert "private" in documents["answer"].headers["cache-control"]
    assert "no-store" not in documents["answer"].headers["cache-control"]
    press(page, "send")
    page.goto(WITHDRAW["en"])
    for name in ("receipt", "withdraw"):
        headers = documents[name].headers
        assert headers["cache-control"] == "no-store", name
        assert headers["referrer-policy"] == "no-referrer", name
        assert "noindex" in headers["x-robots-tag"], name
