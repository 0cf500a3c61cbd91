"""What must happen after a commit."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from feedback.outbox.enums import OutboxTopic


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
