"""What is done to users, roles and departments: told by the signals of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Model

from feedback.audit.enums import About, Act
from feedback.audit.services.entries import audit_record
from feedback.people.leaving.work import Held
from feedback.people.models import Department, Membership, User

# What is told of each, beside who it is. Never a password.
USER = ("username", "email", "is_active", "is_superuser", "language")
DEPARTMENT = (
    "code", "name_en", "name_fr", "named_since", "email", "phone", "accent_colour", "smallest_cell",
)  # fmt: skip
_BEFORE = "_audit_before"


def _said(row: Model, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _stored(row: Model, names: tuple[str, ...]) -> dict[str, Any] | None:
    stored = type(row)._default_manager.filter(pk=row.pk).values(*names).first()
    return {name: _plain(value) for name, value in stored.items()} if stored else None


def _plain(value: Any) -> Any:
    """As JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def user_before(sender: Any, instance: User, update_fields: Any = None, **kwargs: Any) -> None:
    """pre_save. Signing in saves `last_login` alone: nothing of that is told here."""
    concerns = update_fields is None or not {*USER, "password"}.isdisjoint(update_fields)
    names = (*USER, "password")
    setattr(instance, _BEFORE, _stored(instance, names) if concerns and instance.pk else None)


def user_saved(sender: Any, instance: User, created: bool, raw: bool = False, **kw: Any) -> None:
    """post_save. That a password was changed is told; what it is, is not."""
    after = _said(instance, USER)
    if created:
        _of_user(Act.USER_CREATED, instance, after=after)
        return
    before = getattr(instance, _BEFORE, None)
    if before is None:
        return
    was, is_now = _differences(before, after)
    if before["password"] != instance.password:
        _of_user(Act.PASSWORD_CHANGED, instance)
    if is_now:
        _of_user(Act.USER_CHANGED, instance, before=was, after=is_now)


def user_deleted(sender: Any, instance: User, **kwargs: Any) -> None:
    """pre_delete: while it is known where the person worked."""
    _of_user(Act.USER_DELETED, instance, before=_said(instance, USER))


def person_left(sender: Any, user: User, actor: User | None, **kwargs: Any) -> None:
    _of_user(Act.USER_LEFT, user, actor=actor)


def person_returned(sender: Any, user: User, actor: User | None, **kwargs: Any) -> None:
    _of_user(Act.USER_RETURNED, user, actor=actor)


def work_handed_over(sender: Any, user: User, heir: User, held: Held, **kwargs: Any) -> None:
    """One thing: its kind and number, never its title."""
    audit_record(
        Act.WORK_HANDED_OVER,
        about=About.USER,
        reference=user.get_username(),
        department_id=held.department.pk if held.department is not None else None,
        before={"holder": user.get_username(), "thing": f"{held.kind} {held.pk}"},
        after={"holder": heir.get_username(), "thing": f"{held.kind} {held.pk}"},
    )


def _of_user(act: Act, user: User, **told: Any) -> None:
    """Read by the auditors of where the person works, whoever did it."""
    audit_record(act, about=About.USER, reference=user.get_username(), account=user, **told)


def _differences(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in after if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def _role(membership: Membership) -> dict[str, Any]:
    told = {"role": membership.role, "department": membership.department.code}
    if membership.engagement is not None:
        told["engagement"] = membership.engagement.reference_number
    return told


def membership_before(sender: Any, instance: Membership, **kwargs: Any) -> None:
    """pre_save."""
    stored = Membership.objects.filter(pk=instance.pk).select_related(
        "department", "user", "engagement"
    )
    setattr(instance, _BEFORE, stored.first())


def membership_saved(sender: Any, instance: Membership, created: bool, **kwargs: Any) -> None:
    """post_save. A role moved to another person or department was taken from the first."""
    before: Membership | None = getattr(instance, _BEFORE, None)
    if created or before is None:
        _of_role(Act.ROLE_GIVEN, instance, after=_role(instance))
    elif (before.user_id, before.department_id) != (instance.user_id, instance.department_id):
        _of_role(Act.ROLE_TAKEN_AWAY, before, before=_role(before))
        _of_role(Act.ROLE_GIVEN, instance, after=_role(instance))
    elif _role(before) != _role(instance):
        _of_role(Act.ROLE_CHANGED, instance, before=_role(before), after=_role(instance))


def membership_deleted(sender: Any, instance: Membership, **kwargs: Any) -> None:
    """pre_delete, while the person and the department are there to be named."""
    _of_role(Act.ROLE_TAKEN_AWAY, instance, before=_role(instance))


def _of_role(act: Act, membership: Membership, **told: Any) -> None:
    audit_record(
        act,
        about=About.USER,
        reference=membership.user.get_username(),
        department_id=membership.department_id,
        **told,
    )


def department_before(sender: Any, instance: Department, **kwargs: Any) -> None:
    """pre_save."""
    setattr(instance, _BEFORE, _stored(instance, DEPARTMENT) if instance.pk else None)


def department_saved(sender: Any, instance: Department, created: bool, **kwargs: Any) -> None:
    """post_save."""
    after = _said(instance, DEPARTMENT)
    before = getattr(instance, _BEFORE, None)
    if created or before is None:
        _of_department(Act.DEPARTMENT_CREATED, instance, after=after)
        return
    was, is_now = _differences(before, after)
    if is_now:
        _of_department(Act.DEPARTMENT_CHANGED, instance, before=was, after=is_now)


def department_deleted(sender: Any, instance: Department, **kwargs: Any) -> None:
    """pre_delete."""
    _of_department(Act.DEPARTMENT_DELETED, instance, before=_said(instance, DEPARTMENT))


def department_merged(
    sender: Any, department: Department, actor: User | None, **kwargs: Any
) -> None:
    """Of `feedback.people.signals`."""
    _of_department(
        Act.DEPARTMENT_MERGED,
        department,
        actor=actor,
        after={
            "successor": department.successor.code if department.successor else "",
            "merged_on": _plain(department.merged_on),
        },
    )


def _of_department(act: Act, department: Department, **told: Any) -> None:
    audit_record(
        act,
        about=About.DEPARTMENT,
        reference=department.code,
        department_id=department.pk,
        **told,
    )
