"""Who may keep a page, and from where a form may come."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse


def for_this_person_only(response: HttpResponse) -> HttpResponse:
    """A page with answers on it: in nobody else's cache."""
    # Not `no-store`: the browser's Back button must show a page with what was typed on it.
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def secret_page(response: HttpResponse) -> HttpResponse:
    """Whoever has the address may see it: in no cache, no index, no other site's log."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def came_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that another site's page sent this form.

    An anonymous form gives nobody's rights away, but a hostile page could make its visitors
    stuff the box. Browsers that say nothing are let in: the person comes first.
    """
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin", "")
    return origin not in {"", "null"} and urlsplit(origin).netloc != request.get_host()
