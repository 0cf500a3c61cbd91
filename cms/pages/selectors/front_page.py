"""The front page: what is open, coming, recently closed and reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext

from cms.pages.models import ConsultationPage, HomePage, SurveyPage
from cms.pages.selectors.status import status_class, status_text
from cms.publishing.models.engagements import EngagementPage
from cms.reporting.models import FindingsPage
from feedback.dates import long_date

# How long after closing a consultation still stands on the front page without a report.
RECENTLY_CLOSED_DAYS = 365


@dataclass(frozen=True, slots=True)
class Card:
    """One engagement or report in a list."""

    title: str
    url: str
    lead: str
    status: str
    status_class: str
    detail: str
    department: str


@dataclass(frozen=True, slots=True)
class FrontPageLists:
    open: tuple[Card, ...]
    planned: tuple[Card, ...]
    closed: tuple[Card, ...]
    findings: tuple[Card, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.open or self.planned or self.closed or self.findings)


def front_page_lists(home: HomePage) -> FrontPageLists:
    """What is open, coming, recently closed and reported, in the language of ``home``."""
    pages: list[EngagementPage] = []
    for model in (ConsultationPage, SurveyPage):
        pages += (
            model.objects.child_of(home)
            .live()
            .public()
            .select_related("engagement__department", "locale")
        )
    stand = [(page, page.phase) for page in pages]
    far = timezone.now() + timedelta(days=10_000)
    open_now = sorted(
        (page for page, phase in stand if phase.is_open),
        key=lambda page: page.engagement.closes_at or far,
    )
    planned = sorted(
        (page for page, phase in stand if phase.is_scheduled),
        key=lambda page: page.engagement.opens_at or far,
    )
    horizon = timezone.now() - timedelta(days=RECENTLY_CLOSED_DAYS)
    closed = sorted(
        (
            page
            for page, phase in stand
            if phase.is_unreported
            and (page.engagement.closes_at is None or page.engagement.closes_at > horizon)
        ),
        key=lambda page: page.engagement.closes_at or far,
        reverse=True,
    )
    reports = (
        FindingsPage.objects.descendant_of(home)
        .live()
        .public()
        .select_related("snapshot__engagement__department", "locale")
        .order_by("-first_published_at")
    )
    return FrontPageLists(
        open=tuple(_card(page) for page in open_now),
        planned=tuple(_card(page) for page in planned),
        closed=tuple(_card(page) for page in closed),
        findings=tuple(_report_card(page) for page in reports),
    )


def _card(page: EngagementPage) -> Card:
    engagement = page.engagement
    if page.phase.is_open and engagement.closes_at is not None:
        detail = gettext("Closes %(date)s") % {"date": long_date(engagement.closes_at)}
    elif page.is_closed and engagement.closes_at is not None:
        detail = gettext("Closed %(date)s") % {"date": long_date(engagement.closes_at)}
    else:
        detail = ""
    return Card(
        title=page.short_title if page.is_closed or page.is_withdrawn else page.title,
        url=page.url or "",
        lead=page.lead,
        status=status_text(engagement, page.phase),
        status_class=status_class(page.phase),
        detail=detail,
        department=page.asked_by,
    )


def _report_card(page: FindingsPage) -> Card:
    published = page.first_published_at
    return Card(
        title=page.title,
        url=page.url or "",
        lead=page.lead,
        status="",
        status_class="",
        detail=gettext("Published %(date)s") % {"date": long_date(published)} if published else "",
        department=page.asked_by,
    )
