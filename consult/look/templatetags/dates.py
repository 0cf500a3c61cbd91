"""Dates in running text: ``{{ engagement.closes_at|moment_with_zone }}``."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from feedback import dates

register = template.Library()


@register.filter
def long_date(value: date | datetime | None) -> str:
    return dates.long_date(value) if value else ""


@register.filter
def moment_with_zone(value: datetime | None) -> str:
    return dates.moment_with_zone(value) if value else ""
