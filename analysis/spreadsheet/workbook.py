"""``themes.xlsx``: the whole run as a workbook that a person wants to open.

Written with XlsxWriter in constant memory: rows go to disk as they come, so that a million passages
cost no more than ten. Every text is written as text and never as a formula, a number or a link; a
cell that a program could take for a formula when somebody edits it carries Excel's own quote mark,
which is not part of the text. The same run gives the same bytes: nothing depends on the clock.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from analysis.catalogue import translations
from analysis.figures.cells import write_text
from analysis.figures.intervals import wilson
from analysis.spreadsheet import comparison, questions
from analysis.spreadsheet.files import assignment_rows, method
from analysis.spreadsheet.outcome import Outcome
from analysis.spreadsheet.pictures import name_of
from analysis.spreadsheet.words import (
    changes,
    languages,
    levels,
    limits,
    outside_codebook,
    reasons,
    verdicts,
)

# What a sheet and a cell of the format can hold; characters beyond 16 bits count twice.
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
_CREATED = datetime(2000, 1, 1)

Plain = str | int | float | None
# A value, or with it another kind than its column's.
Cell = Plain | tuple[Plain, str]
# A column: its head, its width in characters, and "text" (wrapped), "code", "count", "share",
# "change" (of a share) or "number".
Column = tuple[str, int, str]


def sheets(language: str) -> dict[str, str]:
    """The names of the sheets."""
    _ = translations(language).gettext
    return {
        "themes": _("Themes"),
        "assignments": _("Assignments"),
        "quotes": _("Quotes"),
        "letters": _("Letters"),
        "splits": _("Splits"),
        "comparison": _("Comparison"),
        "method": _("Method"),
    }


def heads(language: str) -> dict[str, str]:
    """The heads of the columns, and the few words that stand in a cell."""
    said = translations(language)
    _ = said.gettext
    return {
        "code": _("Code"),
        "parent": _("Parent"),
        "name_en": _("Name (English)"),
        "name_fr": _("Name (French)"),
        "description_en": _("Description (English)"),
        "description_fr": _("Description (French)"),
        "keywords_en": _("Keywords (English)"),
        "keywords_fr": _("Keywords (French)"),
        "size": _("Comments"),
        "share": _("Share"),
        "low": _("95% from"),
        "high": _("95% to"),
        "main": _("As main theme"),
        "passages": _("Passages"),
        "en": _("In English"),
        "fr": _("In French"),
        "other": _("In another language"),
        "confidence": _("Confidence"),
        "reason": _("Why"),
        "check": _("To check"),
        "named_by": _("Names proposed by"),
        "id": _("Row"),
        "id_given": _("Id"),
        "theme": _("Theme"),
        "name": _("Name of the theme"),
        "score": _("Score"),
        "passage": _("Passage"),
        "start": _("From character"),
        "end": _("To character"),
        "unthemed": _("Why in no theme"),
        "language": _("Language"),
        "border": _("At the edge"),
        "at_random": _("At random"),
        "quote": _("Quote"),
        "copies": _("Copies"),
        "linked": _("Same letter in the other language"),
        "letter": _("Letter"),
        "ids": _("Rows"),
        "ids_given": _("Ids"),
        "question": _("Question"),
        "answer": _("Answer"),
        "n": _("Comments"),
        "answered": _("Answered"),
        "difference": _("Difference"),
        "difference_low": _("Difference, 95% from"),
        "difference_high": _("Difference, 95% to"),
        "p": _("p"),
        "clear": _("Clear difference"),
        "verdict": _("What can be said"),
        "mean": _("mean"),
        "change": said.pgettext("to a theme", "What happened"),
        "shared": _("Comments shared"),
        "jaccard": _("Comments in common (Jaccard)"),
        "alike": _("Words in common (Dice)"),
        "mostly": _("Mostly from or now in"),
        "mostly_share": _("Share of it"),
        "what": _("What"),
        "value": _("Value"),
        "yes": _("yes"),
    }


def is_edited(path: Path) -> bool:
    """Whether somebody saved the workbook ``path`` since it was written here; False without one.

    A program that saves it dates it; this one dates all of them alike.
    """
    try:
        with zipfile.ZipFile(path) as book:
            core = book.read("docProps/core.xml").decode("utf-8", "replace")
    except FileNotFoundError:
        return False
    except (OSError, KeyError, zipfile.BadZipFile):
        return True
    found = re.search(r"<dcterms:modified[^>]*>([^<]*)<", core)
    return found is None or not found.group(1).startswith(_CREATED.isoformat())


def write_workbook(path: Path, outcome: Outcome, *, language: str) -> None:
    """Write ``themes.xlsx`` with its heads in ``language``, the texts as they were given."""
    book = _Book(path, language)
    names = sheets(language)
    book.sheet(names["themes"], _theme_columns(outcome, language), _themes(outcome, language))
    book.sheet(names["quotes"], _quote_columns(outcome, language), _quotes(outcome, language))
    if outcome.result.campaigns:
        book.sheet(names["letters"], _letter_columns(outcome, language), _letters(outcome))
    if outcome.questions:
        book.sheet(
            names["splits"],
            _split_columns(language),
            _splits(outcome, language),
        )
    if outcome.comparison is not None:
        book.sheet(
            names["comparison"],
            _comparison_columns(language),
            _compared(outcome.comparison, language),
        )
    book.sheet(
        names["assignments"],
        _assignment_columns(outcome, language),
        _assignments(outcome, language),
    )
    book.sheet(names["method"], _method_columns(language), _method(outcome, language))
    book.close()


class _Book:
    """Sheets written row by row, each with a frozen head, filters and its widths."""

    def __init__(self, path: Path, language: str) -> None:
        self.language = language
        self.book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": False,
            },
        )
        self.book.set_properties({"created": _CREATED, "title": path.stem})
        plain: dict[str, Any] = {"valign": "top"}
        shapes: dict[str, dict[str, Any]] = {
            "text": {"text_wrap": True},
            "code": {},
            "count": {"num_format": "#,##0"},
            "share": {"num_format": "0.0%"},
            "change": {"num_format": "+0.0%;-0.0%;0.0%"},
            "number": {"num_format": "0.00"},
        }
        self.formats = {kind: self.book.add_format(plain | f) for kind, f in shapes.items()}
        self.quoted = {
            kind: self.book.add_format(plain | f | {"quote_prefix": True})
            for kind, f in shapes.items()
        }
        head = {
            "bold": True,
            "bottom": 1,
            "text_wrap": True,
            "valign": "top",
            "bg_color": "#F2EFE8",
        }
        self.head = self.book.add_format(head)
        self.quoted_head = self.book.add_format(head | {"quote_prefix": True})

    def sheet(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
        """One sheet, and more of the same name with a number where the format's rows run out."""
        part, at = 1, MOST_ROWS
        sheet: Any = None
        for row in rows:
            if at >= MOST_ROWS:
                if sheet is not None:
                    sheet.autofilter(0, 0, at - 1, len(columns) - 1)
                    part += 1
                sheet, at = self._begin(name if part == 1 else f"{name} {part}", columns), 1
            for column, (value, (_, _, kind)) in enumerate(zip(row, columns, strict=True)):
                self._cell(sheet, at, column, value, kind)
            at += 1
        if sheet is None:
            sheet, at = self._begin(name, columns), 1
        sheet.autofilter(0, 0, at - 1, len(columns) - 1)

    def _begin(self, name: str, columns: Sequence[Column]) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for column, (_, width, _) in enumerate(columns):
            sheet.set_column(column, column, width)
        for column, (head, _, _) in enumerate(columns):
            write_text(sheet, 0, column, head, self.head, self.quoted_head)
        return sheet

    def _cell(self, sheet: Any, row: int, column: int, value: Cell, kind: str) -> None:
        if isinstance(value, tuple):
            value, kind = value
        if value is None or value == "":
            return
        if isinstance(value, str):
            text = _fitting(value, self.language)
            write_text(sheet, row, column, text, self.formats[kind], self.quoted[kind])
        else:
            sheet.write_number(row, column, value, self.formats[kind])

    def close(self) -> None:
        self.book.close()


