"""Engagements as staff and pages see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from feedback.asking.enums import Channel
from feedback.asking.life import FIRST_FOR_STAFF, Phase
from feedback.asking.models import Engagement, EngagementChange, EngagementEvent, EngagementTally
from feedback.asking.permissions import engagements_where, scope_of
from feedback.asking.querysets import EngagementQuerySet
from feedback.bilingual import Language
from feedback.people.models import Anyone
from feedback.people.permissions import require
from feedback.people.table import Action


@dataclass(frozen=True, slots=True)
class EngagementCounts:
    """How many responses stand, as last counted; ``counted_at`` is None before the first count."""

    total: int
    by_language: dict[Language, int]
    by_channel: dict[Channel, int]
    counted_at: datetime | None


def engagement_counts(engagement: Engagement) -> EngagementCounts:
    """From the tally, never by counting responses while someone waits."""
    return _summed(engagement.tallies.all())


def _summed(tallies: Iterable[EngagementTally]) -> EngagementCounts:
    by_language = dict.fromkeys(Language, 0)
    by_channel: dict[Channel, int] = {}
    counted_at: datetime | None = None
    for tally in tallies:
        by_language[Language(tally.language)] += tally.count
        channel = Channel(tally.channel)
        by_channel[channel] = by_channel.get(channel, 0) + tally.count
        counted_at = max(counted_at or tally.counted_at, tally.counted_at)
    return EngagementCounts(sum(by_language.values()), by_language, by_channel, counted_at)


def engagement_history(
    engagement: Engagement,
) -> list[tuple[datetime, EngagementEvent | EngagementChange]]:
    """Every move and every change of what the public reads, oldest first, with who made it."""
    rows: list[EngagementEvent | EngagementChange] = [
        *engagement.events.select_related("actor", "engagement"),
        *engagement.changes.select_related("actor"),
    ]
    return sorted(((row.at, row) for row in rows), key=lambda entry: entry[0])


def engagements_visible_to(user: Anyone) -> EngagementQuerySet:
    """Those that exist for the person; all for an administrator."""
    return engagements_where(user, Action.SEE).select_related("department")


def engagements_with_counts(
    user: Anyone,
) -> list[tuple[Engagement, Phase, EngagementCounts]]:
    """The person's engagements with where each stands and how many answered; two queries.

    Those that take responses now come first, then the closed ones that wait, then the others.
    """
    order = {phase: place for place, phase in enumerate(FIRST_FOR_STAFF)}
    rows = [
        (engagement, engagement.phase(), _summed(engagement.tallies.all()))
        for engagement in engagements_visible_to(user).prefetch_related("tallies")
    ]
    return sorted(rows, key=lambda row: order.get(row[1], len(order)))


def engagement_for_staff(user: Anyone, reference: str, action: Action = Action.SEE) -> Engagement:
    """The engagement with this reference number, for a person who may have it.

    Another department's raises Http404, as one that is not there does; PermissionDenied where the
    person works there and may not do ``action``.
    """
    engagement = engagements_visible_to(user).filter(reference_number=reference).first()
    if engagement is None:
        raise Http404
    if action != Action.SEE:
        require(user, action, scope_of(engagement))
    return engagement
