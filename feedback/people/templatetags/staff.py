"""What the frame and the home of staff ask."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback import dates
from feedback.people.bar import Entry, bar_entries_of, bar_place
from feedback.people.waiting import Item

register = template.Library()


@register.simple_tag(takes_context=True)
def bar_entries(context: Context) -> list[Entry]:
    """Where the person who is signed in may go."""
    return bar_entries_of(context["request"].user)


@register.filter
def place_in_cms(view_name: str) -> str:
    """Which entry of the bar a screen of Wagtail's admin belongs to."""
    return bar_place(view_name)


@register.simple_tag
def today() -> str:
    """`Monday, November 30, 2026`, `Lundi 30 novembre 2026`."""
    day = timezone.localdate()
    weekday = capfirst(str(WEEKDAYS[day.weekday()]))
    between = " " if dates.is_french() else ", "
    return f"{weekday}{between}{dates.long_date(day)}"


@register.filter
def how_long(item: Item) -> str | SafeString:
    """`today`, `tomorrow`, `in 4 days`, `3 days late`; without a date when it is due, for how long
    it has waited. Days are the calendar's, where the department is."""
    day = timezone.localdate()
    if item.due is not None:
        days = (dates.local_day(item.due) - day).days
        if item.due <= timezone.now():
            late = -days
            said = (
                ngettext("{n} day late", "{n} days late", late).format(n=late)
                if late
                else _("late since today")
            )
            return format_html('<span class="late">{}</span>', said)
        if days < 2:
            return _("tomorrow") if days else _("today")
        return ngettext("in {n} day", "in {n} days", days).format(n=days)
    if item.since is None:
        return ""
    days = (day - dates.local_day(item.since)).days
    if days < 1:
        return _("since today")
    return ngettext("for {n} day", "for {n} days", days).format(n=days)
