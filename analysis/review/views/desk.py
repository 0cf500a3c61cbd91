"""The desk of a question, and the list of questions that have one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from analysis.review.models import Passage
from analysis.review.permissions import ReviewAccess, review_access
from analysis.review.selectors.crossings import crossings_of
from analysis.review.selectors.desk import details_of, review_for
from analysis.review.selectors.passages import passages_of
from analysis.review.selectors.questions import questions_to_review
from analysis.review.selectors.quotes import quotes_shown
from analysis.review.selectors.reviewed import NONE, Review
from analysis.review.split_pages import split_view
from analysis.review.views.frame import PASSAGES, SPLIT, frame, kept_query, number, staff_only
from analysis.review.views.splits import by_query, crossing_asked
from feedback.asking.enums import Channel


@dataclass(frozen=True, slots=True)
class Compared:
    """One text of a theme in one language, as somebody else saved it and as it was typed."""

    label: str
    language: str
    theirs: str
    mine: str


@require_safe
@staff_only
def index(request: HttpRequest) -> HttpResponse:
    """The questions answered in words of the person's departments, and where each stands."""
    return render(request, "review/index.html", {"rows": questions_to_review(request.user)})


@require_safe
@staff_only
def desk(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """The codebook, the passages of one group, the words for it."""
    access = review_access(request.user, reference, code, to_review=False)
    return desk_shown(request, access, request.GET.get("group", ""))


def desk_shown(
    request: HttpRequest,
    access: ReviewAccess,
    group: str,
    *,
    problem: str = "",
    open_form: str = "",
    typed: Mapping[str, str] | None = None,
    bad_fields: list[str] | None = None,
    ticked: Collection[int] = (),
    compared: list[Compared] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The desk with ``group`` selected; with ``problem``, what was typed is still there."""
    options = crossings_of(access.question)
    chosen = crossing_asked(options, request.GET.get("by", ""))
    review = review_for(access.question)
    node = review.node(group) if group else None
    if node is None and group != NONE:
        node = review.node(review.first_key)
    details = details_of(review, node) if node is not None else None
    key = node.key if node is not None else NONE
    language = request.GET.get("language", "")
    channel = request.GET.get("channel", "")
    page = passages_of(
        access.question,
        review.run,
        details.theme or details.candidate if details is not None else None,
        language=language,
        channel=channel,
        same=Passage.objects.filter(
            pk=number(request.GET.get("same", "")), answer__question=access.question
        ).first(),
        after=request.GET.get("after", ""),
    )
    htmx: Any = getattr(request, "htmx", None)
    part = bool(htmx and not htmx.history_restore_request)
    context = {
        **frame(access),
        "review": review,
        "options": options,
        "chosen": chosen,
        "split": split_view(review, options, chosen, node.key) if node is not None else None,
        "by": by_query(options, chosen),
        "kept": kept_query(request, *SPLIT),
        "kept_here": kept_query(request, *SPLIT, *PASSAGES),
        "node": node,
        "key": key,
        "details": details,
        "quotes": quotes_shown(review, details),
        "page": page,
        "language": language,
        "channel": channel,
        "filters": kept_query(request, "language", "channel", "same").replace("?", "&", 1),
        "channel_names": dict(Channel.choices),
        "is_later_page": bool(request.GET.get("after")),
        "problem": problem,
        "open_form": open_form,
        "typed": typed or {},
        "bad_fields": bad_fields or [],
        "ticked": ticked,
        "compared": compared or [],
        "findings_draft": _findings_draft(access, review),
        "is_part": part,
    }
    response = render(
        request, "review/desk_part.html" if part else "review/desk.html", context, status=status
    )
    if part and status != 200:
        # The address of a form that was refused is not one to come back to.
        response.headers["HX-Push-Url"] = "false"
    return response


def _findings_draft(access: ReviewAccess, review: Review) -> str:
    """Where the report on these themes is drafted; empty where there is nothing to report, the
    person may not, or the room that publishes is not there."""
    if not review.themes or not access.may_report:
        return ""
    try:
        return reverse("reporting:findings_draft", args=[access.question.pk])
    except NoReverseMatch:
        return ""
