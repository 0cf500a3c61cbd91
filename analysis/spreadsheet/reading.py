"""A table from the files people really have: CSV in the encodings of three decades, or XLSX.

Nothing is guessed where a wrong guess would lose text: a cell is kept whole, a row too long for its
header keeps its last column together, and what could not be read is counted and said.
"""

from __future__ import annotations

import csv
import io
import lzma
import re
import zipfile
import zlib
from codecs import getincrementaldecoder
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import chain, compress, dropwhile, islice
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.catalogue import Message, Names
from analysis.catalogue import gettext_noop as _
from analysis.spreadsheet.errors import SpreadsheetError
from analysis.spreadsheet.headings import TITLES, Headings, headings_of, plain
from analysis.spreadsheet.sizes import MOST_CELLS, Size, Unreadable, sheet_sizes
from analysis.spreadsheet.swallowed import TYPICAL, Swallowed
from analysis.spreadsheet.totals import Totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import BinaryIO

MEGA = 1024 * 1024
# A table of a million long comments is about 400 MB; beyond this something else is wrong.
MOST_BYTES = 1024 * MEGA
MOST_COLUMNS = 2_000
MOST_ROWS = 5_000_000
# A workbook is a zip: what it says it holds, and what it really holds, must be bearable.
MOST_ENTRIES = 5_000
MOST_UNPACKED = 1024 * MEGA
MOST_RATIO = 200
RATIO_FROM = 20 * MEGA
MOST_CELL = 16 * MEGA
# A line of a CSV file, in characters, and the cells of one row: beyond, line ends are lost.
MOST_LINE = 20 * MEGA
MOST_CELLS_IN_ROW = 100_000

SEPARATORS = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("bar")}
_ONE_COLUMN = _("one column")
# What may stand in ``Table.form``, to be said in the reader's language.
FORMS = (*SEPARATORS.values(), _ONE_COLUMN)
# Files of other names are read too, but one whose lines are prose is no table of one column.
_TABLES = (".csv", ".tsv", ".txt")
SAMPLE = 400  # records that decide the separator
# Below a first line of one cell this share is as wide as the headings, or the file has one column.
_MOST = 0.5
SAMPLE_BYTES = 2 * MEGA  # and the start of the file they are in

_FRENCH = frozenset("éèêëàâäçôöûùüîïœæÉÈÊËÀÂÇÔÛÙÎÏŒ’‘“”«»–—…€°\u00a0")
_OTHER_THINGS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
    (b"SQLite format", "SQLite"),
)


@dataclass(slots=True)
class Table:
    """Rows of text under their headings. ``numbers`` are the rows' numbers in the file, from 1."""

    headings: Headings
    rows: list[list[str]]
    numbers: list[int]
    form: str  # "UTF-8, comma", for the report
    notes: list[Message] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return list(self.headings.columns)

    def column(self, name: str, option: str) -> int:
        """The index of the column that ``name`` means, as ``Headings.column`` has it."""
        return self.headings.column(name, option)

    def where(self, conditions: Sequence[tuple[str, str]]) -> Table:
        """The rows whose cells are as ``conditions`` (column, value) say, forgiving case.

        Conditions on one column are alternatives, those on several must all hold. Raises
        SpreadsheetError: no such column, or no row is so; then it names the values there are.
        """
        wanted: dict[int, dict[str, str]] = {}
        for name, value in conditions:
            wanted.setdefault(self.column(name, "--where"), {})[plain(value)] = value
        for at, values in wanted.items():
            there = {plain(row[at]): " ".join(row[at].split()) for row in self.rows}
            for same, value in values.items():
                if same not in there:
                    raise SpreadsheetError(
                        _(
                            "No row has “{value}” in column “{name}” (--where). Its values are: "
                            "{values}."
                        ),
                        value=value,
                        name=self.columns[at],
                        values=_some(sorted(filter(None, there.values()))),
                    )
        kept = [all(plain(row[at]) in values for at, values in wanted.items()) for row in self.rows]
        if not any(kept):
            raise SpreadsheetError(_("No row fulfils all that --where asks for."))
        told = Message(
            _("Rows kept by --where: {n} of {all}."), {"n": sum(kept), "all": len(self.rows)}
        )
        return replace(
            self,
            rows=list(compress(self.rows, kept)),
            numbers=list(compress(self.numbers, kept)),
            notes=[*self.notes, told],
        )


