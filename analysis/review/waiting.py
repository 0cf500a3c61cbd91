"""What the analysis has for a person: proposals nobody decided on, runs under way or failed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.review import wording
from analysis.review.enums import RunStatus
from analysis.review.models import AnalysisRun
from analysis.review.models.runs import UNDER_WAY
from feedback.asking.life import BY_THE_CLOCK
from feedback.asking.models import Question
from feedback.asking.permissions import engagements_where
from feedback.asking.waiting import late_after
from feedback.people.models import User
from feedback.people.table import Action
from feedback.people.waiting import Item


def themes_to_review(user: User) -> list[Item]:
    """Questions with proposals of their newest run that nobody has decided on yet."""
    return [item for item in _undecided(user) if not _is_late(item)]


def themes_late(user: User) -> list[Item]:
    """Those of them whose engagement closed CONSULT_LATE_DAYS ago."""
    return [item for item in _undecided(user) if _is_late(item)]


def runs(user: User) -> list[Item]:
    """Runs that wait or run, and questions whose newest run failed."""
    newest = AnalysisRun.objects.filter(question=OuterRef("question")).order_by("-pk").values("pk")
    found = (
        _of(user, AnalysisRun.objects.all())
        .filter(Q(status__in=UNDER_WAY) | Q(status=RunStatus.FAILED))
        .filter(pk=Subquery(newest[:1]))
    )
    return [
        Item(
            key=f"run:{run.pk}",
            title=_title(run.question),
            address=_address("review:runs", run.question),
            department=run.question.questionnaire.engagement.department,
            said=_run_said(run),
            since=run.requested_at,
        )
        for run in found
    ]


def _of(user: User, made: QuerySet[AnalysisRun]) -> QuerySet[AnalysisRun]:
    """Runs about questions whose themes the person decides on."""
    engagement = "question__questionnaire__engagement"
    theirs = engagements_where(user, Action.REVIEW)
    return made.filter(**{f"{engagement}__in": theirs}).select_related(f"{engagement}__department")


def _undecided(user: User) -> Iterable[Item]:
    """Shown on the desk is the newest run of all answers that succeeded."""
    shown = (
        AnalysisRun.objects.filter(
            question=OuterRef("question"), status=RunStatus.SUCCEEDED, extends__isnull=True
        )
        .order_by("-pk")
        .values("pk")
    )
    found = (
        _of(user, AnalysisRun.objects.all())
        .filter(
            pk=Subquery(shown[:1]),
            # Settled is what needs no more themes.
            question__questionnaire__engagement__status__in=BY_THE_CLOCK,
        )
        .annotate(
            undecided=Count(
                "candidates",
                filter=Q(candidates__theme__isnull=True, candidates__parent_code=""),
            )
        )
        .filter(undecided__gt=0)
    )
    for run in found:
        engagement = run.question.questionnaire.engagement
        closed = engagement.phase().awaits_outcome and engagement.closes_at
        yield Item(
            key=f"themes:{run.question_id}",
            title=_title(run.question),
            address=_address("review:desk", run.question),
            department=engagement.department,
            said=ngettext(
                "{number} proposal to decide on.", "{number} proposals to decide on.", run.undecided
            ).format(number=run.undecided),
            since=run.finished_at,
            due=closed + late_after() if closed else None,
        )


def _is_late(item: Item) -> bool:
    return item.due is not None and item.due <= timezone.now()


def _title(question: Question) -> str:
    return _("{engagement}: {question}").format(
        engagement=question.questionnaire.engagement.title, question=question.text
    )


def _address(view: str, question: Question) -> str:
    return reverse(view, args=[question.questionnaire.engagement.reference_number, question.code])


def _run_said(run: AnalysisRun) -> str:
    if run.status == RunStatus.FAILED:
        return _("Failed: {reason}").format(reason=run.get_error_display())
    if run.stage in wording.STAGES:
        return _("{percent}%: {stage}").format(
            percent=int(run.progress * 100), stage=wording.STAGES[run.stage]
        )
    return str(run.get_status_display())
