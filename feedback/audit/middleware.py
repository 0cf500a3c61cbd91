"""What staff were refused, and the files they took: every screen's, also of one not yet written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch

from feedback.audit.enums import About, Act
from feedback.audit.services.entries import audit_record
from feedback.people.acting import acting_for
from feedback.people.models import User

GetResponse = Callable[[HttpRequest], HttpResponseBase]
# The public's own: a receipt's address is its secret, and nobody signs in there.
OF_THE_PUBLIC = "answering"
# What of an address names a thing; numbers do too. Anything else may be a secret, as in a link that
# was sent by email, and is not kept.
NAMING = frozenset({"reference", "code", "app_label", "model_name"})


class AuditMiddleware:
    """Says who acts while a request is answered, then records it if it was refused or gave a file.

    403: the wrong role. 404 of a screen that is there: another department's thing, or one that is
    no more. Only of people who are signed in. Kept are the name of the screen and what its address
    names, never a query string or anything typed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with acting_for(request):
            response = self.get_response(request)
            act = _act(request, response)
            if act is not None and isinstance(_user(request), User):
                _record(act, request, response)
        return response


def _act(request: HttpRequest, response: HttpResponseBase) -> Act | None:
    match = request.resolver_match
    if match is None or match.namespace == OF_THE_PUBLIC:
        return None
    if response.status_code in (403, 404) and match.view_name != "wagtail_serve":
        return Act.REFUSED
    given = response.headers.get("Content-Disposition", "")
    if response.status_code == 200 and given.startswith("attachment"):
        return Act.EXPORTED
    return None


def _user(request: HttpRequest) -> Any:
    """Whoever is signed in. Without a cookie nobody is asked: a page of the public stays one for
    all, in every cache."""
    return request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None


def _record(act: Act, request: HttpRequest, response: HttpResponseBase) -> None:
    match = request.resolver_match
    assert match is not None  # noqa: S101 (asked before)
    named = " ".join(_named(match))
    audit_record(
        act,
        about=About.ADDRESS,
        reference=f"{match.view_name} {named}".strip(),
        after={"method": request.method, "http": response.status_code},
    )


def _named(match: ResolverMatch) -> Iterator[str]:
    if match.view_name == "wagtail_serve":
        yield from match.args
    for name, value in match.kwargs.items():
        if name in NAMING or str(value).isdecimal():
            yield str(value)
