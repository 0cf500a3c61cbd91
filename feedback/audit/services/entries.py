"""Writing one entry: in the transaction of the act, with one INSERT and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Value, When
from django.db.models.functions import Concat

from feedback.audit.enums import About, Act
from feedback.audit.models import AuditEntry
from feedback.people.acting import acting_user
from feedback.people.models import Department, Membership, User

ADMINISTRATOR = "administrator"
LONGEST = 200


def audit_record(
    act: Act,
    *,
    about: About,
    reference: object,
    actor: Any = None,
    department_id: int | None = None,
    account: User | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Keep what was done. ``actor``: else whoever the request came from, else the site by itself.

    ``department_id``: of the thing; without one, those in which the person works whose ``account``
    it was done to, else the actor. ``before`` and ``after`` are JSON-ready: codes and the
    department's own wording, never a citizen's words.
    What the person and the departments are called is read by the INSERT itself.
    """
    user = actor if isinstance(actor, User) else acting_user()
    number = user.pk if user is not None else None
    whose = account.pk if account is not None else number
    AuditEntry.objects.create(
        act=act,
        about=about,
        reference=str(reference)[:LONGEST],
        actor_number=number,
        actor_name=user.get_username() if user is not None else "",
        roles=_roles(user),
        departments=departments_of(whose)
        if department_id is None
        else department_codes(department_id),
        before=before or {},
        after=after or {},
    )


def departments_of(user_id: int | None) -> Any:
    """The codes of the departments somebody works in, for the INSERT to read."""
    if user_id is None:
        return []
    held = Membership.objects.filter(user_id=user_id)
    return _codes(Department.objects.filter(pk__in=held.values("department")))


def department_codes(*department_ids: int) -> Any:
    """The codes of these, for the INSERT to read."""
    return _codes(Department.objects.filter(pk__in=department_ids))


def _codes(departments: Any) -> Any:
    return ArraySubquery(departments.order_by("code").values("code"))


def _roles(user: User | None) -> Any:
    if user is None:
        return []
    if user.is_superuser:
        return [ADMINISTRATOR]
    held = Membership.objects.filter(user_id=user.pk).order_by(
        "department__code", "role", "engagement__reference_number"
    )
    # department/role, and /engagement where it is held there alone.
    alone = Case(
        When(engagement=None, then=Value("")),
        default=Concat(Value("/"), "engagement__reference_number", output_field=CharField()),
        output_field=CharField(),
    )
    words = Concat("department__code", Value("/"), "role", alone, output_field=CharField())
    return ArraySubquery(held.annotate(held_role=words).values("held_role"))
