"""What is not taken is refused in words: which method, how long an address, how large a form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from consult.given_back import MOST_BYTES, MOST_FIELDS
from consult.middleware import MOST_ADDRESS
from tests.factories import make_site, make_user

pytestmark = pytest.mark.django_db
both = pytest.mark.parametrize("language", ["en", "fr"])
OURS = ("consult", "feedback", "analysis", "cms")
_VALUES = {"IntConverter": 1, "UUIDConverter": uuid4(), "PathConverter": "x"}


class Page(HTMLParser):
    """The language of a page, the fields of its form, and its headings."""

    def __init__(self, reply: Any) -> None:
        super().__init__()
        self.languages: list[str] = []
        self.fields: list[tuple[str, str]] = []
        self.text = ""
        self.action = ""
        self._area = ""
        self._value = ""
        self.feed(reply.content.decode().replace("\r\n", "\n"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag in ("html", "section") and "lang" in found:
            self.languages.append(found["lang"])
        elif tag == "form" and found.get("method") == "post":
            self.action = found["action"]
        elif tag == "input":
            self.fields.append((found["name"], found["value"]))
        elif tag == "textarea":
            self._area, self._value = found["name"], ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.fields.append((self._area, self._value.removeprefix("\n")))
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._value += data
        self.text += data


def addresses(patterns: list[Any] | None = None, prefix: str = "/") -> Iterator[str]:
    """Every address of our own views in the language now spoken, its arguments filled in."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = str(pattern.pattern)
        for name, converter in pattern.pattern.converters.items():
            value = str(_VALUES.get(type(converter).__name__, "x"))
            route = re.sub(rf"<(?:\w+:)?{name}>", value, route)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, prefix + route)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", pattern.callback)
            if view.__module__.split(".")[0] in OURS:
                yield prefix + route


@both
def test_every_address_of_ours_refuses_a_wrong_method_with_a_page(language: str) -> None:
    client = Client()
    client.force_login(make_user(is_superuser=True, is_staff=True))
    with override(language):
        found = [a for a in addresses() if not a.startswith(f"/{settings.CMS_PATH}")]
    assert len(found) > 25
    for address in found:
        reply = client.generic("PATCH", address, headers={"accept-language": language})
        assert reply.status_code == 405, address
        assert reply.headers["Allow"], address
        page = Page(reply)
        assert page.languages[0] == language, address
        assert "<h1>" in reply.content.decode(), address


@both
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_public_page_is_not_said_to_be_too_old_for_a_form(language: str, method: str) -> None:
    pages = make_site()
    page = pages.english if language == "en" else pages.french
    with override(language):
        addresses = [page.url, reverse("answering:receipt", args=[uuid4()])]
    for address in addresses:
        # As browsers send it: with nobody's token.
        reply = getattr(Client(enforce_csrf_checks=True), method)(address)
        assert reply.status_code == 405, address
        assert reply.headers["Allow"] == "GET, HEAD, OPTIONS"
        assert Page(reply).languages[0][:2] == language


@both
def test_a_wrong_method_is_explained_while_the_database_is_away(language: str) -> None:
    def refuse(execute: Any, *args: Any) -> None:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(refuse):
        reply = Client().delete("/health/live", headers={"accept-language": language})
    assert reply.status_code == 405
    assert reply.headers["Allow"] == "GET, HEAD"
    assert Page(reply).languages[0] == language


@pytest.mark.parametrize(
    ("path", "accepted", "languages"),
    [
        ("/en/", "fr", ["en", "en"]),
        ("/fr/", "en", ["fr", "fr"]),
        ("/staff/", "fr", ["fr", "fr"]),
        ("/", "en-CA", ["en", "en"]),
        ("/health/live", None, ["en", "en", "fr"]),
    ],
)
@pytest.mark.parametrize("where", ["path", "query"])
def test_an_address_too_long_is_refused_in_the_persons_language(
    path: str, accepted: str | None, languages: list[str], where: str
) -> None:
    long = "a" * (MOST_ADDRESS + 1)
    address = f"{path.rstrip('/')}/{long}" if where == "path" else f"{path}?q={long}"
    headers = {"accept-language": accepted} if accepted else {}
    reply = Client().get(address, headers=headers)
    assert reply.status_code == 414
    assert Page(reply).languages == languages
    assert "no-store" in reply.headers["Cache-Control"]
    assert "Content-Security-Policy" in reply.headers
    assert long not in reply.content.decode()


