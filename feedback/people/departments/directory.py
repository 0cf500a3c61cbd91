"""The directory of departments as a file: what it would change, and then the change.

CSV, commas or semicolons, UTF-8 with or without a byte-order mark, a heading and a row for each
department. A file is read whole and compared before anything is written: `directory_read` says what
would be new and what would differ, or what is wrong in which row; `directory_apply` writes it, in
one transaction. Departments that are not in the file stay as they are. What `directory_export`
writes, read again, changes nothing.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TextIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from analysis.figures.cells import spreadsheet_restore, write_csv
from feedback.people.acting import acting_for
from feedback.people.departments.history import (
    Refused,
    department_merge,
    department_rename,
    today,
)
from feedback.people.models import Department, User

# The same in both languages, so that one program reads every file.
COLUMNS: Final = (
    "code", "name_en", "name_fr", "named_since", "email", "phone", "accent_colour",
    "smallest_cell", "successor", "merged_on",
)  # fmt: skip
REQUIRED: Final = ("code", "name_en", "name_fr")
# Those a row writes by itself; names and mergers have a history.
PLAIN: Final = ("email", "phone", "accent_colour", "smallest_cell")
DATES: Final = ("named_since", "merged_on")
LONGEST: Final = 512 * 1024
MOST_ROWS: Final = 2000

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: in which line of the file (0: in the file itself) and column, in words."""

    line: int
    column: str
    says: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that is another than what we have; ``before`` is empty of a new department."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row would do. ``cells``: all that the file says of the department."""

    line: int
    code: str
    is_new: bool
    cells: Cells
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do; nothing, where it has faults."""

    entries: tuple[Entry, ...] = ()
    unchanged: int = 0
    faults: tuple[Fault, ...] = field(default=())

    @property
    def digest(self) -> str:
        """Of what would change: whoever says yes says it to this and nothing else."""
        said = [(e.code, e.is_new, [(d.column, d.before, d.after) for d in e.differences])
                for e in self.entries]  # fmt: skip
        return hashlib.sha256(repr(said).encode()).hexdigest()


class DirectoryRefused(Exception):  # noqa: N818 (named for what happened)
    """It has faults, or would change something else than what was shown: ``plan`` says what."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan.faults)
        self.plan = plan


# --- Out -----------------------------------------------------------------------------------------


def directory_export(file: TextIO) -> None:
    """All departments by code. ``file``: opened with ``newline=""``."""
    departments = Department.objects.select_related("successor").order_by("code")
    rows = ([cells[name] for name in COLUMNS] for cells in map(_cells_of, departments))
    write_csv(file, COLUMNS, rows)


def _cells_of(department: Department) -> Cells:
    values = {name: getattr(department, name) for name in COLUMNS}
    values["successor"] = department.successor.code if department.successor is not None else None
    return {name: "" if value is None else str(value) for name, value in values.items()}


# --- In ------------------------------------------------------------------------------------------


def directory_read(raw: bytes) -> Plan:
    """What the file would change, compared with what there is now; in the active language."""
    try:
        rows = list(_rows(raw))
    except _Unreadable as error:
        return Plan(faults=(Fault(error.line, error.column, error.says),))
    known = {d.code: d for d in Department.objects.select_related("successor")}
    faults = [*_faults_of_all(rows, known)]
    entries, unchanged = [], 0
    for line, cells in rows:
        department = known.get(cells["code"])
        faults += [Fault(line, *told) for told in _faults(cells, department)]
        differences = tuple(_differences(cells, department))
        if differences:
            code = cells["code"]
            entries.append(Entry(line, code, department is None, cells, differences))
        else:
            unchanged += 1
    if faults:
        return Plan(faults=tuple(sorted(faults, key=lambda fault: fault.line)))
    return Plan(tuple(entries), unchanged)


@transaction.atomic
def directory_apply(raw: bytes, *, digest: str | None, actor: User) -> Plan:
    """Write what the file says. ``digest``: of the plan that was shown; None: whatever it is.

    Raises DirectoryRefused, and writes nothing, where the file has faults or where what there is
    has changed since.
    """
    # Nobody renames or merges one meanwhile.
    list(Department.objects.select_for_update().order_by("pk"))
    plan = directory_read(raw)
    if plan.faults or (digest is not None and digest != plan.digest):
        raise DirectoryRefused(plan)
    with acting_for(actor):
        for entry in plan.entries:
            _write(entry)
        # The one it goes into may stand further down.
        for entry in plan.entries:
            _merge(entry, actor)
    return plan


