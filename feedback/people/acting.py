"""Who is acting: for what is written by signals, which are not told who asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest

from feedback.people.models import User

# The request, whose user is looked up when somebody asks; or, for a command, the person.
_acting: ContextVar[HttpRequest | User | None] = ContextVar("people_acting", default=None)


@contextmanager
def acting_for(who: HttpRequest | User) -> Iterator[None]:
    """While a request is answered, whoever sent it is the one who acts; in a service that was told
    who acts, that person."""
    token = _acting.set(who)
    try:
        yield
    finally:
        _acting.reset(token)


def acting_user() -> User | None:
    """Who is signed in behind the request that is being answered; None outside of one."""
    who = _acting.get()
    user = getattr(who, "user", who)
    return user if isinstance(user, User) else None
