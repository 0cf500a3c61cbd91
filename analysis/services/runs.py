"""A run from its request to its end.

A run is a row. The message to a worker is only a hint that the row waits: it may come twice, late
or never, and nothing is lost, because a worker claims the row by a conditional UPDATE and the
reaper tells again about rows nobody claimed. The number of the claim (``attempts``) is the
worker's lease: everything it writes asks that the number is still its own.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, connections, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from analysis.enums import RunError, RunStatus, Source
from analysis.models import AnalysisRun, Assignment, CandidateTheme, Passage, RunCheckpoint
from analysis.selectors.resemblance import resemblances
from feedback.enums import QuestionKind
from feedback.models import Engagement, Question
from feedback.selectors.answers import corpus_for

if TYPE_CHECKING:
    # For types alone. The pipeline is imported by the functions a worker calls: the web process
    # requests runs and must not carry the numeric libraries.
    from django.contrib.auth.models import User

    from analysis.pipeline import Document, Result, ThemeProposal

log = structlog.stdlib.get_logger("analysis.runs")

# A worker shows a sign of life this often, and is taken for dead after this long without one.
HEARTBEAT = timedelta(seconds=10)
STALE = timedelta(seconds=60)
# A run whose worker died this often is the reason for it.
MOST_ATTEMPTS = 3
# How long a message may lie unclaimed before a worker is told again.
TELL_AGAIN = timedelta(seconds=60)
BATCH = 2_000
NAME_LENGTH = 120


class RunRefused(Exception):  # noqa: N818 (named for what happened)
    """The run cannot be requested; the message is for the person who asked."""


class LeaseLost(Exception):  # noqa: N818 (named for what happened)
    """Another worker has this run now: whatever this one has in hand is not written."""


class _Failed(Exception):  # noqa: N818 (named for what happened)
    """The run cannot succeed, for a reason we can name."""

    def __init__(self, error: RunError) -> None:
        self.error = error
        super().__init__(error.value)


# --- Asking ------------------------------------------------------------------------------------


def run_request(
    *,
    question: Question,
    user: User | None,
    seed: int = 0,
    config: Mapping[str, Any] | None = None,
) -> AnalysisRun:
    """Queue a run. Raises RunRefused where one is under way or the run makes no sense.

    ``config`` holds the settings that differ from the pipeline's own; the run keeps all of them
    once it has ended. A broker that does not answer does not matter: the reaper tells a worker
    later.
    """
    if not question.is_text:
        raise RunRefused(_("Only answers in people's own words are grouped into themes."))
    if not any(True for _document in corpus_for(question)):
        raise RunRefused(_("No one has answered this question in words yet."))
    try:
        with transaction.atomic():
            run = AnalysisRun.objects.create(
                question=question,
                requested_by=user,
                seed=seed,
                config={**(config or {}), "seed": seed},
            )
            transaction.on_commit(partial(_tell_a_worker, run.pk), robust=True)
    except IntegrityError as error:
        if "run_one_at_a_time_per_question" not in str(error):
            raise
        raise RunRefused(
            _("A run of this question is already waiting or running. Wait until it has ended.")
        ) from error
    return run


def _tell_a_worker(run_id: int) -> None:
    """Send the message; where the broker is down, say so in the log and leave it to the reaper."""
    from analysis import tasks  # the tasks import these services

    try:
        tasks.run_execute.apply_async(
            args=[run_id], retry=False, expires=2 * TELL_AGAIN.total_seconds()
        )
    except Exception as error:
        log.warning("run_not_enqueued", run_id=run_id, error=type(error).__name__)
        return
    AnalysisRun.objects.filter(pk=run_id).update(enqueued_at=timezone.now())


def questionnaires_closed_analyse() -> list[int]:
    """Request the first run of every long-text question that closed. Returns the runs' ids.

    Short texts (which counter, which town) are themed when an analyst asks, not by the clock.
    After the grace in which a form that was open may still be sent. Questions nobody answered, and
    questions that have ever had a run, are left alone: a second run is a person's decision.
    """
    closed = Engagement.objects.closed(
        at=timezone.now() - timedelta(minutes=settings.CONSULT_GRACE_MINUTES)
    )
    requested = []
    for question in Question.objects.filter(
        questionnaire__engagement__in=closed, runs__isnull=True, kind=QuestionKind.LONG_TEXT
    ):
        try:
            requested.append(run_request(question=question, user=None).pk)
        except RunRefused:
            continue
    return requested


# --- Working -----------------------------------------------------------------------------------


def run_claim(run_id: int) -> bool:
    """Take a waiting run, if no one else has. The same message delivered five times claims once."""
    now = timezone.now()
    claimed = AnalysisRun.objects.filter(pk=run_id, status=RunStatus.QUEUED).update(
        status=RunStatus.RUNNING,
        started_at=Coalesce(F("started_at"), now),
        heartbeat_at=now,
        attempts=F("attempts") + 1,
    )
    return claimed == 1


def run_execute(run_id: int) -> None:
    """Claim the run, analyse, write the result. Returns quietly where there is nothing to claim.

    A run that cannot succeed becomes FAILED with a reason in plain words. A database that is gone
    is not such a reason: the reaper puts the run back, and it resumes from its checkpoints.
    """
    if not run_claim(run_id):
        return
    run = AnalysisRun.objects.select_related("question").get(pk=run_id)
    try:
        with _Lease(run) as lease:
            result = _analyse(run, lease)
            run_store_result(run=run, result=result)
    except LeaseLost:
        log.warning("run_lease_lost", run_id=run_id)
    except (OperationalError, InterfaceError) as error:
        log.warning("run_interrupted", run_id=run_id, error=type(error).__name__)
        raise
    except _Failed as failed:
        _fail(run, failed.error)
    except SoftTimeLimitExceeded as error:
        _fail(run, RunError.OUT_OF_TIME, _where(error))
    except MemoryError as error:
        _fail(run, RunError.OUT_OF_MEMORY, _where(error))
    except Exception as error:
        _fail(run, RunError.UNEXPECTED, _where(error))


def _analyse(run: AnalysisRun, lease: _Lease) -> Result:
    from analysis.pipeline import Config, ConfigError, analyse

    documents = documents_of(run.question)
    if not documents:
        raise _Failed(RunError.NO_TEXT)
    try:
        config = Config.from_dict(run.config)
    except ConfigError as error:
        raise _Failed(RunError.BAD_CONFIG) from error
    return analyse(documents, config, progress=lease.progress, store=CheckpointStore(run=run))


def documents_of(question: Question) -> list[Document]:
    """The standing answers to a question as the pipeline takes them, in order of their id."""
    from analysis.pipeline import Document, Language

    return [
        Document(id=str(row.answer_id), text=row.text, language=Language(row.language))
        for row in corpus_for(question)
    ]


@dataclass(frozen=True, slots=True)
class CheckpointStore:
    """The pipeline's stage store over rows of the database, for one run.

    Written outside any transaction, so that a stage once saved outlives the process.
    """

    run: AnalysisRun

    def load(self, stage: str) -> bytes | None:
        """What the stage left behind, if it finished."""
        payload = (
            RunCheckpoint.objects.filter(run=self.run, stage=stage)
            .values_list("payload", flat=True)
            .first()
        )
        return None if payload is None else bytes(payload)

    def save(self, stage: str, payload: bytes) -> None:
        """Keep what the stage produced. Saying it twice keeps the last."""
        RunCheckpoint.objects.update_or_create(
            run=self.run,
            stage=stage,
            defaults={"payload": payload, "saved_at": timezone.now()},
        )


@dataclass(slots=True)
class _Lease:
    """A worker's hold on a run: progress at most once a second, a heartbeat beside it.

    The heartbeat is a thread with its own connection, because some stages compute for longer than
    a worker may be silent. It proves that the process lives, nothing more; whether the run is
    still this worker's is asked by ``progress`` and, finally, by the transaction that writes.
    """

    run: AnalysisRun
    _told_at: float = 0.0
    _told_stage: str = ""
    _done: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> _Lease:
        self._thread = threading.Thread(target=self._beat, name=f"run-{self.run.pk}", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def progress(self, stage: str, share: float) -> None:
        """Write where the run is. Raises LeaseLost where it is another worker's by now."""
        now = time.monotonic()
        if stage == self._told_stage and now - self._told_at < 1.0 and share < 1.0:
            return
        if now - self._told_at < 1.0 and self._told_at:
            return
        self._told_at, self._told_stage = now, stage
        if not self._mine().update(
            stage=stage[:40],
            progress=min(max(float(share), 0.0), 1.0),
            heartbeat_at=timezone.now(),
        ):
            raise LeaseLost

    def _mine(self) -> Any:
        return AnalysisRun.objects.filter(
            pk=self.run.pk, status=RunStatus.RUNNING, attempts=self.run.attempts
        )

    def _beat(self) -> None:
        try:
            while not self._done.wait(HEARTBEAT.total_seconds()):
                try:
                    if not self._mine().update(heartbeat_at=timezone.now()):
                        return
                except (OperationalError, InterfaceError):
                    # The next beat tries a new connection.
                    connections.close_all()
        finally:
            connections.close_all()


