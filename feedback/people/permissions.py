"""Who may do what: a person's roles in a department, looked up in the one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from feedback.people.enums import Role
from feedback.people.models import Anyone, Department, Membership, User
from feedback.people.querysets import DepartmentQuerySet
from feedback.people.table import SHARED, Action, State, roles_ever_for, roles_for


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose a thing is and how it stands: all that decides on it. The room whose thing it is makes
    the scope. What belongs to no department is the administrators'.

    ``engagement``: the number of the one it belongs to, for roles that are held there alone;
    ``partners``: the departments with which it is shared.
    """

    department: Department | None
    state: State | None = None
    engagement: int | None = None
    partners: QuerySet[Department] | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A role in a department, or in one ``engagement`` of it."""

    role: Role
    department: int
    engagement: int | None


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody may do something, by number: in all of these departments, in these
    engagements (each with its department), and in what is shared with these departments."""

    departments: frozenset[int]
    engagements: frozenset[tuple[int, int]]
    partners: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.departments or self.engagements or self.partners)


def is_administrator(user: Anyone) -> bool:
    """Whether this person may do everything in every department."""
    return bool(user.is_active and user.is_superuser)


# --- One look a request --------------------------------------------------------------------------

_KEPT: Final = "_held_in_this_request"


def held_by(user: Anyone) -> frozenset[Held]:
    """The roles somebody holds, of which an administrator needs none."""
    if not user.is_active or user.pk is None:
        return frozenset()
    kept: frozenset[Held] | None = getattr(user, _KEPT, None)
    return _looked_up(user.pk) if kept is None else kept


def held_keep(user: Anyone) -> None:
    """Look once: for the person of a request, whose row is read anew for each. Whoever writes what
    it decides on, and may have waited for somebody else, asks `held_anew` first."""
    if user.is_active and user.pk is not None:
        setattr(user, _KEPT, _looked_up(user.pk))


def held_anew(user: Anyone) -> None:
    """What was kept is forgotten: a role may have been taken away meanwhile."""
    if hasattr(user, _KEPT):
        delattr(user, _KEPT)


def _looked_up(number: int) -> frozenset[Held]:
    rows = Membership.objects.filter(user_id=number)
    return frozenset(
        Held(Role(role), department, engagement)
        for role, department, engagement in rows.values_list(
            "role", "department_id", "engagement_id"
        )
    )


class RoleMissing(PermissionDenied):
    """The person may not do this here. ``roles`` may; none: only administrators."""

    def __init__(self, action: Action, state: State | None = None) -> None:
        super().__init__(action)
        found = roles_for(action, state) or roles_ever_for(action)
        self.roles = tuple(role for role in Role if role in found)


# --- Questions -----------------------------------------------------------------------------------


def may(user: Anyone, action: Action, scope: Scope) -> bool:
    """Whether the person may do this here, as it stands."""
    if is_administrator(user):
        return True
    if scope.department is None:
        return False
    roles = roles_for(action, scope.state)
    held = [each for each in held_by(user) if each.role in roles]
    answering = answering_for(scope.department)
    own = (
        each.department in answering and each.engagement in (None, scope.engagement)
        for each in held
    )
    if any(own):
        return True
    if action not in SHARED or scope.partners is None:
        return False
    theirs = {each.department for each in held if each.engagement is None}
    with_successors = Q(pk__in=theirs) | Q(successor__in=theirs)
    return bool(theirs) and scope.partners.filter(with_successors).exists()


def require(user: Anyone, action: Action, scope: Scope) -> None:
    """Raises Http404 to whom it does not exist (another department's), RoleMissing to those who
    see it, and work there in another role or in a partner department."""
    if not may(user, action, scope):
        if may(user, Action.SEE, scope):
            raise RoleMissing(action, scope.state)
        raise Http404


def reach_of(user: Anyone, *actions: Action) -> Reach:
    """Where the person may do one of these, in one state or another; not for administrators."""
    held = held_by(user)

    def with_role(of: Any) -> list[Held]:
        roles = frozenset[Role]().union(*map(roles_ever_for, of))
        return [each for each in held if each.role in roles]

    found = with_role(actions)
    return Reach(
        departments=frozenset(each.department for each in found if each.engagement is None),
        engagements=frozenset(
            (each.department, each.engagement) for each in found if each.engagement is not None
        ),
        partners=frozenset(
            each.department
            for each in with_role(SHARED.intersection(actions))
            if each.engagement is None
        ),
    )


def departments_where(user: Anyone, *actions: Action) -> DepartmentQuerySet:
    """The departments in all of which the person may do one of these, in one state or another."""
    if is_administrator(user):
        return Department.objects.all()
    return _with_predecessors(reach_of(user, *actions).departments)


def departments_of(user: Anyone) -> DepartmentQuerySet:
    """Where the person works, and be it in one engagement; all of them for an administrator."""
    if is_administrator(user):
        return Department.objects.all()
    seeing = roles_ever_for(Action.SEE)
    return _with_predecessors({each.department for each in held_by(user) if each.role in seeing})


def _with_predecessors(numbers: Iterable[int]) -> DepartmentQuerySet:
    """These, and those that have gone into one of them."""
    own = set(numbers)
    return Department.objects.filter(Q(pk__in=own) | Q(successor__in=own))


def answering_for(department: Department) -> list[int]:
    """In which departments people act for this one: itself, and the one it has gone into."""
    return [pk for pk in (department.pk, department.successor_id) if pk is not None]


def actions_of(user: Anyone) -> frozenset[Action]:
    """What the person may do somewhere: in one department or engagement, in one state or
    another."""
    if is_administrator(user):
        return frozenset(Action)
    held = {each.role for each in held_by(user)}
    return frozenset(action for action in Action if held & roles_ever_for(action))


def people_who_may(action: Action, scope: Scope) -> QuerySet[User]:
    """Everybody whose role in the department, or in the engagement, allows it; neither
    administrators nor partners are listed."""
    if scope.department is None:
        return User.objects.none()
    held = Membership.objects.filter(
        Q(engagement=None) | Q(engagement=scope.engagement),
        department__in=answering_for(scope.department),
        role__in=roles_for(action, scope.state),
    )
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


def people_for_each(action: Action, scopes: Iterable[Scope]) -> list[frozenset[int]]:
    """`people_who_may` of many things, by number, in one query."""
    asked = list(scopes)
    answering = [answering_for(scope.department) if scope.department else [] for scope in asked]
    rows = Membership.objects.filter(
        department__in={pk for departments in answering for pk in departments},
        role__in=roles_ever_for(action),
        user__is_active=True,
    )
    held = list(rows.values_list("user_id", "role", "department_id", "engagement_id"))
    return [
        frozenset(
            user
            for user, role, department, engagement in held
            if department in departments
            and role in roles_for(action, scope.state)
            and engagement in (None, scope.engagement)
        )
        for scope, departments in zip(asked, answering, strict=True)
    ]


def person_for_administrators(request: HttpRequest, pk: int) -> User:
    """Somebody whose account an administrator looks after. Raises Http404 to strangers,
    PermissionDenied to colleagues."""
    person = get_object_or_404(User, pk=pk)
    actor = signed_in(request)
    if not is_administrator(actor):
        if departments_where(actor, Action.SEE).filter(memberships__user=person).exists():
            raise PermissionDenied
        raise Http404
    return person


def signed_in(request: HttpRequest) -> User:
    """Who is signed in, for views behind the sign-in page."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
