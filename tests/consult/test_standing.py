"""What a citizen meets while the cache, the broker or the database is away, or hangs."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

from consult.cache import _memories
from consult.health import _breaker_of
from feedback.answering.models import Response
from feedback.answering.references import withdrawal_code
from tests.consult.test_serve import Answer, Site, answer_of, request, serving
from tests.factories import make_engagement, make_questionnaire
from tests.feedback.answering.test_answer_flow import Citizen, address, at_the_check
from tests.journeys.test_crawl import Crawl, full_site
from tests.silence import Silence

__all__ = ["full_site"]

LANGUAGES = ["en", "fr"]


@pytest.fixture(params=["dead", "hanging"])
def nobody(request: pytest.FixtureRequest) -> Iterator[int]:
    """A port where nobody listens, or where somebody does and says nothing."""
    if request.param == "dead":
        yield 1
    else:
        with Silence() as silent:
            yield silent.port


# --- Without cache and broker: everything, slower at most ----------------------------------------


@pytest.fixture
def alone(nobody: int, settings: Any) -> Iterator[int]:
    """Neither cache nor broker, as the site is configured in production."""
    settings.CACHES = {
        "default": {
            "BACKEND": "consult.cache.ExpendableRedisCache",
            "LOCATION": f"redis://127.0.0.1:{nobody}/1",
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
        }
    }
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{nobody}/0"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 1}
    yield nobody
    for memory in _memories.values():
        memory.breaker.forget()
    _breaker_of(settings.CELERY_BROKER_URL).forget()


@pytest.mark.django_db
def test_every_public_page_works_without_cache_and_broker(
    full_site: None, alone: int, client: Client
) -> None:
    crawled = Crawl(client).from_("/en/", "/fr/")
    assert not crawled.problems, "\n".join(crawled.problems)
    for language in LANGUAGES:
        assert len([path for path in crawled.pages if path.startswith(f"/{language}/")]) >= 10


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_gets_its_receipt_and_is_taken_back_without_cache_and_broker(
    alone: int, language: str
) -> None:
    engagement = make_questionnaire(make_engagement()).engagement
    person = at_the_check(engagement, language).press("send")
    response = Response.objects.get()
    assert person.reply.status_code == 200
    assert response.reference in person.page.text
    taker = Citizen(address(language, "withdraw"))
    code = withdrawal_code(response.receipt_key)
    taker.typed = {"reference": [response.reference], "code": [code]}
    taker.press("confirm").press("withdraw")
    response.refresh_from_db()
    assert response.withdrawn_at is not None


@pytest.mark.django_db
def test_health_says_the_truth_about_cache_and_broker_quickly(alone: int, client: Client) -> None:
    start = time.monotonic()
    for _ in range(10):
        reply = client.get("/health/ready")
        said = {"status": "degraded", "database": "ok", "broker": "down", "cache": "down"}
        assert (reply.status_code, reply.json()) == (200, said)
    # Each is asked once a moment, not at each question.
    assert time.monotonic() - start < 9


# --- Without the database: it is said, and what was typed is kept --------------------------------


@pytest.fixture(scope="module", params=["dead", "hanging"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The real server, with everything it needs away."""
    folder = tmp_path_factory.mktemp(request.param)
    collected(folder / "static")
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(Silence()).port if request.param == "hanging" else 1
        yield stack.enter_context(
            serving(
                folder,
                DATABASE_URL=f"postgres://consult:secret@127.0.0.1:{port}/consult",
                CACHE_URL=f"redis://127.0.0.1:{port}/1",
                BROKER_URL=f"redis://127.0.0.1:{port}/0",
            )
        )


STYLES = ("look/plain.css", "look/site.css", "answering/form.css")


def collected(folder: Path) -> None:
    """As collectstatic leaves it, with three of the files."""
    for name in STYLES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("main{color:black}")
    names = [name for finder in get_finders() for name, _ in finder.list([])]
    manifest = {"paths": {name: name for name in names}, "version": "1.1", "hash": ""}
    (folder / "staticfiles.json").write_text(json.dumps(manifest))


