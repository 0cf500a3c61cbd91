"""Engagements that wait for a person: those that close soon, and those whose outcome is late."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.asking.models import Engagement
from feedback.asking.permissions import engagements_where
from feedback.asking.selectors.engagements import engagements_visible_to
from feedback.people.models import User
from feedback.people.table import Action
from feedback.people.waiting import Item

SOON: Final = timedelta(days=14)


def late_after() -> timedelta:
    """How long after closing what is still to come of it is called late."""
    return timedelta(days=settings.CONSULT_LATE_DAYS)


def closes_soon(user: User) -> list[Item]:
    """The person's engagements that close within two weeks, with how many have answered."""
    now = timezone.now()
    closing = engagements_visible_to(user).open(now).filter(closes_at__lte=now + SOON)
    return [
        Item(
            key=f"closes:{engagement.pk}",
            title=engagement.title,
            address=_address(engagement),
            department=engagement.department,
            said=_answered(sum(tally.count for tally in engagement.tallies.all())),
            due=engagement.closes_at,
        )
        for engagement in closing.prefetch_related("tallies")
    ]


def outcome_late(user: User) -> list[Item]:
    """Closed CONSULT_LATE_DAYS ago and nobody has said what came of it; to those who may."""
    closed = engagements_where(user, Action.DECIDE).awaiting_outcome(timezone.now() - late_after())
    return [
        Item(
            key=f"outcome:{engagement.pk}",
            title=engagement.title,
            address=_address(engagement),
            department=engagement.department,
            said=_("Closed, and no outcome is published."),
            due=engagement.closes_at + late_after(),
        )
        for engagement in closed.select_related("department")
        if engagement.closes_at is not None
    ]


def _answered(number: int) -> str:
    if not number:
        return _("No responses yet.")
    return ngettext("{number} response so far.", "{number} responses so far.", number).format(
        number=number
    )


def _address(engagement: Engagement) -> str:
    return reverse("asking:engagement", args=[engagement.reference_number])
