"""What the workers are asked to do. Thin: the services do it."""

from __future__ import annotations

from celery import shared_task

from feedback.audit.services import chain


@shared_task(name="feedback.audit.tasks.audit_chain", soft_time_limit=60, time_limit=90)  # type: ignore[untyped-decorator]
def audit_chain() -> None:
    """Every few seconds, by beat."""
    chain.audit_chain()
