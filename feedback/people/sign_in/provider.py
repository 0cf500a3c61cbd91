"""Signing in with a department's own provider, by OpenID Connect.

It says who somebody is; who works here we say. The first time, an account is found by an email
address that the provider vouches for; from then on by the provider's name for the person, whatever
address comes with it. Nobody gets an account, or somebody else's, by what a provider claims.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from requests import RequestException

from feedback.people.enums import Refusal
from feedback.people.models import User
from feedback.people.signals import sign_in_refused

log = structlog.stdlib.get_logger("feedback.people.provider")


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Of allauth.socialaccount."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Whose account it is; raises ImmediateHttpResponse, a page that says why nobody's."""
        claims = sociallogin.account.extra_data
        told_by_both = {
            said["sub"] for part in ("userinfo", "id_token") if (said := claims.get(part))
        }
        if len(told_by_both) != 1:
            # Two answers about two people.
            _refuse(request, "another", None)
        address, is_vouched_for = _address(sociallogin)
        named = User.objects.filter(email__iexact=address).first() if address else None
        if sociallogin.is_existing:
            if named is not None and named != sociallogin.user:
                _refuse(request, "another", sociallogin.user)
            return
        if named is None:
            _refuse(request, "nobody", None)
        elif not is_vouched_for:
            _refuse(request, "unverified", named)
        elif SocialAccount.objects.filter(
            user=named, provider=sociallogin.account.provider
        ).exists():
            # The address went to somebody else at the provider.
            _refuse(request, "another", named)
        else:
            sociallogin.connect(request, named)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        _refuse(request, "cancelled" if error == AuthError.CANCELLED else "away", None)


def _address(sociallogin: Any) -> tuple[str, bool]:
    for each in sociallogin.email_addresses:
        return each.email, bool(each.verified)
    return "", False


@require_safe
def provider_go(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider."""
    return _unless_away(oidc.login, request, provider_id)


@require_safe
def provider_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """From there, with its answer."""
    return _unless_away(oidc.callback, request, provider_id)


def _unless_away(
    view: Callable[..., HttpResponse], request: HttpRequest, provider_id: str
) -> HttpResponse:
    try:
        return view(request, provider_id)
    except (RequestException, KeyError, ValueError) as error:
        # Not there, or something else at its address. What it said is not for the log.
        log.warning("provider_away", error=type(error).__name__)
        return _page(request, "away")


def _refuse(request: HttpRequest, why: str, user: User | None) -> None:
    if why not in ("away", "cancelled"):
        sign_in_refused.send(sender=User, request=request, user=user, reason=Refusal.PROVIDER)
    raise ImmediateHttpResponse(_page(request, why))


def _page(request: HttpRequest, why: str) -> HttpResponse:
    status = {"away": 503, "cancelled": 200}.get(why, 403)
    return render(request, "people/sign_in/provider_refused.html", {"why": why}, status=status)
