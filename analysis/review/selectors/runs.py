"""Runs as pages see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Case, Count, Q, QuerySet, When

from analysis.review import wording
from analysis.review.enums import RunStatus
from analysis.review.models import AnalysisRun, Assignment, SetAsideAnswer
from analysis.review.models.runs import READ_ONLY
from analysis.review.models.themes import EMERGENT
from feedback.answering.selectors.answers import corpus_ids
from feedback.asking.models import Question


def runs_of(question: Question) -> QuerySet[AnalysisRun]:
    """All runs of a question, newest first."""
    return AnalysisRun.objects.filter(question=question).select_related("requested_by")


def run_shown(question: Question) -> AnalysisRun | None:
    """The run whose proposals are on the desk: the newest of all answers that succeeded; one that
    only read them where none was asked to group."""
    whole = runs_of(question).filter(status=RunStatus.SUCCEEDED, extends__isnull=True)
    only_read = Case(When(config__embedder=READ_ONLY["embedder"], then=1), default=0)
    return whole.order_by(only_read, "-pk").first()


def run_number(run: AnalysisRun) -> int:
    """What people call it: the first run of a question is 1."""
    return AnalysisRun.objects.filter(question=run.question_id, pk__lte=run.pk).count()


def set_aside_in(run: AnalysisRun) -> QuerySet[SetAsideAnswer]:
    """The standing answers that a run, or one that added to it, could not process."""
    return SetAsideAnswer.objects.filter(
        Q(run=run) | Q(run__extends=run, run__status=RunStatus.SUCCEEDED),
        answer__response__withdrawn_at__isnull=True,
    ).order_by("answer")


def answers_new(base: AnalysisRun, *, last: int | None = None) -> set[int]:
    """The standing answers to its question that the run, with what was added to it, has not met."""
    met = Assignment.objects.of_machine().filter(run=base)
    return corpus_ids(base.question, last=last) - set(
        met.order_by().values_list("passage__answer_id", flat=True).distinct()
    )


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run as its page shows it. ``seconds`` in all; ``same_as`` numbers the other runs that were
    asked the same of the same answers, ``differing`` those of them that found something else.
    ``extends`` is the number of the run whose themes this one adds to, 0 for a run of all;
    ``added`` counts the passages that others have added to this one."""

    number: int
    extends: int
    set_aside: list[SetAsideAnswer]
    proposals: int
    passages: int
    added: int
    reasons: dict[str, int]
    seconds: float
    timings: list[tuple[str, float]]
    metrics: list[tuple[str, float]]
    settings: list[tuple[str, str]]
    same_as: list[int]
    differing: list[int]


def run_report(run: AnalysisRun) -> RunReport:
    """What there is to say about a run once it has ended; mostly empty before."""
    said = Assignment.objects.of_machine()
    said = said.filter(addition=run) if run.extends_id else said.filter(run=run, addition=None)
    reasons = dict(
        said.filter(candidate__isnull=True)
        .order_by()
        .values_list("reason")
        .annotate(n=Count("passage__answer_id", distinct=True))
    )
    same: list[int] = []
    differing: list[int] = []
    if run.status == RunStatus.SUCCEEDED:
        twins = AnalysisRun.objects.filter(
            question=run.question_id,
            status=RunStatus.SUCCEEDED,
            corpus_digest=run.corpus_digest,
            config=run.config,
            versions=run.versions,
        ).exclude(pk=run.pk)
        for twin in twins.order_by("pk"):
            (same if twin.metrics == run.metrics else differing).append(run_number(twin))
    return RunReport(
        number=run_number(run),
        extends=run_number(run.extends) if run.extends is not None else 0,
        set_aside=list(set_aside_in(run).select_related("answer__response")),
        proposals=int(run.metrics.get("emergent", 0))
        if run.extends_id
        else run.candidates.exclude(code__startswith=EMERGENT).count(),
        passages=said.count(),
        added=Assignment.objects.of_machine().filter(run=run, addition__isnull=False).count(),
        reasons=reasons,
        seconds=sum(run.timings.values()),
        timings=_in_order(run.timings, wording.STAGES),
        metrics=_in_order(_measured(run), wording.METRICS),
        settings=sorted((key, str(value)) for key, value in run.config.items()),
        same_as=same,
        differing=differing,
    )


# What is measured of groups only, and of groups that were looked for and refused as well.
_OF_GROUPS = {"level_that_fits", "language_nmi", "language_nmi_chance", "language_gap"}
_OF_TRIES = {"stability", "separation", "separation_by_chance"}


def _measured(run: AnalysisRun) -> dict[str, float]:
    """The metrics of a run without those that stand at zero because nothing was measured."""
    absent: set[str] = set()
    if not run.extends_id and not run.metrics.get("themes", 1):
        absent |= _OF_GROUPS
        if not run.metrics.get("separation") and not run.metrics.get("separation_by_chance"):
            absent |= _OF_TRIES
    return {name: value for name, value in run.metrics.items() if name not in absent}


def _in_order(values: Mapping[str, float], named: Mapping[str, object]) -> list[tuple[str, float]]:
    """What has words for people first, in the order of the words."""
    order = {name: at for at, name in enumerate(named)}
    return sorted(values.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
