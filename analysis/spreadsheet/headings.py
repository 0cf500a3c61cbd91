"""Which rows of a table name its columns, and which column somebody means.

Exports put a title above the headings, or name each column twice: Qualtrics in three rows (a code,
the question, an identifier for machines), SurveyMonkey in two (the question, then its part).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from analysis.catalogue import Names
from analysis.catalogue import gettext_noop as _
from analysis.pipeline.reading.normalise import fold
from analysis.spreadsheet.errors import SpreadsheetError
from analysis.spreadsheet.mending import mended

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TITLES = 20  # rows of a title and the like that may stand above the headings
NAMED = 10  # columns named where several could be meant

_FOR_MACHINES = re.compile(r"""\{\s*["']{1,2}ImportId["']{1,2}\s*:""")
# What SurveyMonkey writes under a question that has one column, and under one of its columns;
# folded.
_WHOLE = frozenset(
    {"open-ended response", "response", "reponse ouverte", "reponse libre", "reponse"}
)
_PART = frozenset(
    {"other (please specify)", "autre (veuillez preciser)", "comments", "commentaires"}
)


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns of a table, in order.

    ``also`` is what else each is called ("" for nothing: a question under its code), ``above`` how
    many rows stand before the headings and ``rows`` how many the headings are.
    """

    columns: tuple[str, ...]
    also: tuple[str, ...]
    above: int = 0
    rows: int = 1

    def column(self, name: str, option: str) -> int:
        """The index of the column that ``name`` means.

        In this order: its heading, forgiving case, accents' form and spaces; its other name; its
        number from 1; an unambiguous beginning. Raises SpreadsheetError naming the columns there
        are, those that could be meant, or the nearest one.
        """
        found = self.called(name)
        if len(found) == 1:
            return found[0]
        if found and all(plain(self.columns[i]) == plain(self.columns[found[0]]) for i in found):
            raise SpreadsheetError(
                _(
                    "{n} columns are called “{name}”; give the number of the one you mean, "
                    "{numbers} ({option})."
                ),
                n=len(found),
                name=name,
                numbers=", ".join(str(i + 1) for i in found[:NAMED]),
                option=option,
            )
        if found:
            raise SpreadsheetError(
                _("“{name}” ({option}) could be one of several columns: {columns}."),
                name=name,
                option=option,
                columns=self._names(found),
            )
        raise self._none(name, option)

    def in_full(self, at: int) -> str:
        """What a column asks: ``Q3: What would you change?``."""
        name, other = self.columns[at], self.also[at]
        return f"{name}: {other}" if other and other not in name else name

    def has(self, name: str) -> bool:
        """Whether exactly one column can be meant by ``name``."""
        return len(self.called(name)) == 1

    def called(self, name: str) -> list[int]:
        """The indexes of all columns that ``name`` may mean."""
        wanted = plain(name)
        if not wanted:
            return []
        for called in (
            [i for i, column in enumerate(self.columns) if column == name],
            [i for i, column in enumerate(self.columns) if plain(column) == wanted],
            [i for i, column in enumerate(self.also) if plain(column) == wanted],
        ):
            if called:
                return called
        if name.strip().isdecimal() and 1 <= int(name) <= len(self.columns):
            return [int(name) - 1]
        return [
            i
            for i, names in enumerate(zip(self.columns, self.also, strict=True))
            if any(plain(column).startswith(wanted) for column in names)
        ]

    def _names(self, places: Iterable[int]) -> Names:
        names = [self.columns[i] for i in places if self.columns[i]]
        return Names(tuple(names[:NAMED]) + (("…",) if len(names) > NAMED else ()))

    def _none(self, name: str, option: str) -> SpreadsheetError:
        columns = self._names(range(len(self.columns)))
        values = {"name": name, "option": option, "columns": columns}
        names = {plain(c): c for c in (*self.also, *self.columns) if c}
        close = get_close_matches(plain(name), list(names), n=1, cutoff=0.7)
        # Part of a long question is not close to all of it.
        near = close or [c for c in names if plain(name) in c][:1]
        if near:
            return SpreadsheetError(
                _(
                    "There is no column “{name}” ({option}). The columns are: {columns}. Did you "
                    "mean “{near}”?"
                ),
                near=names[near[0]],
                **values,
            )
        return SpreadsheetError(
            _("There is no column “{name}” ({option}). The columns are: {columns}.")
            if any(self.columns)
            else _("There is no column “{name}” ({option}): no column has a name."),
            **values,
        )


def plain(name: str) -> str:
    """A heading as it is compared."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def headings_of(records: Sequence[Sequence[str]], wanted: str) -> Headings:
    """The headings among the first ``records`` (one or more), known by the column ``wanted``.

    The row that has a column of that name; where no row has it, the first that is more than a
    title; where ``wanted`` is "", the first.
    """
    for i, record in enumerate(records[:TITLES]):
        cells = [c for c in record if c.strip()]
        if i and cells and sum(_FOR_MACHINES.match(c) is not None for c in cells) > len(cells) / 2:
            names, *asked = records[max(0, i - 2) : i]
            above = max(0, i - 2)
            return _headings(names, asked[0] if asked else (), above=above, rows=i + 1 - above)
    at = _row(records[:TITLES], wanted)
    if at and _is_second(records[at - 1], records[at]):
        at -= 1
    if at + 1 < len(records) and _is_second(records[at], records[at + 1]):
        return _headings(*_joined(records[at], records[at + 1]), above=at, rows=2)
    return _headings(records[at], (), above=at, rows=1)


def _headings(columns: Sequence[str], also: Sequence[str], *, above: int, rows: int) -> Headings:
    names = [" ".join(mended(c).split()) for c in columns]
    while len(names) > 1 and not names[-1]:
        names.pop()
    other = [" ".join(mended(c).split()) for c in also][: len(names)]
    other += [""] * (len(names) - len(other))
    return Headings(tuple(names), tuple(other), above, rows)


def _row(records: Sequence[Sequence[str]], wanted: str) -> int:
    name = plain(wanted)
    if name:
        for found in (
            [i for i, r in enumerate(records) if name in {plain(c) for c in r}],
            [
                i
                for i, r in enumerate(records)
                if len(r) > 1 and sum(plain(c).startswith(name) for c in r) == 1
            ],
        ):
            if found and not (found[0] and name.isdecimal()):
                return found[0]
    if not name:
        return 0
    filled = [sum(bool(c.strip()) for c in r) for r in records]
    # A title is a cell or two; headings are not far fewer than the answers below them.
    for i, n in enumerate(filled):
        if n > max(filled) / 2 or (i + 1 < len(records) and _is_second(records[i], records[i + 1])):
            return i
    return 0


def _is_second(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether ``second`` names the parts of the questions in ``first``, as SurveyMonkey does."""
    if not (first and second and first[0].strip() and not second[0].strip()):
        return False
    return any(fold(plain(c)) in _WHOLE | _PART for c in second)


def _joined(first: Sequence[str], second: Sequence[str]) -> tuple[list[str], list[str]]:
    """The question and its part in one name; the part alone as the other one."""
    names: list[str] = []
    parts: list[str] = []
    question = ""
    for i in range(max(len(first), len(second))):
        own = first[i].strip() if i < len(first) else ""
        part = second[i].strip() if i < len(second) else ""
        # A part without a question of its own belongs to the last one.
        question = own or (question if part else "")
        whole = not part or fold(plain(part)) in _WHOLE
        names.append(question if whole else f"{question}: {part}" if question else part)
        parts.append("" if whole else part)
    return names, parts
