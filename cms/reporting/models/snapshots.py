"""The numbers of a report, as they stood when it was written."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.reporting.frozen import from_json
from cms.reporting.numbers import Numbers
from feedback.asking.models import Engagement, Question


class QuoteMark(models.TextChoices):
    """How a quote of a report was come by, in words for its readers."""

    DRAWN = "drawn", _("Drawn at random from the theme")
    CHOSEN = "chosen", _("Chosen by software: near the middle of the group it made")
    BY_PEOPLE = "by_people", _("Chosen by people")


class FindingsSnapshot(models.Model):
    """The numbers of one question's findings at one moment: counts that may be published, never
    anyone's words.

    Written once by ``findings_draft``; the database refuses UPDATE. Both languages of a report
    point to the same row, so their numbers cannot differ. ``numbers`` is the JSON of
    ``cms.reporting.numbers.Numbers``; ``digest`` is the SHA-256 of its canonical form.

    Names of themes and answers, and the sentences about splits, are kept in both languages as they
    read when the report was drafted: people say yes to words, and a report reads the same years
    later, whatever has been renamed or is worded otherwise since.

    ``quotes_drafted`` says of each passage the software put into a draft, by code of the theme and
    number of the passage, whether it drew it by lot or chose it. A quote that is not among them was
    put there by a person, whatever a form may say.
    """

    engagement = models.ForeignKey(
        Engagement, on_delete=models.PROTECT, related_name="findings_snapshots"
    )
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="findings_snapshots"
    )
    numbers = models.JSONField()
    digest = models.CharField(max_length=64, editable=False)
    quotes_drafted = models.JSONField(default=dict, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("snapshot of findings")
        verbose_name_plural = _("snapshots of findings")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.question} ({self.created_at:%Y-%m-%d})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a snapshot of findings is never changed")
        super().save(*args, **kwargs)

    def mark_of(self, theme: str, passage: int) -> QuoteMark:
        """How a quote under a theme was come by."""
        return QuoteMark(self.quotes_drafted.get(theme, {}).get(str(passage), QuoteMark.BY_PEOPLE))

    @property
    def told(self) -> Numbers:
        """The numbers that passed the guard: all that a page, a file or a picture is made of."""
        return from_json(self.numbers)
