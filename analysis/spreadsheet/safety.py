"""Cells that a spreadsheet program shows and never runs.

A cell that begins with ``=``, ``+``, ``-`` or ``@`` is a formula to Excel and LibreOffice, also
after spaces, a tab or invisible characters, also in full-width form. Such a cell gets an apostrophe
in front. A cell that begins with an apostrophe gets a second one, so that nothing is lost:
``spreadsheet_restore(spreadsheet_safe(text)) == text`` for every text.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

_STARTS = frozenset("=+-@|%")
# Where a cell begins by itself in Excel's eyes.
_BREAKS = frozenset("\t\r\n")


def spreadsheet_safe(text: str) -> str:
    """``text`` so that no spreadsheet program takes it for a formula."""
    if not text:
        return text
    if text[0] == "'" or text[0] in _BREAKS or _first_mark(text) in _STARTS:
        return "'" + text
    return text


def spreadsheet_restore(cell: str) -> str:
    """The text that ``spreadsheet_safe`` was given."""
    return cell[1:] if cell.startswith("'") else cell


def _first_mark(text: str) -> str:
    """The first character that is not a space, a control or invisible, in its plain form."""
    for character in text:
        if character.isspace() or unicodedata.category(character) in {"Cc", "Cf", "Zs", "Mn"}:
            continue
        return unicodedata.normalize("NFKC", character)[0]
    return ""


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table as Excel opens it without being asked: UTF-8 with a byte order mark, commas, CRLF."""
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([spreadsheet_safe(c) if isinstance(c, str) else c for c in row])
