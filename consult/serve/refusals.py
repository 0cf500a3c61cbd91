"""What this server says by itself, before the site is asked: small pages in both languages."""

import functools
from http import HTTPStatus

from django.template import loader
from django.templatetags.static import static


@functools.cache
def refusal(status: int, *, french: bool = False) -> bytes:
    """A whole reply, after which the connection ends. The reader's language comes first."""
    context = {
        "stylesheet": static("look/plain.css"),
        "language": "fr" if french else "en",
        "languages": ["fr", "en"] if french else ["en", "fr"],
    }
    page = loader.render_to_string(f"consult/refused/{status}.html", context).encode()
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(page)),
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Connection": "close",
    }
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "30"
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + page