def _fitting(text: str, language: str) -> str:
    """``text``, or as much of it as a cell holds and a note that it was cut."""
    if len(text) * 2 <= MOST_CHARACTERS:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * MOST_CHARACTERS:
        return text
    # The only words of a person that are ever cut, because the format has no room for them.
    note = translations(language).gettext(
        "… [cut to fit a cell of a workbook; all of it is in the other files]"
    )
    # Half of a pair that the cut leaves behind is dropped.
    kept = units[: 2 * (MOST_CHARACTERS - len(note))].decode("utf-16-le", "ignore")
    return kept + note


def _heads(language: str, columns: Iterable[tuple[str, int, str]]) -> list[Column]:
    names = heads(language)
    return [(names[key], width, kind) for key, width, kind in columns]


def _theme_columns(outcome: Outcome, language: str) -> list[Column]:
    return _heads(
        language,
        (
            ("code", 8, "code"),
            ("name_en", 30, "text"),
            ("name_fr", 30, "text"),
            ("size", 12, "count"),
            ("share", 9, "share"),
            ("low", 9, "share"),
            ("high", 9, "share"),
            ("main", 12, "count"),
            ("passages", 11, "count"),
            ("en", 10, "count"),
            ("fr", 10, "count"),
            ("other", 12, "count"),
            ("description_en", 48, "text"),
            ("description_fr", 48, "text"),
            ("keywords_en", 40, "text"),
            ("keywords_fr", 40, "text"),
            ("confidence", 14, "code"),
            ("reason", 48, "text"),
            ("check", 48, "text"),
            ("parent", 8, "code"),
            # Where no model was asked, there is nothing to say of it.
            *((("named_by", 24, "text"),) if outcome.result.shown_to else ()),
        ),
    )


