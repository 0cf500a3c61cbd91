"""What the workers are asked to do. Thin: the services do it."""

from __future__ import annotations

from celery import shared_task

from feedback.outbox import emails
from feedback.outbox import services as outbox


@shared_task(name="feedback.outbox.tasks.outbox_relay", soft_time_limit=60, time_limit=90)  # type: ignore[untyped-decorator]
def outbox_relay() -> None:
    """Every few seconds, by beat."""
    outbox.outbox_relay()


@shared_task(name="feedback.outbox.tasks.outbox_purge", soft_time_limit=300, time_limit=330)  # type: ignore[untyped-decorator]
def outbox_purge() -> None:
    """Every hour, by beat."""
    outbox.outbox_purge()
    emails.emails_purge()


@shared_task(name="feedback.outbox.tasks.email_send", soft_time_limit=90, time_limit=120)  # type: ignore[untyped-decorator]
def email_send(email_id: int) -> None:
    """When the outbox says that there is one."""
    emails.email_send(email_id=email_id)


@shared_task(name="feedback.outbox.tasks.emails_send_due", soft_time_limit=300, time_limit=330)  # type: ignore[untyped-decorator]
def emails_send_due() -> None:
    """Every minute, by beat: those that could not be sent before."""
    emails.emails_send_due()
