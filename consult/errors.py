"""Pages for when something is wrong: in the language of the address, saying what to do next.

The handlers of 404, 403, 405, 400 and 413 use the site's base page. 414, 500 and 503 must work when
the database, the cache or a template does not, so they are small pages of their own, in both
languages at once where nobody's language can be known.
"""

import sys
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import pgettext
from psycopg_pool import PoolTimeout

from consult.database.base import RememberedAway
from consult.given_back import fields_in, words_in
from feedback.people.permissions import RoleMissing

log = structlog.stdlib.get_logger("consult.errors")

# What says that the database is gone, not that we asked it something wrong.
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)


def _page(request: HttpRequest, name: str, status: int, **more: Any) -> HttpResponse:
    context = {"error_page": True, **more}
    response = render(request, f"consult/{name}.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "404", 404, words=words_in(request))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Says which roles may, where it is a role that is missing."""
    if not isinstance(exception, RoleMissing):
        return _page(request, "403", 403, words=words_in(request))
    roles = ", ".join(str(role.label) for role in exception.roles)
    roles = roles or pgettext("audit", "Administrator")
    return _page(request, "403", 403, roles=roles, words=words_in(request))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return _page(request, "400", 400)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: nothing was read, so what was written is given back in fields, to be sent again."""
    fields = fields_in(request)
    texts = [field for field in fields if field.is_text]
    if not texts:
        return _framed(request, "413", 413, "413_plain")
    context = {
        "action": request.get_full_path(),
        "texts": texts,
        "others": [field for field in fields if not field.is_text],
        "language": (translation.get_language() or "en")[:2],
    }
    page = loader.render_to_string("consult/413_words.html", context)
    response = HttpResponse(page, status=413)
    # Not `no-store`: the browser's Back button must show a page with what was typed on it.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _framed(request: HttpRequest, name: str, status: int, plain: str) -> HttpResponse:
    """In the site's frame, which asks the database; without it, while that does not answer."""
    try:
        return _page(request, name, status)
    except DATABASE_AWAY:
        return _plain_page(request, plain, status)


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """405, with what the address does take in `Allow`."""
    response = _framed(request, "405", 405, "405_plain")
    response.headers["Allow"] = allowed
    return response


def address_too_long(request: HttpRequest) -> HttpResponse:
    """414: in the language of the address or the browser; in both where neither says one."""
    says = translation.get_language_from_path(request.path_info) or request.headers.get(
        "Accept-Language"
    )
    language = translation.get_language() or "en"
    return _plain_page(request, "414", 414, languages=[language[:2]] if says else None)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A staff form's token is old: go back, reload, send again.

    The public answer flow does not come here; it shows the form again with what was typed.
    """
    return _page(request, "csrf", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    # Where the database went away outside a view: in a middleware, or in the page of another error.
    error = sys.exc_info()[1]
    if isinstance(error, DATABASE_AWAY):
        return unavailable(request, error)
    return _plain_page(request, "500", 500)


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """503: the database does not answer."""
    # Said once by consult.breaker, when nobody was asked.
    if exception is not None and not isinstance(exception.__cause__, RememberedAway):
        log.error("database_unavailable", exc_info=exception)
    response = _plain_page(request, "503", 503)
    response.headers["Retry-After"] = "30"
    return response


def _plain_page(
    request: HttpRequest, name: str, status: int, *, languages: list[str] | None = None
) -> HttpResponse:
    """Render without context processors: they would ask the database who is signed in."""
    language = translation.get_language() or "en"
    context: dict[str, Any] = {
        "stylesheet": static("look/plain.css"),
        "language": language,
        # The reader's language first; the other below it.
        "languages": languages or (["fr", "en"] if language.startswith("fr") else ["en", "fr"]),
    }
    page = loader.render_to_string(f"consult/{name}.html", context)
    response = HttpResponse(page, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
