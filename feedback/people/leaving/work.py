"""What is somebody's own, so that nobody else can go on with it: a page locked, a file uploaded.

Most work is a department's and needs no handing over. It stands below the rooms whose things these
are; each says at start-up what it has::

    work_add(Work("pages", pages_held, page_give))  # in AppConfig.ready
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from feedback.people.models import Department, User
from feedback.people.permissions import Scope, may
from feedback.people.table import Action


@dataclass(frozen=True, slots=True)
class Held:
    """One thing. ``kind``: whose `Work` it is; ``pk``: which one; ``title`` in the active language,
    ``said``: why it is theirs; ``department``: whose it is, None: the administrators'; ``action``:
    what whoever takes it over must be allowed to do there."""

    kind: str
    pk: int
    title: str
    said: str
    department: Department | None
    action: Action

    @property
    def department_id(self) -> int:
        """0 where it is the administrators'."""
        return self.department.pk if self.department is not None else 0

    def may_go_to(self, user: User) -> bool:
        return may(user, self.action, Scope(self.department))


@dataclass(frozen=True, slots=True)
class Work:
    """``held``: what is the person's; ``give``: from whom, which, to whom."""

    name: str
    held: Callable[[User], list[Held]]
    give: Callable[[User, Held, User], None]


_works: dict[str, Work] = {}


def work_add(work: Work) -> None:
    """For ``AppConfig.ready``."""
    _works[work.name] = work


def work_of(user: User) -> list[Held]:
    """All that is this person's, by department."""
    found = [held for work in _works.values() for held in work.held(user)]
    return sorted(found, key=lambda held: (held.department_id, held.kind, held.pk))


def work_give(user: User, held: Held, to: User) -> None:
    _works[held.kind].give(user, held, to)
