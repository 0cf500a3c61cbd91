"""What is asked: one row each, both languages on it."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from feedback.asking.kinds import kind_choices, kind_of
from feedback.asking.models.engagements import Engagement
from feedback.asking.querysets import QuestionQuerySet
from feedback.bilingual import InCurrentLanguage, in_both_languages, in_both_or_neither

CODE_VALIDATOR = RegexValidator(
    r"^[a-z0-9_]+$", _("Use lower-case letters, digits and the underscore.")
)


class Questionnaire(ClusterableModel):  # type: ignore[misc]
    """What one engagement asks. The English page and the French page point to this one row.

    Written through ``questionnaire_change``, by authors before its engagement is approved and by
    approvers after; every change raises ``version``, which each response remembers, and with it
    the words and the privacy notice its author read. Once approved, the notice is never blank.
    After the first response only wording may change and questions may be added; codes, kinds and
    choices stay. Triggers in the database hold to all of that.
    """

    engagement = models.OneToOneField(
        Engagement,
        on_delete=models.PROTECT,
        related_name="questionnaire",
        verbose_name=_("engagement"),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    minutes = models.PositiveSmallIntegerField(_("minutes to answer"), default=5)
    privacy_notice_en = models.TextField(_("privacy notice (English)"), blank=True)
    privacy_notice_fr = models.TextField(_("privacy notice (French)"), blank=True)

    privacy_notice = InCurrentLanguage("privacy_notice")

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        constraints = [
            in_both_or_neither(
                "privacy_notice",
                "questionnaire_privacy_notice_in_both_languages",
                _("Write the privacy notice in both languages, or in neither."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.engagement)


class Question(ClusterableModel):  # type: ignore[misc]
    """One question. ``code`` is its name in exports and never changes; wording may, by version.

    Once its questionnaire has a response it can be neither deleted nor given another kind; what
    should be asked differently is a new question. A question with a page title starts a new page
    of the form; the first question always does.
    """

    questionnaire = ParentalKey(Questionnaire, on_delete=models.CASCADE, related_name="questions")
    sort_order = models.PositiveIntegerField(default=0)
    code = models.CharField(_("code"), max_length=40, validators=[CODE_VALIDATOR])
    kind = models.CharField(_("kind"), max_length=20, choices=kind_choices)
    page_title_en = models.CharField(
        _("page title (English)"),
        max_length=200,
        blank=True,
        help_text=_("Starts a new page of the form with this title."),
    )
    page_title_fr = models.CharField(_("page title (French)"), max_length=200, blank=True)
    text_en = models.CharField(_("question (English)"), max_length=500)
    text_fr = models.CharField(_("question (French)"), max_length=500)
    hint_en = models.CharField(_("hint (English)"), max_length=500, blank=True)
    hint_fr = models.CharField(_("hint (French)"), max_length=500, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    max_length = models.PositiveIntegerField(
        _("longest answer, in characters"), default=5000, help_text=_("For text questions.")
    )

    # Lets authors move a question up and down, and Wagtail keep the order.
    sort_order_field = "sort_order"

    page_title = InCurrentLanguage("page_title")
    text = InCurrentLanguage("text")
    hint = InCurrentLanguage("hint")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["sort_order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "code"], name="question_code_unique_in_questionnaire"
            ),
            in_both_languages(
                "text",
                "question_asked_in_both_languages",
                _("Write the question in both languages."),
            ),
            in_both_or_neither(
                "page_title",
                "question_page_titled_in_both_languages",
                _("Write the page title in both languages, or in neither."),
            ),
            in_both_or_neither(
                "hint",
                "question_hint_in_both_languages",
                _("Write the hint in both languages, or in neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_text(self) -> bool:
        """Whether people answer in their own words."""
        return kind_of(self).is_text


class Choice(models.Model):
    """One thing that can be chosen, or one point of a rating (then ``value`` is 1 to 5).

    ``code`` is what an answer stores. A choice with ``is_not_applicable`` is its own code and is
    left out of every base. Once the questionnaire has a response, only labels change.
    """

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="choices")
    sort_order = models.PositiveIntegerField(default=0)
    code = models.CharField(_("code"), max_length=40, validators=[CODE_VALIDATOR])
    label_en = models.CharField(_("label (English)"), max_length=200)
    label_fr = models.CharField(_("label (French)"), max_length=200)
    value = models.PositiveSmallIntegerField(_("points"), null=True, blank=True)
    is_not_applicable = models.BooleanField(_("means “not applicable”"), default=False)

    sort_order_field = "sort_order"

    label = InCurrentLanguage("label")

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["sort_order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "code"], name="choice_code_unique"),
            in_both_languages(
                "label",
                "choice_labelled_in_both_languages",
                _("Write the label in both languages."),
            ),
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(value__range=(1, 5)),
                name="choice_value_between_1_and_5",
                violation_error_message=_("Points go from 1 to 5."),
            ),
            models.CheckConstraint(
                condition=models.Q(is_not_applicable=False) | models.Q(value__isnull=True),
                name="choice_not_applicable_has_no_value",
                violation_error_message=_("A choice that means “not applicable” has no points."),
            ),
            # Checked at commit, so that two points may trade places.
            models.UniqueConstraint(
                fields=["question", "value"],
                name="choice_value_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.label


class QuestionnaireWording(models.Model):
    """How a questionnaire was worded in a version that people may have read and that was replaced.

    ``content`` lists its questions and choices with both languages, as
    ``questionnaire_content`` gives them; beside it stands the privacy notice of that version.
    Written once by ``questionnaire_change``; the database refuses UPDATE and DELETE. Receipts and
    exports read it to show each answer beside the words its author read.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="wordings"
    )
    version = models.PositiveIntegerField()
    content = models.JSONField()
    privacy_notice_en = models.TextField(blank=True)
    privacy_notice_fr = models.TextField(blank=True)
    replaced_at = models.DateTimeField(default=timezone.now)

    privacy_notice = InCurrentLanguage("privacy_notice")

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "version"], name="wording_once_per_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} v{self.version}"
