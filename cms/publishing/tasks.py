"""What happens by itself."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command


@shared_task(name="cms.publishing.tasks.publish_scheduled")  # type: ignore[untyped-decorator]
def publish_scheduled() -> None:
    """Pairs whose time has come, and whatever else Wagtail schedules."""
    call_command("publish_scheduled")
