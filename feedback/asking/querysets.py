"""Sets of engagements, named once and spoken by selectors, views and tasks alike."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from feedback.asking.enums import EngagementStatus

if TYPE_CHECKING:
    from feedback.asking.models import Engagement  # noqa: F401


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
