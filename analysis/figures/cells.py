"""Cells that a spreadsheet program shows and never runs: the one guard of every CSV and XLSX.

A cell that begins with ``=``, ``+``, ``-`` or ``@`` is a formula to Excel and LibreOffice, also
after blanks, control or invisible characters, also in full-width form; ``|`` and ``%`` begin one in
older programs. Such a cell gets an apostrophe in front, the mark those programs use for text, and
one that begins with an apostrophe gets a second.

A file with commas is opened with semicolons where the machine speaks French. A cell then ends at
any ``;``, tab or line end inside a text, quotes or not, so what would be a formula after one of
them gets an apostrophe too. There ``-`` and ``+`` are list marks as a rule: they count where the
rest of the text could call something, which takes ``(``, ``|`` or ``!``.

Nothing is lost: ``spreadsheet_restore(spreadsheet_safe(text)) == text`` for every text. Numbers are
numbers and stay as they are.

Nobody else writes a table: ``write_csv`` and ``write_text`` guard what they are given. Pure:
imports nothing of ours, so that every room may use it.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

MARK = "'"

_STARTS = frozenset("=+-@|%\u2212")
# In the middle of a text: always, and where something could be called.
_ALWAYS, _CALLING = frozenset("=@"), frozenset("+-\u2212")
_CALLS = "(|!\uff08\uff5c\uff01"
# Where a cell begins by itself in Excel's eyes.
_BREAKS = frozenset("\t\r\n")
_ENDS = re.compile("[;\t\r\n]")
# Letters and signs that are drawn as a blank: Hangul fillers and the empty pattern of Braille.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_UNSEEN = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"))


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program could take the cell for a formula, quotes before it or not."""
    return bool(text) and (
        text[0] in _BREAKS or _first_mark(text) in _STARTS or _first_mark(text, over='"') in _ALWAYS
    )


def spreadsheet_safe(text: str) -> str:
    """``text`` so that no spreadsheet program takes it for a formula, wherever it cuts it."""
    inside = text
    if places := list(_openings(text)):
        parts = [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]
        inside = MARK.join(parts)
    return MARK + inside if text.startswith(MARK) or is_formula(text) else inside


def spreadsheet_restore(cell: str) -> str:
    """The text that ``spreadsheet_safe`` was given."""
    marks = [at for at in _openings(cell) if cell[at] == MARK]
    if cell.startswith(MARK):
        marks.insert(0, 0)
    if not marks:
        return cell
    starts = [0, *(at + 1 for at in marks)]
    return "".join(cell[a:b] for a, b in zip(starts, [*marks, len(cell)], strict=True))


def safe_row(values: Iterable[object]) -> list[object]:
    """A row for ``csv.writer``: texts made safe, everything else as it is."""
    return [spreadsheet_safe(value) if isinstance(value, str) else value for value in values]


def write_csv(file: TextIO, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table as RFC 4180 has it: commas, quotes where needed, CRLF after each row."""
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(safe_row(columns))
    for row in rows:
        writer.writerow(safe_row(row))


def write_text(sheet: Any, row: int, column: int, text: str, plain: Any, quoted: Any) -> None:
    """Write ``text`` in a cell of a worksheet of XlsxWriter, as words whatever they look like.

    ``quoted`` is ``plain`` with the format's own mark of text (``quote_prefix``), which shows the
    cell as it is and keeps it from being run when somebody edits it.
    """
    is_risky = text.startswith(MARK) or is_formula(text)
    sheet.write_string(row, column, text, quoted if is_risky else plain)


def _first_mark(text: str, start: int = 0, *, over: str = "") -> str:
    """The first character from ``start`` that can be seen, in its plain form; "" if none.

    A line end ends the search where it would begin a cell of its own. Characters of ``over`` are
    passed over.
    """
    for at in range(start, len(text)):
        character = text[at]
        if character in over:
            continue
        if start and character in _BREAKS:
            return ""
        if (
            character.isspace()
            or character in _BLANKS
            or unicodedata.category(character) in _UNSEEN
        ):
            continue
        return unicodedata.normalize("NFKC", character).lstrip()[:1]
    return ""


def _openings(text: str) -> Iterator[int]:
    """Where inside ``text`` a formula would begin, were it cut at semicolons, tabs or line ends."""
    if _ENDS.search(text) is None:
        return
    last_call = max(map(text.rfind, _CALLS))
    for match in _ENDS.finditer(text):
        mark = _first_mark(text, match.end(), over="'\"")
        if mark in _ALWAYS or (mark in _CALLING and match.end() < last_call):
            yield match.end()