def _fail(run: AnalysisRun, error: RunError, detail: str = "") -> None:
    """End the run as failed, if it is still this worker's."""
    with transaction.atomic():
        failed = AnalysisRun.objects.filter(
            pk=run.pk, status=RunStatus.RUNNING, attempts=run.attempts
        ).update(
            status=RunStatus.FAILED,
            error=error,
            error_detail=detail[:200],
            finished_at=timezone.now(),
        )
        if failed:
            RunCheckpoint.objects.filter(run=run).delete()
    log.error("run_failed", run_id=run.pk, error=error.value, detail=detail)


def _where(error: BaseException) -> str:
    """The kind of exception and the innermost line of our own code. Never the message: it may
    quote what someone wrote."""
    ours = Path(__file__).resolve().parents[2]
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(ours) and ".venv" not in path.parts:
            return f"{type(error).__name__}, {path.relative_to(ours)}:{frame.lineno}"
    return type(error).__name__


# --- Writing the result ------------------------------------------------------------------------


def run_store_result(*, run: AnalysisRun, result: Result) -> None:
    """Write everything a run found in one transaction, and end it as succeeded.

    ``run`` is as this worker claimed it. What was withdrawn while the run worked is left out. No
    theme and no assignment made by people is touched. Raises LeaseLost where the run is no longer
    this worker's; then nothing is written.
    """
    for attempt in range(3):
        try:
            with transaction.atomic():
                _store(run, result)
        except IntegrityError as error:
            # An answer was withdrawn between our reading and our commit. Read again.
            if "feedback_answer" not in str(error) or attempt == 2:
                raise
        else:
            return


