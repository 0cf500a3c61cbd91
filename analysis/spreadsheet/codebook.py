"""A codebook from a spreadsheet: one theme a row, or one row for each further example of it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from analysis.catalogue import Message, Names, Pair
from analysis.catalogue import gettext_noop as _
from analysis.pipeline import Codebook, Example, FrameTheme
from analysis.spreadsheet.errors import SpreadsheetError
from analysis.spreadsheet.reading import Table, read_table

# What a column may be called. ``description`` is what themes.xlsx calls a definition, so that a
# workbook written by an earlier run, renamed and merged by hand, can be given back.
_COLUMNS = {
    "name_en": ("name_en", "nom_en", "name_english", "nom_anglais", "name", "nom"),
    "name_fr": ("name_fr", "nom_fr", "name_french", "nom_francais", "name", "nom"),
    "definition_en": (
        "definition_en",
        "description_en",
        "description_english",
        "description_anglais",
        "definition",
        "description",
    ),
    "definition_fr": (
        "definition_fr",
        "description_fr",
        "description_french",
        "description_francais",
        "definition",
        "description",
    ),
}
MOST_THEMES = 300


def read_codebook(path: Path) -> Codebook:
    """The themes of ``path`` (CSV or XLSX) in the order of its rows.

    Columns: ``code``, ``name_en``, ``name_fr``, ``definition_en``, ``definition_fr``, and any
    number beginning with ``example`` (or ``exemple``). A row that repeats a code adds examples.
    Where there is a column ``parent``, themes that have one are left out: the codebook is the top
    level. Raises SpreadsheetError: no such file or column, no code, a code with two names, a theme
    without name, definition and example, no theme.
    """
    table = read_table(path, text_column="code")
    headers = [_folded(c) for c in table.columns]
    place = {
        field: next((headers.index(name) for name in names if name in headers), None)
        for field, names in _COLUMNS.items()
    }
    example_at = [i for i, h in enumerate(headers) if h.startswith(("example", "exemple"))]
    said_at = [at for at in place.values() if at is not None]
    if "code" not in headers or not (said_at or example_at):
        raise _not_a_codebook(path, table)
    code_at = table.column("code", "--codebook")
    parent_at = headers.index("parent") if "parent" in headers else None
    themes: dict[str, FrameTheme] = {}
    examples: list[Example] = []
    # Numbers of a table begin under its headings; who looks for a row counts these too.
    for number, row in zip((n + 1 for n in table.numbers), table.rows, strict=True):
        if parent_at is not None and row[parent_at].strip():
            continue
        code = row[code_at].strip()
        if not code:
            raise _at(path, number, Message(_("the code is missing")))
        found = {
            field: "" if at is None else " ".join(row[at].split()) for field, at in place.items()
        }
        theme = FrameTheme(code, **found)
        _merge(themes, theme, path, number)
        examples += [Example(row[i].strip(), code) for i in example_at if row[i].strip()]
    _check(themes, examples, path, table)
    return Codebook(tuple(themes.values()), tuple(examples))


def _merge(themes: dict[str, FrameTheme], theme: FrameTheme, path: Path, number: int) -> None:
    """A second row of a code may say nothing else of it than the first."""
    known = themes.get(theme.code)
    if known is None:
        themes[theme.code] = theme
        return
    for field in ("name_en", "name_fr", "definition_en", "definition_fr"):
        if getattr(theme, field) not in ("", getattr(known, field)):
            name_en, name_fr = known.name_en or known.name_fr, known.name_fr or known.name_en
            if not name_en:
                twice = Message(_("code “{code}” is given twice"), {"code": theme.code})
                raise _at(path, number, twice)
            used = Message(
                _("code “{code}” is already used by “{name}”"),
                {"code": theme.code, "name": Pair(name_en, name_fr)},
            )
            raise _at(path, number, used)


def _not_a_codebook(path: Path, table: Table) -> SpreadsheetError:
    return SpreadsheetError(
        _(
            "{path} is not a codebook (--codebook): the columns expected are {expected}; it has "
            "{columns}."
        ),
        path=path,
        expected="code, name_en, name_fr, definition_en, definition_fr, example",
        columns=Names(tuple(table.columns)),
    )


def _check(
    themes: dict[str, FrameTheme], examples: list[Example], path: Path, table: Table
) -> None:
    if not themes:
        raise SpreadsheetError(
            _("{path} names no theme (--codebook): {rows} rows under the header."),
            path=path,
            rows=len(table.rows),
        )
    if len(themes) > MOST_THEMES:
        raise SpreadsheetError(
            _("{path} has {n} themes; a codebook may have {most}."),
            path=path,
            n=len(themes),
            most=MOST_THEMES,
        )
    shown = {example.theme for example in examples}
    for theme in themes.values():
        said = (theme.name_en, theme.name_fr, theme.definition_en, theme.definition_fr)
        if not any(said) and theme.code not in shown:
            raise SpreadsheetError(
                _(
                    "{path}: theme “{code}” has neither a name, nor a definition, nor an "
                    "example. The columns are name_en, name_fr, definition_en, definition_fr, "
                    "example."
                ),
                path=path,
                code=theme.code,
            )


def _at(path: Path, number: int, what: Message) -> SpreadsheetError:
    return SpreadsheetError(
        _("{path}, row {number}: {what} (--codebook)."), path=path, number=number, what=what
    )


def _folded(header: str) -> str:
    """``Définition (FR)`` as ``definition_fr``."""
    plain = unicodedata.normalize("NFKD", header.casefold())
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return "_".join("".join(c if c.isalnum() else " " for c in kept).split())
