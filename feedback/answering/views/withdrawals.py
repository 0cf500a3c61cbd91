"""Taking a response back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from feedback.answering.services.withdrawals import (
    WithdrawalRefused,
    WithdrawalTooSoon,
    response_of,
    response_withdraw,
)
from feedback.answering.views.away import keeps_words_when_the_database_is_away
from feedback.answering.views.guards import came_from_elsewhere, secret_page
from feedback.answering.views.languages import OTHER, in_other_language, page_language


@csrf_exempt  # The reference and its code are the authority; no cookie is.
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words_when_the_database_is_away
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take a response back: reference and code, then a confirmation, then it is gone."""
    reference = request.POST.get("reference", "").strip()
    code = request.POST.get("code", "").strip()
    context: dict[str, Any] = {
        "reference": reference[:40],
        "code": code[:40],
        "action": request.path,
        "other_language": OTHER[page_language()],
        "other_action": in_other_language("answering:withdraw"),
    }
    go = request.POST.get("go", "")
    if request.method != "POST" or go in {"form", "language"}:
        return _withdraw_form(request, context)
    missing = {
        name: True for name, value in (("reference", reference), ("code", code)) if not value
    }
    if missing:
        return _withdraw_form(request, {**context, "missing": missing}, status=422)
    try:
        if go == "withdraw" and not came_from_elsewhere(request):
            response_withdraw(reference=reference, code=code)
            done = HttpResponseRedirect(reverse("answering:withdrawn"))
            done.status_code = 303
            return secret_page(done)
        context["response"] = response_of(reference=reference, code=code)
    except WithdrawalRefused:
        return _withdraw_form(request, {**context, "is_refused": True}, status=422)
    except WithdrawalTooSoon as wait:
        page = _withdraw_form(request, {**context, "wait": wait.seconds}, status=429)
        page.headers["Retry-After"] = str(wait.seconds)
        return page
    return secret_page(render(request, "answering/withdraw_confirm.html", context))


def _withdraw_form(
    request: HttpRequest, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return secret_page(render(request, "answering/withdraw.html", context, status=status))


@require_safe
def withdrawn(request: HttpRequest) -> HttpResponse:
    """It is done. Says nothing about whose it was."""
    return secret_page(render(request, "answering/withdrawn.html"))