def _store(run: AnalysisRun, result: Result) -> None:
    held = (
        AnalysisRun.objects.select_for_update()
        .filter(pk=run.pk, status=RunStatus.RUNNING, attempts=run.attempts)
        .first()
    )
    if held is None:
        raise LeaseLost
    standing = {str(row.answer_id) for row in corpus_for(run.question)}
    rows = [row for row in result.assignments if row.document_id in standing]

    passages: dict[tuple[str, int, int], Passage] = {}
    for row in rows:
        passages[row.document_id, row.start, row.end] = Passage(
            answer_id=int(row.document_id),
            start=row.start,
            end=row.end,
            text=row.text,
            language=row.language,
        )
    Passage.objects.bulk_create(
        passages.values(),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["answer", "start", "end"],
        update_fields=["text", "language"],
    )

    candidates = {
        proposal.code: _candidate(run, rank, proposal)
        for rank, proposal in enumerate(result.themes)
    }
    CandidateTheme.objects.bulk_create(candidates.values(), batch_size=BATCH)

    quoted = {
        (quote.document_id, quote.start, quote.end): quote.border
        for proposal in result.themes
        for quote in proposal.quotes
    }
    assignments = {}
    for row in rows:
        key = (row.document_id, row.start, row.end)
        assignments[key] = Assignment(
            passage=passages[key],
            run=run,
            candidate=candidates[row.theme] if row.theme is not None else None,
            source=Source.MACHINE,
            is_main=row.main,
            is_quote=key in quoted and not quoted[key],
            is_border=quoted.get(key, False),
            score=min(max(row.score, 0.0), 1.0),
            reason=row.reason or "",
        )
    Assignment.objects.bulk_create(assignments.values(), batch_size=BATCH)

    for candidate, (theme, index) in resemblances(run).items():
        CandidateTheme.objects.filter(pk=candidate).update(resembles=theme, resemblance=index)

    languages: dict[str, str] = {row.document_id: row.language for row in rows}
    AnalysisRun.objects.filter(pk=run.pk).update(
        status=RunStatus.SUCCEEDED,
        finished_at=timezone.now(),
        stage="",
        progress=1.0,
        config=result.config,
        corpus_digest=result.corpus_digest,
        document_count=len(languages),
        documents_by_language=_counted(languages.values()),
        versions=result.versions,
        timings=result.timings,
        metrics=result.metrics,
        confidence={
            "level": result.confidence.level,
            "reason_en": result.confidence.reason_en,
            "reason_fr": result.confidence.reason_fr,
            "stability": result.confidence.stability,
        },
        campaigns=[
            {
                "code": campaign.code,
                "representative": int(campaign.representative),
                "answers": [int(answer) for answer in campaign.document_ids],
                "languages": campaign.languages,
            }
            for campaign in result.campaigns
        ],
        masked=result.masked,
    )
    RunCheckpoint.objects.filter(run=run).delete()


