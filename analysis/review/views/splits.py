"""Themes beside what else people answered."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis.review.permissions import review_access
from analysis.review.selectors.crossings import Crossing, crossings_of
from analysis.review.selectors.desk import review_for
from analysis.review.selectors.splits import desk_splits
from analysis.review.split_pages import level_views
from analysis.review.views.frame import frame, staff_only


@require_safe
@staff_only
def splits(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """All themes and proposals beside one closed question, or the language people wrote in."""
    access = review_access(request.user, reference, code, to_review=False)
    options = crossings_of(access.question)
    chosen = crossing_asked(options, request.GET.get("by", ""))
    found = desk_splits(review_for(access.question), options, chosen)
    context = {
        **frame(access),
        "options": options,
        "chosen": chosen,
        "by": by_query(options, chosen),
        "levels": level_views(found),
    }
    return render(request, "review/splits.html", context)


def crossing_asked(options: list[Crossing], code: str) -> Crossing:
    """What was asked for, the first where nothing was. Raises Http404 for what is not there."""
    if not code:
        return options[0]
    chosen = next((option for option in options if option.code == code), None)
    if chosen is None:
        raise Http404
    return chosen


def by_query(options: list[Crossing], chosen: Crossing) -> str:
    """What keeps a link on the question asked for; nothing where it is the one shown anyway."""
    return "" if chosen.code == options[0].code else f"&by={chosen.code}"
