"""Who may do what: a person's roles in a department decide, and nothing else."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet

from feedback.people.enums import Role
from feedback.people.models import Department, Membership

type_of_user = AbstractBaseUser | AnonymousUser


def is_administrator(user: type_of_user) -> bool:
    """Whether this person may do everything in every department."""
    return bool(user.is_active and getattr(user, "is_superuser", False))


def roles_in(user: type_of_user, department: Department) -> frozenset[Role]:
    """The roles of a person in a department; all of them for an administrator."""
    if not user.is_active or not user.is_authenticated:
        return frozenset()
    if is_administrator(user):
        return frozenset(Role)
    held = Membership.objects.filter(user_id=user.pk, department=department)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def has_role(user: type_of_user, department: Department, *roles: Role) -> bool:
    """Whether the person holds one of these roles there."""
    return not roles_in(user, department).isdisjoint(roles)


def departments_of(user: type_of_user, *roles: Role) -> QuerySet[Department]:
    """The departments in which the person holds one of these roles; any role if none is named."""
    if is_administrator(user):
        return Department.objects.all()
    if not user.is_active or not user.is_authenticated:
        return Department.objects.none()
    held = Membership.objects.filter(user_id=user.pk)
    if roles:
        held = held.filter(role__in=roles)
    return Department.objects.filter(pk__in=held.values("department"))
