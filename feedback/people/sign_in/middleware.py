"""Who must have a second factor sets one up before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from feedback.people.permissions import held_keep
from feedback.people.sign_in.second_factor import factor_is_required, has_factor

# Where one sets it up, and the ways there and out.
OPEN: Final = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
    }
)


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        is_staffs = request.path_info.startswith(
            ("/staff/", "/documents/", f"/{settings.CMS_PATH}")
        )
        if not is_staffs or match is None:
            return None
        # Here, at the bar and in the screen itself it is one question.
        held_keep(request.user)
        if match.view_name in OPEN:
            return None
        if not factor_is_required(request.user) or has_factor(request.user):
            return None
        there = redirect("mfa_index")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": there.url})
        return there
