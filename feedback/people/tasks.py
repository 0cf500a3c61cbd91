"""What the workers are asked to do. Thin: the services do it."""

from __future__ import annotations

from importlib import import_module

from celery import shared_task
from django.conf import settings

from feedback.people import waiting_emails
from feedback.people.sign_in.attempts import attempts_purge
from feedback.people.sign_in.sessions import sessions_forget


@shared_task(name="feedback.people.tasks.sessions_purge", soft_time_limit=300, time_limit=330)  # type: ignore[untyped-decorator]
def sessions_purge() -> None:
    """Every hour, by beat: sessions that ended, and what is known of them; tries long past."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    sessions_forget()
    attempts_purge()


@shared_task(name="feedback.people.tasks.digests_queue", soft_time_limit=540, time_limit=570)  # type: ignore[untyped-decorator]
def digests_queue() -> None:
    """Every few minutes, by beat: the emails of the morning, once it is one."""
    waiting_emails.digests_queue()
