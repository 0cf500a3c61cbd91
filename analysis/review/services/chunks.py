"""A run shared out among the workers: chunks, and the text that breaks one.

This is a chord whose parts are rows. The run's worker writes the chunks and lets the run go; any
worker takes a chunk that waits, and whoever ends the last one puts the run back in the queue. No
task waits for another, nothing depends on a message being delivered once, and what a chunk makes
(what is read in one answer; vectors, by the text they are made from) is the same whoever makes it.

A chunk that fails, kills its worker or takes too long is done again text by text, with the place
written before each. A text on which that fails twice more is set aside and the rest go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from analysis.review.enums import ChunkStage, ChunkStatus, RunError, RunStatus, SetAsideReason
from analysis.review.models import AnalysisRun, RunChunk, SetAsideAnswer
from analysis.review.services.leases import (
    DATABASE_GONE,
    HEARTBEAT,
    OUT_OF_TIME,
    STALE,
    Lease,
    LeaseLost,
    run_held,
)
from analysis.review.services.messages import CHUNKS_AT_ONCE, TELL_AGAIN, chunks_tell, run_tell
from analysis.review.services.vectors import DatabaseCache
from feedback.answering.selectors.answers import corpus_for

if TYPE_CHECKING:
    from analysis.pipeline import Config, Document, Reading

log = structlog.stdlib.get_logger("analysis.runs")

# Fewer texts than this many chunks of them are read and embedded by the run's own task.
SPREAD_OVER_CHUNKS = 4
# Once in the crowd, then so often by itself: three tries in all.
MOST_TRIES_ALONE = 2
# Where more answers fail than this many, or this share, the fault is not in the answers.
MOST_SET_ASIDE, MOST_SHARE_SET_ASIDE = 10, 0.01
# While chunks are worked on, a run's progress goes from here to there.
PROGRESS = {ChunkStage.READ: (0.0, 0.15), ChunkStage.EMBED: (0.25, 0.65)}

Place = list[Any]


# --- Sharing out -------------------------------------------------------------------------------


def run_spread(*, run: AnalysisRun, stage: ChunkStage, places: Sequence[Place]) -> None:
    """Write chunks for these places, let the run go and tell the workers.

    Raises LeaseLost where the run is no longer this worker's.
    """
    size = settings.CONSULT_CHUNK_TEXTS
    first = RunChunk.objects.filter(run=run, stage=stage).count()
    chunks = [
        RunChunk(run=run, stage=stage, number=number, places=list(places[start : start + size]))
        for number, start in enumerate(range(0, len(places), size), start=first)
    ]
    with transaction.atomic():
        if not run_held(run).update(
            status=RunStatus.SPREAD, stage=stage.value, progress=PROGRESS[stage][0]
        ):
            raise LeaseLost
        RunChunk.objects.bulk_create(chunks, batch_size=100)
        transaction.on_commit(partial(chunks_tell, run.pk, len(chunks)), robust=True)
    log.info("run_spread", run_id=run.pk, stage=stage.value, chunks=len(chunks))


def places_new(run: AnalysisRun, stage: ChunkStage, places: Sequence[Place]) -> list[Place]:
    """Those of the places that no chunk of the run has been to."""
    been = {
        _stretch(place)
        for chunk in RunChunk.objects.filter(run=run, stage=stage).values_list("places", flat=True)
        for place in chunk
    }
    return [place for place in places if _stretch(place) not in been]


def _stretch(place: Place) -> tuple[Any, ...]:
    """The place without what is to be hidden in it."""
    return tuple(place[:4])


def set_aside_of(run: AnalysisRun) -> dict[str, str]:
    """The answers set aside so far, as the pipeline takes them."""
    rows = SetAsideAnswer.objects.filter(run=run).values_list("answer_id", "reason")
    return {str(answer): reason for answer, reason in rows}


def readings_of(run: AnalysisRun, config: Config) -> dict[str, Reading]:
    """What the run's chunks have read, by answer, as the pipeline takes it.

    What a worker had read when it died is not here; nor is what one of another version read. The
    run reads these itself.
    """
    from analysis.pipeline import Reading, reading_key

    key = reading_key(config)
    rows = RunChunk.objects.filter(run=run, stage=ChunkStage.READ, made__key=key)
    return {
        str(place[0]): Reading.from_list(reading)
        for places, made in rows.values_list("places", "made").iterator(chunk_size=10)
        for place, reading in zip(places, made["readings"], strict=True)
        if reading is not None
    }


# --- Working -----------------------------------------------------------------------------------


def chunk_work(run_id: int) -> None:
    """Take one chunk of the run that waits, do it, and tell a worker of the next.

    Returns quietly where there is none. A database that is gone is left to the reaper.
    """
    chunk = chunk_claim(run_id)
    if chunk is None:
        return
    try:
        with Lease(mine=_mine(chunk), limit=timedelta(seconds=settings.CONSULT_CHUNK_SECONDS)) as h:
            _finish(chunk, _work(chunk, h))
    except LeaseLost:
        log.warning("chunk_lease_lost", run_id=run_id, chunk=chunk.number)
    except DATABASE_GONE as error:
        log.warning("chunk_interrupted", run_id=run_id, error=type(error).__name__)
        raise
    except OUT_OF_TIME:
        _fell(_mine(chunk), SetAsideReason.OUT_OF_TIME)
    waiting = RunChunk.objects.filter(
        run=run_id, run__status=RunStatus.SPREAD, status=ChunkStatus.WAITING
    )
    if waiting.exists():
        chunks_tell(run_id, 1)


def chunk_claim(run_id: int) -> RunChunk | None:
    """Take the first chunk of the run that waits; another worker's are passed over."""
    now = timezone.now()
    with transaction.atomic():
        chunk = (
            RunChunk.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("run__question")
            .filter(run=run_id, run__status=RunStatus.SPREAD, status=ChunkStatus.WAITING)
            .order_by("number")
            .first()
        )
        if chunk is None:
            return None
        chunk.status = ChunkStatus.RUNNING
        chunk.attempts += 1
        chunk.claimed_at = chunk.heartbeat_at = now
        chunk.save(update_fields=["status", "attempts", "claimed_at", "heartbeat_at"])
    AnalysisRun.objects.filter(pk=run_id).update(enqueued_at=now)
    return chunk


