"""Reading the audit log: one's own departments' entries, narrowed by what is looked for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from feedback.audit.enums import About
from feedback.audit.models import AuditEntry
from feedback.people.models import Anyone, Membership
from feedback.people.permissions import actions_of, departments_where, is_administrator
from feedback.people.table import Action, roles_ever_for


def may_audit(user: Anyone) -> bool:
    """Whether the person reads the log of some department, or of one engagement."""
    return Action.AUDIT in actions_of(user)


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
        found = found.filter(_of_whom(user))
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


def _of_whom(user: Anyone) -> Q:
    """What concerns the departments whose log the person reads; of one engagement alone, what was
    done to it and to its pages, which are named after it (`12` of `bsc-2026-01 12`)."""
    codes = departments_where(user, Action.AUDIT).values_list("code", flat=True)
    found = Q(departments__overlap=list(codes))
    alone = Membership.objects.filter(
        user_id=user.pk or 0, role__in=roles_ever_for(Action.AUDIT), engagement__isnull=False
    )
    for code, number in alone.values_list("department__code", "engagement__reference_number"):
        named = Q(about=About.ENGAGEMENT, reference=number)
        named |= Q(about=About.PAGE, reference__startswith=f"{number} ")
        found |= Q(departments__contains=[code]) & named
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
