"""Tables of groups that may overlap, by complementary suppression: ``protect_table``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.figures.disclosure.audit import Audit, Row
from analysis.figures.disclosure.counts import protect


@dataclass(frozen=True, slots=True)
class Table:
    """What may be published: ``rows`` and ``everyone`` with None for what is hidden."""

    rows: tuple[tuple[int | None, ...], ...]
    everyone: tuple[int | None, ...]


def protect_table(
    rows: Sequence[Row],
    everyone: Sequence[int],
    *,
    rest: Sequence[int],
    smallest: int,
    by_row: bool,
    is_zero_small: bool = True,
) -> Table:
    """The counts that may be published of groups that may overlap, beside those of everyone.

    ``everyone`` counts all people by column; ``rest`` those in no row. ``by_row``: a row is shown
    whole or not at all, and the table not at all where a count of everyone is small; otherwise
    single counts are hidden. Where all totals are published, the attacker is given the number of
    people in no row, and how often people are in more than one, whether or not those are.
    """
    if smallest <= 0:
        return Table(tuple(row.cells for row in rows), tuple(everyone))
    width = len(everyone)
    nothing = Table(tuple((None,) * width for _ in rows), (None,) * width)

    def is_small(n: int) -> bool:
        return n < smallest and (is_zero_small or n > 0)

    if by_row:
        if any(is_small(n) for n in everyone):
            return nothing
        whole: tuple[int | None, ...] = tuple(everyone)
    else:
        whole = protect(everyone, smallest=smallest)
        if all(n is None for n in whole):
            return nothing
    shown: list[tuple[int | None, ...]] = []
    for row in rows:
        first = tuple(
            None if is_small(n) or is_small(of_all - n) else n
            for n, of_all in zip(row.cells, everyone, strict=True)
        )
        if not row.may_show or (by_row and None in first):
            first = (None,) * width
        elif not by_row:
            first = protect(row.cells, smallest=smallest, everyone=everyone)
        shown.append(first)
    audit = Audit(rows, everyone, rest, whole, smallest, is_small)
    while (found := audit.first_pinned(shown)) is not None:
        at, column = found
        if not (choice := _to_hide(shown, rows, at, column)):
            return nothing
        row_at, column_at = choice
        cells = list(shown[row_at])
        cells[column_at] = None
        shown[row_at] = (None,) * width if by_row else tuple(cells)
    return Table(tuple(shown), whole)


def _to_hide(
    shown: Sequence[Sequence[int | None]], rows: Sequence[Row], at: int, column: int
) -> tuple[int, int] | None:
    """The smallest count still shown that bears on the one found out: in its column, in its row,
    then anywhere."""
    there = [(i, j) for i, cells in enumerate(shown) for j, n in enumerate(cells) if n is not None]
    for near in (
        [(i, j) for i, j in there if j == column],
        [(i, j) for i, j in there if i == at],
        there,
    ):
        if near:
            return min(near, key=lambda place: (rows[place[0]].cells[place[1]], place))
    return None
