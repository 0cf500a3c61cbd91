"""What the workers are asked to do. Thin: the services do it."""

from __future__ import annotations

from celery import shared_task

from feedback.services import outbox
from feedback.services.engagements import engagement_tally_refresh


@shared_task(name="feedback.tasks.outbox_relay", soft_time_limit=60, time_limit=90)  # type: ignore[untyped-decorator]
def outbox_relay() -> None:
    """Every few seconds, by beat."""
    outbox.outbox_relay()


@shared_task(name="feedback.tasks.outbox_purge", soft_time_limit=300, time_limit=330)  # type: ignore[untyped-decorator]
def outbox_purge() -> None:
    """Every hour, by beat."""
    outbox.outbox_purge()


@shared_task(name="feedback.tasks.tally_refresh", soft_time_limit=60, time_limit=90)  # type: ignore[untyped-decorator]
def tally_refresh(engagement_id: int) -> None:
    """When the outbox says that an engagement's responses changed."""
    engagement_tally_refresh(engagement_id=engagement_id)
