"""Rows that add up others, which exports put under a table: no comment is in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.catalogue import Message
from analysis.catalogue import gettext_noop as _

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN = 5
# Alone or with its figure: "Total général : 245".
_TOTAL = re.compile(
    r"(?:(?:grand |sub-?|sous-)?totals?|totaux|total g[ée]n[ée]ral|totaux g[ée]n[ée]raux|sum|somme|"
    r"average|mean|moyenne|n(?=\s*=))\s*[:=]?\s*[\d\s.,%$]*",
    re.IGNORECASE,
)


class Totals:
    """Tells the rows of totals from others, one by one; ``note`` says which they were."""

    def __init__(self) -> None:
        self._rows: list[int] = []

    def is_one(self, number: int, record: Sequence[str], *, is_last: bool) -> bool:
        """Whether the row begins with "Total" or the like and has no words beside it.

        A row with nothing else might be a comment of one word; it is one unless it is the last.
        """
        filled = [cell.strip() for cell in record if cell.strip()]
        if not filled or _TOTAL.fullmatch(filled[0]) is None:
            return False
        if not all(_TOTAL.fullmatch(c) or not any(map(str.isalpha, c)) for c in filled):
            return False
        if len(filled) == 1 and not is_last:
            return False
        self._rows.append(number)
        return True

    def notes(self) -> list[Message]:
        """One note, or none."""
        if not self._rows:
            return []
        shown = ", ".join(map(str, self._rows[:SHOWN]))
        return [
            Message(
                _("Rows of totals, not read as comments: {n} (row numbers: {rows})."),
                {
                    "n": len(self._rows),
                    "rows": shown + (", …" if len(self._rows) > SHOWN else ""),
                },
            )
        ]