def public_addresses() -> dict[str, str]:
    """An address of each public route in each language, by the language it is to be answered in."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            for route in routes(get_resolver().url_patterns):
                path = re.sub(r"<uuid:\w+>", str(uuid4()), f"/{route}")
                path = re.sub(r"<\w+:\w+>", "something", path)
                if path.startswith(f"/{language}/") and "(" not in path:
                    found[path] = language
            found[f"/{language}/something/else/"] = language
    return found


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for found in patterns:
        here = before + str(found.pattern).removeprefix("^").removesuffix("$")
        if isinstance(found, URLResolver):
            yield from routes(found.url_patterns, here)
        else:
            yield here


def says_when_to_come_back(answer: Answer, language: str) -> None:
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0
    page = answer.body.decode()
    assert f'<html lang="{language}">' in page
    words = {"en": "We will be back in a moment", "fr": "Nous serons de retour dans un instant"}
    other = words["fr" if language == "en" else "en"]
    assert words[language] in page
    assert other not in page or page.index(words[language]) < page.index(other)


def test_every_public_page_says_when_the_database_is_away(site: Site) -> None:
    addresses = public_addresses()
    assert len(addresses) >= 14
    without = 0
    for path, language in addresses.items():
        answer = site.get(path)
        if answer.status == 200:
            # Asks for nothing that is not in the address: the form of a withdrawal.
            assert f'lang="{language}"' in answer.body.decode()
            without += 1
        else:
            says_when_to_come_back(answer, language)
    assert without <= 4


def test_replies_without_the_database_are_quick(site: Site) -> None:
    # Both processes learn it, from whoever comes first.
    with contextlib.ExitStack() as waiting:
        first = [waiting.enter_context(site.send(request("GET", "/en/"))) for _ in range(16)]
        assert {answer_of(connection).status for connection in first} == {503}
    times = sorted(site.get("/fr/").seconds for _ in range(60))
    assert times[50] < 0.5


@pytest.mark.parametrize(
    ("language", "path"), [("en", "/en/answer/a-1/"), ("fr", "/fr/repondre/a-1/")]
)
def test_what_was_typed_is_kept_without_the_database(site: Site, language: str, path: str) -> None:
    typed = "Le guichet ferme à midi, <b>toujours</b>."
    form = urlencode({"t.slowed": typed, "go": "send", "token": str(uuid4())}).encode()
    answer = site.ask(
        request(
            "POST",
            path,
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(form)}",
        )
        + form
    )
    assert (answer.status, answer.headers["retry-after"]) == (503, "30")
    page = answer.body.decode()
    assert f'<html lang="{language}">' in page
    assert "Le guichet ferme à midi, &lt;b&gt;toujours&lt;/b&gt;." in page


def test_static_files_need_neither_database_nor_cache(site: Site) -> None:
    for name in STYLES:
        assert site.get(f"/static/{name}").status == 200
    assert site.get("/static/consult/nothing.css").status == 404


def test_health_says_the_truth_without_the_database(site: Site) -> None:
    assert site.get("/health/live").status == 200
    answer = site.get("/health/ready")
    assert answer.status == 503
    said = {"status": "down", "database": "down", "broker": "down", "cache": "down"}
    assert json.loads(answer.body) == said


def test_absence_is_logged_once_a_process_and_without_addresses(site: Site) -> None:
    for _ in range(5):
        site.get("/en/")
        site.get("/health/ready")
    lines = [json.loads(line) for line in site.log.read_text().splitlines() if line[:1] == "{"]
    away = [line["server"] for line in lines if line["event"] == "server_away"]
    assert set(away) >= {"database"}
    assert all(away.count(server) <= 2 for server in set(away))
    assert "secret" not in site.log.read_text()
    assert "Traceback" not in site.log.read_text()
