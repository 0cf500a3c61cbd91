"""Who may do what: the one table. Pure data.

`feedback.people.permissions` reads it, and asks it on behalf of every view, hook, template and
task. Administrators (superusers) may do everything everywhere and stand in no row. Roles are held
in one department and say nothing in another: there nothing exists for the person (404).

A new role is a member of `Role` and its place in these rows; a new thing to do is an `Action` and
its rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from feedback.people.enums import Role


class Action(StrEnum):
    """What somebody does with the things of a department."""

    # An engagement, and what is asked.
    SEE = "see"  # that it exists: its numbers, its history, the themes
    READ = "read"  # its words, dates and questions, whoever may change them now
    BEGIN = "begin"
    CHANGE = "change"
    SUBMIT = "submit"  # for review, and take it back to the drafts
    DECIDE = "decide"  # before the public: approve, withdraw, say what came of it
    # What was answered.
    REVIEW = "review"  # run the analysis, decide on themes
    REPORT = "report"  # turn reviewed themes into the draft of a report
    # What the public reads.
    WRITE_PAGE = "write_page"
    PUBLISH_PAGE = "publish_page"
    USE_FILES = "use_files"
    # What was done, by whom.
    AUDIT = "audit"
    # Departments, memberships, and deleting what nothing depends on.
    ADMINISTER = "administer"


class State(StrEnum):
    """How the thing stands, where that decides who may act on it."""

    PREPARED = "prepared"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Row:
    """These roles may do this, in this state; without one, however it stands."""

    action: Action
    roles: frozenset[Role]
    state: State | None = None


_E, _A, _P, _AU = Role.EDITOR, Role.ANALYST, Role.PUBLISHER, Role.AUDITOR

TABLE: Final = (
    Row(Action.SEE, frozenset({_E, _A, _P})),
    # A publisher reads before saying yes.
    Row(Action.READ, frozenset({_E, _P})),
    Row(Action.BEGIN, frozenset({_E})),
    # Whoever said yes to the public said yes to these words.
    Row(Action.CHANGE, frozenset({_E}), State.PREPARED),
    Row(Action.CHANGE, frozenset({_P}), State.APPROVED),
    Row(Action.SUBMIT, frozenset({_E, _P})),
    # Saying yes to the public is not an editor's.
    Row(Action.DECIDE, frozenset({_P})),
    # Editors and publishers read along.
    Row(Action.REVIEW, frozenset({_A})),
    # Editors write in a report once it is begun.
    Row(Action.REPORT, frozenset({_A, _P})),
    Row(Action.WRITE_PAGE, frozenset({_E, _P})),
    Row(Action.PUBLISH_PAGE, frozenset({_P})),
    # Changing and deleting a file is for whoever uploaded it, as Wagtail has it.
    Row(Action.USE_FILES, frozenset({_E, _P})),
    # An auditor reads what people did, nothing of what citizens wrote.
    Row(Action.AUDIT, frozenset({_AU})),
    Row(Action.ADMINISTER, frozenset()),
)


def roles_for(action: Action, state: State | None = None) -> frozenset[Role]:
    """The roles that may do it to what stands so."""
    return _union(row for row in TABLE if row.action == action and row.state in (None, state))


def roles_ever_for(action: Action) -> frozenset[Role]:
    """The roles that may do it in one state or another."""
    return _union(row for row in TABLE if row.action == action)


def _union(rows: Iterable[Row]) -> frozenset[Role]:
    return frozenset(role for row in rows for role in row.roles)