def _mine(chunk: RunChunk) -> Any:
    return RunChunk.objects.filter(pk=chunk.pk, status=ChunkStatus.RUNNING, attempts=chunk.attempts)


def _work(chunk: RunChunk, lease: Lease) -> dict[str, Any]:
    """Do the chunk; what it made that has no table of its own."""
    from analysis.pipeline import EmbedderError

    try:
        work = _Work.of(chunk)
        if not chunk.is_careful:
            try:
                work.do(range(len(chunk.places)))
                return work.made()
            except (*DATABASE_GONE, LeaseLost, OUT_OF_TIME, EmbedderError):
                raise
            except Exception as error:
                log.warning("chunk_failed", chunk=chunk.number, error=type(error).__name__)
                lease.hold(is_careful=True)
        for position in range(chunk.position, len(chunk.places)):
            # Where the process dies now, this is the text it died of.
            same = position == chunk.position and chunk.is_careful
            lease.hold(position=position, tries=chunk.tries if same else 0)
            _do_alone(chunk, work, position)
        return work.made()
    except EmbedderError:
        _run_fail(chunk.run_id, RunError.NO_EMBEDDER)
        raise LeaseLost from None


def _do_alone(chunk: RunChunk, work: _Work, position: int) -> None:
    for attempt in range(1, MOST_TRIES_ALONE + 1):
        try:
            work.do([position])
        except (*DATABASE_GONE, OUT_OF_TIME):
            raise
        except Exception as error:
            if attempt < MOST_TRIES_ALONE:
                continue
            reason = (
                SetAsideReason.OUT_OF_MEMORY
                if isinstance(error, MemoryError)
                else SetAsideReason.RAISED
            )
            _set_aside(chunk, position, reason, type(error).__name__)
        return


