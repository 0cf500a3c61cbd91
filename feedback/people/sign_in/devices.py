"""Devices on which somebody signed in before, told by a signed cookie.

It opens nothing: wrong passwords typed there are counted apart (`attempts`), that is all. So it
outlives sessions and sign-outs, and a stolen one is worth a bucket of tries of its own.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from feedback.people.models import User

SALT: Final = "feedback.people.devices"
KEPT_FOR: Final = timedelta(days=180)
# A shared computer remembers its last people.
PEOPLE_AT_MOST: Final = 5

Devices = list[tuple[int, str]]


def device_for(request: HttpRequest, user_id: int) -> str | None:
    """What names this device to the bucket of this person; None where it is not known."""
    return dict(_devices(request)).get(user_id)


def device_remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    known = dict(_devices(request))
    name = known.pop(user.pk, None) or secrets.token_urlsafe(12)
    devices = [(user.pk, name), *known.items()][:PEOPLE_AT_MOST]
    response.set_cookie(
        settings.CONSULT_DEVICE_COOKIE_NAME,
        signing.dumps(devices, salt=SALT),
        max_age=KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _devices(request: HttpRequest) -> Devices:
    try:
        found: Devices = signing.loads(
            request.COOKIES.get(settings.CONSULT_DEVICE_COOKIE_NAME, ""),
            salt=SALT,
            max_age=KEPT_FOR,
        )
    except signing.BadSignature:
        return []
    return [(user_id, name) for user_id, name in found]
