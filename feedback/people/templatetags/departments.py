"""What a department is called, where a page says who asked."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from feedback.people.departments.history import Naming, naming_of
from feedback.people.models import Department

register = template.Library()


@register.inclusion_tag("people/departments/name.html")
def who_asked(department: Department, moment: date | datetime | None) -> dict[str, Naming]:
    """``moment``: when it asked."""
    return {"naming": naming_of(department, moment)}
