"""What the workers are asked to do. Thin: the services do it."""

from __future__ import annotations

from celery import shared_task

from feedback.answering.services.tallies import engagement_tally_refresh


@shared_task(name="feedback.answering.tasks.tally_refresh", soft_time_limit=60, time_limit=90)  # type: ignore[untyped-decorator]
def tally_refresh(engagement_id: int) -> None:
    """When the outbox says that an engagement's responses changed."""
    engagement_tally_refresh(engagement_id=engagement_id)
