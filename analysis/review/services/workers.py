"""How services speak with workers: messages that may be lost, leases that may be lost.

A message is only a hint that a row waits. A lease is a row a worker has claimed; everything the
worker writes asks that the row is still its own.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.db.models import QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from analysis.review.enums import RunStatus
from analysis.review.models import AnalysisRun
from feedback.answering.selectors.answers import corpus_size
from feedback.asking.models import Question

log = structlog.stdlib.get_logger("analysis.runs")

# A worker shows a sign of life this often, and is taken for dead after this long without one.
HEARTBEAT = timedelta(seconds=10)
STALE = timedelta(seconds=60)
# How long a message may lie unclaimed before a worker is told again.
TELL_AGAIN = timedelta(seconds=60)
# Chunks of one run that are worked on at once, at most: more than workers there will be.
CHUNKS_AT_ONCE = 64
# The longest a run's task may take: this, and so much for each answer (measured: 0.003 s).
RUN_SECONDS, RUN_SECONDS_PER_ANSWER = 600, 0.05
# After the polite end of a task, the impolite one.
GRACE = 15

# The kinds of exception that say the database is gone, not that the work failed.
DATABASE_GONE = (OperationalError, InterfaceError)
OUT_OF_TIME = SoftTimeLimitExceeded


class LeaseLost(Exception):  # noqa: N818 (named for what happened)
    """Another worker has this row now: whatever this one has in hand is not written."""


# --- Messages ----------------------------------------------------------------------------------


def run_tell(run_id: int) -> None:
    """Tell a worker of a run that waits."""
    from analysis.review import tasks

    question = Question.objects.get(runs=run_id)
    limit = min(
        RUN_SECONDS + round(corpus_size(question) * RUN_SECONDS_PER_ANSWER),
        settings.CELERY_TASK_SOFT_TIME_LIMIT,
    )
    _tell(tasks.run_execute, run_id, limit)


def chunks_tell(run_id: int, how_many: int) -> None:
    """Tell that many workers of chunks that wait. Each takes one, and tells the next."""
    from analysis.review import tasks

    for _ in range(min(how_many, CHUNKS_AT_ONCE)):
        if not _tell(tasks.run_chunk, run_id, settings.CONSULT_CHUNK_SECONDS):
            return


def _tell(task: Any, run_id: int, limit: int) -> bool:
    """Send the message; where the broker is down, say so in the log and leave it to the reaper."""
    try:
        task.apply_async(
            args=[run_id],
            retry=False,
            expires=2 * TELL_AGAIN.total_seconds(),
            soft_time_limit=limit,
            time_limit=limit + GRACE,
        )
    except Exception as error:
        log.warning("run_not_enqueued", run_id=run_id, error=type(error).__name__)
        return False
    AnalysisRun.objects.filter(pk=run_id).update(enqueued_at=timezone.now())
    return True


# --- Leases ------------------------------------------------------------------------------------


def run_held(run: AnalysisRun) -> QuerySet[AnalysisRun]:
    """The run, while the worker that claimed it as ``run`` has it."""
    return AnalysisRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING, attempts=run.attempts)


@dataclass(slots=True)
class Lease:
    """A worker's hold on the one row that ``mine`` finds while it is still this worker's.

    The heartbeat is a thread with its own connection, because some work computes for longer than
    a worker may be silent. It proves that the process lives, nothing more; whether the row is
    still this worker's is asked by ``hold`` and, finally, by the transaction that writes. With a
    ``limit`` the heartbeat ends after it, so that work which never ends is taken away.
    """

    mine: QuerySet[Any]
    limit: timedelta | None = None
    stage: str = ""
    _told_at: float = 0.0
    _done: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Lease:
        self._thread = threading.Thread(target=self._beat, name="lease", daemon=True)
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

    def hold(self, **changes: Any) -> None:
        """Write ``changes``, with a sign of life. Raises LeaseLost where the row is another's."""
        if not self.mine.update(heartbeat_at=timezone.now(), **changes):
            raise LeaseLost

    def progress(self, stage: str, share: float) -> None:
        """Write where a run is: each stage as it begins, else at most once a second.

        What is shown never goes back: after a run's chunks its stages are walked through again.
        """
        now = time.monotonic()
        if stage == self.stage and now - self._told_at < 1.0:
            return
        self.stage, self._told_at = stage, now
        done = Value(min(max(float(share), 0.0), 1.0))
        self.hold(stage=stage[:40], progress=Greatest("progress", done))

    def _beat(self) -> None:
        ends = time.monotonic() + self.limit.total_seconds() if self.limit else None
        try:
            while not self._done.wait(HEARTBEAT.total_seconds()):
                if ends is not None and time.monotonic() > ends:
                    return
                try:
                    if not self.mine.update(heartbeat_at=timezone.now()):
                        return
                except DATABASE_GONE:
                    # The next beat tries a new connection.
                    connections.close_all()
        finally:
            connections.close_all()
