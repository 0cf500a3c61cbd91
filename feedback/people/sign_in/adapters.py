"""What allauth asks of the site: who may try now, what is said, where emails go."""

from __future__ import annotations

import time
from typing import Any, Final

import structlog
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.internal.httpkit import get_client_ip
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_lazy as _

from feedback.people.enums import Refusal
from feedback.people.models import User
from feedback.people.sign_in.attempts import (
    Bucket,
    TooSoon,
    attempt_begin,
    attempt_succeeded,
    code_buckets,
    mail_buckets,
    password_buckets,
)
from feedback.people.sign_in.devices import device_for, device_remember
from feedback.people.sign_in.second_factor import (
    FACTORS,
    CodeUsed,
    code_authenticator,
    factor_is_required,
)
from feedback.people.sign_in.secrets_at_rest import Unreadable, secret_decrypt, secret_encrypt
from feedback.people.signals import recovery_code_used, sign_in_refused

log = structlog.stdlib.get_logger("feedback.people.sign_in")

TOO_SOON: Final = "too_soon"
# Where the server is asked through a socket that has no address.
REALLY_THEM: Final = frozenset({"password", "mfa", "socialaccount"})
NO_ADDRESS: Final = "0.0.0.0"  # noqa: S104 (a name for a bucket, nothing is bound)


def network_of(request: HttpRequest) -> str:
    """Where a request comes from: one IPv4 address, or what IPv6 providers give one customer."""
    return str(truncate_ip(get_client_ip(request) or NO_ADDRESS))


def too_soon(error: TooSoon) -> ValidationError:
    """The sentence; ``params`` has the seconds, for `Retry-After`."""
    seconds = error.seconds
    if seconds < 60:
        wait = ngettext("{n} second", "{n} seconds", seconds).format(n=seconds)
    else:
        minutes = -(-seconds // 60)
        wait = ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    return ValidationError(
        gettext("Too many tries. Wait {wait}, then try again.").format(wait=wait),
        code=TOO_SOON,
        params={"seconds": seconds},
    )


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Of allauth.account."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The name or the password is not right."),
        "username_password_mismatch": _("The name or the password is not right."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("The password is not right."),
        "incorrect_code": _(
            "The code is not right. If it is the one your app shows now, set the clock of your "
            "telephone to automatic, then try the next one."
        ),
        "invalid_password_reset": _("This link is no longer good."),
    }
    # What of allauth's notices is shown, in our words; the pages themselves say the rest.
    notices: Final = {
        "account/messages/password_changed.txt": _("Your password was changed."),
        "account/messages/password_set.txt": _("Your password was set."),
        "mfa/messages/totp_activated.txt": _("Your authenticator app was added."),
        "mfa/messages/totp_deactivated.txt": _("Your authenticator app was removed."),
        "mfa/messages/webauthn_added.txt": _("Your passkey was added."),
        "mfa/messages/webauthn_removed.txt": _("Your passkey was removed."),
        "mfa/messages/recovery_codes_generated.txt": _("New recovery codes were made."),
        "usersessions/messages/sessions_logged_out.txt": _("Your other sessions were ended."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        return get_client_ip(request) or NO_ADDRESS

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Raises ValidationError where it has to wait."""
        typed = credentials.get("username") or credentials.get("email") or ""
        owner = _account_named(typed)
        buckets = password_buckets(
            str(owner.pk) if owner else typed,
            network_of(request),
            device_for(request, owner.pk) if owner else None,
        )
        _begin(request, buckets, owner)
        user: User | None = super().authenticate(request, **credentials)
        if user:
            attempt_succeeded(buckets)
        else:
            _refused(request, owner, Refusal.PASSWORD)
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counted above."""

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        if not user.is_active:
            _refused(request, user, Refusal.INACTIVE)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        device_remember(request, response, user)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in a moment ago need not show again that it is really them."""
        records = get_authentication_records(context.request, context.request.user)
        shown = [each["at"] for each in records if each["method"] in REALLY_THEM]
        is_fresh = (
            bool(shown) and time.time() - max(shown) < account_settings.REAUTHENTICATION_TIMEOUT
        )
        return not is_fresh

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Staff are invited."""
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        text = message or self.notices.get(message_template or "")
        if text:
            messages.add_message(request, level, str(text), extra_tags=extra_tags)


def code_check(request: HttpRequest, user: User, code: str) -> Any:
    """What a code belongs to. Raises ValidationError: it is wrong, used, or comes too soon."""
    buckets = code_buckets(user.pk, network_of(request), device_for(request, user.pk))
    _begin(request, buckets, user)
    try:
        found = code_authenticator(user, code)
    except CodeUsed as error:
        _refused(request, user, Refusal.CODE)
        raise ValidationError(
            gettext("That code has been used. Wait for the next one, half a minute at most."),
            code="used",
        ) from error
    except Unreadable as error:
        log.warning("second_factor_unreadable", user=user.pk)
        raise ValidationError(
            gettext(
                "Your second step can no longer be read. Ask an administrator to remove it; then "
                "set up a new one."
            ),
            code="unreadable",
        ) from error
    if found is None:
        _refused(request, user, Refusal.CODE)
        raise AccountAdapter(request).validation_error("incorrect_code")
    attempt_succeeded(buckets)
    if found.type == Authenticator.Type.RECOVERY_CODES:
        found.refresh_from_db(fields=["data"])
        left = len(found.wrap().get_unused_codes())
        recovery_code_used.send(sender=User, request=request, user=user, left=left)
    return found


def mail_attempt(request: HttpRequest) -> None:
    """Somebody asks that an email be sent. Raises ValidationError where it has to wait."""
    _begin(request, mail_buckets(network_of(request)), None)


def _begin(request: HttpRequest, buckets: list[Bucket], user: User | None) -> None:
    try:
        attempt_begin(buckets)
    except TooSoon as error:
        _refused(request, user, Refusal.TOO_SOON)
        raise too_soon(error) from error


def _refused(request: HttpRequest, user: User | None, reason: Refusal) -> None:
    sign_in_refused.send(sender=User, request=request, user=user, reason=reason)


def _account_named(typed: str) -> User | None:
    """Whose account that may be, by either of the two names it has."""
    typed = typed.strip()
    by_email = User.objects.filter(email__iexact=typed).first() if "@" in typed else None
    return by_email or User.objects.filter(username__iexact=typed).first()


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Of allauth.mfa."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": gettext_lazy(
            "Your work needs a second factor: add another one before you remove this one."
        ),
    }

    def encrypt(self, text: str) -> str:
        return secret_encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secret_decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who must have one."""
        if authenticator.type not in FACTORS or not factor_is_required(authenticator.user):
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return bool(others.exclude(pk=authenticator.pk).exists())

    def get_totp_issuer(self) -> str:
        """What the app calls the account, beside the person's name."""
        return self._get_site_name()  # type: ignore[no-any-return]
