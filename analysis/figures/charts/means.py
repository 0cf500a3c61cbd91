"""Means of a rating by theme, beside that of all answers, and the table that says the same.

A dot is filled where the difference is clear and open where chance alone could make it, so that
nothing is told by colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.figures.charts import svg
from analysis.figures.charts.numbers import (
    format_count,
    format_decimal,
    format_gap,
    format_n,
)
from analysis.figures.charts.rows import (
    BAR,
    GAP,
    LINE,
    ZONE,
    all_mark,
    all_mark_at,
    dot,
    label,
    quiet,
    table,
    table_row,
    tick,
    tick_word,
    value,
    whisker,
)
from analysis.figures.charts.shares import split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.figures.intervals import Interval


@dataclass(frozen=True, slots=True)
class MeanRow:
    """One theme: ``n`` of its people rated, their mean, and whether the gap to all is clear."""

    label: str
    n: int
    mean: Interval
    difference: Interval
    is_clear: bool


def mean_chart(
    rows: Sequence[MeanRow],
    *,
    lowest: float,
    highest: float,
    everyone: float,
    language: str,
    title: str,
    description: str = "",
    uid: str | None = None,
    width: int | None = None,
) -> Markup:
    """Draw a dot a theme with its interval on the scale itself, and a line at the mean of all.

    Rows in the order given; lowest mean first reads best. Raises ValueError for a mean outside the
    scale.
    """
    words = split_words(language)
    if highest <= lowest:
        raise ValueError("the scale must go up")
    if any(not lowest <= row.mean.estimate <= highest for row in rows):
        raise ValueError("a mean lies outside the scale")
    uid = uid or svg.chart_id("means", language, title, everyone, *rows)

    def x(mean: float) -> float:
        inside = min(highest, max(lowest, mean))
        return 0.02 + (inside - lowest) / (highest - lowest) * (ZONE - 0.02)

    body = Markup("")
    for i, (filled, word) in enumerate(((True, "clear"), (False, "open"))):
        body += dot(f"{8 + i * 148}", 9, filled=filled)
        body += quiet(f"{22 + i * 148}", 14, words[word])
    body += all_mark_at("8", 21, 18)
    body += quiet("22", 35, words["mean_all"].format(mean=format_decimal(everyone, language)))
    y = 52
    for row in rows:
        lines = svg.wrap(row.label)
        body += label(lines, y)
        y += len(lines) * LINE + 2
        for i in range(round(highest - lowest) + 1):
            body += tick(x(lowest + i), y)
        body += all_mark(x(everyone), y)
        body += whisker(x(row.mean.low), x(row.mean.high), y)
        body += dot(svg.percent(x(row.mean.estimate)), y + BAR / 2, filled=row.is_clear)
        end = max(x(row.mean.high), x(row.mean.estimate) + 0.02)
        if end < x(everyone) < end + 0.14:
            # The number would stand on the line of all answers.
            end = x(everyone)
        body += value(
            end,
            y,
            format_decimal(row.mean.estimate, language),
            format_n(row.n, language),
        )
        y += BAR + GAP
    for i in range(round(highest - lowest) + 1):
        point = lowest + i
        body += tick_word(x(point), y, format_decimal(point, language, digits=0), first=False)
    return (
        svg.opening(uid, language, title, description, y + 10, width, "chart-means")
        + body
        + Markup("</svg>")
    )


def mean_table(rows: Sequence[MeanRow], *, language: str, caption: str, heading: str) -> Markup:
    """The same rows as a table: people, mean, interval, difference from all with its interval."""
    words = split_words(language)
    heads = [words[head] for head in ("people", "mean", "interval", "points", "verdict")]
    body = Markup("")
    for row in rows:
        low, high = (format_decimal(end, language) for end in (row.mean.low, row.mean.high))
        body += table_row(
            row.label,
            [
                format_count(row.n, language),
                format_decimal(row.mean.estimate, language),
                words["range"].format(low=low, high=high),
                format_gap(row.difference, language, factor=1, digits=1),
                words["clear" if row.is_clear else "open"],
            ],
        )
    return table(caption, heading, heads, body)
