"""The bar on every screen of staff: where to go.

It stands below the rooms whose screens it names. Each says at start-up what it adds, and is not
asked where it is not installed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from feedback.people.permissions import actions_of
from feedback.people.table import Action


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the bar. ``name``: what a screen calls itself to be marked as where one is;
    ``view``: the name of its address; ``permission`` and ``action`` (by the table, in one
    department or another): who finds it, everybody where there is neither. ``screens``: the
    namespaces of the screens of Wagtail's admin that it leads to."""

    place: int
    name: str
    label: str | Promise
    view: str
    permission: str = ""
    action: Action | None = None
    screens: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return reverse(self.view)


_entries: dict[str, Entry] = {}


def bar_entry_add(entry: Entry) -> None:
    """For ``AppConfig.ready``."""
    _entries[entry.name] = entry


def bar_place(view_name: str) -> str:
    """The name of the entry that leads to this screen of Wagtail's admin; empty: none does."""
    found = [entry.name for entry in _entries.values() if view_name.startswith(entry.screens)]
    return found[0] if found else ""


def bar_entries_of(user: Any) -> list[Entry]:
    """What this person finds on the bar, in order."""
    actions = actions_of(user)
    return [
        entry
        for entry in sorted(_entries.values(), key=lambda entry: entry.place)
        if (not entry.permission or user.has_perm(entry.permission))
        and (entry.action is None or entry.action in actions)
    ]
