"""What must happen after a commit."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from feedback.outbox.enums import EmailState, OutboxTopic


class OutboxMessage(models.Model):
    """One thing that must happen after a commit, written in the same transaction as its cause.

    The relay hands it to the broker and then sets ``relayed_at``; it may be handed over twice, so
    every consumer is harmless when repeated. ``payload`` holds ids only, never anyone's words.
    Deleted CONSULT_OUTBOX_DAYS after it was handed over, never before.
    """

    topic = models.CharField(max_length=40, choices=OutboxTopic.choices)
    payload = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)
    relayed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            # What the relay looks for, every few seconds.
            models.Index(
                fields=["id"], condition=models.Q(relayed_at__isnull=True), name="outbox_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"


class Email(models.Model):
    """One email to one person, written in the same transaction as its cause (`email_queue`).

    ``kind`` names its words (`feedback.outbox.emails`), ``about`` holds ids only: address, name and
    link are looked up when it is sent, so that no link lies about and nobody is written to who has
    left. ``message_id`` stays the same however often sending is tried. Deleted CONSULT_OUTBOX_DAYS
    after it was made.
    """

    kind = models.CharField(max_length=40)
    about = models.JSONField()
    message_id = models.UUIDField(default=uuid.uuid4, unique=True)
    state = models.CharField(max_length=10, choices=EmailState.choices, default=EmailState.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    # Not before then; while it is being sent: when another worker may take it.
    due_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["waiting", "sending"]),
                name="email_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
