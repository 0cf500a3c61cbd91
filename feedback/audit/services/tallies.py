"""What anybody can make happen as often as they like, without an account: told, and counted.

The first, tenth, hundredth, … time within a day is an entry, with how many there were. So the log
says that somebody tried ten thousand passwords, and grows by five entries.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from feedback.audit.enums import About, Act
from feedback.audit.models import AuditEntry, AuditTally
from feedback.audit.services.entries import department_codes, departments_of
from feedback.people.models import Invitation, User

WINDOW: Final = timedelta(days=1)


@transaction.atomic
def audit_record_sometimes(act: Act, of: User | Invitation | None, *, why: str) -> None:
    """``of``: whose account or which invitation it was, None where there is none; ``why``: a code.
    By whom is not known."""
    reference = _reference(of)
    times = _count(act, reference, why)
    if not _is_power_of_ten(times):
        return
    AuditEntry.objects.create(
        act=act,
        about=About.INVITATION if isinstance(of, Invitation) else About.USER,
        reference=reference,
        departments=_departments(of),
        after={"why": str(why), "times": times},
    )


def _reference(of: User | Invitation | None) -> str:
    if of is None:
        return ""
    return str(of.pk) if isinstance(of, Invitation) else of.get_username()


def _count(act: Act, reference: str, why: str) -> int:
    """How often it has happened within the day that began with the first."""
    now = timezone.now()
    told = {"act": act, "reference": reference, "why": why}
    AuditTally.objects.bulk_create([AuditTally(**told, since=now)], ignore_conflicts=True)
    tally = AuditTally.objects.select_for_update().get(**told)
    if now - tally.since >= WINDOW:
        tally.since, tally.times = now, 0
    tally.times += 1
    tally.save(update_fields=["since", "times"])
    return tally.times


def _is_power_of_ten(times: int) -> bool:
    return bool(times == 10 ** (len(str(times)) - 1))


def _departments(of: User | Invitation | None) -> Any:
    if isinstance(of, Invitation):
        return department_codes(of.department_id)
    return departments_of(of.pk) if of is not None else []
