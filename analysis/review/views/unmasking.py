"""Reading an answer as it was written: a reason first, then the words, for that view alone."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from analysis.review.models import Passage
from analysis.review.permissions import review_access
from analysis.review.services.unmasking import (
    REASON_LENGTH,
    AnswerGone,
    ReasonBlank,
    ReasonTells,
    passage_unmask,
)
from analysis.review.views.frame import frame, staff_only
from feedback.asking.selectors.engagements import engagement_for_staff
from feedback.people.permissions import signed_in
from feedback.people.table import Action


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def unmask(request: HttpRequest, reference: str, code: str, pk: int) -> HttpResponse:
    """By whoever may; nothing of it is kept by the browser, and each reading is told."""
    engagement_for_staff(request.user, reference, Action.UNMASK)
    access = review_access(request.user, reference, code, to_review=False)
    passage = get_object_or_404(Passage, pk=pk, answer__question=access.question)
    reason = request.POST.get("reason", "")
    words, problem = None, ""
    if request.method == "POST":
        try:
            words = passage_unmask(
                passage=passage,
                question=access.question,
                reason=reason,
                actor=signed_in(request),
            )
        except ReasonBlank:
            problem = _("Write why you read it.")
        except ReasonTells:
            problem = _(
                "The reason repeats what is hidden in the answer. Write it without: auditors "
                "read it."
            )
        except AnswerGone:
            raise Http404 from None
    context = frame(access) | {
        "passage": passage,
        "words": words,
        "problem": problem,
        "reason": reason,
        "longest": REASON_LENGTH,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    response = render(request, "review/unmask.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
