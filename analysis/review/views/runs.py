"""Runs of the analysis: asked for, listed, one by one, under way."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from analysis.review.models import AnalysisRun
from analysis.review.permissions import review_access
from analysis.review.selectors.letters import letters_in
from analysis.review.selectors.runs import run_number, run_report, runs_of
from analysis.review.services.queue import (
    RunRefused,
    addition_request,
    reading_request,
    run_request,
)
from analysis.review.views.frame import (
    SPLIT,
    frame,
    kept_query,
    number,
    staff_only,
    to_desk,
)
from feedback.people.permissions import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def runs(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """All runs of the question; POST asks for one more, of all answers or of the new ones."""
    asked = request.method == "POST"
    access = review_access(request.user, reference, code, to_review=asked)
    if not asked:
        rows = [(run_number(run), run) for run in runs_of(access.question)]
        return render(request, "review/runs.html", {**frame(access), "rows": rows})
    seed, config = 0, {}
    if repeated := request.POST.get("repeat", ""):
        pattern = get_object_or_404(AnalysisRun, pk=number(repeated), question=access.question)
        seed, config = pattern.seed, {k: v for k, v in pattern.config.items() if k != "seed"}
    try:
        if request.POST.get("add"):
            addition_request(question=access.question, user=signed_in(request))
            message = _("The new answers are being added to the themes. You can go on reviewing.")
        elif request.POST.get("read"):
            reading_request(question=access.question, user=signed_in(request))
            message = _("The answers are being read. You can put them into themes by hand.")
        else:
            run_request(question=access.question, user=signed_in(request), seed=seed, config=config)
            message = _("The answers are being grouped. You can go on reviewing.")
    except RunRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, message)
    return to_desk(request, access)


@require_safe
@staff_only
def run(request: HttpRequest, reference: str, code: str, pk: int) -> HttpResponse:
    """One run: what it was asked, what it found, how to do it again."""
    access = review_access(request.user, reference, code, to_review=False)
    found = get_object_or_404(
        AnalysisRun.objects.select_related("requested_by"), pk=pk, question=access.question
    )
    context = {
        **frame(access),
        "run": found,
        "report": run_report(found),
        "letters": letters_in(found),
    }
    return render(request, "review/run.html", context)


@require_safe
@staff_only
def run_state(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """How far the run under way is; asked every two seconds by a desk that is open.

    Once the run has ended, an empty desk fills itself; one that people work on is only told.
    """
    access = review_access(request.user, reference, code, to_review=False)
    newest = runs_of(access.question).first()
    context = {
        **frame(access),
        "active": newest if newest and newest.is_under_way else None,
        "newest": newest,
        "kept": kept_query(request, *SPLIT),
    }
    response = render(request, "review/run_state.html", context)
    if context["active"] is None and request.GET.get("empty"):
        response.headers["HX-Refresh"] = "true"
    return response
