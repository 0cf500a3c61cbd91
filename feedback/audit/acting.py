"""Who is acting: for what is written by signals, which are not told who asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest

from feedback.people.models import User

_request: ContextVar[HttpRequest | None] = ContextVar("audit_request", default=None)


@contextmanager
def acting_for(request: HttpRequest) -> Iterator[None]:
    """While the request is answered, whoever sent it is the one who acts."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def acting_user() -> User | None:
    """Who is signed in behind the request that is being answered; None outside of one."""
    request = _request.get()
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None
