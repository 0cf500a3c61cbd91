"""A run from its request to its end.

A run is a row. The message to a worker is only a hint that the row waits: it may come twice, late
or never, and nothing is lost, because a worker claims the row by a conditional UPDATE and the
reaper tells again about rows nobody claimed. The number of the claim (``attempts``) is the
worker's lease: everything it writes asks that the number is still its own.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from analysis.review.enums import ChunkStage, RunError, RunStatus, ThemeStatus
from analysis.review.models import AnalysisRun, Assignment, RunCheckpoint, RunState, Theme
from analysis.review.selectors.runs import run_shown
from analysis.review.services.chunks import (
    SPREAD_OVER_CHUNKS,
    Place,
    chunks_reap,
    places_new,
    readings_of,
    run_clear,
    run_spread,
    set_aside_of,
)
from analysis.review.services.results import addition_store_result, run_store_result
from analysis.review.services.vectors import DatabaseCache
from analysis.review.services.workers import (
    DATABASE_GONE,
    OUT_OF_TIME,
    STALE,
    TELL_AGAIN,
    Lease,
    LeaseLost,
    run_held,
    run_tell,
)
from feedback.answering.selectors.answers import corpus_for, corpus_ids, corpus_last
from feedback.asking.models import Engagement, Question

if TYPE_CHECKING:
    # For types alone. The pipeline is imported by the functions a worker calls: the web process
    # requests runs and must not carry the numeric libraries.
    from analysis.pipeline import Config, Document
    from feedback.people.models import User

log = structlog.stdlib.get_logger("analysis.runs")

# A run whose worker died this often is the reason for it.
MOST_FALLS = 3
# New answers join the themes people settled on at most this often.
ADD_EVERY = timedelta(hours=1)
# The stages in which each text is touched by itself: a fall there may be one text's doing.
READING = ("prepare", "campaigns", "passages", "embed")


class RunRefused(Exception):  # noqa: N818 (named for what happened)
    """The run cannot be requested; the message is for the person who asked."""


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

    ``config`` holds the settings that differ from the pipeline's own and the site's; the run keeps
    all of them once it has ended. A broker that does not answer does not matter: the reaper tells
    a worker later.
    """
    if not question.is_text:
        raise RunRefused(_("Only answers in people's own words are grouped into themes."))
    if not any(True for _document in corpus_for(question)):
        raise RunRefused(_("No one has answered this question in words yet."))
    return _queue(
        question=question,
        requested_by=user,
        seed=seed,
        config={"embedder": settings.CONSULT_EMBEDDER, **(config or {}), "seed": seed},
    )


def addition_request(*, question: Question, user: User | None) -> AnalysisRun:
    """Queue the adding of the answers that came after the newest run to its themes.

    Raises RunRefused where there are none, or no themes they could be added to.
    """
    base = run_shown(question)
    if base is None or not RunState.objects.filter(run=base).exists():
        raise RunRefused(
            _(
                "There are no themes that new answers can be added to. Run the analysis again "
                "instead."
            )
        )
    if not answers_new(base):
        raise RunRefused(_("No answer has arrived since the last run."))
    return _queue(
        question=question, requested_by=user, seed=base.seed, config=base.config, extends=base
    )


def answers_new(base: AnalysisRun, *, last: int | None = None) -> set[int]:
    """The standing answers to its question that the run, with what was added to it, has not met."""
    met = Assignment.objects.of_machine().filter(run=base)
    return corpus_ids(base.question, last=last) - set(
        met.order_by().values_list("passage__answer_id", flat=True).distinct()
    )


def _queue(**fields: Any) -> AnalysisRun:
    try:
        with transaction.atomic():
            run = AnalysisRun.objects.create(**fields)
            transaction.on_commit(partial(run_tell, run.pk), robust=True)
    except IntegrityError as error:
        if "run_one_at_a_time_per_question" not in str(error):
            raise
        raise RunRefused(
            _("A run of this question is already waiting or running. Wait until it has ended.")
        ) from error
    return run


def questionnaires_closed_analyse() -> list[int]:
    """Request the first run of every closed question of a kind that is analysed when closed.

    Returns the runs' ids.

    After the grace in which a form that was open may still be sent. Questions nobody answered, and
    questions that have ever had a run, are left alone: a second run is a person's decision.
    """
    closed = Engagement.objects.closed(
        at=timezone.now() - timedelta(minutes=settings.CONSULT_GRACE_MINUTES)
    )
    requested = []
    for question in Question.objects.analysed_when_closed().filter(
        questionnaire__engagement__in=closed, runs__isnull=True
    ):
        try:
            requested.append(run_request(question=question, user=None).pk)
        except RunRefused:
            continue
    return requested


