"""A worker's hold on a row.

A lease is a row a worker has claimed, and may lose; everything the worker writes asks that the row
is still its own.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connections
from django.db.models import QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from analysis.review.enums import RunStatus
from analysis.review.models import AnalysisRun

# A worker shows a sign of life this often, and is taken for dead after this long without one.
HEARTBEAT = timedelta(seconds=10)
STALE = timedelta(seconds=60)

# The kinds of exception that say the database is gone, not that the work failed.
DATABASE_GONE = (OperationalError, InterfaceError)
OUT_OF_TIME = SoftTimeLimitExceeded


class LeaseLost(Exception):  # noqa: N818 (named for what happened)
    """Another worker has this row now: whatever this one has in hand is not written."""


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
