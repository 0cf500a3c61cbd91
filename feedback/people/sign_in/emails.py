"""Emails about accounts: who gets them, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from feedback.bilingual import Language
from feedback.dates import moment_with_zone
from feedback.outbox.emails import Recipient, email_queue
from feedback.outbox.models import Email
from feedback.people.invitations import invitation_open, invitation_token
from feedback.people.models import User

# To one person; whoever asks for more gets the same page, and the links sent before are good.
RESETS_AN_HOUR: Final = 5


@transaction.atomic
def reset_queue(address: str) -> None:
    """An email with a link, if somebody has this address; nothing tells the asker."""
    user = User.objects.filter(email__iexact=address, is_active=True).exclude(email="").first()
    if user is None:
        return
    recent = Email.objects.filter(
        kind="password_reset",
        about__user_id=user.pk,
        created_at__gt=timezone.now() - timedelta(hours=1),
    )
    if recent.count() < RESETS_AN_HOUR:
        email_queue("password_reset", {"user_id": user.pk})


def account_changed_queue(user: User, **_: Any) -> None:
    """Receives the signals of changes to how somebody signs in."""
    if user.email:
        email_queue("account_changed", {"user_id": user.pk})


def reset_lookup(about: Mapping[str, Any]) -> Recipient | None:
    user = _person(about)
    if user is None:
        return None
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    parts = {"uidb36": user_pk_to_url_str(user), "key": token}
    return _to(user, reverse("account_reset_password_from_key", kwargs=parts))


def changed_lookup(about: Mapping[str, Any]) -> Recipient | None:
    user = _person(about)
    return _to(user, reverse("mfa_index")) if user else None


def invitation_lookup(about: Mapping[str, Any]) -> Recipient | None:
    invitation = invitation_open(about["invitation_id"])
    if invitation is None:
        return None
    values = {}
    for language in Language.values:
        with translation.override(language):
            values[language] = {
                "department": invitation.department.name,
                "inviter": str(invitation.invited_by.get_full_name() or invitation.invited_by),
                "role": invitation.role_said,
                "until": moment_with_zone(invitation.expires_at),
            }
    address = reverse("invitation-accept", args=[invitation_token(invitation)])
    return Recipient(
        address=invitation.email,
        language=invitation.language,
        values=values,
        link=settings.CONSULT_BASE_URL + address,
    )


def _person(about: Mapping[str, Any]) -> User | None:
    return User.objects.filter(pk=about["user_id"], is_active=True).exclude(email="").first()


def _to(user: User, address: str) -> Recipient:
    said = {"name": user.get_full_name() or user.get_username(), "account": user.get_username()}
    return Recipient(
        address=user.email,
        language=user.language,
        values=dict.fromkeys(Language.values, said),
        link=settings.CONSULT_BASE_URL + address,
    )
