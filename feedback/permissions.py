"""Who may do what: a person's roles in a department decide, and nothing else."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet

from feedback.enums import EngagementStatus, Role
from feedback.models import Department, Engagement, Membership

type_of_user = AbstractBaseUser | AnonymousUser

# Which roles may bring an engagement to a status. Saying yes to the public is not an editor's.
MOVERS: dict[EngagementStatus, frozenset[Role]] = {
    EngagementStatus.DRAFT: frozenset({Role.EDITOR, Role.PUBLISHER}),
    EngagementStatus.IN_REVIEW: frozenset({Role.EDITOR, Role.PUBLISHER}),
    EngagementStatus.APPROVED: frozenset({Role.PUBLISHER}),
    EngagementStatus.OUTCOME_PUBLISHED: frozenset({Role.PUBLISHER}),
    EngagementStatus.NO_REPORT_EXPECTED: frozenset({Role.PUBLISHER}),
    EngagementStatus.WITHDRAWN: frozenset({Role.PUBLISHER}),
}


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


def may_see(user: type_of_user, engagement: Engagement) -> bool:
    """Whether the person works in the department that asks. To all others it does not exist."""
    return bool(roles_in(user, engagement.department))


def may_read(user: type_of_user, engagement: Engagement) -> bool:
    """Whether the person may open its words, dates and questions, whoever may change them now.

    A publisher reads them before saying yes.
    """
    return has_role(user, engagement.department, Role.EDITOR, Role.PUBLISHER)


def may_change(user: type_of_user, engagement: Engagement) -> bool:
    """Whether the person may change its words, dates and questions as it stands now.

    Editors until it is approved; from then on publishers, because whoever said yes to the public
    said yes to these words.
    """
    role = Role.PUBLISHER if engagement.is_approved else Role.EDITOR
    return has_role(user, engagement.department, role)


def may_move(user: type_of_user, engagement: Engagement, to: EngagementStatus | str) -> bool:
    """Whether the person may bring the engagement to that status, if it can go there at all."""
    return has_role(user, engagement.department, *MOVERS[EngagementStatus(to)])


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