def _some(values: Sequence[str], most: int = 12) -> Names:
    return Names((*values[:most], *(("…",) if len(values) > most else ())))


def read_table(
    path: Path,
    *,
    text_column: str = "",
    sheet: str | None = None,
    columns: Sequence[str] | None = None,
) -> Table:
    """Read ``path``. ``text_column`` helps to tell the separator and the sheet.

    With ``columns``, only the cells of those are kept and all others are empty: a file of a
    million rows costs what is asked of it. Raises SpreadsheetError: no such file, not a table,
    empty, too large, unreadable.
    """
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise SpreadsheetError(_("{path} is a folder; give a CSV or XLSX file."), path=path)
        if size > MOST_BYTES:
            raise SpreadsheetError(
                _("{path} is larger than {most} MB; split it."), path=path, most=MOST_BYTES // MEGA
            )
        with path.open("rb") as file:
            return _read(path, file, text_column, sheet, columns)
    except FileNotFoundError:
        raise SpreadsheetError(_("There is no file {path}."), path=path) from None
    except OSError as error:
        raise SpreadsheetError(
            _("{path} cannot be read ({why})."), path=path, why=error.strerror
        ) from None


def _read(
    path: Path,
    file: BinaryIO,
    text_column: str,
    sheet: str | None,
    columns: Sequence[str] | None,
) -> Table:
    start = file.read(MEGA)
    file.seek(0)
    if not start.strip(b"\x00\t\r\n ,;\xef\xbb\xbf\xff\xfe"):
        raise SpreadsheetError(_("{path} is empty."), path=path)
    if start.startswith(b"PK\x03\x04") or path.suffix.lower() in {".xlsx", ".xlsm"}:
        return _workbook(path, file.read(), text_column, sheet, columns)
    for mark, kind in _OTHER_THINGS:
        if start.startswith(mark):
            raise _not_a_table(path, kind)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise SpreadsheetError(
            _(
                "{path} is an old or password-protected Excel file; save it as XLSX or CSV "
                "without a password."
            ),
            path=path,
        )
    if sheet is not None:
        raise SpreadsheetError(
            _("{path} is not a workbook and has no sheet “{sheet}” (--sheet)."),
            path=path,
            sheet=sheet,
        )
    return _delimited(path, file, text_column, columns)


def _not_a_table(path: Path, kind: str = "") -> SpreadsheetError:
    if not kind:
        return SpreadsheetError(
            _("{path} is not a table; give a CSV or XLSX file with a header row."), path=path
        )
    return SpreadsheetError(
        _(
            "{path} is not a table (it looks like {kind}); give a CSV or XLSX file with a header "
            "row."
        ),
        path=path,
        kind=kind,
    )


# Text.


def codec_of(file: BinaryIO) -> tuple[str, str]:
    """The codec that reads ``file``, and its name for people. Reads through it once, in pieces.

    Order: a byte order mark; UTF-16 by its zero bytes; UTF-8 when all (or all but a few) of it is;
    else the one-byte encoding that reads most like French, Windows-1252 when in doubt.
    """
    file.seek(0)
    start = file.read(SAMPLE_BYTES)
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if start.startswith(mark):
            return name, name.removesuffix("-sig").upper()
    zeros = [start[:4000][i::2].count(0) for i in (0, 1)]
    if max(zeros) > len(start[:4000]) * 0.2 and min(zeros) < max(zeros) * 0.2:
        name = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
        return name, name.upper()
    # One torn character in a UTF-8 file must not turn every é of it into Ã©.
    good, bad = _as_utf_8(file)
    if not bad or good > 10 * bad:
        return "utf-8", "UTF-8"
    return _one_byte(start)


def _as_utf_8(file: BinaryIO) -> tuple[int, int]:
    """How many characters beyond ASCII are UTF-8, and how many pieces are not."""
    file.seek(0)
    decoder = getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    while piece := file.read(MEGA):
        if piece.isascii() and not decoder.getstate()[0]:
            continue
        text = decoder.decode(piece)
        # One that was saved as such is a character like others.
        torn = text.count("\ufffd") - piece.count(b"\xef\xbf\xbd")
        bad += torn
        good += len(text) - len(text.encode("ascii", "ignore")) - torn
    return good, bad + decoder.decode(b"", final=True).count("\ufffd")


