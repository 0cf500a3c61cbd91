"""Horizontal bars split by language, and the table that says the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.catalogue import translations
from analysis.figures.charts import svg
from analysis.figures.charts.numbers import (
    check_language,
    format_count,
    format_n,
    format_range,
    format_share,
)
from analysis.figures.charts.rows import BAR, GAP, LINE, ZONE, table, table_row, tick_word, whisker
from analysis.figures.intervals import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@lru_cache(maxsize=2)
def chart_words(language: str) -> Mapping[str, str]:
    """What stands in the keys and tables of charts; ValueError for no language of ours."""
    said = translations(check_language(language))
    return {
        "en": said.pgettext("in the key of a chart", "English"),
        "fr": said.pgettext("in the key of a chart", "French"),
        "other": said.gettext("Another language, or not known"),
        "undivided": said.gettext("Language not shown"),
        "hidden": said.gettext("not shown"),
        "least": said.gettext("at least {n}"),
        "total": said.gettext("Total"),
        "share": said.gettext("Share"),
        "interval": said.pgettext("head of a column", "95% confidence interval"),
    }


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar: how many people in each language. ``other`` is any other or unknown language.

    For counts without a language split (choices of a question, say), put them all in ``other`` and
    leave ``en`` and ``fr`` at zero in every row: the chart then draws one plain bar and no key.
    ``undivided`` people are of languages that are not to be shown; where other rows are divided,
    the key says so. ``is_at_least``: the row counts no more than may be told.
    """

    label: str
    en: int = 0
    fr: int = 0
    other: int = 0
    undivided: int = 0
    is_at_least: bool = False

    @property
    def total(self) -> int:
        return self.en + self.fr + self.other + self.undivided


def _check(rows: Sequence[BarRow], n: int) -> None:
    if n < 0 or any(
        min(row.en, row.fr, row.other, row.undivided) < 0 or row.total > n for row in rows
    ):
        raise ValueError("each row must count between 0 and n people")


