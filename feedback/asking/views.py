"""What a department's people see of their engagements, and the buttons that move one on."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.approval.refusals import ReviewRefused
from feedback.approval.selectors import review_for
from feedback.approval.services.reviews import review_act
from feedback.asking.life import EngagementStatus
from feedback.asking.models import Engagement, EngagementChange, Questionnaire
from feedback.asking.pages import form_address, page_address
from feedback.asking.permissions import may_change, may_move, may_read
from feedback.asking.reviewed import approved_face
from feedback.asking.selectors.engagements import (
    engagement_counts,
    engagement_for_staff,
    engagement_history,
    engagements_with_counts,
)
from feedback.asking.selectors.faces import changes_between, engagement_face
from feedback.asking.services.engagements import (
    ChangedMeanwhile,
    MoveRefused,
    QuestionnaireNotReady,
    ReasonMissing,
    engagement_move,
    engagement_moves,
)
from feedback.asking.services.questionnaires import questionnaire_problems
from feedback.asking.wording import ShownLine, problem_text, shown_changes, shown_face
from feedback.people.permissions import departments_of, departments_where, signed_in
from feedback.people.table import Action


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The engagements of the person's departments, where each stands, how many answered."""
    rows = engagements_with_counts(request.user)
    context = {
        "rows": rows,
        "departments": departments_of(request.user),
        "may_begin": departments_where(request.user, Action.BEGIN).exists(),
    }
    return render(request, "asking/home.html", context)


@require_safe
@login_required
def engagement(request: HttpRequest, reference: str) -> HttpResponse:
    """One engagement: what is known of it, what happened to it, what may be done next."""
    return _engagement(request, engagement_for_staff(request.user, reference))


def _engagement(
    request: HttpRequest, shown: Engagement, *, status: int = 200, **more: Any
) -> HttpResponse:
    questionnaire = Questionnaire.objects.filter(engagement=shown).first()
    context: dict[str, Any] = {
        "engagement": shown,
        "phase": shown.phase(),
        "counts": engagement_counts(shown),
        "questionnaire": questionnaire,
        "problems": _problems(shown, questionnaire),
        "may_read": may_read(request.user, shown),
        # Once approved, its own page and its form say it.
        "lines": []
        if shown.is_approved or not may_read(request.user, shown)
        else shown_face(engagement_face(shown)),
        "moves": [
            move
            for move in engagement_moves(shown)
            if not move.is_of_review and may_move(request.user, shown, move.to)
        ],
        "review": review_for(request.user, shown),
        "changes": _changes(shown) if may_read(request.user, shown) else None,
        "history": [
            {"moment": moment, "row": row, "lines": shown_changes(row.changes)}
            if isinstance(row, EngagementChange)
            else {"moment": moment, "row": row}
            for moment, row in engagement_history(shown)
        ],
        "may_change": may_change(request.user, shown),
        "address": page_address(shown, "fr" if request.LANGUAGE_CODE == "fr" else "en"),
        "form_address": form_address(shown),
        **more,
    }
    return render(request, "asking/engagement.html", context, status=status)


def _changes(shown: Engagement) -> list[ShownLine] | None:
    """What differs from what was approved before; None: nobody has approved it yet, or nothing
    has changed because nothing could."""
    before = None if shown.is_approved else approved_face(shown)
    if before is None:
        return None
    return shown_changes(changes_between(before, engagement_face(shown)))


def _problems(shown: Engagement, questionnaire: Questionnaire | None) -> list[str]:
    """What is missing before it can be approved, in words."""
    if questionnaire is not None:
        return [problem_text(problem) for problem in questionnaire_problems(questionnaire)]
    if not shown.is_approved:
        return [_("There is no questionnaire yet. Write the questions and the privacy notice.")]
    return []


def _number(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None


@require_POST
@login_required
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """Change an engagement's status, or say why not; what was typed is kept."""
    moved = engagement_for_staff(request.user, reference)
    to = request.POST.get("to", "")
    reason = request.POST.get("reason", "")
    if to not in EngagementStatus.values:
        return _engagement(request, moved, status=422, problem=_("Choose what to do."))
    if not may_move(request.user, moved, to):
        raise PermissionDenied
    problems: list[str] = []
    field = ""
    try:
        engagement_move(
            engagement=moved,
            to=to,
            actor=signed_in(request),
            reason=reason,
            version_seen=_number(request.POST.get("version", "")),
        )
    except ReasonMissing:
        problem = _("Write a reason: people will ask why.")
        field = f"reason-{to}"
    except QuestionnaireNotReady as refusal:
        problem = _("The questionnaire is not complete yet.")
        problems = [problem_text(p) for p in refusal.problems]
    except ChangedMeanwhile:
        problem = _("The questions were changed since this page was loaded. Read them again.")
    except MoveRefused:
        problem = _("That is no longer possible: it has moved on since this page was loaded.")
        moved.refresh_from_db()
    else:
        return HttpResponseRedirect(reverse("asking:engagement", args=[reference]))
    return _engagement(
        request,
        moved,
        status=422,
        problem=problem,
        refused=problems,
        field=field,
        to=to,
        reason=reason,
    )


@require_POST
@login_required
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Send for review, answer, take back; or say why not, with what was typed."""
    shown = engagement_for_staff(request.user, reference)
    problems: list[str] = []
    try:
        review_act(thing=shown, actor=signed_in(request), form=request.POST)
    except ReviewRefused as refusal:
        problem = str(refusal)
    except QuestionnaireNotReady as refusal:
        problem = _("The questionnaire is not complete yet.")
        problems = [problem_text(p) for p in refusal.problems]
    except MoveRefused:
        problem = _("That is no longer possible: it has moved on since this page was loaded.")
    else:
        return HttpResponseRedirect(reverse("asking:engagement", args=[reference]))
    shown.refresh_from_db()
    return _engagement(
        request,
        shown,
        status=422,
        problem=problem,
        refused=problems,
        field="review",
        comment=request.POST.get("comment", ""),
    )
