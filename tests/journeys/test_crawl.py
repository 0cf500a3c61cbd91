"""Whatever a reader can reach from the two home pages is there, in both languages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from feedback.asking.enums import EngagementKind
from tests.cms.conftest import Reviewed
from tests.factories import make_engagement, make_pages, make_questionnaire

pytestmark = pytest.mark.django_db

HOST = "testserver"


@pytest.fixture
def full_site(db: None) -> None:
    """One of each: open, planned, closed, a survey, and a closed one with its published report."""
    reviewed = Reviewed()
    reviewed.published()
    now = timezone.now()
    for number, (kind, opens, closes) in enumerate(
        (
            (EngagementKind.CONSULTATION, -5, 20),
            (EngagementKind.CONSULTATION, 5, 20),
            (EngagementKind.CONSULTATION, -20, -5),
            (EngagementKind.SURVEY, -5, None),
        )
    ):
        engagement = make_engagement(
            reviewed.department,
            kind=kind,
            reference_number=f"crawl-{number}",
            opens_at=now + timedelta(days=opens),
            closes_at=now + timedelta(days=closes) if closes is not None else None,
        )
        make_questionnaire(engagement)
        make_pages(engagement)


class Crawl:
    """Every address reached from the start by links, and what was found there."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.pages: dict[str, BeautifulSoup] = {}
        self.files: dict[str, Any] = {}
        self.problems: list[str] = []

    def from_(self, *starts: str) -> Crawl:
        waiting = [(start, "the start") for start in starts]
        seen = set(starts)
        while waiting:
            path, origin = waiting.pop()
            for link in self._visit(path, origin):
                if link not in seen:
                    seen.add(link)
                    waiting.append((link, path))
        return self

    def _visit(self, path: str, origin: str) -> list[str]:
        reply = self.client.get(path, follow=True)
        if reply.status_code != 200:
            self.problems.append(f"{path} answers {reply.status_code}, linked from {origin}")
            return []
        if reply.redirect_chain:
            return [reply.request["PATH_INFO"]]
        if not reply["Content-Type"].startswith("text/html"):
            self.files[path] = reply
            return []
        page = BeautifulSoup(reply.content, "html.parser")
        self.pages[path] = page
        return [found for link in page.find_all("a", href=True) if (found := _inside(path, link))]


def _inside(path: str, link: Any) -> str:
    """The path a link leads to within the site; empty for mail, other sites and this page."""
    address = urlsplit(urldefrag(urljoin(f"http://{HOST}{path}", str(link["href"])))[0])
    if address.scheme not in {"http", "https"} or address.hostname != HOST:
        return ""
    return address.path + (f"?{address.query}" if address.query else "")


def test_every_page_linked_from_home_is_whole_and_has_its_counterpart(
    full_site: None, client: Client
) -> None:
    crawled = Crawl(client).from_("/en/", "/fr/")
    problems = crawled.problems
    for path, page in crawled.pages.items():
        language = path.split("/")[1]
        root = page.find("html")
        if root is None or root.get("lang") != language:
            problems.append(f"{path}: lang is {root and root.get('lang')}")
        if len(page.find_all("h1")) != 1:
            problems.append(f"{path}: {len(page.find_all('h1'))} first headings")
        if not (page.title and page.title.get_text(strip=True)):
            problems.append(f"{path}: no title")
        ids = [element["id"] for element in page.find_all(id=True)]
        if len(ids) != len(set(ids)):
            problems.append(f"{path}: the same id twice")
        problems += _about_fragments(path, page, set(ids))
        problems += _about_counterpart(path, page, crawled.pages)
    assert not problems, "\n".join(problems)

    reached = {
        language: [path for path in crawled.pages if path.startswith(f"/{language}/")]
        for language in ("en", "fr")
    }
    assert set(crawled.pages) == {*reached["en"], *reached["fr"]}
    assert len(reached["en"]) == len(reached["fr"])
    # Home, five engagements, a report, two open forms, the questions of an open consultation.
    assert len(reached["en"]) >= 10
    # A report's numbers and its chart, in both languages.
    assert len(crawled.files) == 4


def _about_fragments(path: str, page: BeautifulSoup, ids: set[Any]) -> list[str]:
    return [
        f"{path}: {link['href']} leads nowhere"
        for link in page.find_all("a", href=True)
        if str(link["href"]).startswith("#") and str(link["href"])[1:] not in ids
    ]


def _about_counterpart(
    path: str, page: BeautifulSoup, pages: dict[str, BeautifulSoup]
) -> list[str]:
    """The toggle and the alternates lead to the other language, and back from there."""
    language = path.split("/")[1]
    other = {"en": "fr", "fr": "en"}[language]
    problems = []
    alternates = _alternates(page)
    if alternates:
        if alternates.get(language) != path:
            problems.append(f"{path}: names {alternates.get(language)} as itself")
        counterpart = alternates.get(other, "")
        if counterpart not in pages:
            problems.append(f"{path}: its counterpart {counterpart} was not reached")
        elif _alternates(pages[counterpart]).get(language) != path:
            problems.append(f"{path}: {counterpart} does not point back")
    toggle = page.select_one("nav.lang a, nav.lang button[name=go][value=language]")
    if toggle is None or toggle.get("lang") != other:
        return [*problems, f"{path}: no way to the other language"]
    if toggle.name == "a" and alternates and toggle["href"] != alternates.get(other):
        problems.append(f"{path}: the toggle leads to {toggle['href']}")
    if not str(toggle.get("href") or toggle.get("formaction")).startswith(f"/{other}/"):
        problems.append(f"{path}: the toggle leads out of /{other}/")
    return problems


def _alternates(page: BeautifulSoup) -> dict[str, str]:
    links = page.find_all("link", rel="alternate", hreflang=True)
    return {str(link["hreflang"]): urlsplit(str(link["href"])).path for link in links}
