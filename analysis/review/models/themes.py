"""What the machine proposes and what people decide, in two tables on purpose."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analysis.review.enums import ReviewAction, Source, ThemeStatus
from analysis.review.models.runs import AnalysisRun
from feedback.asking.models import Question
from feedback.bilingual import InCurrentLanguage, in_both_languages, in_both_or_neither

# The code of a proposal made of new answers that fit no theme: E1, E2, ...
EMERGENT = "E"


class Theme(models.Model):
    """An entry of the human codebook for a question.

    Written by people only, through review services; no run ever changes it. ``code`` is unique in
    the question and never reused. A dismissed theme is kept, so that the machine's next proposal
    of the same thing is recognised. ``version`` guards against two reviewers overwriting each
    other. ``origin`` says whether a proposal of the machine was accepted or a person made the theme
    by hand; the database keeps it as it was.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="themes")
    code = models.CharField(_("code"), max_length=20)
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_fr = models.CharField(_("name (French)"), max_length=120)
    definition_en = models.TextField(_("definition (English)"), blank=True)
    definition_fr = models.TextField(_("definition (French)"), blank=True)
    includes_en = models.TextField(blank=True)
    includes_fr = models.TextField(blank=True)
    excludes_en = models.TextField(blank=True)
    excludes_fr = models.TextField(blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_themes"
    )
    status = models.CharField(
        max_length=20, choices=ThemeStatus.choices, default=ThemeStatus.ACCEPTED
    )
    version = models.PositiveIntegerField(default=1)
    origin = models.CharField(max_length=10, choices=Source.choices)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    name = InCurrentLanguage("name")
    definition = InCurrentLanguage("definition")

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "code"], name="theme_code_unique"),
            in_both_languages("name", "theme_named_in_both_languages"),
            *(
                in_both_or_neither(column, f"theme_{column}_in_both_languages")
                for column in ("definition", "includes", "excludes")
            ),
            models.CheckConstraint(
                condition=models.Q(status=ThemeStatus.MERGED, merged_into__isnull=False)
                | (~models.Q(status=ThemeStatus.MERGED) & models.Q(merged_into__isnull=True)),
                name="theme_merged_means_into_something",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id"))
                | models.Q(merged_into__isnull=True),
                name="theme_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(origin__in=Source.values), name="theme_says_who_thought_of_it"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CandidateTheme(models.Model):
    """A group the machine proposes. Written once, with its run; never edited.

    Only ``theme`` changes: it is set when a person accepted it (or merged it into, or dismissed it
    as, that theme).
    ``unnamed`` are the languages in which the machine found too little to name it: its name there
    only stands in for one, and a person gives one before it is accepted. ``covered`` says of each
    name how many answers in its language say what it says, and of how many. ``named_by`` is the
    generative model that proposed both names, empty where they are made of people's words.
    ``warnings`` are the pipeline's ``Caution``s and ``confidence`` its ``Confidence``, as codes and
    values that are worded where they are read. The description is in words, in both languages: a
    first draft of the definition, for a person to edit. ``quotes`` are the passages the machine
    would show, most telling first: ``{"passage": id, "border": whether it shows where the group
    ends, "at_random": whether it was drawn by lot}``; a withdrawn one is no longer there to be
    found. ``resembles`` is the machine's remark that an existing theme holds mostly the same
    passages; ``resemblance`` is the Jaccard index of the two sets of passages.
    """

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="candidates")
    code = models.CharField(max_length=20)
    parent_code = models.CharField(max_length=20, blank=True)
    rank = models.PositiveIntegerField()
    name_en = models.CharField(max_length=120)
    name_fr = models.CharField(max_length=120)
    description_en = models.TextField(blank=True)
    description_fr = models.TextField(blank=True)
    keywords_en = models.JSONField(default=list)
    keywords_fr = models.JSONField(default=list)
    size = models.PositiveIntegerField(help_text=_("Documents."))
    passage_count = models.PositiveIntegerField()
    languages = models.JSONField(default=dict)
    confidence = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    quotes = models.JSONField(default=list)
    unnamed = models.JSONField(default=list)
    covered = models.JSONField(default=list)
    named_by = models.CharField(max_length=100, blank=True)
    theme = models.ForeignKey(Theme, null=True, on_delete=models.PROTECT, related_name="candidates")
    resembles = models.ForeignKey(
        Theme, null=True, on_delete=models.SET_NULL, related_name="resembling_candidates"
    )
    resemblance = models.FloatField(null=True)

    name = InCurrentLanguage("name")
    description = InCurrentLanguage("description")

    class Meta:
        verbose_name = _("candidate theme")
        verbose_name_plural = _("candidate themes")
        ordering = ["run", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["run", "code"], name="candidate_code_unique_in_run"),
        ]

    def __str__(self) -> str:
        return self.name

    def names_by_model(self, theme: Theme) -> bool:
        """Whether a theme still has a name, in either language, that a model proposed here."""
        same = self.name_en == theme.name_en or self.name_fr == theme.name_fr
        return bool(self.named_by) and same


class ReviewEvent(models.Model):
    """One thing a person did to the codebook: who, when, what it was before and after.

    Append-only; the database refuses UPDATE and DELETE. ``theme`` is the one it concerns most; none
    where a passage was put in no theme. ``before`` and ``after`` hold names, codes and ids, never
    anyone's words.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="review_events")
    theme = models.ForeignKey(Theme, null=True, on_delete=models.PROTECT, related_name="events")
    candidate = models.ForeignKey(
        CandidateTheme, null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=20, choices=ReviewAction.choices)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("review event")
        verbose_name_plural = _("review events")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.theme_id}"
