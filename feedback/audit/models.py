"""Who did what, when and to what: rows that are written once."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.audit.enums import About, Act


class AuditEntry(models.Model):
    """One act of somebody on the staff, or of the site by itself.

    Written by ``services.entries.audit_record`` in the transaction of the act. The database refuses
    to change or delete it, but for ``place`` and ``seal``, filled once by the chaining task
    (`feedback.audit.services.chain`).

    Nothing in it refers to another row, so that it outlives what it is about: ``actor_name`` is the
    user name at the time, empty for the site by itself; ``roles`` are all that the person held,
    as ``department/role`` or ``administrator``; ``departments`` are the codes of those whose
    auditors read it. ``before`` and ``after`` hold codes, numbers, dates and the department's own
    wording, never a word of a citizen.
    """

    at = models.DateTimeField(default=timezone.now)
    act = models.CharField(max_length=30, choices=Act.choices)
    actor_number = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150, blank=True)
    roles = ArrayField(models.CharField(max_length=80), default=list)
    departments = ArrayField(models.CharField(max_length=40), default=list)
    about = models.CharField(max_length=20, choices=About.choices)
    reference = models.CharField(max_length=200, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    place = models.BigIntegerField(null=True, unique=True)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["actor_name", "id"], name="audit_by_person"),
            models.Index(fields=["reference", "id"], name="audit_by_reference"),
            # What the chaining task looks for, every few seconds.
            models.Index(
                fields=["id"], condition=models.Q(place__isnull=True), name="audit_not_chained"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(place__isnull=True, seal="")
                | (models.Q(place__gt=0) & ~models.Q(seal="")),
                name="audit_entry_sealed_in_its_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.reference}"


class AuditTally(models.Model):
    """How often something has happened since ``since`` that needs no account: `services.tallies`.

    A row for each account or invitation and reason, used again every day: whoever tries cannot
    make it grow.
    """

    act = models.CharField(max_length=30, choices=Act.choices)
    reference = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=20)
    since = models.DateTimeField()
    times = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act", "reference", "why"], name="audit_tally_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.reference}: {self.times}"


class AuditHead(models.Model):
    """How far the chain has come: one row. Whoever chains holds it, so that one does at a time."""

    place = models.BigIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="audit_head_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.place}:{self.seal}"
