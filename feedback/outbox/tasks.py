"""What the workers are asked to do. Thin: the services do it."""

from __future__ import annotations

from celery import shared_task

from feedback.outbox import services as outbox


@shared_task(name="feedback.outbox.tasks.outbox_relay", soft_time_limit=60, time_limit=90)  # type: ignore[untyped-decorator]
def outbox_relay() -> None:
    """Every few seconds, by beat."""
    outbox.outbox_relay()


@shared_task(name="feedback.outbox.tasks.outbox_purge", soft_time_limit=300, time_limit=330)  # type: ignore[untyped-decorator]
def outbox_purge() -> None:
    """Every hour, by beat."""
    outbox.outbox_purge()
