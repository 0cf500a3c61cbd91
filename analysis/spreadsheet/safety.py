"""A file of guarded cells (``analysis.figures.cells``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from analysis.figures import cells


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table as Excel opens it without being asked: UTF-8 with a byte order mark, commas, CRLF."""
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        cells.write_csv(file, columns, rows)