def _candidate(run: AnalysisRun, rank: int, proposal: ThemeProposal) -> CandidateTheme:
    return CandidateTheme(
        run=run,
        code=proposal.code,
        parent_code=proposal.parent or "",
        rank=rank,
        name_en=_clipped(proposal.name_en),
        name_fr=_clipped(proposal.name_fr),
        description_en=proposal.description_en,
        description_fr=proposal.description_fr,
        keywords_en=list(proposal.keywords_en),
        keywords_fr=list(proposal.keywords_fr),
        size=proposal.size,
        passage_count=proposal.passages,
        languages=dict(proposal.languages),
        confidence={
            "level": proposal.confidence.level,
            "reason_en": proposal.confidence.reason_en,
            "reason_fr": proposal.confidence.reason_fr,
            "stability": proposal.confidence.stability,
        },
        warnings=[
            {
                "kind": caution.kind,
                "reason_en": caution.reason_en,
                "reason_fr": caution.reason_fr,
                "themes": list(caution.themes),
            }
            for caution in proposal.warnings
        ],
    )


def _clipped(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1].rstrip() + "…"


def _counted(values: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[str(value)] = counts.get(str(value), 0) + 1
    return counts


# --- Watching ----------------------------------------------------------------------------------


def runs_reap() -> None:
    """Put back runs whose worker is gone, give up on those that keep killing it, tell again.

    Harmless when repeated or run twice at once: every change asks that the row is as it was seen.
    """
    now = timezone.now()
    silent = AnalysisRun.objects.filter(status=RunStatus.RUNNING).filter(
        Q(heartbeat_at__lt=now - STALE) | Q(heartbeat_at__isnull=True)
    )
    for run in silent:
        as_seen = AnalysisRun.objects.filter(
            pk=run.pk,
            status=RunStatus.RUNNING,
            attempts=run.attempts,
            heartbeat_at=run.heartbeat_at,
        )
        if run.attempts >= MOST_ATTEMPTS:
            with transaction.atomic():
                if as_seen.update(
                    status=RunStatus.FAILED, error=RunError.WORKER_LOST, finished_at=now
                ):
                    RunCheckpoint.objects.filter(run=run).delete()
                    log.error("run_given_up", run_id=run.pk)
        elif as_seen.update(status=RunStatus.QUEUED, enqueued_at=None):
            log.warning("run_put_back", run_id=run.pk, attempts=run.attempts)
    waiting = AnalysisRun.objects.filter(status=RunStatus.QUEUED).filter(
        Q(enqueued_at__isnull=True) | Q(enqueued_at__lt=now - TELL_AGAIN)
    )
    for run_id in waiting.values_list("pk", flat=True):
        _tell_a_worker(run_id)