def questions_answered_add() -> list[int]:
    """Request the adding of new answers where people have settled on themes. Returns the runs' ids.

    At most once in ADD_EVERY a question, so that many answers a day are not as many runs.
    """
    lately = AnalysisRun.objects.filter(
        question=OuterRef("pk"), requested_at__gt=timezone.now() - ADD_EVERY
    )
    reviewed = Question.objects.filter(
        Exists(Theme.objects.filter(question=OuterRef("pk"), status=ThemeStatus.ACCEPTED)),
        ~Exists(lately),
        runs__state__isnull=False,
    )
    requested = []
    for question in reviewed.distinct():
        try:
            requested.append(addition_request(question=question, user=None).pk)
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
    run = AnalysisRun.objects.select_related("question", "extends").get(pk=run_id)
    lease = Lease(mine=run_held(run))
    try:
        with lease:
            store = _analyse(run, lease)
            if store is not None:
                store()
    except LeaseLost:
        log.warning("run_lease_lost", run_id=run_id)
    except DATABASE_GONE as error:
        log.warning("run_interrupted", run_id=run_id, error=type(error).__name__)
        raise
    except _Failed as failed:
        _fail(run, failed.error)
    except Exception as error:
        if lease.stage in READING and not run.is_careful:
            log.warning("run_fell", run_id=run_id, stage=lease.stage, detail=_where(error))
            _put_back(run_held(run), careful=True)
            run_tell(run_id)
        else:
            _fail(run, _reason(error), _where(error))


def _analyse(run: AnalysisRun, lease: Lease) -> Callable[[], None] | None:
    """What writes the result; None where the run was shared out, to be claimed again after the
    last chunk.

    The answers of a large run are read in chunks, then the vectors of its passages made in chunks;
    so are those of a run after which a worker fell while reading, small as it may be: a chunk finds
    the text at fault.
    """
    from analysis import pipeline

    if run.last_answer is None:
        run.last_answer = corpus_last(run.question)
        lease.hold(last_answer=run.last_answer)
    new = answers_new(run.extends, last=run.last_answer) if run.extends is not None else None
    documents = documents_of(run.question, last=run.last_answer, answers=new)
    if not documents:
        raise _Failed(RunError.NO_TEXT)
    try:
        config = pipeline.Config.from_dict(run.config)
        pipeline.embedder_named(config.embedder)
    except pipeline.ConfigError as error:
        raise _Failed(RunError.BAD_CONFIG) from error
    except pipeline.EmbedderError as error:
        raise _Failed(RunError.NO_EMBEDDER) from error
    store = CheckpointStore(run=run)
    enough = SPREAD_OVER_CHUNKS * settings.CONSULT_CHUNK_TEXTS
    given: Iterable[Document] = documents
    if run.is_careful or len(documents) > enough:
        answers: list[Place] = [[int(document.id)] for document in documents]
        if unread := places_new(run, ChunkStage.READ, answers):
            run_spread(run=run, stage=ChunkStage.READ, places=unread)
            return None
        places = _places_to_embed(run, _as_read(run, documents, config), config, lease, store)
        if len(places) > (0 if run.is_careful else enough):
            run_spread(run=run, stage=ChunkStage.EMBED, places=places)
            return None
        given = _as_read(run, documents, config)
    asked: dict[str, Any] = {
        "progress": lease.progress,
        "store": store,
        "cache": DatabaseCache(),
        "set_aside": set_aside_of(run),
    }
    if run.extends is not None:
        try:
            state = pipeline.ThemeState.from_bytes(bytes(run.extends.state.payload))
            extension = pipeline.extend(state, given, **asked)
        except (pipeline.StateError, RunState.DoesNotExist) as error:
            raise _Failed(RunError.OTHER_THEMES) from error
        _in_time(extension.set_aside, lease)
        return partial(addition_store_result, run=run, extension=extension)
    result, made = pipeline.analyse_and_keep(given, config, **asked)
    _in_time(result.set_aside, lease)
    return partial(run_store_result, run=run, result=result, state=made)


