"""The columns asked for by ``--by``, beside the themes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.figures.intervals import Interval
from analysis.figures.splits import Split, ThemeSplit
from analysis.figures.splits.comparing import split

if TYPE_CHECKING:
    from analysis.spreadsheet.documents import Column

COLUMNS = (
    "column",
    "theme",
    "value",
    "n",
    "base",
    "share",
    "low",
    "high",
    "difference",
    "difference_low",
    "difference_high",
    "p",
    "clear",
    "verdict",
)


@dataclass(frozen=True, slots=True)
class Question:
    """One column and how the people of each theme answered it."""

    name: str
    found: Split


def questions_of(
    columns: Sequence[Column],
    *,
    themes: Mapping[str, Collection[str]],
    everyone: Collection[str],
    letters: Collection[str],
) -> tuple[Question, ...]:
    """Each column beside the themes, of ``everyone`` who wrote something."""
    return tuple(
        Question(
            column.name,
            split(
                themes=themes,
                answers={i: a for i, a in column.answers.items() if i in everyone},
                values=column.values,
                everyone=everyone,
                letters=letters,
            ),
        )
        for column in columns
    )


def questions_json(questions: Sequence[Question]) -> list[dict[str, object]]:
    """The splits as plain values, numbers rounded."""
    return [
        {
            "column": q.name,
            "kind": "rating" if q.found.is_rating else "choice",
            "values": [v.code for v in q.found.values],
            "answered": q.found.everyone.n,
            "not_applicable": q.found.everyone.not_applicable,
            "unanswered": q.found.everyone.unanswered,
            "counts": list(q.found.everyone.counts),
            "mean": interval_json(q.found.mean),
            "compared": q.found.compared,
            "themes": [_theme(t) for t in q.found.themes],
        }
        for q in questions
    ]


def _theme(theme: ThemeSplit) -> dict[str, object]:
    rating = theme.rating
    return {
        "theme": theme.theme,
        "verdict": theme.verdict.value,
        "answered": theme.tally.n,
        "values": [
            {
                "value": cell.value.code,
                "n": cell.n,
                "share": interval_json(cell.share),
                "difference": interval_json(cell.difference),
                "p": _round(cell.p),
                "clear": cell.is_clear,
            }
            for cell in theme.cells
        ],
        "rating": None
        if rating is None
        else {
            "mean": interval_json(rating.mean),
            "difference": interval_json(rating.difference),
            "higher": interval_json(rating.higher),
            "p": _round(rating.p),
        },
    }


def interval_json(found: Interval | None) -> dict[str, float] | None:
    """An interval as plain values."""
    if found is None:
        return None
    return {
        "estimate": round(found.estimate, 6),
        "low": round(found.low, 6),
        "high": round(found.high, 6),
    }


def interval_cells(found: Interval | None) -> list[str | float | int]:
    """An interval as the three cells of a row."""
    if found is None:
        return ["", "", ""]
    return [round(value, 6) for value in (found.estimate, found.low, found.high)]


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def question_rows(questions: Sequence[Question]) -> Iterator[list[str | float | int]]:
    """The rows under COLUMNS; what was not computed is empty."""
    for q in questions:
        for theme in q.found.themes:
            for cell in theme.cells:
                yield [
                    q.name,
                    theme.theme,
                    cell.value.code,
                    cell.n,
                    theme.tally.n,
                    *interval_cells(cell.share),
                    *interval_cells(cell.difference),
                    "" if cell.p is None else round(cell.p, 6),
                    int(cell.is_clear),
                    theme.verdict.value,
                ]
            if theme.rating is not None:
                yield [
                    q.name,
                    theme.theme,
                    "mean",
                    "",
                    theme.tally.n,
                    *interval_cells(theme.rating.mean),
                    *interval_cells(theme.rating.difference),
                    round(theme.rating.p, 6),
                    int(theme.verdict.value in ("lower", "higher")),
                    theme.verdict.value,
                ]
