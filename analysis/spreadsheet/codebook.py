"""A codebook from a spreadsheet: one theme a row, or one row for each further example of it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from analysis.pipeline.codebook import Codebook, Example, FrameTheme
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
            raise _at(path, number, "the code is missing", "il manque le code")
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
                raise _at(
                    path,
                    number,
                    f"code “{theme.code}” is given twice",
                    f"le code «\u00a0{theme.code}\u00a0» figure deux fois",
                )
            raise _at(
                path,
                number,
                f"code “{theme.code}” is already used by “{name_en}”",
                f"le code «\u00a0{theme.code}\u00a0» est déjà celui de «\u00a0{name_fr}\u00a0»",
            )


def _not_a_codebook(path: Path, table: Table) -> SpreadsheetError:
    there = ", ".join(f"“{c}”" for c in table.columns)
    la = ", ".join(f"«\u00a0{c}\u00a0»" for c in table.columns)
    expected = "code, name_en, name_fr, definition_en, definition_fr, example"
    return SpreadsheetError(
        f"{path} is not a codebook (--codebook): the columns expected are {expected}; it has "
        f"{there}.",
        f"{path} n'est pas une grille (--codebook)\u00a0: les colonnes attendues sont {expected}; "
        f"il contient {la}.",
    )


def _check(
    themes: dict[str, FrameTheme], examples: list[Example], path: Path, table: Table
) -> None:
    if not themes:
        raise SpreadsheetError(
            f"{path} names no theme (--codebook): {len(table.rows)} rows under the header.",
            f"{path} ne nomme aucun thème (--codebook)\u00a0: {len(table.rows)} lignes sous "
            "l'en-tête.",
        )
    if len(themes) > MOST_THEMES:
        raise SpreadsheetError(
            f"{path} has {len(themes)} themes; a codebook may have {MOST_THEMES}.",
            f"{path} a {len(themes)} thèmes; une grille peut en avoir {MOST_THEMES}.",
        )
    shown = {example.theme for example in examples}
    for theme in themes.values():
        said = (theme.name_en, theme.name_fr, theme.definition_en, theme.definition_fr)
        if not any(said) and theme.code not in shown:
            raise SpreadsheetError(
                f"{path}: theme “{theme.code}” has neither a name, nor a definition, nor an "
                "example. The columns are name_en, name_fr, definition_en, definition_fr, example.",
                f"{path}\u00a0: le thème «\u00a0{theme.code}\u00a0» n'a ni nom, ni définition, ni "
                "exemple. Les colonnes sont name_en, name_fr, definition_en, definition_fr, "
                "example.",
            )


def _at(path: Path, number: int, en: str, fr: str) -> SpreadsheetError:
    return SpreadsheetError(
        f"{path}, row {number}: {en} (--codebook).",
        f"{path}, ligne {number}\u00a0: {fr} (--codebook).",
    )


def _folded(header: str) -> str:
    """``Définition (FR)`` as ``definition_fr``."""
    plain = unicodedata.normalize("NFKD", header.casefold())
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return "_".join("".join(c if c.isalnum() else " " for c in kept).split())
