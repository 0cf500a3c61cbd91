"""Who may do what: the one table. Pure data.

`feedback.people.permissions` reads it, and asks it on behalf of every view, hook, template and
task. Administrators (superusers) may do everything everywhere and stand in no row. Roles are held
in one department, or in one engagement of it, and say nothing elsewhere: there nothing exists for
the person (404). What an engagement's partner departments have of it is `SHARED`.

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
    TRANSLATE = "translate"  # its words, and nothing but words
    VOUCH = "vouch"  # in a review, that both languages say the same
    SUBMIT = "submit"  # for review, and take it back to the drafts
    DECIDE = "decide"  # before the public: approve, withdraw, say what came of it
    # What was answered.
    UNMASK = "unmask"  # read the words as they were written, personal information and all
    REVIEW = "review"  # run the analysis, decide on themes
    REPORT = "report"  # turn reviewed themes into the draft of a report
    # What the public reads.
    BEGIN_PAGE = "begin_page"  # and delete, move
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


_AUTHOR, _TRANSLATOR, _APPROVER = Role.AUTHOR, Role.TRANSLATOR, Role.APPROVER

# Nobody acts in the roles of intake clerk, moderator and viewer yet: they see what there is. An
# auditor reads what people did, and nothing of what citizens wrote.
TABLE: Final = (
    Row(Action.SEE, frozenset(Role) - {Role.AUDITOR}),
    # An approver reads before saying yes.
    Row(Action.READ, frozenset({_AUTHOR, _TRANSLATOR, _APPROVER})),
    Row(Action.BEGIN, frozenset({_AUTHOR})),
    # Whoever said yes to the public said yes to these words.
    Row(Action.CHANGE, frozenset({_AUTHOR}), State.PREPARED),
    Row(Action.CHANGE, frozenset({_APPROVER}), State.APPROVED),
    Row(Action.TRANSLATE, frozenset({_AUTHOR, _TRANSLATOR}), State.PREPARED),
    Row(Action.TRANSLATE, frozenset({_APPROVER}), State.APPROVED),
    Row(Action.SUBMIT, frozenset({_AUTHOR, _APPROVER})),
    Row(Action.VOUCH, frozenset({_TRANSLATOR})),
    # Saying yes to the public is not an author's.
    Row(Action.DECIDE, frozenset({_APPROVER})),
    # Everybody else sees passages with personal information hidden.
    Row(Action.UNMASK, frozenset({Role.PRIVACY_OFFICER})),
    # All others who see it read along.
    Row(Action.REVIEW, frozenset({Role.ANALYST})),
    # Authors write in a report once it is begun.
    Row(Action.REPORT, frozenset({Role.ANALYST, _APPROVER})),
    Row(Action.BEGIN_PAGE, frozenset({_AUTHOR, _APPROVER})),
    Row(Action.WRITE_PAGE, frozenset({_AUTHOR, _TRANSLATOR, _APPROVER})),
    Row(Action.PUBLISH_PAGE, frozenset({_APPROVER})),
    # Changing and deleting a file is for whoever uploaded it, as Wagtail has it.
    Row(Action.USE_FILES, frozenset({_AUTHOR, _TRANSLATOR, _APPROVER})),
    Row(Action.AUDIT, frozenset({Role.AUDITOR})),
    Row(Action.ADMINISTER, frozenset()),
)


# What people of a partner department may do, by the same roles, with what is shared with it.
SHARED: Final = frozenset({Action.SEE, Action.READ})


def roles_for(action: Action, state: State | None = None) -> frozenset[Role]:
    """The roles that may do it to what stands so."""
    return _union(row for row in TABLE if row.action == action and row.state in (None, state))


def roles_ever_for(action: Action) -> frozenset[Role]:
    """The roles that may do it in one state or another."""
    return _union(row for row in TABLE if row.action == action)


def _union(rows: Iterable[Row]) -> frozenset[Role]:
    return frozenset(role for row in rows for role in row.roles)
