"""Handing what must happen after a commit to the broker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from feedback.outbox.enums import OutboxTopic
from feedback.outbox.models import OutboxMessage

log = structlog.stdlib.get_logger("feedback.outbox")

# Which task a topic wakes, and which id of the message it takes.
TASKS = {
    OutboxTopic.RESPONSE_RECEIVED: "feedback.answering.tasks.tally_refresh",
    OutboxTopic.RESPONSE_WITHDRAWN: "feedback.answering.tasks.tally_refresh",
    OutboxTopic.EMAIL_QUEUED: "feedback.outbox.tasks.email_send",
}
ABOUT = {
    OutboxTopic.RESPONSE_RECEIVED: "engagement_id",
    OutboxTopic.RESPONSE_WITHDRAWN: "engagement_id",
    OutboxTopic.EMAIL_QUEUED: "email_id",
}


@dataclass(frozen=True, slots=True)
class RelayReport:
    """What one round of the relay did: messages handed over, and messages that stay."""

    relayed: int
    failed: int


def _send(task: str, about: int) -> None:
    # One try: a message that does not get through is still a row, and the next round tries again.
    current_app.send_task(task, args=[about], retry=False, ignore_result=True)


def outbox_relay(*, limit: int = 500, send: Callable[[str, int], None] = _send) -> RelayReport:
    """Hand waiting messages to the broker, oldest first; several relays share the work.

    Rows are claimed with SKIP LOCKED and marked after sending, in one transaction: a relay that
    dies leaves them waiting, and they are sent again. Messages that wake the same task for the
    same engagement or email go as one. A broker that fails ends the round: its messages stay, with
    one more attempt counted.
    """
    with transaction.atomic():
        waiting = list(
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(relayed_at__isnull=True)
            .order_by("pk")[:limit]
        )
        groups: dict[tuple[str, int], list[int]] = {}
        for message in waiting:
            topic = OutboxTopic(message.topic)
            key = (TASKS[topic], message.payload[ABOUT[topic]])
            groups.setdefault(key, []).append(message.pk)
        relayed = failed = 0
        for (task, about), ids in groups.items():
            try:
                send(task, about)
            except Exception as error:  # Whatever the broker's client raises: the rows stay.
                OutboxMessage.objects.filter(pk__in=ids).update(
                    attempts=F("attempts") + 1, last_error=type(error).__name__[:200]
                )
                log.warning("outbox_not_relayed", task=task, messages=len(ids), exc_info=True)
                failed = len(waiting) - relayed
                break
            OutboxMessage.objects.filter(pk__in=ids).update(
                relayed_at=timezone.now(), attempts=F("attempts") + 1, last_error=""
            )
            relayed += len(ids)
    return RelayReport(relayed=relayed, failed=failed)


def outbox_purge() -> int:
    """Delete messages handed over more than CONSULT_OUTBOX_DAYS ago. Returns how many.

    One that still waits is never deleted, however old it is.
    """
    oldest = timezone.now() - timedelta(days=settings.CONSULT_OUTBOX_DAYS)
    deleted, _ = OutboxMessage.objects.filter(relayed_at__lt=oldest).delete()
    return deleted
