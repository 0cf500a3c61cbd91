"""What was changed before the public's eyes, by whom and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.asking.models.engagements import Engagement


class EngagementChange(models.Model):
    """One change of an approved engagement or of what it asks: before, after, who, when, why.

    Written once by ``recorded_change``, in the transaction of the change itself; the database
    refuses UPDATE and DELETE, and refuses a change of words that brings no such row along.
    ``changes`` lists what ``selectors.faces.changes_between`` gives, both languages of each text:
    the department's words, never anyone's answers. ``responses``: how many had been received.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="changes")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField()
    changes = models.JSONField()
    responses = models.PositiveIntegerField()
    questionnaire_version = models.PositiveIntegerField(null=True)
    # Of PostgreSQL, filled by it: which change of words this row answers for.
    transaction = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="engagement_change_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id}: {self.at:%Y-%m-%d %H:%M}"