def _write(entry: Entry) -> None:
    cells = entry.cells
    if entry.is_new:
        department = Department(
            code=entry.code,
            name_en=cells["name_en"],
            name_fr=cells["name_fr"],
            named_since=_date(cells.get("named_since", "")),
        )
    else:
        department = Department.objects.get(code=entry.code)
        changed = {difference.column for difference in entry.differences}
        if changed & {"name_en", "name_fr", "named_since"}:
            since = _date(cells["named_since"]) if "named_since" in changed else None
            names = {"name_en": cells["name_en"], "name_fr": cells["name_fr"]}
            department_rename(department=department, since=since, **names)
    for name in PLAIN:
        if name in cells:
            setattr(department, name, _value(name, cells[name]))
    department.full_clean()
    department.save()


def _merge(entry: Entry, actor: User) -> None:
    if any(difference.column == "successor" for difference in entry.differences):
        department_merge(
            department=Department.objects.get(code=entry.code),
            into=Department.objects.get(code=entry.cells["successor"]),
            on=_day(entry.cells["merged_on"]),
            actor=actor,
        )


def _differences(cells: Cells, department: Department | None) -> Iterator[Difference]:
    before = _cells_of(department) if department is not None else {}
    for name in COLUMNS:
        if name in cells and cells[name] != before.get(name, ""):
            yield Difference(name, before.get(name, ""), cells[name])


# --- What is wrong ---------------------------------------------------------------------------


def _faults(cells: Cells, department: Department | None) -> Iterator[tuple[str, str]]:
    """Of one row: the column, and what is wrong there."""
    days: dict[str, date | None] = {}
    for name in DATES:
        try:
            days[name] = _date(cells.get(name, ""))
        except ValueError:
            yield name, _("Write the day as in 2026-11-29.")
    if "smallest_cell" in cells and not cells["smallest_cell"].isdecimal():
        yield "smallest_cell", _("Write a number.")
        return
    if len(days) < len(DATES):
        return
    yield from _faults_of_values(cells, department)
    yield from _faults_of_name(cells, days["named_since"], department)
    yield from _faults_of_merger(cells, days["merged_on"], department)


def _faults_of_values(cells: Cells, department: Department | None) -> Iterator[tuple[str, str]]:
    row = Department(code=cells["code"], name_en=cells["name_en"], name_fr=cells["name_fr"])
    for name in PLAIN:
        if name in cells:
            setattr(row, name, _value(name, cells[name]))
    try:
        row.clean_fields(exclude=["named_since", "merged_on", "successor"])
        row.validate_constraints(exclude=["successor", "merged_on", "id"])
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            for message in messages:
                if not (name == "code" and department is not None):
                    yield name if name in COLUMNS else "name_en", str(message)


def _faults_of_name(
    cells: Cells, since: date | None, department: Department | None
) -> Iterator[tuple[str, str]]:
    if since is None:
        if department is not None and department.named_since and "named_since" in cells:
            yield "named_since", str(Refused.BEFORE.label)
        return
    if since > today():
        yield "named_since", str(Refused.FUTURE.label)
    elif department is not None and since != department.named_since:
        if department.named_since is not None and since < department.named_since:
            yield "named_since", str(Refused.BEFORE.label)
        if (cells["name_en"], cells["name_fr"]) == (department.name_en, department.name_fr):
            yield "named_since", _("The name is the same as before: leave the day as it was.")


def _faults_of_merger(
    cells: Cells, merged_on: date | None, department: Department | None
) -> Iterator[tuple[str, str]]:
    if "successor" not in cells:
        return
    heir = department.successor if department is not None else None
    successor = cells["successor"]
    if heir is not None:
        assert department is not None  # noqa: S101 (it has a successor)
        if successor != heir.code or merged_on != department.merged_on:
            yield "successor", str(Refused.GONE.label)
    elif successor and merged_on is None:
        yield "merged_on", _("Write the day on which it goes into the other.")
    elif not successor and merged_on is not None:
        yield "successor", _("Write the code of the department it goes into.")
    elif merged_on is not None and merged_on > today():
        yield "merged_on", str(Refused.FUTURE.label)