@dataclass(slots=True)
class _Work:
    """What there is to do at each place of a chunk; nothing where an answer was withdrawn."""

    stage: ChunkStage
    places: Sequence[Place]
    documents: Mapping[int, Document]
    config: Config
    readings: dict[int, Reading] = field(default_factory=dict)

    @classmethod
    def of(cls, chunk: RunChunk) -> _Work:
        from analysis.pipeline import Config, Document, Language

        answers = {place[0] for place in chunk.places}
        return cls(
            ChunkStage(chunk.stage),
            chunk.places,
            {
                row.answer_id: Document(str(row.answer_id), row.text, Language(row.language))
                for row in corpus_for(chunk.run.question, answers=answers)
            },
            Config.from_dict(chunk.run.config),
        )

    def do(self, positions: Sequence[int]) -> None:
        """Read the answers, or put the vectors of the passages in the cache."""
        from analysis.pipeline import documents_read, embed_cached, embedder_named

        if self.stage == ChunkStage.READ:
            answers = [answer for answer, *_ in self._standing(positions)]
            found = documents_read([self.documents[answer] for answer in answers], self.config)
            self.readings.update(zip(answers, found, strict=True))
        else:
            texts = sorted({self._text(place) for place in self._standing(positions)})
            embed_cached(texts, embedder_named(self.config.embedder), DatabaseCache(), processes=1)

    def made(self) -> dict[str, Any]:
        """The readings at the chunk's places, None where there is none; nothing of vectors."""
        from analysis.pipeline import reading_key

        if self.stage != ChunkStage.READ:
            return {}
        found = [self.readings.get(answer) for answer, *_ in self.places]
        return {
            "key": reading_key(self.config),
            "readings": [None if reading is None else reading.to_list() for reading in found],
        }

    def _standing(self, positions: Sequence[int]) -> Iterator[Place]:
        return (self.places[at] for at in positions if self.places[at][0] in self.documents)

    def _text(self, place: Place) -> str:
        from analysis.pipeline import Language, passage_text

        answer, start, end, language, hidden = place
        return passage_text(self.documents[answer], start, end, Language(language), hidden)


def _finish(chunk: RunChunk, made: Mapping[str, Any]) -> None:
    """Keep what the chunk made and end it; after the last one, queue the run. Holds the run's row,
    so that of two that end together one sees the other."""
    with transaction.atomic():
        run = AnalysisRun.objects.select_for_update().filter(
            pk=chunk.run_id, status=RunStatus.SPREAD
        )
        if run.first() is None or not _mine(chunk).update(status=ChunkStatus.DONE, made=made):
            raise LeaseLost
        chunks = RunChunk.objects.filter(run=chunk.run_id, stage=chunk.stage)
        share = chunks.filter(status=ChunkStatus.DONE).count() / chunks.count()
        start, end = PROGRESS[ChunkStage(chunk.stage)]
        run.update(progress=start + (end - start) * share)
        if share == 1:
            run.update(status=RunStatus.QUEUED, enqueued_at=None)
            transaction.on_commit(partial(run_tell, chunk.run_id), robust=True)


# --- Failing -----------------------------------------------------------------------------------


