"""What becomes of a department: it is renamed, or goes into another.

A new name leaves the one before behind, with the day on which it ended: pages say "formerly", and a
report keeps the name it was drafted under. A department that merges stays where it was, with all it
asked, at the same addresses; the people of the one it went into act there as in their own
(`feedback.people.permissions`). Nothing is moved, so nothing can be lost on the way, and the
history says who asked. `docs/adr/0016-departments-that-merge.md` says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.dates import local_day
from feedback.people.models import Department, FormerName, Invitation, Membership, User
from feedback.people.signals import department_merged


class Refused(TextChoices):
    """Why a department is not renamed or merged so."""

    FUTURE = "future", _("That day is still to come: do it on that day.")
    BEFORE = "before", _("The present name is newer than that.")
    ITSELF = "itself", _("A department cannot go into itself.")
    GONE = "gone", _("It has gone into another department already, and that is not undone.")
    INTO_GONE = (
        "into_gone",
        _("That department has itself gone into another: name the one it went into."),
    )


class HistoryRefused(Exception):  # noqa: N818 (named for what happened)
    def __init__(self, why: Refused) -> None:
        super().__init__(why)
        self.why = why

    @property
    def says(self) -> Promise:
        return self.why.label


@transaction.atomic
def department_rename(
    *, department: Department, name_en: str, name_fr: str, since: date | None
) -> None:
    """``since``: from when it is called so; None: a correction, and the spelling before is not
    kept. Raises HistoryRefused."""
    if since is not None:
        if since > today():
            raise HistoryRefused(Refused.FUTURE)
        if department.named_since is not None and since <= department.named_since:
            raise HistoryRefused(Refused.BEFORE)
        before = Department.objects.get(pk=department.pk)
        FormerName.objects.create(
            department=department, name_en=before.name_en, name_fr=before.name_fr, until=since
        )
        department.named_since = since
    department.name_en, department.name_fr = name_en, name_fr
    department.save(update_fields=["name_en", "name_fr", "named_since"])


@transaction.atomic
def department_merge(*, department: Department, into: Department, on: date, actor: User) -> None:
    """From then on ``into`` answers for all that ``department`` asked. Raises HistoryRefused.

    Whoever worked in it works in the other, in the same roles; roles in one engagement stay with
    the engagement. Open invitations are to the other.
    """
    # In one order: of two at once that would send each into the other, one is refused.
    pks = (department.pk, into.pk)
    locked = Department.objects.select_for_update().filter(pk__in=pks).order_by("pk").in_bulk()
    merging, heir = locked[department.pk], locked[into.pk]
    if merging.pk == heir.pk:
        raise HistoryRefused(Refused.ITSELF)
    if merging.successor_id is not None:
        raise HistoryRefused(Refused.GONE)
    if heir.successor_id is not None:
        raise HistoryRefused(Refused.INTO_GONE)
    if on > today():
        raise HistoryRefused(Refused.FUTURE)
    merging.successor, merging.merged_on = heir, on
    merging.save(update_fields=["successor", "merged_on"])
    # Those that went into it before: a successor is always one that is there.
    merging.predecessors.update(successor=heir)
    for membership in merging.memberships.all():
        Membership.objects.get_or_create(
            user_id=membership.user_id,
            department=heir,
            role=membership.role,
            engagement=membership.engagement,
        )
        membership.delete()
    Invitation.objects.filter(department=merging, accepted_at=None, withdrawn_at=None).update(
        department=heir
    )
    department.refresh_from_db()
    department_merged.send(sender=Department, department=merging, actor=actor)


def today() -> date:
    """Where the department is."""
    return local_day(timezone.now())


# --- What it is called -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Naming:
    """``name``: today's; ``formerly``: that of the day in question, where it was another;
    ``successor``: the one it has gone into since. Empty where there is none."""

    name: str
    formerly: str
    successor: str


def naming_of(department: Department, moment: date | datetime | None) -> Naming:
    """As the page that says who asked has it. Asks the database only of one that was renamed or
    merged."""
    then = local_day(moment) if moment is not None else None
    former = None
    if then is not None and department.named_since is not None and then < department.named_since:
        former = department.former_names.filter(until__gt=then).order_by("until").first()
    return Naming(
        name=department.name,
        formerly=former.name if former is not None else "",
        successor=department.successor.name if department.successor is not None else "",
    )
