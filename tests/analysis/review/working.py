"""Workers in this process: they take what waits, and may die at any line."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from analysis.review.enums import ChunkStatus, RunStatus
from analysis.review.models import AnalysisRun, RunChunk
from analysis.review.services.chunks import chunk_work
from analysis.review.services.reaper import runs_reap
from analysis.review.services.runs import run_execute


class Killed(BaseException):
    """Stands for the end of the process: nothing in the services may catch it."""


def work_once(run: AnalysisRun) -> None:
    """What one message would make a worker do: the run, or one of its chunks."""
    run.refresh_from_db()
    if run.status == RunStatus.SPREAD:
        chunk_work(run.pk)
    else:
        run_execute(run.pk)
    run.refresh_from_db()


def work(run: AnalysisRun, *, most: int = 200) -> int:
    """Work until the run has ended; returns how many workers died on the way.

    After a death a minute passes, and the reaper comes by.
    """
    deaths = 0
    with no_broker():
        for _ in range(most):
            run.refresh_from_db()
            if not run.is_under_way:
                return deaths
            try:
                work_once(run)
            except Killed:
                deaths += 1
                minute_passes()
                runs_reap()
    raise AssertionError(f"the run has not ended: {run.status}, {run.stage}")


def work_chunks(run: AnalysisRun) -> None:
    """Do the chunks of a run that is shared out, until it is queued again."""
    while run.status == RunStatus.SPREAD:
        work_once(run)


def minute_passes() -> None:
    """No dead worker has shown a sign of life for longer than it may be silent."""
    long_ago = timezone.now() - timedelta(seconds=61)
    AnalysisRun.objects.filter(status=RunStatus.RUNNING).update(heartbeat_at=long_ago)
    RunChunk.objects.filter(status=ChunkStatus.RUNNING).update(
        heartbeat_at=long_ago, claimed_at=long_ago
    )


class no_broker:  # noqa: N801 - reads as what it is
    """Messages go nowhere; ``told`` counts them."""

    def __enter__(self) -> no_broker:
        self.told: list[tuple[str, dict[str, object]]] = []
        self._patch = patch("analysis.review.services.messages.current_app.send_task", self._note)
        self._patch.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._patch.stop()

    def _note(self, task: str, **message: object) -> None:
        self.told.append((task, message))
