"""One execution of the analysis over one question's answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analysis.review.enums import ChunkStage, ChunkStatus, RunError, RunStatus, SetAsideReason
from feedback.answering.models import Answer
from feedback.asking.models import Question

# What a run is asked that reads the answers, masks what is private and groups nothing.
READ_ONLY = {"embedder": "none"}
UNDER_WAY = (RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.SPREAD)


class AnalysisRun(models.Model):
    """One execution of the analysis over one question's answers, with what repeats it.

    Requested by an analyst, claimed by one worker with a conditional UPDATE, and moved on by that
    worker alone. ``heartbeat_at`` is the worker's sign of life: a running row whose heartbeat is
    old is put back in the queue and resumes from its last checkpoint. A large one is SPREAD while
    its chunks are worked on, and claimed again after the last. Never changed once it has succeeded;
    a rerun is a new row.
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
    # How often a worker died under it, or gave up on it and put it back.
    falls = models.PositiveSmallIntegerField(default=0)
    # A worker fell while it read the answers: few as they are, they are read in chunks, to find the
    # one at fault.
    is_careful = models.BooleanField(default=False)
    # The run to whose themes this one adds the answers that came later; None for one of all.
    extends = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="additions"
    )
    # The newest answer when the run was first claimed; later ones are for the next run.
    last_answer = models.BigIntegerField(null=True)
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
    # Of what several people wrote in the same words: the ids of their answers, one list each.
    repeats = models.JSONField(default=list)
    masked = models.JSONField(default=dict)
    # What came of asking a generative model for names, as codes; empty where none was to be asked.
    naming = models.JSONField(default=list)

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
                condition=models.Q(status__in=UNDER_WAY),
                name="run_one_at_a_time_per_question",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}/{self.pk}"

    @property
    def is_under_way(self) -> bool:
        """Whether it is waiting or running."""
        return self.status in UNDER_WAY

    @property
    def is_only_read(self) -> bool:
        """Whether it was asked to read the answers and to group nothing."""
        return bool(self.config.get("embedder") == READ_ONLY["embedder"])

    @property
    def has_no_groups(self) -> bool:
        """Whether it proposes nothing because nothing could, or was to, be grouped."""
        return self.is_not_enough or self.is_only_read

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


class RunState(models.Model):
    """What new answers need to join the themes of a run: typical points, never anyone's words.

    Written with the run's result; the newest of a question replaces the one before. A few
    megabytes whatever the number of answers.
    """

    run = models.OneToOneField(AnalysisRun, on_delete=models.CASCADE, related_name="state")
    payload = models.BinaryField()

    def __str__(self) -> str:
        return str(self.run_id)


class RunChunk(models.Model):
    """A piece of a run that any worker can do: some places in answers, never the words.

    Written by the worker that spreads the run, claimed like a run (``attempts`` is the lease,
    ``heartbeat_at`` the sign of life), deleted when the run has ended. ``places`` are lists of
    answer id, start, end, language and the private stretches in between; of the answer id alone
    where the whole answer is meant.
    ``made`` is what was found at each of them, where it has no table of its own: codes and places,
    written when the chunk is done. A chunk that failed is done once more text by text
    (``is_careful``), with ``position`` written before each: where it fails again, that text is the
    reason. ``tries`` counts failures there.
    """

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="chunks")
    stage = models.CharField(max_length=10, choices=ChunkStage.choices)
    number = models.PositiveIntegerField()
    places = models.JSONField()
    made = models.JSONField(default=dict)
    status = models.CharField(
        max_length=10, choices=ChunkStatus.choices, default=ChunkStatus.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    is_careful = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["run", "stage", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "stage", "number"], name="chunk_number_unique_in_stage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.stage} {self.number}"


class SetAsideAnswer(models.Model):
    """An answer a run could not process, and why; the others are analysed without it.

    Written by whoever found it, once a run. The answer itself is untouched, and is tried again by
    the next run. Goes with its answer when that is withdrawn.
    """

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="set_aside")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20, choices=SetAsideReason.choices)
    # The kind of exception, never its message.
    detail = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["answer"]
        constraints = [
            models.UniqueConstraint(fields=["run", "answer"], name="set_aside_once_a_run"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.answer_id} {self.reason}"


class KeptVector(models.Model):
    """The vector of a text some run embedded, kept so that no text is embedded twice.

    ``key`` is made of the text, the embedder and a secret that is not in the database: a text can
    be neither read from it nor tested against it. Written by workers, deleted when unused for
    CONSULT_VECTOR_DAYS. A vector is derived from what someone wrote and is treated as such.
    """

    key = models.BinaryField(primary_key=True, max_length=32)
    vector = models.BinaryField()
    used_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["used_on"], name="kept_vector_by_age")]

    def __str__(self) -> str:
        return bytes(self.key).hex()[:12]