def _faults_of_all(
    rows: list[tuple[int, Cells]], known: Mapping[str, Department]
) -> Iterator[Fault]:
    """Between the rows, and between them and what there is."""
    first: dict[str, int] = {}
    for line, cells in rows:
        code = cells["code"]
        if code in first:
            says = _("The code stands in line {line} already.").format(line=first[code])
            yield Fault(line, "code", says)
        first.setdefault(code, line)
    gone = {code for code, department in known.items() if department.successor_id is not None}
    gone |= {cells["code"] for _line, cells in rows if cells.get("successor")}
    for line, cells in rows:
        successor = cells.get("successor", "")
        department = known.get(cells["code"])
        if not successor or (department is not None and department.successor_id is not None):
            continue
        if successor == cells["code"]:
            yield Fault(line, "successor", str(Refused.ITSELF.label))
        elif successor not in known and successor not in first:
            yield Fault(line, "successor", _("There is no department of this code."))
        elif successor in gone:
            yield Fault(line, "successor", str(Refused.INTO_GONE.label))


# --- Cells ---------------------------------------------------------------------------------------


class _Unreadable(Exception):  # noqa: N818 (named for what happened)
    def __init__(self, says: str, line: int = 0, column: str = "") -> None:
        super().__init__(says)
        self.says, self.line, self.column = says, line, column


def _rows(raw: bytes) -> Iterator[tuple[int, Cells]]:
    """Line of the file and cells by column. Raises _Unreadable."""
    if len(raw) > LONGEST:
        raise _Unreadable(_("The file is too long: half a mebibyte at most."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _Unreadable(_("The file is not UTF-8. Save it as “CSV UTF-8”.")) from None
    if "\0" in text:
        raise _Unreadable(_("The file is no CSV file."))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        names = _heading(next(reader, []))
        for number, row in enumerate(reader, start=1):
            if number > MOST_ROWS:
                most = _("The file has too many rows: {n} at most.").format(n=MOST_ROWS)
                raise _Unreadable(most)
            if any(cell.strip() for cell in row):
                yield reader.line_num, _cells(names, row, reader.line_num)
    except csv.Error:
        says = _("Quotation marks are not closed, or stand in the middle of a cell.")
        raise _Unreadable(says, reader.line_num) from None


def _delimiter(text: str) -> str:
    """Where the machine speaks French, spreadsheet programs write semicolons."""
    heading = text.split("\n", 1)[0]
    return ";" if heading.count(";") > heading.count(",") else ","


def _heading(row: list[str]) -> list[str]:
    names = [name.strip() for name in row]
    for name in REQUIRED:
        if name not in names:
            says = _("The column {name} is missing. The heading is in the first line.")
            raise _Unreadable(says.format(name=name), 1)
    for name in names:
        if name not in COLUMNS:
            says = _("There is no column {name}.").format(name=name or "“”")
            raise _Unreadable(says, 1)
        if names.count(name) > 1:
            raise _Unreadable(_("The column {name} is there twice.").format(name=name), 1)
    for one, other in (("successor", "merged_on"), ("merged_on", "successor")):
        if one in names and other not in names:
            says = _("The column {name} is missing. The heading is in the first line.")
            raise _Unreadable(says.format(name=other), 1)
    return names


def _cells(names: list[str], row: list[str], line: int) -> Cells:
    if len(row) != len(names):
        says = _("The row has {n} cells, the heading has {m}.").format(n=len(row), m=len(names))
        raise _Unreadable(says, line)
    cells = [spreadsheet_restore(cell).strip() for cell in row]
    return dict(zip(names, cells, strict=True))


def _value(name: str, cell: str) -> str | int:
    return int(cell) if name == "smallest_cell" else cell


def _date(cell: str) -> date | None:
    """Raises ValueError."""
    return date.fromisoformat(cell) if cell else None


def _day(cell: str) -> date:
    return date.fromisoformat(cell)
