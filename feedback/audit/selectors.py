"""Reading the audit log: one's own departments' entries, narrowed by what is looked for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from feedback.audit.models import AuditEntry
from feedback.people.models import Anyone
from feedback.people.permissions import departments_where, is_administrator
from feedback.people.table import Action


def may_audit(user: Anyone) -> bool:
    """Whether the person reads the log of some department."""
    return is_administrator(user) or departments_where(user, Action.AUDIT).exists()


def entries_for(
    user: Anyone,
    *,
    person: str = "",
    act: str = "",
    reference: str = "",
    since: date | None = None,
    until: date | None = None,
    **_others: Any,
) -> QuerySet[AuditEntry]:
    """Newest first. ``person``: a whole user name; ``reference``: any part of it; both days count,
    where the department is."""
    found = AuditEntry.objects.all()
    if not is_administrator(user):
        codes = departments_where(user, Action.AUDIT).values_list("code", flat=True)
        found = found.filter(departments__overlap=list(codes))
    if person:
        found = found.filter(actor_name__iexact=person)
    if act:
        found = found.filter(act=act)
    if reference:
        found = found.filter(reference__icontains=reference)
    if since is not None:
        found = found.filter(at__gte=_midnight(since))
    if until is not None:
        found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
