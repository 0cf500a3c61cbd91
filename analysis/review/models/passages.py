"""Stretches of answers, and where they belong."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analysis.review.enums import Source
from analysis.review.models.runs import AnalysisRun
from analysis.review.models.themes import CandidateTheme, Theme
from feedback.answering.models import Answer

# A row of the codebook: in a theme, or put in none by a person. All other rows are a run's.
IN_CODEBOOK = models.Q(theme__isnull=False) | models.Q(source=Source.HUMAN)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """What a run said, and what the codebook holds."""

    def in_codebook(self) -> AssignmentQuerySet:
        """Where people left each passage; at most one row a passage."""
        return self.filter(IN_CODEBOOK)

    def of_machine(self) -> AssignmentQuerySet:
        """What runs said; one row a passage and run."""
        return self.exclude(IN_CODEBOOK)


class Passage(models.Model):
    """A stretch of an answer that carries one idea: what the machine groups.

    ``start`` and ``end`` count characters of the answer as it was typed; ``text`` is the same
    stretch with personal information masked, and is the only form shown. Written by runs, shared
    by runs that cut the answer at the same places, and deleted with its answer: a withdrawn
    response leaves no words here either.
    """

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="passages")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    language = models.CharField(max_length=5)

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["answer", "start"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "start", "end"], name="passage_unique"),
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("start")), name="passage_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Assignment(models.Model):
    """A passage in a group, and who put it there. What the machine said is never overwritten.

    Rows of a run have a ``candidate``, or none with a ``reason``. Rows of the codebook have a
    ``theme``, or none with a ``reason`` where a person said that the passage is in none; they keep
    the source of their membership: the run whose proposal was accepted, or the person who moved
    it. A passage is in one theme of the codebook at most, so that the counts of a codebook add up.
    """

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="assignments")
    run = models.ForeignKey(
        AnalysisRun, null=True, on_delete=models.CASCADE, related_name="assignments"
    )
    # Where the answer came after the run: the run that added it.
    addition = models.ForeignKey(
        AnalysisRun, null=True, on_delete=models.PROTECT, related_name="added"
    )
    candidate = models.ForeignKey(
        CandidateTheme, null=True, on_delete=models.CASCADE, related_name="assignments"
    )
    theme = models.ForeignKey(
        Theme, null=True, on_delete=models.PROTECT, related_name="assignments"
    )
    source = models.CharField(max_length=10, choices=Source.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_main = models.BooleanField(default=False)
    score = models.FloatField(default=0.0)
    reason = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(theme__isnull=True) | models.Q(candidate__isnull=True),
                name="assignment_to_a_candidate_or_a_theme",
            ),
            models.CheckConstraint(
                condition=models.Q(source=Source.HUMAN, decided_by__isnull=False)
                | models.Q(source=Source.MACHINE, run__isnull=False),
                name="assignment_says_who",
            ),
            models.UniqueConstraint(
                fields=["passage", "run"],
                condition=~IN_CODEBOOK,
                name="assignment_once_per_run",
            ),
            models.UniqueConstraint(
                fields=["passage"],
                condition=IN_CODEBOOK,
                name="assignment_once_in_the_codebook",
            ),
            models.CheckConstraint(
                condition=models.Q(score__gte=0) & models.Q(score__lte=1),
                name="assignment_score_is_a_share",
            ),
        ]
        indexes = [
            # The desk reads one group at a time, least certain first.
            models.Index(fields=["candidate", "score", "id"], name="assignment_of_a_candidate"),
            models.Index(fields=["theme", "score", "id"], name="assignment_of_a_theme"),
        ]

    def __str__(self) -> str:
        return f"{self.passage_id} -> {self.theme_id or self.candidate_id or self.reason}"
