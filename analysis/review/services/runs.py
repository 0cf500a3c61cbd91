"""A run, from its claim by a worker to its end.

A run is a row. The message to a worker is only a hint that the row waits: it may come twice, late
or never, and nothing is lost, because a worker claims the row by a conditional UPDATE and the
reaper tells again about rows nobody claimed. The number of the claim (``attempts``) is the
worker's lease: everything it writes asks that the number is still its own.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from analysis.review.enums import ChunkStage, RunError, RunStatus
from analysis.review.models import AnalysisRun, RunState
from analysis.review.selectors.runs import answers_new
from analysis.review.services.checkpoints import CheckpointStore
from analysis.review.services.chunks import (
    SPREAD_OVER_CHUNKS,
    Place,
    places_new,
    readings_of,
    run_clear,
    run_spread,
    set_aside_of,
)
from analysis.review.services.leases import DATABASE_GONE, OUT_OF_TIME, Lease, LeaseLost, run_held
from analysis.review.services.messages import run_tell
from analysis.review.services.results import addition_store_result, run_store_result
from analysis.review.services.vectors import DatabaseCache
from feedback.answering.selectors.answers import corpus_for, corpus_last
from feedback.asking.models import Question

if TYPE_CHECKING:
    # For types alone. The pipeline is imported by the functions a worker calls: other processes
    # must not carry the numeric libraries.
    from analysis.pipeline import Config, Document, Namer

log = structlog.stdlib.get_logger("analysis.runs")

# The stages in which each text is touched by itself: a fall there may be one text's doing.
READING = ("prepare", "campaigns", "passages", "embed")


class _Failed(Exception):  # noqa: N818 (named for what happened)
    """The run cannot succeed, for a reason we can name."""

    def __init__(self, error: RunError) -> None:
        self.error = error
        super().__init__(error.value)


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
            run_put_back(run_held(run), careful=True)
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
        for name in filter(None, (config.embedder, config.second_embedder)):
            pipeline.embedder_named(name)
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
        if not run.is_only_read:
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
    if run.extends is not None and run.is_only_read:
        read = pipeline.Extension.of(pipeline.analyse(given, config, **asked))
        _in_time(read.set_aside, lease)
        return partial(addition_store_result, run=run, extension=read)
    if run.extends is not None:
        try:
            state = pipeline.ThemeState.from_bytes(bytes(run.extends.state.payload))
            extension = pipeline.extend(state, given, **asked)
        except (pipeline.StateError, RunState.DoesNotExist) as error:
            raise _Failed(RunError.OTHER_THEMES) from error
        _in_time(extension.set_aside, lease)
        return partial(addition_store_result, run=run, extension=extension)
    result, made = pipeline.analyse_and_keep(given, config, namer=_namer(config), **asked)
    _in_time(result.set_aside, lease)
    return partial(run_store_result, run=run, result=result, state=made)


def _namer(config: Config) -> Namer | None:
    """The generative model that the run is to ask for names; None where it cannot be."""
    from analysis.pipeline import NamerError, ServedNamer

    if not config.namer or not settings.CONSULT_NAMER_URL:
        return None
    try:
        return ServedNamer(
            settings.CONSULT_NAMER_URL,
            config.namer,
            key=settings.CONSULT_NAMER_KEY,
            seconds=settings.CONSULT_NAMER_SECONDS,
        )
    except NamerError as error:
        log.warning("namer_unusable", error=str(error))
        return None


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
    from analysis.pipeline import embedder_named, passages_to_embed, vector_key

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


def run_put_back(as_seen: QuerySet[AnalysisRun], *, careful: bool) -> int:
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
