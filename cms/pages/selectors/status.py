"""Where an engagement stands, in words and as a class of a style sheet."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext, ngettext, npgettext, pgettext

from feedback.asking.enums import EngagementKind
from feedback.asking.life import Phase
from feedback.asking.models import Engagement
from feedback.dates import local_day, long_date


def status_text(engagement: Engagement, phase: Phase) -> str:
    """`Open, 9 days left`, `Closed, analysis under way`: the phase, and how long while it lasts."""
    # French says whether a consultation (feminine) or a survey (masculine) is open.
    is_survey = engagement.kind == EngagementKind.SURVEY
    if phase.is_open and engagement.closes_at is not None:
        days = (local_day(engagement.closes_at) - timezone.localdate()).days
        if days <= 0:
            return (
                pgettext("survey", "Open, closes today")
                if is_survey
                else gettext("Open, closes today")
            )
        left = (
            npgettext("survey", "Open, %(days)d day left", "Open, %(days)d days left", days)
            if is_survey
            else ngettext("Open, %(days)d day left", "Open, %(days)d days left", days)
        )
        return left % {"days": days}
    if phase.is_scheduled and engagement.opens_at is not None:
        planned = (
            pgettext("survey", "Planned, opens %(date)s")
            if is_survey
            else gettext("Planned, opens %(date)s")
        )
        return planned % {"date": long_date(engagement.opens_at)}
    return phase.label_for(engagement.kind)


def status_class(phase: Phase) -> str:
    return "open" if phase.is_open else "planned" if phase.is_planned else "closed"
