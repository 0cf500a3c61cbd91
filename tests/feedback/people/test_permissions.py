"""The one table of who may do what: each row, for each role, in each state."""

from __future__ import annotations

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from feedback.people.enums import Role
from feedback.people.permissions import (
    Scope,
    departments_where,
    may,
    people_who_may,
    require,
)
from feedback.people.table import TABLE, Action, State
from tests.factories import make_department, make_superuser, make_user

pytestmark = pytest.mark.django_db

AUTHOR, TRANSLATOR, APPROVER = Role.AUTHOR, Role.TRANSLATOR, Role.APPROVER
ANALYST = Role.ANALYST
WRITERS = {AUTHOR, TRANSLATOR, APPROVER}
SEEING = set(Role) - {Role.AUDITOR}
# (before approval, from approval on)
ALLOWED: dict[Action, tuple[set[Role], set[Role]]] = {
    Action.SEE: (SEEING, SEEING),
    Action.READ: (WRITERS, WRITERS),
    Action.BEGIN: ({AUTHOR}, {AUTHOR}),
    Action.CHANGE: ({AUTHOR}, {APPROVER}),
    Action.TRANSLATE: ({AUTHOR, TRANSLATOR}, {APPROVER}),
    Action.SUBMIT: ({AUTHOR, APPROVER}, {AUTHOR, APPROVER}),
    Action.VOUCH: ({TRANSLATOR}, {TRANSLATOR}),
    Action.DECIDE: ({APPROVER}, {APPROVER}),
    Action.UNMASK: ({Role.PRIVACY_OFFICER}, {Role.PRIVACY_OFFICER}),
    Action.REVIEW: ({ANALYST}, {ANALYST}),
    Action.REPORT: ({ANALYST, APPROVER}, {ANALYST, APPROVER}),
    Action.BEGIN_PAGE: ({AUTHOR, APPROVER}, {AUTHOR, APPROVER}),
    Action.WRITE_PAGE: (WRITERS, WRITERS),
    Action.PUBLISH_PAGE: ({APPROVER}, {APPROVER}),
    Action.USE_FILES: (WRITERS, WRITERS),
    Action.AUDIT: ({Role.AUDITOR}, {Role.AUDITOR}),
    Action.ADMINISTER: (set(), set()),
}


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_what_the_table_says_where_it_is_held(role) -> None:
    here, elsewhere = make_department(), make_department()
    person = make_user(here, role)
    for action, (at, state) in itertools.product(Action, enumerate(State)):
        allowed = role in ALLOWED[action][at]
        assert may(person, action, Scope(here, state)) is allowed, (action, state)
        assert not may(person, action, Scope(elsewhere, state))
        assert (person in people_who_may(action, Scope(here, state))) is allowed
    for action in Action:
        ever = role in ALLOWED[action][0] | ALLOWED[action][1]
        assert set(departments_where(person, action)) == ({here} if ever else set())
    # What belongs to no department is nobody's but the administrators'.
    assert not any(may(person, action, Scope(None)) for action in Action)


def test_what_depends_on_the_state_is_nobodys_where_the_state_is_not_said() -> None:
    here = make_department()
    assert not may(make_user(here, *Role), Action.CHANGE, Scope(here))


def test_every_action_and_every_role_stands_in_the_table() -> None:
    assert {row.action for row in TABLE} == set(Action) == set(ALLOWED)
    assert {role for row in TABLE for role in row.roles} == set(Role)


def test_administrators_may_everything_and_those_who_left_nothing() -> None:
    here = make_department()
    administrator = make_superuser()
    left = make_user(here, *Role, is_active=False)
    dismissed = make_superuser()
    dismissed.is_active = False
    for action, scope in itertools.product(Action, (Scope(here, State.PREPARED), Scope(None))):
        assert may(administrator, action, scope)
        for nobody in (left, dismissed, AnonymousUser()):
            assert not may(nobody, action, scope)
            assert not departments_where(nobody, action).exists()
    assert left not in people_who_may(Action.SEE, Scope(here))


def test_another_departments_is_not_there_and_the_wrong_role_is_refused() -> None:
    here = make_department()
    scope = Scope(here, State.APPROVED)
    require(make_user(here, APPROVER), Action.DECIDE, scope)
    with pytest.raises(PermissionDenied):
        require(make_user(here, AUTHOR), Action.DECIDE, scope)
    for nobody in (make_user(make_department(), APPROVER), make_user(), AnonymousUser()):
        with pytest.raises(Http404):
            require(nobody, Action.DECIDE, scope)