def _in_time(set_aside: Mapping[str, str], lease: Lease) -> None:
    """The end of our time may fall into the reading of an answer, which need not be the reason."""
    if OUT_OF_TIME.__name__ in set_aside.values():
        lease.stage = READING[0]
        raise OUT_OF_TIME


def _as_read(run: AnalysisRun, documents: list[Document], config: Config) -> Iterator[Document]:
    """The documents with what chunks found in them, which only the pipeline holds: it forgets the
    readings of a million answers before it needs the room for their vectors."""
    readings = readings_of(run, config)
    for document in documents:
        yield replace(document, reading=readings.pop(document.id, None))


def _places_to_embed(
    run: AnalysisRun,
    documents: Iterable[Document],
    config: Config,
    lease: Lease,
    store: CheckpointStore,
) -> list[Place]:
    """Where the passages are whose vectors no one has made or tried to make."""
    from analysis.pipeline import embedder_named, vector_key
    from analysis.pipeline.pieces import passages_to_embed

    wanted = passages_to_embed(
        documents, config, progress=lease.progress, store=store, set_aside=set_aside_of(run)
    )
    embedder = embedder_named(config.embedder)
    keys = [vector_key(embedder, passage.text) for passage in wanted]
    known = DatabaseCache().known(keys)
    return places_new(
        run,
        ChunkStage.EMBED,
        [
            [int(p.document_id), p.start, p.end, p.language.value, p.hidden]
            for p, key in zip(wanted, keys, strict=True)
            if key not in known
        ],
    )


def documents_of(
    question: Question, *, last: int | None = None, answers: Collection[int] | None = None
) -> list[Document]:
    """The standing answers to a question as the pipeline takes them, in order of their id.

    ``answers`` names those wanted; ``last`` is the id after which none is.
    """
    from analysis.pipeline import Document, Language

    return [
        Document(id=str(row.answer_id), text=row.text, language=Language(row.language))
        for row in corpus_for(question, last=last, answers=answers)
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


def _fail(run: AnalysisRun, error: RunError, detail: str = "") -> None:
    """End the run as failed, if it is still this worker's."""
    with transaction.atomic():
        if run_held(run).update(
            status=RunStatus.FAILED,
            error=error,
            error_detail=detail[:200],
            finished_at=timezone.now(),
        ):
            run_clear(run.pk)
    log.error("run_failed", run_id=run.pk, error=error.value, detail=detail)


def _reason(error: BaseException) -> RunError:
    if isinstance(error, OUT_OF_TIME):
        return RunError.OUT_OF_TIME
    return RunError.OUT_OF_MEMORY if isinstance(error, MemoryError) else RunError.UNEXPECTED


def _put_back(as_seen: QuerySet[AnalysisRun], *, careful: bool) -> int:
    """Queue a run whose worker fell, if nothing has happened to it since it was seen."""
    changes: dict[str, Any] = {"is_careful": True} if careful else {}
    return as_seen.update(
        status=RunStatus.QUEUED, enqueued_at=None, falls=F("falls") + 1, **changes
    )


def _where(error: BaseException) -> str:
    """The kind of exception and the innermost line of our own code. Never the message: it may
    quote what someone wrote."""
    ours = Path(__file__).resolve().parents[3]
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(ours) and ".venv" not in path.parts:
            return f"{type(error).__name__}, {path.relative_to(ours)}:{frame.lineno}"
    return type(error).__name__


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
        as_seen = run_held(run).filter(heartbeat_at=run.heartbeat_at)
        if run.falls + 1 >= MOST_FALLS:
            with transaction.atomic():
                if as_seen.update(
                    status=RunStatus.FAILED,
                    error=RunError.WORKER_LOST,
                    falls=F("falls") + 1,
                    finished_at=now,
                ):
                    run_clear(run.pk)
                    log.error("run_given_up", run_id=run.pk)
        elif _put_back(as_seen, careful=run.is_careful or run.stage in READING):
            log.warning("run_put_back", run_id=run.pk, falls=run.falls + 1, stage=run.stage)
    chunks_reap(now)
    waiting = AnalysisRun.objects.filter(status=RunStatus.QUEUED).filter(
        Q(enqueued_at__isnull=True) | Q(enqueued_at__lt=now - TELL_AGAIN)
    )
    for run_id in waiting.values_list("pk", flat=True):
        run_tell(run_id)
