"""Rows that a quotation mark without its counterpart has drawn into one cell.

`5,"I like it,en` begins a cell that ends at the next quotation mark, perhaps ten rows later. What
lies between is still there, as lines of that cell; each that looks like the rows of the file does
is told with its row, since its comment is counted as part of another.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from analysis.catalogue import Message
from analysis.catalogue import gettext_noop as _

if TYPE_CHECKING:
    from collections.abc import Sequence

TYPICAL = 200  # rows that show what the cells of a column look like
FEW = 12  # different short values that make a column a closed question
SHOWN = 10


class Swallowed:
    """Looks at rows one by one; ``notes`` says in which of them others seem to lie."""

    def __init__(self, typical: Sequence[Sequence[str]], width: int, separator: str) -> None:
        self._width, self._separator = width, separator
        whole = [r for r in typical[:TYPICAL] if len(r) == width and not any("\n" in c for c in r)]
        self._shapes = [_Shape([r[i] for r in whole]) for i in range(width)]
        self._found: list[tuple[int, int]] = []

    def look(self, number: int, record: Sequence[str]) -> None:
        """Look at the row of that number."""
        if self._width < 2:
            return
        for cell in record:
            if "\n" in cell and self._separator in cell:
                lines = cell.splitlines()
                n = sum(map(self._is_row, lines[1:]))
                if n:
                    # The last one was cut where its own quotation mark ended the cell.
                    n += not self._is_row(lines[-1])
                    self._found.append((number, n))

    def notes(self) -> list[Message]:
        """One note, or none."""
        if not self._found:
            return []
        rows = [str(number) for number, n in self._found]
        return [
            Message(
                _(
                    "A quotation mark that is never closed seems to have drawn other rows into one "
                    "cell (row numbers: {rows}). Rows counted as part of another's comment: {n}. "
                    "Mend the file and run again."
                ),
                {
                    "rows": ", ".join(rows[:SHOWN]) + (", …" if len(rows) > SHOWN else ""),
                    "n": sum(n for number, n in self._found),
                },
            )
        ]

    def _is_row(self, line: str) -> bool:
        if line.count(self._separator) < self._width - 1:
            return False
        try:
            cells = next(csv.reader([line], delimiter=self._separator), [])
        except csv.Error:
            return False
        if not self._width <= len(cells) <= self._width + 1:
            return False
        told = [shape.fits(cell) for shape, cell in zip(self._shapes, cells, strict=False)]
        known = [fits for fits in told if fits is not None]
        # Commas alone are in many comments: figures and choices must stand where they stand.
        return bool(known) and all(known)


class _Shape:
    """What the cells of one column have in common, where they have something."""

    def __init__(self, cells: Sequence[str]) -> None:
        filled = [c.strip() for c in cells if c.strip()]
        self._is_number = bool(filled) and all(_is_number(c) for c in filled)
        values = {c.casefold() for c in filled}
        self._values = (
            values if len(filled) >= 2 * len(values) and len(values) <= FEW else frozenset()
        )

    def fits(self, cell: str) -> bool | None:
        """Whether ``cell`` may be of this column; None where any may."""
        plain = cell.strip()
        if not plain:
            return None
        if self._is_number:
            return _is_number(plain)
        if self._values:
            return plain.casefold() in self._values
        return None


def _is_number(cell: str) -> bool:
    return bool(cell) and cell[0].isdigit() and not any(c.isalpha() for c in cell)
