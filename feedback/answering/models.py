"""What one person sent in one sitting."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.answering.querysets import AnswerQuerySet, ResponseQuerySet
from feedback.asking.enums import Channel
from feedback.asking.models.engagements import Engagement
from feedback.asking.models.questionnaires import Question
from feedback.bilingual import Language


class Response(models.Model):
    """What one person sent in one sitting.

    Written once by ``response_submit`` and never edited. ``response_withdraw`` deletes its answers
    and keeps this row as the proof that something was sent and taken back. It holds no name,
    address, IP or email. ``client_token`` comes from the form: the same token is the same
    response, however often it is sent. ``receipt_key`` stands in the address of the receipt.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="responses")
    client_token = models.UUIDField(editable=False)
    reference = models.CharField(_("reference"), max_length=12, unique=True, editable=False)
    receipt_key = models.UUIDField(unique=True, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    questionnaire_version = models.PositiveIntegerField()
    # What was sent, as a digest; empty once withdrawn. Tells a second copy from a second,
    # different answer.
    content_digest = models.CharField(max_length=64, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["received_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "client_token"], name="response_once_per_token"
            ),
            # A digest of one choice out of five gives the choice away.
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True) | models.Q(content_digest=""),
                name="response_withdrawn_keeps_no_digest",
            ),
        ]
        indexes = [
            # The corpus of an engagement and its tally.
            models.Index(fields=["engagement", "received_at"], name="response_by_engagement"),
        ]

    def __str__(self) -> str:
        return self.reference


class Answer(models.Model):
    """One response's answer to one question: ``codes`` of choices, or ``text`` as it was typed.

    Written with its response, never edited, deleted by withdrawal.
    """

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    text = models.TextField(blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question"], name="answer_once_per_question"
            ),
            models.CheckConstraint(
                condition=models.Q(codes__len__gt=0) ^ ~models.Q(text=""),
                name="answer_is_either_codes_or_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id}/{self.question_id}"