def _one_byte(start: bytes) -> tuple[str, str]:
    highest, found = -(10**12), ""
    for candidate in ("cp1252", "mac_roman", "cp850"):
        try:
            read = start.decode(candidate)
        except UnicodeDecodeError:
            continue
        score = sum(1 if c in _FRENCH else -3 for c in read if ord(c) > 127)
        if score > highest:
            found, highest = candidate, score
    if highest < 0:
        from charset_normalizer import from_bytes

        match = from_bytes(start).best()
        if match is not None and match.encoding not in {"ascii", "utf_8"}:
            return match.encoding, match.encoding
    if not found:
        return "latin-1", "latin-1"
    return found, {"cp1252": "Windows-1252"}.get(found, found)


class _Lines:
    """The lines of a file as csv wants them, without null characters; counts the unreadable."""

    def __init__(self, file: BinaryIO, codec: str) -> None:
        file.seek(0)
        self.text = io.TextIOWrapper(file, encoding=codec, errors="replace", newline="")
        self.unreadable = 0

    def __iter__(self) -> Iterator[str]:
        first = True
        while line := self.text.readline(MOST_LINE + 1):
            if len(line) > MOST_LINE:
                raise SpreadsheetError(
                    _(
                        "A line of the file is longer than {most} million characters. It has no "
                        "line ends, or it is not a table."
                    ),
                    most=MOST_LINE // MEGA,
                )
            if "\ufffd" in line:
                self.unreadable += line.count("\ufffd")
            if "\x00" in line:
                line = line.replace("\x00", "")
            if first:
                line = line.removeprefix("\ufeff")
                first = False
            yield line


def _delimited(
    path: Path, file: BinaryIO, text_column: str, columns: Sequence[str] | None
) -> Table:
    codec, encoding = codec_of(file)
    file.seek(0)
    sample = getincrementaldecoder(codec)("replace").decode(file.read(SAMPLE_BYTES))
    sample = sample.replace("\x00", "").removeprefix("\ufeff")
    start = sample[:20_000]
    strange = sum(1 for c in start if ord(c) < 32 and c not in "\t\r\n\x0b\x0c\x1f")
    if strange > len(start) * 0.02 or start.count("\ufffd") > len(start) * 0.1:
        raise _not_a_table(path)
    if re.match(r"\s*(?:<!doctype|<html|<\?xml)", start, re.IGNORECASE):
        raise _not_a_table(path, "HTML" if "html" in start[:200].lower() else "XML")
    if re.match(r"\s*[\[{]", start) and re.search(r'"\s*:', start):
        raise _not_a_table(path, "JSON")
    declared = re.match(r"sep=(.)\r?\n", sample)
    separator = declared.group(1) if declared else _separator(sample, text_column)
    lines = _Lines(file, codec)
    records = _records(islice(lines, 1 if declared else 0, None), separator)
    table = _table(path, records, separator, text_column, columns)
    if table is None:
        raise SpreadsheetError(_("{path} is empty."), path=path)
    is_one_column = len(table.columns) == 1 and path.suffix.lower() not in _TABLES
    if is_one_column and text_column and not table.headings.has(text_column):
        raise _not_a_table(path)
    table.form = f"{encoding}, {SEPARATORS.get(separator, _ONE_COLUMN)}"
    if lines.unreadable:
        table.notes.append(
            Message(
                _("Characters that could not be read and show as {mark}: {n}."),
                {"mark": "\ufffd", "n": lines.unreadable},
            )
        )
    lines.text.detach()
    return table


def _records(lines: Iterable[str], separator: str, *, is_whole: bool = True) -> Iterator[list[str]]:
    """The rows of cells. A sample that is not the whole file may end inside a cell."""
    csv.field_size_limit(MOST_CELL)
    counted = _Counted(lines)
    reader = csv.reader(counted, delimiter=separator)
    try:
        begins = 1
        for record in reader:
            if len(record) > MOST_CELLS_IN_ROW:
                raise SpreadsheetError(
                    _("Line {begins} has more than {most} cells."),
                    begins=begins,
                    most=MOST_CELLS_IN_ROW,
                )
            if is_whole and counted.is_over and counted.is_open and reader.line_num > begins:
                raise _never_closed(begins)
            yield record
            begins = reader.line_num + 1
            counted.quotes = 0
    except csv.Error:  # a cell longer than any cell is
        if is_whole:
            raise _never_closed(begins) from None


