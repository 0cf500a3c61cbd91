"""Runs as pages see them."""

from __future__ import annotations

from django.db.models import QuerySet

from analysis.enums import RunStatus
from analysis.models import AnalysisRun
from feedback.models import Question


def runs_of(question: Question) -> QuerySet[AnalysisRun]:
    """All runs of a question, newest first."""
    return AnalysisRun.objects.filter(question=question).select_related("requested_by")


def run_shown(question: Question) -> AnalysisRun | None:
    """The run whose proposals are on the desk: the newest that succeeded."""
    return runs_of(question).filter(status=RunStatus.SUCCEEDED).first()


def run_number(run: AnalysisRun) -> int:
    """What people call it: the first run of a question is 1."""
    return AnalysisRun.objects.filter(question=run.question_id, pk__lte=run.pk).count()
