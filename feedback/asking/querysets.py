"""Sets of engagements and questions, named once and spoken by selectors, views and tasks alike."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from feedback.asking.kinds import codes_where
from feedback.asking.life import BY_THE_CLOCK, PUBLIC

if TYPE_CHECKING:
    from feedback.asking.models import Engagement, Question  # noqa: F401


class EngagementQuerySet(models.QuerySet["Engagement"]):
    """Engagements by what people decided and by the clock. The window is half-open:
    opens_at <= now < closes_at."""

    def public(self) -> EngagementQuerySet:
        """Those that exist for the public, since somebody said yes to them."""
        return self.filter(status__in=PUBLIC)

    def prepared(self) -> EngagementQuerySet:
        """Those that nobody has said yes to yet: they are their authors' own."""
        return self.exclude(status__in=PUBLIC)

    def open(self, at: datetime | None = None) -> EngagementQuerySet:
        """Those that accept a new response at ``at``."""
        moment = at or timezone.now()
        return self.filter(status__in=BY_THE_CLOCK, opens_at__lte=moment).filter(
            Q(closes_at__isnull=True) | Q(closes_at__gt=moment)
        )

    def awaiting_outcome(self, at: datetime | None = None) -> EngagementQuerySet:
        """Those whose closing date has passed and whose outcome is not decided yet."""
        moment = at or timezone.now()
        return self.filter(status__in=BY_THE_CLOCK, closes_at__lte=moment)


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions by what their kinds say."""

    def in_words(self) -> QuestionQuerySet:
        """Those people answer in their own words."""
        return self.filter(kind__in=codes_where(lambda kind: kind.is_text))

    def with_one_answer(self) -> QuestionQuerySet:
        """Those to which each person chose one thing."""
        return self.filter(kind__in=codes_where(lambda kind: kind.has_one_answer))

    def analysed_when_closed(self) -> QuestionQuerySet:
        """Those grouped into themes without anybody asking, once their engagement has closed."""
        return self.filter(kind__in=codes_where(lambda kind: kind.is_analysed_when_closed))
