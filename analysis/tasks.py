"""What runs in the background. Thin: ids in, one service each."""

from celery import shared_task

from analysis.services import runs


@shared_task  # type: ignore[untyped-decorator]
def run_execute(run_id: int) -> None:
    """Execute one run, if it still waits."""
    runs.run_execute(run_id)


@shared_task  # type: ignore[untyped-decorator]
def runs_reap() -> None:
    """Every half minute: put back runs whose worker died, tell again about runs that wait."""
    runs.runs_reap()


@shared_task  # type: ignore[untyped-decorator]
def questionnaires_closed_analyse() -> None:
    """Every few minutes: request the first run of text questions that have closed."""
    runs.questionnaires_closed_analyse()
