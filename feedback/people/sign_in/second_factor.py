"""Who must show a second factor, whether they have one, and whether a code is right."""

from __future__ import annotations

import time
from typing import Final

from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from feedback.people.models import Anyone, User
from feedback.people.permissions import held_by
from feedback.people.sign_in.secrets_at_rest import Unreadable
from feedback.people.sign_in.sessions import sessions_end
from feedback.people.signals import second_factor_removed

# In CONSULT_SECOND_FACTOR_REQUIRED, beside the roles: superusers, who hold none.
ADMINISTRATOR: Final = "administrator"
# What somebody signs in with; recovery codes stand in for one that is lost.
FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def factor_is_required(user: Anyone) -> bool:
    required = settings.CONSULT_SECOND_FACTOR_REQUIRED
    if not required or not user.is_authenticated:
        return False
    if user.is_superuser:
        return ADMINISTRATOR in required
    return any(each.role in required for each in held_by(user))


def has_factor(user: Anyone) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


class CodeUsed(Exception):  # noqa: N818 (named for what happened)
    """The app's code was right, and has been used: the next one comes within half a minute."""


def code_authenticator(user: User, code: str) -> Authenticator | None:
    """What the code belongs to, an authenticator app or the recovery codes; None: it is wrong.

    Raises CodeUsed, and Unreadable where the key of the secrets is another one. A code is good
    once; that is kept beside its secret, because a cache that is away could not say so, and nobody
    could sign in.
    """
    code = "".join(code.split()).replace("-", "")
    authenticators = Authenticator.objects.filter(user=user).exclude(
        type=Authenticator.Type.WEBAUTHN
    )
    for authenticator in authenticators.order_by("-type"):
        is_app = authenticator.type == Authenticator.Type.TOTP
        if _use_app(authenticator, code) if is_app else authenticator.wrap().validate_code(code):
            authenticator.user = user
            return authenticator
    return None


@transaction.atomic
def _use_app(authenticator: Authenticator, code: str) -> bool:
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    step = matching_step(decrypt(row.data["secret"]), code)
    if step is None:
        return False
    if step <= row.data.get("last_step", 0):
        raise CodeUsed
    row.data["last_step"] = step
    row.save(update_fields=["data"])
    authenticator.data = row.data
    return True


def matching_step(secret: str, code: str) -> int | None:
    """The half minute that the code is of, as far as MFA_TOTP_TOLERANCE from now; RFC 6238."""
    now = int(time.time()) // mfa_settings.TOTP_PERIOD
    tolerance = mfa_settings.TOTP_TOLERANCE
    for step in range(now - tolerance, now + tolerance + 1):
        if constant_time_compare(format_hotp_value(hotp_value(secret, step)), code):
            return step
    return None


def unreadable_codes_forget(user: User) -> None:
    """Recovery codes of another key open nothing: there are none, until new ones are made."""
    for codes in Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES):
        try:
            codes.wrap().generate_codes()
        except Unreadable:
            codes.delete()


def code_now(authenticator: Authenticator) -> str:
    """What the app shows."""
    step = int(time.time()) // mfa_settings.TOTP_PERIOD
    return str(format_hotp_value(hotp_value(decrypt(authenticator.data["secret"]), step)))


def second_factor_remove(
    *, user: User, actor: User | None, request: HttpRequest | None = None
) -> None:
    """For somebody who lost theirs: the account is as if there had never been one, and signed out
    everywhere. Who must have one sets up a new one at the next sign-in. ``actor``: the
    administrator; None for the command line."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        sessions_end(user)
    second_factor_removed.send(sender=User, request=request, user=user, actor=actor)
