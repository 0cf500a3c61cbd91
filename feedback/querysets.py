"""Sets of rows, named once and spoken by selectors, views and tasks alike."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from feedback.enums import EngagementStatus

if TYPE_CHECKING:
    from feedback.models import Answer, Engagement, Response  # noqa: F401


class EngagementQuerySet(models.QuerySet["Engagement"]):
    """Engagements by the clock. The window is half-open: opens_at <= now < closes_at."""

    def open(self, at: datetime | None = None) -> EngagementQuerySet:
        """Those that accept a new response at ``at``."""
        moment = at or timezone.now()
        return self.filter(status=EngagementStatus.APPROVED, opens_at__lte=moment).filter(
            Q(closes_at__isnull=True) | Q(closes_at__gt=moment)
        )

    def closed(self, at: datetime | None = None) -> EngagementQuerySet:
        """Those whose closing date has passed and whose outcome is not decided yet."""
        moment = at or timezone.now()
        return self.filter(status=EngagementStatus.APPROVED, closes_at__lte=moment)


class ResponseQuerySet(models.QuerySet["Response"]):
    """Responses, with and without the ones taken back."""

    def standing(self) -> ResponseQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def counts(self) -> dict[tuple[str, str], int]:
        """How many there are by language and channel; only pairs that occur."""
        rows = self.order_by().values_list("language", "channel").annotate(n=models.Count("pk"))
        return {(language, channel): n for language, channel, n in rows}


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Answers, read together with what their response says of them."""

    def standing(self) -> AnswerQuerySet:
        """Those of responses that were not withdrawn."""
        return self.filter(response__withdrawn_at__isnull=True)
