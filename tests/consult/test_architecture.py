"""What docs/architecture.md says of the house is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text("utf-8")
# `consult/look/frame.py`, `analysis/figures/disclosure/*.py`, `feedback/answering/forms/`
PATH = re.compile(r"`((?:consult|cms|analysis|feedback)/[\w/.*]+)`")


def changes() -> list[tuple[str, int, list[str]]]:
    """The table of changes: what, how many files now, which."""
    rows = re.findall(r"^\| ([^|]+) \| \d+ \| (\d+) \| ([^|]+) \|$", TEXT, re.MULTILINE)
    return [(what, int(number), PATH.findall(where)) for what, number, where in rows]


def test_every_path_it_names_is_there() -> None:
    named = set(PATH.findall(TEXT))
    assert len(named) > 30
    assert not [path for path in sorted(named) if not list(ROOT.glob(path.rstrip("/")))]


def test_the_table_names_as_many_files_as_it_counts() -> None:
    rows = changes()
    assert len(rows) > 12
    for what, number, paths in rows:
        # A row that points to whichever room it concerns says so in words.
        line = TEXT.split(f"| {what} |", 1)[1].split("\n", 1)[0]
        if " a room" not in line and "a room's" not in line:
            assert len(paths) == number, what


@pytest.mark.parametrize("what", ["a kind of question", "a channel", "a status", "a role"])
def test_what_was_aimed_at_is_kept(what: str) -> None:
    most = {"a kind of question": 3, "a channel": 3, "a status": 2, "a role": 2}[what]
    assert all(n <= most for row, n, _paths in changes() if row.startswith(what))


@pytest.mark.parametrize("room", ["cms", "analysis", "feedback"])
def test_the_drawing_has_every_small_room_and_no_other(room: str) -> None:
    drawn = re.search(rf"^{room}/ .*?(?=\n\n|```)", TEXT, re.MULTILINE | re.DOTALL)
    assert drawn is not None
    names = set(re.findall(r"^  (\w+)/", drawn.group(), re.MULTILINE))
    there = {path.parent.name for path in (ROOT / room).glob("*/__init__.py")}
    assert names == there
