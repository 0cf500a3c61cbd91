"""What runs in the background. Thin: ids in, one service each."""

from celery import shared_task

from analysis.review.services import chunks, queue, reaper, runs, vectors


@shared_task  # type: ignore[untyped-decorator]
def run_execute(run_id: int) -> None:
    """Execute one run, if it still waits."""
    runs.run_execute(run_id)


@shared_task  # type: ignore[untyped-decorator]
def run_chunk(run_id: int) -> None:
    """Do one chunk of a run that is shared out, if one still waits."""
    chunks.chunk_work(run_id)


@shared_task  # type: ignore[untyped-decorator]
def runs_reap() -> None:
    """Every half minute: put back what a dead worker held, tell again about what waits."""
    reaper.runs_reap()


@shared_task  # type: ignore[untyped-decorator]
def vectors_purge() -> None:
    """Every hour: delete vectors that no run has used for a while."""
    vectors.vectors_purge()


@shared_task  # type: ignore[untyped-decorator]
def questionnaires_closed_analyse() -> None:
    """Every few minutes: request the first run of text questions that have closed."""
    queue.questionnaires_closed_analyse()


@shared_task  # type: ignore[untyped-decorator]
def questions_answered_add() -> None:
    """Every few minutes: add new answers to the themes people settled on."""
    queue.questions_answered_add()
