"""Rows whose worker is gone are put back; workers are told again of what waits."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from analysis.review.enums import RunError, RunStatus
from analysis.review.models import AnalysisRun
from analysis.review.services.chunks import chunks_reap, run_clear
from analysis.review.services.leases import STALE, run_held
from analysis.review.services.messages import TELL_AGAIN, run_tell
from analysis.review.services.runs import READING, run_put_back

log = structlog.stdlib.get_logger("analysis.runs")

# A run whose worker died this often is the reason for it.
MOST_FALLS = 3


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
        elif run_put_back(as_seen, careful=run.is_careful or run.stage in READING):
            log.warning("run_put_back", run_id=run.pk, falls=run.falls + 1, stage=run.stage)
    chunks_reap(now)
    waiting = AnalysisRun.objects.filter(status=RunStatus.QUEUED).filter(
        Q(enqueued_at__isnull=True) | Q(enqueued_at__lt=now - TELL_AGAIN)
    )
    for run_id in waiting.values_list("pk", flat=True):
        run_tell(run_id)