def test_an_address_as_long_as_ours_may_be_is_none_too_long() -> None:
    address = "/health/live?q="
    address += "a" * (MOST_ADDRESS - len(address))
    assert Client().get(address).status_code == 200


# Too large a form.


@pytest.fixture
def small(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000


def post(address: str, fields: list[tuple[str, str]], kind: str = "encoded") -> Any:
    if kind == "encoded":
        return Client().post(
            address, urlencode(fields), content_type="application/x-www-form-urlencoded"
        )
    return Client().post(address, dict(fields))


TYPED = "Première ligne: «\u00a0l'été\u00a0» & <b>\n\n=1+1 \U0001f468 " + "é" * 30_000
FIELDS = [("token", "x"), ("go", "next"), ("c.used", "phone"), ("t.change", TYPED), ("t.no", " ")]


@both
@pytest.mark.parametrize("kind", ["encoded", "multipart"])
@pytest.mark.usefixtures("small")
def test_a_form_too_large_gives_every_word_back(language: str, kind: str) -> None:
    with override(language):
        address = reverse("answering:answer", args=["x"])
    reply = post(address, FIELDS, kind)
    assert reply.status_code == 413
    page = Page(reply)
    assert page.languages[0] == language
    assert page.action == address
    # In its own field, to be shortened and sent again with all the rest.
    assert sorted(page.fields) == sorted(FIELDS)
    assert "no-store" not in reply.headers["Cache-Control"]


@pytest.mark.usefixtures("small")
def test_a_form_too_large_gives_its_words_back_while_the_database_is_away() -> None:
    def refuse(execute: Any, *args: Any) -> None:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(refuse):
        reply = post("/en/answer/x/", FIELDS)
    assert reply.status_code == 413
    assert TYPED in dict(Page(reply).fields)["t.change"]


@both
@pytest.mark.usefixtures("small")
def test_staff_get_their_words_back_too_but_no_password(language: str) -> None:
    fields = [("username", "x"), ("password", "secret" * 30), ("next", "y" * 30_000)]
    reply = Client().post(
        "/staff/sign-in/",
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"accept-language": language},
    )
    assert reply.status_code == 413
    page = Page(reply)
    assert page.languages[0] == language
    assert page.fields == [fields[0], fields[2]]
    assert "secret" not in reply.content.decode()


@pytest.mark.usefixtures("small")
def test_half_of_a_form_is_not_given_back_as_the_whole() -> None:
    """Forms with files are refused in the middle; saving what is left would erase the rest."""
    reply = Client().post(
        "/staff/sign-in/", {"a": "x" * 19_000, "b": "y" * 19_000, "c": "z" * 19_000}
    )
    assert reply.status_code == 413
    assert [f for f in Page(reply).fields if f[0] in "abc"] == []


@both
@pytest.mark.parametrize(
    "fields",
    [
        [("t.change", "x" * (MOST_BYTES + 1))],
        [("t.change", "x")] * (MOST_FIELDS + 1),
        [("token", "x" * 90)] * 400,
    ],
    ids=["bytes", "fields", "no words"],
)
@pytest.mark.usefixtures("small")
def test_what_nobody_typed_is_not_given_back(language: str, fields: list[tuple[str, str]]) -> None:
    with override(language):
        reply = post(reverse("answering:answer", args=["x"]), fields)
    assert reply.status_code == 413
    assert Page(reply).languages[0] == language
    assert len(reply.content) < 50_000


@pytest.mark.usefixtures("small")
def test_a_broken_form_too_large_is_refused_like_any_other() -> None:
    for body in (b"%ff%zz=%" + b"\xff" * 30_000, b"&" * 30_000, b"t.change=" + b"%00" * 10_000):
        reply = Client().post(
            "/en/answer/x/", body, content_type="application/x-www-form-urlencoded"
        )
        assert reply.status_code == 413
    for body in (b"\xff" * 30_000, b"--b\r\n" * 10_000):
        reply = Client().post("/en/answer/x/", body, content_type="multipart/form-data; boundary=b")
        assert reply.status_code == 413
