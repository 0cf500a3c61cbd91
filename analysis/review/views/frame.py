"""What every view about a question begins and ends with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from analysis.review.permissions import ReviewAccess

View = Callable[..., HttpResponse]

# What a desk's address says beside the group selected: the split asked for, and which passages.
SPLIT = ("by",)
PASSAGES = ("language", "channel", "same", "after")


class SeeOther(HttpResponseRedirect):
    """303: whatever was sent, what follows is a GET."""

    status_code = 303


def staff_only(view: View) -> View:
    """Send a person who is not signed in to the sign-in page, and back here afterwards.

    htmx would follow a redirect inside the page and find no desk in it: it is told to leave.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if getattr(request, "htmx", False):
            there = redirect_to_login(_desk_path(kwargs) or request.path)
            return HttpResponse(status=204, headers={"HX-Redirect": there.url})
        back = request.get_full_path() if request.method in ("GET", "HEAD") else _desk_path(kwargs)
        return redirect_to_login(back or request.path)

    return guarded


def _desk_path(kwargs: Mapping[str, Any]) -> str:
    if "reference" not in kwargs:
        return ""
    return reverse("review:desk", args=[kwargs["reference"], kwargs["code"]])


def frame(access: ReviewAccess) -> dict[str, Any]:
    """What every page about a question shows."""
    return {
        "engagement": access.engagement,
        "question": access.question,
        "reference": access.engagement.reference_number,
        "may_review": access.may_review,
        "may_report": access.may_report,
        "may_unmask": access.may_unmask,
        "desk_path": reverse(
            "review:desk", args=[access.engagement.reference_number, access.question.code]
        ),
    }


def kept_query(request: HttpRequest, *names: str) -> str:
    """The query that a form of the desk sends along, so that what follows shows the same."""
    kept = {name: value for name in names if (value := request.GET.get(name, ""))}
    return f"?{urlencode(kept)}" if kept else ""


def to_desk(
    request: HttpRequest, access: ReviewAccess, group: str = "", kept: tuple[str, ...] = ()
) -> HttpResponse:
    """The desk with ``group`` selected, beside the question the person had chosen."""
    query = {"group": group, **{name: request.GET.get(name, "") for name in (*SPLIT, *kept)}}
    shown = urlencode({name: value for name, value in query.items() if value})
    return SeeOther(frame(access)["desk_path"] + (f"?{shown}" if shown else ""))


def number(value: str) -> int:
    """A number somebody sent; 0, which no row has, for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0