class _Counted:
    """Lines, with the quotation marks since ``quotes`` was last set and whether the last is out."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.quotes = 0
        self.is_over = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.is_over = True
            raise StopIteration
        self.quotes += line.count('"')
        return line

    @property
    def is_open(self) -> bool:
        """Whether a quotation mark has no counterpart."""
        return self.quotes % 2 == 1


def _never_closed(line: int) -> SpreadsheetError:
    """All that follows would be read as one cell, and every comment in it lost."""
    return SpreadsheetError(
        _(
            "A cell that opens with a quotation mark at line {line} or after never ends: "
            "the file breaks off, or a quotation mark is missing. Open it in a "
            "spreadsheet program and save it again."
        ),
        line=line,
    )


def _separator(sample: str, text_column: str) -> str:
    """The separator under which the records of the file are most alike.

    Commas abound in comments, so counting characters misleads: each candidate reads the first
    records, quotes and all, and is judged by how many have as many cells as the header.
    """
    best, highest = "\x1f", (0, 0.0, 0)
    for separator in SEPARATORS:
        try:
            lines = io.StringIO(sample, newline="")
            records = [r for r in islice(_records(lines, separator, is_whole=False), SAMPLE) if r]
        except SpreadsheetError:
            continue
        if not any(any(c.strip() for c in r) for r in records):
            continue
        headings = headings_of(records, text_column)
        width = len(records[headings.above])
        if width < 2:
            continue
        named = int(any(plain(text_column) == plain(c) for c in headings.columns if c))
        alike = sum(len(r) == width for r in records) / len(records)
        if not named and len(records[0]) < 2 and alike < _MOST:
            continue  # one column: what looks like headings is a comment with commas in it
        score = (named, round(alike, 2), width)
        if score > highest:
            best, highest = separator, score
    # A header of one cell under every separator: the file has one column, commas are text.
    return best


def _table(
    path: Path,
    records: Iterator[list[str]],
    separator: str,
    text_column: str,
    wanted: Sequence[str] | None,
) -> Table | None:
    """The rows under their headings; None where there is not one cell."""
    records = dropwhile(lambda r: not any(c.strip() for c in r), records)
    first = list(islice(records, max(TITLES, TYPICAL)))
    if not first:
        return None
    headings = headings_of(first, text_column)
    if len(headings.columns) > MOST_COLUMNS:
        raise SpreadsheetError(
            _("{path} has more than {most} columns."), path=path, most=MOST_COLUMNS
        )
    below = first[headings.above + headings.rows :]
    width = len(headings.columns)
    swallowed = Swallowed(below, width, separator)
    kept = None if wanted is None else {i for name in wanted for i in headings.called(name)}
    dropped = [i for i in range(width) if kept is not None and i not in kept]
    rows: list[list[str]] = []
    numbers: list[int] = []
    long, short = 0, 0
    totals = Totals()
    for number, record, is_last in _to_the_last(chain(below, records)):
        if number > MOST_ROWS:
            raise SpreadsheetError(
                _("{path} has more than {most} rows; split it."), path=path, most=MOST_ROWS
            )
        if not any(cell.strip() for cell in record):
            continue
        if totals.is_one(number, record, is_last=is_last):
            continue
        swallowed.look(number, record)
        if len(record) > width:
            extra = record[width:]
            # Unquoted separators in the last column: its pieces belong together.
            if any(cell.strip() for cell in extra):
                long += 1
                record = [*record[: width - 1], separator.join(record[width - 1 :])]
            else:
                record = record[:width]
        elif len(record) < width:
            short += 1
            record = [*record, *[""] * (width - len(record))]
        for i in dropped:
            record[i] = ""
        rows.append(record)
        numbers.append(number)
    table = Table(headings, rows, numbers, "")
    if headings.above:
        titles = sum(any(cell.strip() for cell in r) for r in first[: headings.above])
        table.notes.append(
            Message(_("Rows above the headings, not read as comments: {n}."), {"n": titles})
        )
    if headings.rows > 1:
        table.notes.append(
            Message(_("The headings fill {n} rows, as in an export."), {"n": headings.rows})
        )
    if long:
        table.notes.append(
            Message(
                _("Rows with more cells than the header: {n}; the rest was kept in the last one."),
                {"n": long},
            )
        )
    if short:
        table.notes.append(
            Message(
                _("Rows with fewer cells than the header: {n}; the missing ones count as empty."),
                {"n": short},
            )
        )
    return replace(table, notes=[*table.notes, *totals.notes(), *swallowed.notes()])


def _to_the_last(records: Iterable[list[str]]) -> Iterator[tuple[int, list[str], bool]]:
    """Each row with its number from 1, and whether only blank ones follow."""
    held: list[tuple[int, list[str]]] = []
    for number, record in enumerate(records, start=1):
        if any(cell.strip() for cell in record):
            yield from ((n, r, False) for n, r in held)
            held = []
        held.append((number, record))
    yield from ((n, r, True) for n, r in held)


# Workbooks.


def _check_zip(path: Path, data: bytes) -> dict[str, Size]:
    """Refuse an archive that would fill memory, before anything else opens it.

    The size of each sheet by its name, as ``sizes.sheet_sizes`` has it.
    """
    broken = SpreadsheetError(_("{path} is not a readable XLSX workbook."), path=path)
    large = SpreadsheetError(
        _("{path} unpacks to more than a workbook of comments can hold; save it as CSV."), path=path
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES:
                raise large
            claimed = sum(e.file_size for e in entries)
            if claimed > MOST_UNPACKED or (
                claimed > RATIO_FROM and claimed > MOST_RATIO * len(data)
            ):
                raise large
            names = {e.filename for e in entries}
            if "xl/workbook.xml" not in names:
                kinds = {
                    "word/document.xml": "DOCX",
                    "content.xml": "ODS",
                    "xl/workbook.bin": "XLSB",
                }
                raise _not_a_table(path, next((k for n, k in kinds.items() if n in names), "ZIP"))
            if names & {"content.xml", "xl/workbook.bin"}:
                # Two formats in one: which of them is read could not be foreseen.
                raise broken
            for entry in entries:
                # A size that lies is found by reading: the checksum is then wrong.
                with archive.open(entry) as part:
                    while part.read(MEGA):
                        pass
            return sheet_sizes(archive)
    except (
        Unreadable,
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ):
        raise broken from None


def _workbook(
    path: Path, data: bytes, text_column: str, sheet: str | None, columns: Sequence[str] | None
) -> Table:
    import python_calamine

    sizes = _check_zip(path, data)
    refused: SpreadsheetError | None = None
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        if sheet is not None and sheet not in book.sheet_names:
            raise SpreadsheetError(
                _("There is no sheet “{sheet}”. The sheets are: {sheets}."),
                sheet=sheet,
                sheets=", ".join(book.sheet_names),
            )
        tables = []
        for name in [sheet] if sheet is not None else book.sheet_names:
            size = sizes.get(name) or sizes.get("") or Size()
            if size.is_too_large:
                refused = refused or _too_large(path, name, size)
                continue
            cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            records = iter([[_cell(c) for c in row] for row in cells])
            table = _table(path, records, ",", text_column, columns)
            if table is None:
                continue
            table.form = f"XLSX, {name}"
            if table.headings.has(text_column):
                return table
            tables.append(table)
    except SpreadsheetError:
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # calamine has an error for each kind of damage, and panics
        raise SpreadsheetError(
            _("{path} is not a readable XLSX workbook ({error})."), path=path, error=error
        ) from None
    if refused is not None:
        # The sheet that was asked for may be the one.
        raise refused
    if not tables:
        raise SpreadsheetError(_("{path} is empty."), path=path)
    return tables[0]


def _too_large(path: Path, sheet: str, size: Size) -> SpreadsheetError:
    if size.rows * size.columns > MOST_CELLS:
        return SpreadsheetError(
            _(
                "{path}: sheet “{sheet}” reaches to cell {cell}, far more than a table of "
                "comments. Delete what stands far from the table, or save the sheet as CSV."
            ),
            path=path,
            sheet=sheet,
            cell=size.last,
        )
    return SpreadsheetError(
        _("{path}: sheet “{sheet}” holds more text than can be read at once; split it."),
        path=path,
        sheet=sheet,
    )


def _cell(value: object) -> str:
    """A cell as text: a whole number without ``.0``, a date as the standard writes it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
