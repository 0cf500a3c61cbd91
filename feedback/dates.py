"""Dates and times in running text, as the Government of Canada writes them in each language.

English: `November 30, 2026`, `11:59 pm Eastern time`, `from June 2 to 30, 2026`. Canadian French:
`1er décembre 2026`, `23 h 59 (heure de l'Est)`, `du 2 au 30 juin 2026`. The language is the active
one; the spaces are U+00A0, so that a number never breaks from its month or its unit. Django's
formats (consult.formats) cannot say `1er`, nor leave out `:00`, nor name the time zone.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import get_language

from feedback.zones import zone_name

NBSP = "\u00a0"


def is_french() -> bool:
    return (get_language() or "en").startswith("fr")


def local_day(value: date | datetime) -> date:
    """The calendar day of ``value`` where the department is."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def long_date(value: date | datetime, *, with_year: bool = True) -> str:
    """`November 30, 2026` or `30 novembre 2026`; the first of a French month is `1er`."""
    day = local_day(value)
    month = str(MONTHS[day.month])
    if is_french():
        text = f"{_french_day(day)}{NBSP}{month}"
        return f"{text}{NBSP}{day.year}" if with_year else text
    text = f"{month}{NBSP}{day.day}"
    return f"{text}, {day.year}" if with_year else text


def _french_day(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def clock_time(value: datetime) -> str:
    """`4 pm`, `11:59 pm`, `16 h`, `23 h 59`, where the department is."""
    moment = timezone.localtime(value)
    if is_french():
        minutes = f"{NBSP}{moment.minute:02d}" if moment.minute else ""
        return f"{moment.hour}{NBSP}h{minutes}"
    hour = moment.hour % 12 or 12
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{hour}{minutes}{NBSP}{'am' if moment.hour < 12 else 'pm'}"


def moment_with_zone(value: datetime) -> str:
    """`November 30, 2026, 11:59 pm Eastern time`, `30 novembre 2026 à 23 h 59 (heure de l'Est)`."""
    if is_french():
        return f"{long_date(value)} à{NBSP}{clock_time(value)} ({zone_name()})"
    return f"{long_date(value)}, {clock_time(value)} {zone_name()}"


def date_range(first: date | datetime, last: date | datetime) -> str:
    """`from June 2 to 30, 2026`, `on June 2, 2026`; `du 2 au 30 juin 2026`, `le 2 juin 2026`.

    With its preposition, since one day takes another than several; what both ends share is said
    once.
    """
    start, end = local_day(first), local_day(last)
    if start == end:
        return f"{'le' if is_french() else 'on'}{NBSP}{long_date(start)}"
    same_year = start.year == end.year
    same_month = same_year and start.month == end.month
    if is_french():
        opening = _french_day(start) if same_month else long_date(start, with_year=not same_year)
        return f"du{NBSP}{opening} au{NBSP}{long_date(end)}"
    opening = long_date(start, with_year=not same_year)
    closing = f"{end.day}, {end.year}" if same_month else long_date(end)
    return f"from{NBSP}{opening} to{NBSP}{closing}"
