"""How workers learn that a row waits: messages that may come twice, late or never.

A message is only a hint. Tasks are named, not imported: they call the services that send.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from celery import current_app
from django.conf import settings
from django.utils import timezone

from analysis.review.models import AnalysisRun
from feedback.answering.selectors.answers import corpus_size
from feedback.asking.models import Question

log = structlog.stdlib.get_logger("analysis.runs")

RUN_EXECUTE = "analysis.review.tasks.run_execute"
RUN_CHUNK = "analysis.review.tasks.run_chunk"

# How long a message may lie unclaimed before a worker is told again.
TELL_AGAIN = timedelta(seconds=60)
# Chunks of one run that are worked on at once, at most: more than workers there will be.
CHUNKS_AT_ONCE = 64
# The longest a run's task may take: this, and so much for each answer (measured: 0.003 s).
RUN_SECONDS, RUN_SECONDS_PER_ANSWER = 600, 0.05
# After the polite end of a task, the impolite one.
GRACE = 15


def run_tell(run_id: int) -> None:
    """Tell a worker of a run that waits."""
    question = Question.objects.get(runs=run_id)
    limit = min(
        RUN_SECONDS + round(corpus_size(question) * RUN_SECONDS_PER_ANSWER),
        settings.CELERY_TASK_SOFT_TIME_LIMIT,
    )
    _tell(RUN_EXECUTE, run_id, limit)


def chunks_tell(run_id: int, how_many: int) -> None:
    """Tell that many workers of chunks that wait. Each takes one, and tells the next."""
    for _ in range(min(how_many, CHUNKS_AT_ONCE)):
        if not _tell(RUN_CHUNK, run_id, settings.CONSULT_CHUNK_SECONDS):
            return


def _tell(task: str, run_id: int, limit: int) -> bool:
    """Send the message; where the broker is down, say so in the log and leave it to the reaper."""
    try:
        current_app.send_task(
            task,
            args=[run_id],
            retry=False,
            ignore_result=True,
            expires=2 * TELL_AGAIN.total_seconds(),
            soft_time_limit=limit,
            time_limit=limit + GRACE,
        )
    except Exception as error:
        log.warning("run_not_enqueued", run_id=run_id, error=type(error).__name__)
        return False
    AnalysisRun.objects.filter(pk=run_id).update(enqueued_at=timezone.now())
    return True