def _fell(as_seen: Any, reason: SetAsideReason) -> None:
    """Put back a chunk whose worker is gone or gave up, to be done more carefully; set aside the
    text it keeps falling on. ``as_seen`` finds the chunk if nothing has happened to it since."""
    with transaction.atomic():
        chunk = as_seen.select_for_update(of=("self",)).select_related("run").first()
        if chunk is None:
            return
        if not chunk.is_careful:
            chunk.is_careful, chunk.position, chunk.tries = True, 0, 0
        else:
            chunk.tries += 1
            if chunk.tries >= MOST_TRIES_ALONE and chunk.position < len(chunk.places):
                _set_aside(chunk, chunk.position, reason)
                chunk.position, chunk.tries = chunk.position + 1, 0
        chunk.status = ChunkStatus.WAITING
        chunk.save(update_fields=["status", "is_careful", "position", "tries"])
    log.warning(
        "chunk_put_back",
        run_id=chunk.run_id,
        chunk=chunk.number,
        position=chunk.position,
        reason=reason.value,
    )


def _set_aside(chunk: RunChunk, position: int, reason: SetAsideReason, detail: str = "") -> None:
    answer = chunk.places[position][0]
    if not any(True for _row in corpus_for(chunk.run.question, answers={answer})):
        return  # Withdrawn in the meantime.
    SetAsideAnswer.objects.bulk_create(
        [SetAsideAnswer(run=chunk.run, answer_id=answer, reason=reason, detail=detail)],
        ignore_conflicts=True,
    )
    log.error("answer_set_aside", run_id=chunk.run_id, answer_id=answer, reason=reason.value)
    chunks = RunChunk.objects.filter(run=chunk.run_id, stage=chunk.stage).count()
    size = chunks * settings.CONSULT_CHUNK_TEXTS
    aside = SetAsideAnswer.objects.filter(run=chunk.run_id).count()
    if aside > max(MOST_SET_ASIDE, MOST_SHARE_SET_ASIDE * size):
        _run_fail(chunk.run_id, RunError.TOO_MANY)


def _run_fail(run_id: int, error: RunError) -> None:
    """End a run that is spread, for a reason that is not in one text."""
    with transaction.atomic():
        if AnalysisRun.objects.filter(pk=run_id, status=RunStatus.SPREAD).update(
            status=RunStatus.FAILED, error=error, finished_at=timezone.now()
        ):
            run_clear(run_id)
            log.error("run_failed", run_id=run_id, error=error.value)


def run_clear(run_id: int) -> None:
    """Forget what only a run under way needs."""
    run = AnalysisRun.objects.get(pk=run_id)
    run.checkpoints.all().delete()
    run.chunks.all().delete()


# --- Watching ----------------------------------------------------------------------------------


def chunks_reap(now: datetime) -> None:
    """Put back chunks whose worker is gone, tell again of those that wait, end what has ended."""
    long = timedelta(seconds=settings.CONSULT_CHUNK_SECONDS)
    silent = RunChunk.objects.filter(
        status=ChunkStatus.RUNNING, run__status=RunStatus.SPREAD, heartbeat_at__lt=now - STALE
    )
    for chunk in silent:
        held = (chunk.heartbeat_at or now) - (chunk.claimed_at or now)
        # The last beat is a little before the end.
        late = held >= long - 2 * HEARTBEAT
        reason = SetAsideReason.OUT_OF_TIME if late else SetAsideReason.KILLED
        as_seen = RunChunk.objects.filter(
            pk=chunk.pk,
            status=ChunkStatus.RUNNING,
            attempts=chunk.attempts,
            heartbeat_at=chunk.heartbeat_at,
        )
        _fell(as_seen, reason)
    spread = AnalysisRun.objects.filter(status=RunStatus.SPREAD)
    for run in spread.filter(Q(enqueued_at__isnull=True) | Q(enqueued_at__lt=now - TELL_AGAIN)):
        waiting = run.chunks.filter(status=ChunkStatus.WAITING).count()
        if waiting:
            chunks_tell(run.pk, min(waiting, CHUNKS_AT_ONCE))
        elif not run.chunks.exclude(status=ChunkStatus.DONE).exists():
            # Cannot be: who ends the last chunk queues the run. If ever, here.
            spread.filter(pk=run.pk).update(status=RunStatus.QUEUED, enqueued_at=None)