def _themes(outcome: Outcome, language: str) -> Iterable[Sequence[Cell]]:
    said = levels(language)
    _ = translations(language).gettext
    for top in outcome.top:
        for t in (top, *outcome.parts.get(top.code, ())):
            bound = wilson(min(t.size, outcome.base), outcome.base) if outcome.base else None
            en, fr = t.languages.get("en", 0), t.languages.get("fr", 0)
            yield (
                t.code,
                t.name_en,
                t.name_fr,
                t.size,
                bound.estimate if bound else None,
                bound.low if bound else None,
                bound.high if bound else None,
                outcome.main[t.code],
                t.passages,
                en,
                fr,
                max(0, t.size - en - fr),
                t.description_en,
                t.description_fr,
                ", ".join(t.keywords_en),
                ", ".join(t.keywords_fr),
                said[t.confidence.level.value],
                t.confidence.reason_en if language == "en" else t.confidence.reason_fr,
                " ".join(
                    (
                        *((outside_codebook(language),) if t.emergent else ()),
                        *(w.reason_en if language == "en" else w.reason_fr for w in t.warnings),
                    )
                ),
                t.parent,
                *((t.named_by,) if outcome.result.shown_to else ()),
            )


def _called(key: str, outcome: Outcome) -> str:
    """``id`` or ``ids`` as a head: a row's number, or the name that the file gives it."""
    return f"{key}_given" if outcome.source.get("id") else key


def _quote_columns(outcome: Outcome, language: str) -> list[Column]:
    return _heads(
        language,
        (
            ("theme", 8, "code"),
            ("name", 30, "text"),
            ("language", 12, "code"),
            ("border", 10, "code"),
            ("at_random", 10, "code"),
            ("quote", 90, "text"),
            (_called("id", outcome), 14, "code"),
            ("start", 10, "count"),
            ("end", 10, "count"),
        ),
    )


def _quotes(outcome: Outcome, language: str) -> Iterable[Sequence[Cell]]:
    spoken, yes = languages(language), heads(language)["yes"]
    for top in outcome.top:
        for t in (top, *outcome.parts.get(top.code, ())):
            for q in t.quotes:
                yield (
                    t.code,
                    name_of(t, language),
                    spoken[q.language.value],
                    yes if q.border else "",
                    yes if q.at_random else "",
                    q.text,
                    q.document_id,
                    q.start,
                    q.end,
                )


def _letter_columns(outcome: Outcome, language: str) -> list[Column]:
    return _heads(
        language,
        (
            ("code", 8, "code"),
            ("copies", 11, "count"),
            ("en", 10, "count"),
            ("fr", 10, "count"),
            ("linked", 14, "code"),
            ("letter", 90, "text"),
            (_called("id", outcome), 14, "code"),
            (_called("ids", outcome), 50, "text"),
        ),
    )


def _letters(outcome: Outcome) -> Iterable[Sequence[Cell]]:
    for c in outcome.result.campaigns:
        yield (
            c.code,
            len(c.document_ids),
            c.languages.get("en", 0),
            c.languages.get("fr", 0),
            c.linked,
            outcome.letters[c.representative],
            c.representative,
            ", ".join(outcome.in_order(c.document_ids)),
        )


def _split_columns(language: str) -> list[Column]:
    return _heads(
        language,
        (
            ("question", 24, "code"),
            ("theme", 8, "code"),
            ("name", 30, "text"),
            ("answer", 24, "text"),
            ("n", 10, "count"),
            ("answered", 12, "count"),
            ("share", 10, "share"),
            ("low", 9, "share"),
            ("high", 9, "share"),
            ("difference", 12, "change"),
            ("difference_low", 12, "change"),
            ("difference_high", 12, "change"),
            ("p", 10, "code"),
            ("clear", 12, "code"),
            ("verdict", 32, "code"),
        ),
    )


