"""One time-bound asking, its state and its history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import RevisionMixin

from feedback.asking.enums import Channel, EngagementKind, Sampling
from feedback.asking.life import PUBLIC, EngagementStatus, Phase, phase_at
from feedback.asking.querysets import EngagementQuerySet
from feedback.bilingual import InCurrentLanguage, Language, in_both_languages
from feedback.people.models import Department


class Engagement(RevisionMixin, models.Model):  # type: ignore[misc]
    """One time-bound asking: a consultation or a survey.

    Written by authors through ``engagement_change``; its status changes only by
    ``engagement_move``. From its approval on, only an approver changes it, and each change is kept
    as an ``EngagementChange``. Whether it is open is computed from the clock
    (``opens_at <= now < closes_at``), never stored. A survey without a closing date stays open.
    Its revisions are its words as they were sent for review, both languages.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=EngagementKind.choices)
    reference_number = models.SlugField(
        _("reference number"),
        max_length=40,
        unique=True,
        help_text=_("Appears in addresses and exports, for example bsc-2026-01. Never changes."),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="engagements",
        verbose_name=_("department"),
    )
    partner_departments = models.ManyToManyField(
        Department,
        blank=True,
        related_name="partner_engagements",
        verbose_name=_("partner departments"),
    )
    title_en = models.CharField(_("title (English)"), max_length=250)
    title_fr = models.CharField(_("title (French)"), max_length=250)
    # Codes of the consultations registry, which asks for both. No form asks for them yet: they wait
    # for the open data that publishes engagements as the registry lists them.
    subjects = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    audiences = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    status = models.CharField(
        _("status"),
        max_length=30,
        choices=EngagementStatus.choices,
        default=EngagementStatus.DRAFT,
    )
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    sampling = models.CharField(
        _("sampling"), max_length=20, choices=Sampling.choices, default=Sampling.OPEN
    )
    contact_email = models.EmailField(_("contact email"), blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    # Gone with it.
    reviews = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        for_concrete_model=False,
    )

    title = InCurrentLanguage("title", _("Title"))
    objects = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        ordering = ["-opens_at", "reference_number"]
        constraints = [
            in_both_languages(
                "title",
                "engagement_titled_in_both_languages",
                _("Write the title in both languages."),
            ),
            models.CheckConstraint(
                condition=models.Q(closes_at__isnull=True)
                | models.Q(closes_at__gt=models.F("opens_at")),
                name="engagement_closes_after_it_opens",
                violation_error_message=_("The closing date must be after the opening date."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def with_content_json(self, content: dict[str, Any]) -> Engagement:
        """Of a revision, which keeps words to compare with and is never put back: as it is."""
        return self

    def phase(self, at: datetime | None = None) -> Phase:
        """Where this engagement stands at ``at``, now if not given. At closes_at it is closed."""
        return phase_at(at or timezone.now(), self.status, self.opens_at, self.closes_at)

    @property
    def phase_label(self) -> str:
        """Where it stands now, in words."""
        return self.phase().label_for(self.kind)

    @property
    def status_label(self) -> str:
        """What people decided about it, in words."""
        return EngagementStatus(self.status).label_for(self.kind)

    @property
    def is_approved(self) -> bool:
        """Whether somebody said yes to the public, at whatever time: its words stand from then."""
        return self.status in PUBLIC

    @property
    def is_open(self) -> bool:
        """Whether a new response is accepted at this moment."""
        return self.phase().is_open


class EngagementEvent(models.Model):
    """One change of status: from, to, who, when, why. Written once by ``engagement_move``."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="events")
    from_status = models.CharField(max_length=30, choices=EngagementStatus.choices)
    to_status = models.CharField(max_length=30, choices=EngagementStatus.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.engagement_id}: {self.from_status} -> {self.to_status}"

    @property
    def from_label(self) -> str:
        """The status before, in words."""
        return EngagementStatus(self.from_status).label_for(self.engagement.kind)

    @property
    def to_label(self) -> str:
        """The status after, in words."""
        return EngagementStatus(self.to_status).label_for(self.engagement.kind)


class EngagementTally(models.Model):
    """How many responses an engagement has, by language and channel, as last counted.

    Recomputed whole from the responses when the outbox says something changed, so that counting
    twice is harmless and no page counts responses while a citizen waits.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="tallies")
    language = models.CharField(max_length=2, choices=Language.choices)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    count = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "language", "channel"], name="tally_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.language} {self.channel}: {self.count}"