def bar_chart(
    rows: Sequence[BarRow],
    *,
    n: int,
    language: str,
    title: str,
    description: str = "",
    intervals: bool = False,
    uid: str | None = None,
    width: int | None = None,
) -> Markup:
    """Draw horizontal bars, English in teal and French in hatched ochre, as one ``<svg>``.

    ``rows`` are drawn in the order given (sort them by total first, "Other" last). ``n`` is what
    every share is a share of: rows may overlap, so shares may add to more than one. ``title`` names
    the picture and ``description`` says what it shows, both in ``language`` and both for people who
    do not see it; put the visible heading, and ``bar_table()`` with the same rows, on the page.
    ``intervals`` adds a whisker for the 95 % Wilson interval of each share. ``uid`` is the prefix
    of every id inside: by default it is computed from the content, so two equal charts on one page
    need two. ``width`` in pixels is for a file to download; left out, the chart takes the width of
    its container and keeps its letters readable from 328 pixels up.

    Colours are presentation attributes that ``figures/charts.css`` overrides by class with the
    site's variables (dark mode, forced colours, print). There is no style attribute and no script,
    so it passes a strict content security policy. Bars start at zero, always.

    >>> chart = bar_chart([BarRow("Waiting times", en=24, fr=17)], n=100, language="en", title="T")
    >>> "41%" in chart
    True

    Raises ValueError when a row counts more than ``n`` or the language is not ``en`` or ``fr``.
    """
    words = chart_words(language)
    _check(rows, n)
    shown = [(row.total / n if n else 0.0) for row in rows]
    bounds = [
        wilson(row.total, n) if n and intervals and not row.is_at_least else None for row in rows
    ]
    top, step = svg.ceiling(max([*shown, *(b.high for b in bounds if b)], default=0.0))
    uid = uid or svg.chart_id("bars", language, title, n, *rows)
    split = any(row.en or row.fr for row in rows)
    body = Markup("")
    y = 0
    if split:
        names = ["en", "fr", *(name for name in ("other", "undivided") if _any(rows, name))]
        body += svg.hatch(uid) + _key(uid, words, names)
        y = 34 + 22 * ((len(names) - 1) // 2)
    ticks = [i * step for i in range(round(top / step) + 1)]
    for row, share, bound in zip(rows, shown, bounds, strict=True):
        lines = svg.wrap(row.label)
        for i, line in enumerate(lines):
            body += Markup(
                '<text class="chart-label" x="0" y="{y}" font-size="16" font-weight="600" '
                'fill="{ink}">{line}</text>'
            ).format(y=y + 15 + i * LINE, ink=svg.INK, line=svg.safe(line))
        y += len(lines) * LINE + 2
        body += _ticks(ticks, top, y)
        body += _segments(row, n, top, y, uid, split=split)
        end = share
        if bound:
            end = max(share, bound.high)
            body += whisker(bound.low / top * ZONE, bound.high / top * ZONE, y)
        body += Markup(
            '<text class="chart-value" x="{x}" dx="8" y="{y}" fill="{ink}" stroke="{paper}" '
            'stroke-width="5" stroke-linejoin="round" paint-order="stroke"><tspan '
            'font-weight="600">{share}</tspan><tspan class="chart-quiet" dx="7" font-size="14" '
            'fill="{ink2}">{count}</tspan></text>'
        ).format(
            x=svg.percent(end / top * ZONE),
            y=y + BAR / 2 + 5,
            ink=svg.INK,
            ink2=svg.INK_2,
            paper=svg.PAPER,
            share=_share(row, share, language),
            count=format_n(row.total, language),
        )
        y += BAR + GAP
    for i, tick in enumerate(ticks):
        body += tick_word(tick / top * ZONE, y, format_share(tick, language), first=not i)
    y += 10
    return (
        svg.opening(uid, language, title, description, y, width, "chart-bars")
        + body
        + Markup("</svg>")
    )


def _any(rows: Sequence[BarRow], name: str) -> bool:
    return any(getattr(row, name) for row in rows)


def _share(row: BarRow, share: float, language: str) -> str:
    said = format_share(share, language)
    return chart_words(language)["least"].format(n=said) if row.is_at_least else said


def _key(uid: str, words: Mapping[str, str], names: Sequence[str]) -> Markup:
    """Two to a line: four words would not stand beside each other on a phone."""
    fills = {
        "en": svg.EN,
        "fr": f"url(#{uid}-hatch)",
        "other": svg.OTHER,
        "undivided": svg.PAPER,
    }
    out = Markup("")
    for i, name in enumerate(names):
        css = Markup("") if name == "fr" else Markup(' class="chart-{}"').format(name)
        x, y = i % 2 * 160, i // 2 * 22
        out += Markup(
            '<rect{css} x="{x}" y="{y}" width="16" height="13" fill="{fill}"{stroke}/>'
            '<text class="chart-quiet" x="{tx}" y="{ty}" font-size="14" fill="{ink}">{word}</text>'
        ).format(
            css=css,
            x=x,
            y=y + 3,
            tx=x + 23,
            ty=y + 14,
            fill=fills[name],
            ink=svg.INK_2,
            word=words[name],
            stroke=_outline(name),
        )
    return out


def _outline(name: str) -> Markup:
    """What is not divided is a bar without a fill."""
    if name != "undivided":
        return Markup("")
    return Markup(' stroke="{}" stroke-width="1.5"').format(svg.INK_2)


def _ticks(ticks: Sequence[float], top: float, y: int) -> Markup:
    return Markup("").join(
        Markup(
            '<line class="chart-line" x1="{x}" x2="{x}" y1="{y1}" y2="{y2}" stroke="{line}"/>'
        ).format(x=svg.percent(t / top * ZONE), y1=y, y2=y + BAR, line=svg.LINE)
        for t in ticks
    )


def _segments(row: BarRow, n: int, top: float, y: int, uid: str, *, split: bool) -> Markup:
    out, start = Markup(""), 0.0
    plain = ("other", svg.OTHER) if split else ("all", svg.EN)
    undivided = ("undivided", svg.PAPER) if split else ("all", svg.EN)
    for name, fill, count in (
        ("en", svg.EN, row.en),
        ("fr", f"url(#{uid}-hatch)", row.fr),
        (*plain, row.other),
        (*undivided, row.undivided),
    ):
        if not count:
            continue
        length = count / n / top * ZONE
        # A class on the hatched part would let a stylesheet paint over its pattern.
        css = Markup("") if name == "fr" else Markup("chart-{} ").format(name)
        out += Markup(
            '<rect class="{css}" x="{x}" y="{y}" width="{w}" height="{h}" fill="{fill}"{edge}/>'
        ).format(
            css=css.strip() if name == "undivided" else css + Markup("chart-edge"),
            edge=_outline(name) or Markup(' stroke="{}"').format(svg.PAPER),
            x=svg.percent(start),
            y=y,
            w=svg.percent(length),
            h=BAR,
            fill=fill,
        )
        start += length
    return out


def bar_table(
    rows: Sequence[BarRow],
    *,
    n: int,
    language: str,
    caption: str,
    heading: str,
    intervals: bool = False,
) -> Markup:
    """The same rows as an HTML table: label, each language, total, share, its interval.

    ``heading`` is the head of the first column. Row heads are ``<th scope="row">``; numbers are
    formatted for ``language``. Raises as ``bar_chart`` does.
    """
    words = chart_words(language)
    _check(rows, n)
    split = any(row.en or row.fr for row in rows)
    columns = [c for c in ("en", "fr") if split]
    if split and any(row.other for row in rows):
        columns.append("other")
    heads = [*(words[c] for c in columns), words["total"], words["share"]]
    if intervals:
        heads.append(words["interval"])
    body = Markup("")
    for row in rows:
        share = row.total / n if n else 0.0
        cells = [
            words["hidden"] if row.undivided else format_count(getattr(row, c), language)
            for c in columns
        ]
        total = format_count(row.total, language)
        cells += [
            words["least"].format(n=total) if row.is_at_least else total,
            _share(row, share, language),
        ]
        if intervals:
            bound = wilson(row.total, n) if n and not row.is_at_least else None
            cells.append(format_range(bound.low, bound.high, language) if bound else "–")
        body += table_row(row.label, cells)
    return table(caption, heading, heads, body)
