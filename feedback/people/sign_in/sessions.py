"""Where somebody is signed in."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from feedback.people.models import User
from feedback.people.signals import sessions_ended


def sessions_end(user: User, *, but: str | None = None) -> int:
    """End all sessions of a person, save the one with this key. Returns how many."""
    sessions = UserSession.objects.filter(user=user)
    if but:
        sessions = sessions.exclude(session_key=but)
    return _end(user, list(sessions))


def session_end(user: User, pk: int) -> int:
    """End one of a person's own sessions. Returns how many; 0 if there is none like that."""
    return _end(user, list(UserSession.objects.filter(user=user, pk=pk)))


def _end(user: User, ended: list[UserSession]) -> int:
    for session in ended:
        session.end()
    if ended:
        sessions_ended.send(sender=User, user=user, sessions=len(ended))
    return len(ended)


def sessions_forget() -> int:
    """Delete what is known of sessions that are no more (address, browser). Returns how many."""
    gone = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    deleted: int = gone.delete()[0]
    return deleted


def sessions_end_without_factor(
    request: HttpRequest, user: User, authenticator: Any, **_: Any
) -> None:
    """A factor was added: sessions begun with the password alone end. Receives allauth's signal."""
    sessions_end(user, but=request.session.session_key)
