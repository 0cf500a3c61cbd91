"""Counting responses, so that no page counts them while someone waits."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from feedback.answering.models import Response
from feedback.asking.enums import Channel
from feedback.asking.models import Engagement, EngagementTally
from feedback.bilingual import Language


def engagement_tally_refresh(*, engagement_id: int) -> None:
    """Count an engagement's standing responses anew, by language and channel.

    Counts everything each time, so that messages may come twice, late or out of order. The lock
    keeps an older count from overwriting a newer one and lets responses through.
    """
    with transaction.atomic():
        if not Engagement.objects.select_for_update(no_key=True).filter(pk=engagement_id).exists():
            return
        counted = Response.objects.standing().filter(engagement_id=engagement_id).counts()
        now = timezone.now()
        EngagementTally.objects.filter(engagement_id=engagement_id).delete()
        EngagementTally.objects.bulk_create(
            EngagementTally(
                engagement_id=engagement_id,
                language=Language(language),
                channel=Channel(channel),
                count=count,
                counted_at=now,
            )
            for (language, channel), count in counted.items()
        )
