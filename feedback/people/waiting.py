"""What waits for a person: the tasks and notices of every room, on one home and in one email.

It stands below the rooms whose work it lists. Each says at start-up what it adds::

    from feedback.people.waiting import Kind, waiting_add

    waiting_add("themes", Kind.REVIEW, themes_to_review)  # in AppConfig.ready

and is not asked where it is not installed. ``themes_to_review`` is a `Provider`: a function of the
person that returns the `Item`s that this person, by the table, may act on, in the active language.
It costs a bounded number of queries, however many things wait: a department is read with its row
(``select_related``), permissions are asked for departments (`departments_where`), not row by row.
A test asks every provider with many rows and counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from feedback.people.models import Department, User


class Kind(TextChoices):
    """What is to be done, in the order of the home."""

    RETURNED = "returned", _("Returned to you")
    APPROVE = "approve", _("To approve")
    TRANSLATE = "translate", _("To translate")
    REVIEW = "review", _("Themes to review")
    ANSWER_FOR = "answer_for", _("To answer for")
    LATE = "late", _("Late")
    OUT_OF_STEP = "out_of_step", _("Languages out of step")
    CLOSES_SOON = "closes_soon", _("Closes soon")
    RUNS = "runs", _("Analyses")

    @property
    def is_task(self) -> bool:
        """Whether somebody has to do something about it; the others are good to know, and no
        reason to write to anybody."""
        return self not in (Kind.CLOSES_SOON, Kind.RUNS)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits: a sentence and a link.

    ``key``: which thing it is, the same each time it is asked for (`"theme-review:12"`).
    ``title``: its name, in the active language; the text of the link. ``address``: a path, where
    the person does it. ``said``: what there is to know or do, in a few words. ``since``: when it
    came to wait, ``due``: when it must be done or happens; both aware. ``department``: whose it is.
    """

    key: str
    title: str
    address: str
    department: Department
    said: str = ""
    since: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """All that waits of one kind; never empty."""

    kind: Kind
    items: tuple[Item, ...]


Provider = Callable[[User], Iterable[Item]]

_providers: dict[str, tuple[Kind, Provider]] = {}


def waiting_add(name: str, kind: Kind, provider: Provider) -> None:
    """For ``AppConfig.ready``. Several providers may add to one kind."""
    _providers[name] = (kind, provider)


def waits_for(user: User) -> list[Section]:
    """What waits for this person, by kind; nothing for one whose account is no longer in use.

    What is due comes first, the earliest before; then what waits longest.
    """
    if not user.is_active:
        return []
    found: dict[Kind, list[Item]] = {}
    for kind, provider in _providers.values():
        found.setdefault(kind, []).extend(provider(user))
    return [
        Section(kind, tuple(sorted(found[kind], key=_order))) for kind in Kind if found.get(kind)
    ]


_NEVER = datetime.max.replace(tzinfo=UTC)


def _order(item: Item) -> tuple[datetime, datetime, str]:
    return item.due or _NEVER, item.since or _NEVER, item.title
