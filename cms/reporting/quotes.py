"""Which of people's words a report may quote: those of its own question, in the theme they show.

Everything that shows or keeps a quote asks here: the page, its preview, the comparison, the editor,
the gate, every draft that is saved. A number that leads anywhere else shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext

from analysis.review.selectors.quotes import Belonging, QuoteView, belonging, quotes_by_id


class Quoting(Protocol):
    """A page or draft that quotes: its blocks, and the snapshot that says of which question."""

    @property
    def themes(self) -> Any: ...

    @property
    def snapshot(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """A quote that may not stand where it stands. ``label`` says which, in the active language."""

    theme: str
    passage: int
    what: Belonging
    label: str


def page_quotes(page: Quoting) -> dict[tuple[str, int], QuoteView]:
    """The quotes of a page or draft that may be shown, by theme and number of the passage; one that
    is not of the theme it stands under is not among them."""
    asked = [(code, passage) for code, _, passage in _places(page)]
    found = belonging(page.snapshot.question_id, asked)
    own = [place for place, what in found.items() if what == Belonging.MEMBER]
    views = quotes_by_id({passage for _, passage in own})
    return {place: views[place[1]] for place in own if place[1] in views}


def quote_faults(page: Quoting) -> list[Fault]:
    """The quotes of a page or draft that are not of the theme they stand under."""
    places = list(_places(page))
    found = belonging(page.snapshot.question_id, [(code, number) for code, _, number in places])
    return [
        Fault(code, passage, what, label)
        for code, label, passage in places
        if (what := found[code, passage]) != Belonging.MEMBER
    ]


def empty_quotes(page: Quoting) -> list[str]:
    """What the quotes of a draft are called for which nobody has picked a comment yet."""
    return [label for _, label, passage in _all_places(page) if not isinstance(passage, int)]


def without_faults(page: Quoting) -> None:
    """Take those quotes off a draft that is not saved yet."""
    faults = {(fault.theme, fault.passage) for fault in quote_faults(page)}
    for block in page.themes:
        quotes = block.value["quotes"]
        for at in reversed(range(len(quotes))):
            if (block.value["code"], quotes[at]["passage"]) in faults:
                del quotes[at]


def numbers_kept(plain: Any) -> set[tuple[str, int]]:
    """(theme, passage) of every quote in the stored form of the themes of a page."""
    kept = set()
    for block in plain or ():
        value = block.get("value", {})
        for item in value.get("quotes", ()):
            # Lists are stored with an id for each item, and were not always.
            quote = item.get("value", item)
            kept.add((value.get("code", ""), quote.get("passage")))
    return kept


def _places(page: Quoting) -> Iterator[tuple[str, str, int]]:
    """(code of the theme, what the quote is called, number of the passage)."""
    for code, label, number in _all_places(page):
        if isinstance(number, int):
            yield code, label, number


def _all_places(page: Quoting) -> Iterator[tuple[str, str, Any]]:
    for block in page.themes:
        for at, quote in enumerate(block.value["quotes"], start=1):
            label = gettext("%(theme)s, quote %(n)d") % {
                "theme": block.value["heading"] or gettext("A theme"),
                "n": at,
            }
            yield block.value["code"], label, quote["passage"]
