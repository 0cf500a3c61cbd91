"""What the stories share: a live site in both languages, and a way to look at each page.

Set JOURNEY_SHOTS to a folder to keep a picture of every page a story meets.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from wagtail.models import Site

from cms.publishing.selectors import Pair
from feedback.asking.models import Engagement
from feedback.people.models import Department
from tests.browser import assert_accessible
from tests.factories import (
    make_department,
    make_engagement,
    make_pages,
    make_questionnaire,
    make_site,
)

Look = Callable[..., None]

# A busy machine is slow, not wrong.
expect.set_options(timeout=10_000)


class Town(NamedTuple):
    """A small but whole site: one department, one open consultation with both of its pages."""

    address: str
    department: Department
    engagement: Engagement
    home: Pair
    pages: Pair

    def page(self, language: str) -> str:
        """The consultation's own page."""
        return str(self.pages.of(language).url)


@pytest.fixture
def home(live_server: Any) -> Pair:
    """Both home pages, at the address the browser uses."""
    address = urlsplit(live_server.url)
    Site.objects.update(hostname=str(address.hostname), port=int(address.port or 80))
    Site.clear_site_root_paths_cache()
    return make_site()


@pytest.fixture
def town(live_server: Any, home: Pair) -> Town:
    department = make_department(
        "services", name_en="Department of Services", name_fr="Ministère des Services"
    )
    engagement = make_engagement(department, contact_email="services@example.org")
    make_questionnaire(engagement)
    return Town(live_server.url, department, engagement, home, make_pages(engagement))


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Look:
    """Meet a page as its first critic: nothing for axe to find, no sideways scroll, a picture."""
    folder = os.environ.get("JOURNEY_SHOTS")
    story = request.node.name.removeprefix("test_").replace("[", "-").rstrip("]")
    seen = 0

    def look(page: Page, name: str) -> None:
        nonlocal seen
        seen += 1
        if folder:
            path = Path(folder) / f"journey-{story[:60]}-{seen:02}-{name}.png"
            page.screenshot(path=path, full_page=True)
        assert_accessible(page)
        # What axe leaves behind, a page's own scripts would carry on as an inline style.
        page.evaluate("""() => document.querySelectorAll("[style='']")
          .forEach(e => e.removeAttribute("style"))""")
        assert_fits(page)

    return look


def assert_fits(page: Page) -> None:
    """The page does not scroll sideways."""
    wide = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide[0] <= wide[1], f"{page.url} is {wide[0]} px wide in a window of {wide[1]} px"