def _splits(outcome: Outcome, language: str) -> Iterable[Sequence[Cell]]:
    """The rows of splits.csv in words; the row of a mean holds numbers, not shares."""
    said_of, names_of = verdicts(language), heads(language)
    names = {t.code: name_of(t, language) for t in outcome.top}
    said = {
        (q.name, value.code): value.name(language)
        for q in outcome.questions
        for value in q.found.values
    }
    for row in questions.question_rows(outcome.questions):
        question, theme, value, n, base, *numbers, p, clear, verdict = row
        is_mean = (question, value) not in said
        yield (
            question,
            theme,
            names[str(theme)],
            names_of["mean"] if is_mean else said[str(question), str(value)],
            n,
            base,
            *((number, "number") if is_mean else number for number in numbers),
            p,
            names_of["yes"] if clear else "",
            said_of[str(verdict)],
        )


def _comparison_columns(language: str) -> list[Column]:
    _ = translations(language).gettext
    names = heads(language)
    sides = {"": "", "_before": _("Then"), "_after": _("Now")}
    kept = (
        ("change", "", 18, "code"),
        *(
            (key, side, width, kind)
            for side in ("_before", "_after")
            for key, width, kind in (
                ("code", 10, "code"), ("name_en", 30, "text"), ("name_fr", 30, "text")
            )
        ),
        ("size", "_before", 12, "count"),
        ("size", "_after", 12, "count"),
        *(
            (key, side, 10, "share")
            for side in ("_before", "_after")
            for key in ("share", "low", "high")
        ),
        *((key, "", 12, "change") for key in ("difference", "difference_low", "difference_high")),
        ("shared", "", 14, "count"),
        ("jaccard", "", 12, "number"),
        ("alike", "", 12, "number"),
        ("mostly", "", 16, "code"),
        ("mostly_share", "", 12, "share"),
    )  # fmt: skip
    return [
        (
            f"{sides[side]}, {names[key][0].lower()}{names[key][1:]}" if side else names[key],
            width,
            kind,
        )
        for key, side, width, kind in kept
    ]


def _compared(found: comparison.Comparison, language: str) -> Iterable[Sequence[Cell]]:
    """The rows of comparison.csv, what happened in words."""
    said = changes(language)
    for kind, *rest in comparison.comparison_rows(found):
        yield (said[str(kind)], *rest)


def _assignment_columns(outcome: Outcome, language: str) -> list[Column]:
    return _heads(
        language,
        (
            (_called("id", outcome), 14, "code"),
            ("theme", 8, "code"),
            ("name", 30, "code"),
            ("main", 12, "count"),
            ("score", 8, "code"),
            ("passage", 90, "text"),
            ("start", 10, "count"),
            ("end", 10, "count"),
            ("unthemed", 30, "code"),
        ),
    )


def _assignments(outcome: Outcome, language: str) -> Iterable[Sequence[Cell]]:
    why = reasons(language)
    names = {t.code: name_of(t, language) for t in outcome.result.themes}
    for name, theme, main, score, text, start, end, reason in assignment_rows(outcome):
        yield (
            name,
            theme,
            names.get(theme),
            main,
            score,
            text,
            start,
            end,
            why[reason] if reason else "",
        )


def _method_columns(language: str) -> list[Column]:
    return _heads(language, (("what", 28, "code"), ("value", 100, "text")))


def _method(outcome: Outcome, language: str) -> Iterable[Sequence[Cell]]:
    _ = translations(language).gettext
    result, why = outcome.result, reasons(language)
    yield (_("How this was made"), method(outcome).said_in(language))
    for limit in limits(language):
        yield (_("Limits"), limit)
    confidence = result.confidence
    yield (
        _("How far this can be relied on"),
        f"{levels(language)[confidence.level.value]}. "
        f"{confidence.reason_en if language == 'en' else confidence.reason_fr}",
    )
    if not outcome.source.get("id"):
        yield (heads(language)["ids"], _("Row 1 is the first row below the headings."))
    for key, value in outcome.source.items():
        if isinstance(value, str):
            yield (key, value)
    yield ("documents", outcome.documents)
    yield ("base", outcome.base)
    yield ("themed", outcome.themed)
    for reason, ids in outcome.unthemed.items():
        if ids:
            yield (why[reason.value], len(ids))
    for key, metric in sorted(result.metrics.items()):
        yield (key, round(metric, 6))
    for key, setting in sorted(result.config.items()):
        yield (key, str(setting))
    yield from sorted(result.versions.items())
    yield ("corpus_digest", result.corpus_digest)
