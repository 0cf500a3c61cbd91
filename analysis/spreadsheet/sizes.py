"""How large the sheets of a workbook are, before anything lays them out in memory.

An XLSX of five kilobytes with one cell at XFD1048576 is a table of seventeen thousand million cells
to the program that reads it, and one long text used by a hundred thousand cells is as many copies.
Both are counted here from the archive's XML, read in pieces and kept nowhere.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    import zipfile

MEGA = 1024 * 1024
# A sheet that is full to here unpacks to more than a gigabyte; one that is not holds a stray cell.
MOST_CELLS = 30_000_000
# Characters of all cells of a sheet together: a million long comments are 400 million.
MOST_TEXT = 512 * MEGA

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
# Texts that a workbook may say it has and has not: some programs count badly.
_OVER_PROMISED = 100_000
_PIECE = MEGA


class Unreadable(Exception):  # noqa: N818 (named for what happened)
    """The XML of a workbook is not what a spreadsheet program writes."""


@dataclass(frozen=True, slots=True)
class Size:
    """What one sheet needs: rows and columns from A1 to its last cells that hold something."""

    rows: int = 0
    columns: int = 0
    text: int = 0  # characters that shared texts come to, each as often as it is used

    @property
    def last(self) -> str:
        """The corner of the table: ``XFD1048576``."""
        letters, n = "", self.columns
        while n:
            n, letter = divmod(n - 1, 26)
            letters = chr(ord("A") + letter) + letters
        return f"{letters}{self.rows}"

    @property
    def is_too_large(self) -> bool:
        """Whether more would have to be laid out than a table of comments can have."""
        return self.rows * self.columns > MOST_CELLS or self.text > MOST_TEXT


def sheet_sizes(archive: zipfile.ZipFile) -> dict[str, Size]:
    """The size of each sheet by its name; under "" the largest of those whose name is not known.

    Raises Unreadable: broken XML, or XML with a document type, which no workbook has and which can
    make a small file endless.
    """
    names = _sheet_names(archive)
    lengths: list[int] = []
    sheets: list[str] = []
    for name in archive.namelist():
        root = _root(archive, name)
        if root == "worksheet":
            sheets.append(name)
        elif root == "sst":
            lengths += _text_lengths(archive, name)
    found: dict[str, Size] = {}
    for part in sheets:
        size = _size(archive, part, lengths)
        for name in names.get(posixpath.normpath(part).lower(), [""]):
            before = found.get(name, Size())
            found[name] = max(size, before, key=lambda s: (s.is_too_large, s.rows * s.columns))
    return found


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, list[str]]:
    """The names of the sheets that each part of the archive is."""
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            at = next((v for k, v in attributes.items() if _local(k) == "id"), "")
            ids[attributes.get("name", "")] = at

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    _parse(archive, _WORKBOOK, sheet)
    if _RELATIONS in archive.namelist():
        _parse(archive, _RELATIONS, relation)
    found: dict[str, list[str]] = {}
    for name, at in ids.items():
        target = targets.get(at, "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        found.setdefault(posixpath.normpath(path).lower(), []).append(name)
    return found


class _Enough(Exception):  # noqa: N818 (named for what happened)
    """What was looked for has been found."""


def _root(archive: zipfile.ZipFile, part: str) -> str:
    """The first element of a part; "" where it is no XML."""
    found = ""

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal found
        found = _local(name)
        raise _Enough

    try:
        _parse(archive, part, start)
    except _Enough:
        return found
    except Unreadable:
        return ""  # a picture, say; a broken sheet is one whose beginning can be read
    return found


def _text_lengths(archive: zipfile.ZipFile, part: str) -> list[int]:
    """How many characters each shared text has. Raises Unreadable where many more are promised."""
    found: list[int] = []
    promised = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal promised
        local = _local(name)
        if local == "si":
            found.append(0)
        elif local == "sst":
            # Room is made for as many as it says before the first is read.
            given = [v.strip() for k, v in attributes.items() if _local(k) == "uniqueCount"]
            promised = max([promised, *(_number(value) for value in given)])

    def text(characters: str) -> None:
        if found:
            found[-1] += len(characters)

    _parse(archive, part, start, text)
    if promised > len(found) + _OVER_PROMISED:
        raise Unreadable
    return found


def _size(archive: zipfile.ZipFile, part: str, lengths: Sequence[int]) -> Size:
    scan = _Scan()
    _parse(archive, part, scan.start)
    most = scan.shared * max(lengths, default=0)
    if most <= MOST_TEXT:
        return Size(scan.rows, scan.columns, most)
    # Which text each cell uses is looked at only where the longest in all would be too much.
    exact = _Exact(lengths)
    _parse(archive, part, exact.start, exact.characters)
    return Size(scan.rows, scan.columns, exact.done())


class _Scan:
    """The last row and column of cells that hold something. A cell without a reference follows."""

    def __init__(self) -> None:
        self.rows = self.columns = self.shared = 0
        self._row, self._column = -1, -1
        self._letters: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "c":
            given = attributes.get("r")
            if given is None:
                self._column += 1
            else:
                self._row, self._column = self._place(given)
            self.shared += attributes.get("t") == "s"
        elif local == "row":
            given = attributes.get("r")
            self._row = self._row + 1 if given is None else _number(given) - 1
            self._column = -1
        elif local in ("v", "is"):
            # A cell that has a format and nothing else takes no room.
            self.rows = max(self.rows, self._row + 1)
            self.columns = max(self.columns, self._column + 1)

    def _place(self, reference: str) -> tuple[int, int]:
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise Unreadable
        letters = match.group(1)
        column = self._letters.get(letters)
        if column is None:
            column = 0
            for letter in letters.upper():
                column = column * 26 + ord(letter) - ord("A") + 1
            self._letters[letters] = column
        return int(match.group(2)) - 1, column - 1


class _Exact:
    """The characters of the shared texts that the cells use, together."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self._lengths = lengths
        self._is_shared = self._is_value = False
        self._written = ""
        self._total = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "c":
            self.done()
            self._is_shared = attributes.get("t") == "s"
        self._is_value = self._is_shared and local == "v"

    def characters(self, text: str) -> None:
        if self._is_value:
            self._written += text.strip()[:12]

    def done(self) -> int:
        """Count the cell before; the characters so far."""
        if self._written:
            at = _number(self._written)
            self._total += self._lengths[at] if at < len(self._lengths) else 0
            self._written = ""
        return self._total


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise Unreadable
    return int(text)


def _local(name: str) -> str:
    """The name without its prefix."""
    return name[name.rfind(":") + 1 :]


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    text: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    if text is not None:
        parser.CharacterDataHandler = text
        parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    try:
        with archive.open(part) as file:
            while piece := file.read(_PIECE):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
    except (expat.ExpatError, KeyError, UnicodeError, LookupError) as error:
        raise Unreadable from error


def _refuse(*_declaration: object) -> None:
    raise Unreadable
