"""A real browser that meets the site as people do, and tells what they would never report.

    def test_a_page(browser_page):
        browser_page.goto("/fr/")
        assert_accessible(browser_page)

    def test_on_a_phone(open_page):
        page = open_page(locale="fr-CA", javascript=False, viewport=PHONE)

Each page fails its test in the end if it asked another host for anything, was refused something
by its own security policy, or met a script error.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}

# WCAG 2.0 A to 2.2 AA. `target-size`, its one rule of 2.2, is off unless asked for.
AXE_OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# What a browser says about a page that is at fault; a 404 that a test asked for is not.
FAULTS = ("Content Security Policy", "Refused to", "Mixed Content")


def chromium_path() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        reason = "No Chromium on this machine: install Debian's package chromium."
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


class Pages:
    """Opens pages on one site and collects what went wrong on them."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self._browser = browser
        self._base_url = base_url
        self._contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def __call__(
        self,
        *,
        locale: str = "en-CA",
        javascript: bool = True,
        viewport: dict[str, int] | None = None,
        dark: bool = False,
    ) -> Page:
        """A page of a browser of its own, without cookies."""
        context = self._browser.new_context(
            base_url=self._base_url,
            locale=locale,
            timezone_id="America/Toronto",
            java_script_enabled=javascript,
            viewport=viewport or DESKTOP,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("request", self._check_host)
        page.on("console", self._check_console)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _check_host(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in {"http", "https", "ws", "wss"} and not self._base_url.endswith(url.netloc):
            self.faults.append(f"asked {url.netloc} for {url.path}")

    def _check_console(self, message: ConsoleMessage) -> None:
        if any(fault in message.text for fault in FAULTS):
            self.faults.append(f"{message.location.get('url', '')}: {message.text}")


def assert_accessible(page: Page) -> None:
    """axe finds nothing on the page as it is now, in the colours it has now.

    axe is a script; on a page opened without JavaScript use a second one with it.
    """
    try:
        found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    except PlaywrightError as error:
        raise AssertionError(f"axe could not look at {page.url}: {error}") from error
    told = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
        + "\n".join(f"    {node['html'][:200]}\n    {node['failureSummary']}" for node in nodes)
        for violation in found
        if (nodes := violation["nodes"][:5])
    ]
    assert not told, f"{page.url}\n" + "\n".join(told)
