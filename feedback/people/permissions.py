"""Who may do what: a person's roles in a department, looked up in the one table."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from feedback.people.enums import Role
from feedback.people.models import Anyone, Department, Membership, User
from feedback.people.querysets import DepartmentQuerySet
from feedback.people.table import Action, State, roles_ever_for, roles_for


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose a thing is and how it stands: all that decides on it. The room whose thing it is makes
    the scope. What belongs to no department is the administrators'."""

    department: Department | None
    state: State | None = None


def is_administrator(user: Anyone) -> bool:
    """Whether this person may do everything in every department."""
    return bool(user.is_active and user.is_superuser)


def may(user: Anyone, action: Action, scope: Scope) -> bool:
    """Whether the person may do this here, as it stands."""
    if is_administrator(user):
        return True
    if scope.department is None:
        return False
    return not roles_in(user, scope.department).isdisjoint(roles_for(action, scope.state))


def require(user: Anyone, action: Action, scope: Scope) -> None:
    """Raises Http404 to whom it does not exist (another department's), PermissionDenied to those
    who work there in another role."""
    if not may(user, action, scope):
        if may(user, Action.SEE, scope):
            raise PermissionDenied
        raise Http404


def roles_in(user: Anyone, department: Department) -> frozenset[Role]:
    """The roles of a person in a department; all of them for an administrator."""
    if is_administrator(user):
        return frozenset(Role)
    if not user.is_active:
        return frozenset()
    held = Membership.objects.filter(user_id=user.pk, department__in=answering_for(department))
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def departments_where(user: Anyone, *actions: Action) -> DepartmentQuerySet:
    """The departments in which the person may do one of these, in one state or another."""
    if is_administrator(user):
        return Department.objects.all()
    if not user.is_active:
        return Department.objects.none()
    roles = frozenset[Role]().union(*map(roles_ever_for, actions))
    held = Membership.objects.filter(user_id=user.pk, role__in=roles)
    own = held.values("department")
    # And those that have gone into one of them.
    return Department.objects.filter(Q(pk__in=own) | Q(successor__in=own))


def answering_for(department: Department) -> list[int]:
    """In which departments people act for this one: itself, and the one it has gone into."""
    return [pk for pk in (department.pk, department.successor_id) if pk is not None]


def actions_of(user: Anyone) -> frozenset[Action]:
    """What the person may do somewhere: in one department, in one state or another."""
    if is_administrator(user):
        return frozenset(Action)
    if not user.is_active:
        return frozenset()
    held = set(Membership.objects.filter(user_id=user.pk).values_list("role", flat=True))
    return frozenset(action for action in Action if held & roles_ever_for(action))


def people_who_may(action: Action, scope: Scope) -> QuerySet[User]:
    """Everybody whose role in the department allows it; administrators are not listed."""
    if scope.department is None:
        return User.objects.none()
    held = Membership.objects.filter(
        department__in=answering_for(scope.department), role__in=roles_for(action, scope.state)
    )
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


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
