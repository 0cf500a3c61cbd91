"""One execution of the analysis over one question's answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analysis.enums import RunError, RunStatus
from feedback.models import Question


class AnalysisRun(models.Model):
    """One execution of the analysis over one question's answers, with what repeats it.

    Requested by an analyst, claimed by one worker with a conditional UPDATE, and moved on by that
    worker alone. ``heartbeat_at`` is the worker's sign of life: a running row whose heartbeat is
    old is put back in the queue and resumes from its last checkpoint. Never changed once it has
    succeeded; a rerun is a new row.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="runs")
    status = models.CharField(max_length=20, choices=RunStatus.choices, default=RunStatus.QUEUED)
    config = models.JSONField(default=dict)
    seed = models.PositiveIntegerField(default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(default=timezone.now)
    # When a worker was last told. The message may be lost: the reaper tells again.
    enqueued_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    # Raised by each claim; the number a worker claimed with is its lease.
    attempts = models.PositiveSmallIntegerField(default=0)
    stage = models.CharField(max_length=40, blank=True)
    progress = models.FloatField(default=0.0, help_text=_("Share done, from 0 to 1."))
    error = models.CharField(max_length=40, choices=RunError.choices, blank=True)
    # The kind of exception and where in our code, never its message: that may quote an answer.
    error_detail = models.CharField(max_length=200, blank=True)
    corpus_digest = models.CharField(max_length=64, blank=True)
    document_count = models.PositiveIntegerField(default=0)
    documents_by_language = models.JSONField(default=dict)
    versions = models.JSONField(default=dict)
    timings = models.JSONField(default=dict)
    metrics = models.JSONField(default=dict)
    confidence = models.JSONField(default=dict)
    campaigns = models.JSONField(default=list)
    masked = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("analysis run")
        verbose_name_plural = _("analysis runs")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(progress__gte=0) & models.Q(progress__lte=1),
                name="run_progress_is_a_share",
            ),
            models.UniqueConstraint(
                fields=["question"],
                condition=models.Q(status__in=[RunStatus.QUEUED, RunStatus.RUNNING]),
                name="run_one_at_a_time_per_question",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}/{self.pk}"

    @property
    def is_under_way(self) -> bool:
        """Whether it is waiting or running."""
        return self.status in (RunStatus.QUEUED, RunStatus.RUNNING)

    @property
    def is_not_enough(self) -> bool:
        """Whether it ended by saying honestly that the texts cannot be grouped."""
        return (
            self.status == RunStatus.SUCCEEDED
            and self.confidence.get("level") == "not_enough_to_group"
        )


class RunCheckpoint(models.Model):
    """What one finished stage of a run produced, so that a killed worker's run resumes from it.

    Written by the worker, deleted when the run has ended. Bytes are npz or JSON, never pickle.
    The payload says which documents and settings it was made from: where an answer was withdrawn
    or arrived since, the pipeline does not use it.
    """

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="checkpoints")
    stage = models.CharField(max_length=40)
    payload = models.BinaryField()
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "stage"], name="checkpoint_once_per_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.stage}"
