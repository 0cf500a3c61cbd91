"""A theme's people beside all answers: shares of each value or means of a rating, and tables.

Grey on purpose: teal and ochre mean a language everywhere else. What is all answers is a line, what
is a theme's people is a bar or a dot; a dot is filled where the difference is clear and open where
chance alone could make it, so that nothing is told by colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.figures.charts import svg
from analysis.figures.charts.bars import BAR, GAP, LINE, ZONE
from analysis.figures.charts.numbers import (
    check_language,
    format_count,
    format_decimal,
    format_n,
    format_range,
    format_share,
)
from analysis.typography import typographic_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.figures.intervals import Interval

MINUS = "\u2212"
WORDS = {
    "en": {
        "theme": "Wrote about this",
        "all": "All answers",
        "all_key": "All",
        "mean_all": "All answers: {}",
        "people": "People",
        "share": "Share",
        "mean": "Mean",
        "interval": "95% confidence interval",
        "gap": "Gap to all answers",
        "points": "Gap, in points",
        "hidden": "not shown",
        "range": "{} to {}",
        "verdict": "Difference",
        "clear": "clear difference",
        "open": "no clear difference",
    },
    "fr": {
        "theme": "Ont abordé ce thème",
        "all": "Ensemble des réponses",
        "all_key": "Ensemble",
        "mean_all": "Ensemble des réponses\u00a0: {}",
        "people": "Personnes",
        "share": "Part",
        "mean": "Moyenne",
        "interval": "Intervalle de confiance à 95\u00a0%",
        "gap": "Écart avec l'ensemble",
        "points": "Écart, en points",
        "hidden": "non diffusé",
        "range": "de {} à {}",
        "verdict": "Constat",
        "clear": "écart net",
        "open": "pas d'écart net",
    },
}
WORDS = typographic_words(WORDS)


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One value: ``n`` of a theme's people chose it, and what share of all did.

    ``n`` and ``share`` are None where the count is not to be shown; ``everyone`` likewise.
    ``difference`` is theme minus all, None where nothing may be said. ``kind`` is "en" or "fr" for
    a language's own colour.
    """

    label: str
    n: int | None
    share: Interval | None
    everyone: float | None
    difference: Interval | None = None
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class MeanRow:
    """One theme: ``n`` of its people rated, their mean, and whether the gap to all is clear."""

    label: str
    n: int
    mean: Interval
    difference: Interval
    is_clear: bool


def signed(value: float, language: str, *, digits: int = 0) -> str:
    """``+12`` or ``−12``; plain ``0`` where it rounds to nothing."""
    plain = format_decimal(abs(value), language, digits=digits)
    if not any(figure in plain for figure in "123456789"):
        return plain
    return f"{'+' if value > 0 else MINUS}{plain}"


def signed_range(found: Interval, language: str, *, factor: float = 1, digits: int = 0) -> str:
    """``−18 to −4`` or ``de −18 à −4``."""
    ends = (signed(end * factor, language, digits=digits) for end in (found.low, found.high))
    return WORDS[check_language(language)]["range"].format(*ends)


# --- Shares ---------------------------------------------------------------------------------------


def share_chart(
    rows: Sequence[ShareRow],
    *,
    language: str,
    title: str,
    description: str = "",
    uid: str | None = None,
    width: int | None = None,
) -> Markup:
    """Draw a bar a value with the whisker of its interval, and a line where all answers stand.

    Rows in the order given; shares are of the people of one theme who answered. Widths, ids and
    colours as ``bar_chart``. Raises ValueError for a language that is neither ``en`` nor ``fr``.
    """
    words = WORDS[check_language(language)]
    uid = uid or svg.chart_id("split", language, title, *rows)
    ends = [
        end for row in rows for end in (row.share.high if row.share else 0.0, row.everyone or 0.0)
    ]
    top, step = svg.ceiling(max(ends, default=0.0))
    ticks = [i * step for i in range(round(top / step) + 1)]
    body = svg.hatch(uid) if any(row.kind == "fr" for row in rows) else Markup("")
    body += _key(words)
    y = 34
    for row in rows:
        lines = svg.wrap(row.label)
        body += _label(lines, y)
        y += len(lines) * LINE + 2
        for tick in ticks:
            body += _rule("chart-line", tick / top * ZONE, y, y + BAR, svg.LINE, 1)
        if row.share is not None:
            body += Markup(
                '<rect class="{css}chart-edge" x="0%" y="{y}" width="{w}" height="{h}" '
                'fill="{fill}" stroke="{paper}"/>'
            ).format(
                css=Markup("") if row.kind == "fr" else Markup("chart-{} ").format(row.kind),
                y=y,
                w=svg.percent(row.share.estimate / top * ZONE),
                h=BAR,
                fill=f"url(#{uid}-hatch)"
                if row.kind == "fr"
                else svg.EN
                if row.kind == "en"
                else svg.OTHER,
                paper=svg.PAPER,
            )
            body += _whisker(row.share.low / top * ZONE, row.share.high / top * ZONE, y)
        if row.everyone is not None:
            body += _all_mark(row.everyone / top * ZONE, y)
        end = max(row.share.high if row.share else 0.0, row.everyone or 0.0)
        said = format_share(row.share.estimate, language) if row.share else words["hidden"]
        body += _value(
            end / top * ZONE,
            y,
            said,
            format_n(row.n, language) if row.n is not None else "",
        )
        y += BAR + GAP
    for i, tick in enumerate(ticks):
        body += _tick_word(tick / top * ZONE, y, format_share(tick, language), first=not i)
    return (
        svg.opening(uid, language, title, description, y + 10, width, "chart-split")
        + body
        + Markup("</svg>")
    )


def share_table(
    rows: Sequence[ShareRow], *, language: str, caption: str, heading: str, gaps: bool = True
) -> Markup:
    """The same rows as a table. ``gaps`` adds the difference with its interval, in points of
    percentage; a row of which nothing may be said has a dash there."""
    words = WORDS[check_language(language)]
    heads = [words["people"], words["share"], words["interval"], words["all"]]
    if gaps:
        heads.append(words["gap"])
    body = Markup("")
    for row in rows:
        cells = [
            format_count(row.n, language) if row.n is not None else words["hidden"],
            format_share(row.share.estimate, language) if row.share else "–",
            format_range(row.share.low, row.share.high, language) if row.share else "–",
            format_share(row.everyone, language) if row.everyone is not None else words["hidden"],
        ]
        if gaps:
            cells.append(_gap(row.difference, language, factor=100, digits=0))
        body += _table_row(row.label, cells)
    return _table(caption, heading, heads, body)


# --- Means ----------------------------------------------------------------------------------------


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
    words = WORDS[check_language(language)]
    if highest <= lowest:
        raise ValueError("the scale must go up")
    if any(not lowest <= row.mean.estimate <= highest for row in rows):
        raise ValueError("a mean lies outside the scale")
    uid = uid or svg.chart_id("means", language, title, everyone, *rows)

    def x(value: float) -> float:
        inside = min(highest, max(lowest, value))
        return 0.02 + (inside - lowest) / (highest - lowest) * (ZONE - 0.02)

    body = Markup("")
    for i, (filled, word) in enumerate(((True, "clear"), (False, "open"))):
        body += _dot(f"{8 + i * 148}", 9, filled=filled)
        body += _quiet(f"{22 + i * 148}", 14, words[word])
    body += _all_mark_at("8", 21, 18)
    body += _quiet("22", 35, words["mean_all"].format(format_decimal(everyone, language)))
    y = 52
    for row in rows:
        lines = svg.wrap(row.label)
        body += _label(lines, y)
        y += len(lines) * LINE + 2
        for i in range(round(highest - lowest) + 1):
            body += _rule("chart-line", x(lowest + i), y, y + BAR, svg.LINE, 1)
        body += _all_mark(x(everyone), y)
        body += _whisker(x(row.mean.low), x(row.mean.high), y)
        body += _dot(svg.percent(x(row.mean.estimate)), y + BAR / 2, filled=row.is_clear)
        end = max(x(row.mean.high), x(row.mean.estimate) + 0.02)
        if end < x(everyone) < end + 0.14:
            # The number would stand on the line of all answers.
            end = x(everyone)
        body += _value(
            end,
            y,
            format_decimal(row.mean.estimate, language),
            format_n(row.n, language),
        )
        y += BAR + GAP
    for i in range(round(highest - lowest) + 1):
        value = lowest + i
        body += _tick_word(x(value), y, format_decimal(value, language, digits=0), first=False)
    return (
        svg.opening(uid, language, title, description, y + 10, width, "chart-means")
        + body
        + Markup("</svg>")
    )


def mean_table(rows: Sequence[MeanRow], *, language: str, caption: str, heading: str) -> Markup:
    """The same rows as a table: people, mean, interval, difference from all with its interval."""
    words = WORDS[check_language(language)]
    heads = [words[head] for head in ("people", "mean", "interval", "points", "verdict")]
    body = Markup("")
    for row in rows:
        ends = (format_decimal(end, language) for end in (row.mean.low, row.mean.high))
        body += _table_row(
            row.label,
            [
                format_count(row.n, language),
                format_decimal(row.mean.estimate, language),
                words["range"].format(*ends),
                _gap(row.difference, language, factor=1, digits=1),
                words["clear" if row.is_clear else "open"],
            ],
        )
    return _table(caption, heading, heads, body)


def _gap(found: Interval | None, language: str, *, factor: float, digits: int) -> str:
    if found is None:
        return "–"
    value = signed(found.estimate * factor, language, digits=digits)
    return f"{value} ({signed_range(found, language, factor=factor, digits=digits)})"


# --- Parts ----------------------------------------------------------------------------------------


def _key(words: dict[str, str]) -> Markup:
    return (
        Markup('<rect class="chart-plain" x="0" y="3" width="16" height="13" fill="{}"/>').format(
            svg.OTHER
        )
        + _quiet("23", 14, words["theme"])
        + _all_mark_at("172", 1, 17)
        + _quiet("182", 14, words["all_key"])
    )


def _label(lines: Sequence[str], y: int) -> Markup:
    return Markup("").join(
        Markup(
            '<text class="chart-label" x="0" y="{y}" font-size="15" font-weight="600" '
            'fill="{ink}">{line}</text>'
        ).format(y=y + 15 + i * LINE, ink=svg.INK, line=svg.safe(line))
        for i, line in enumerate(lines)
    )


def _quiet(x: str, y: int, word: str) -> Markup:
    return Markup(
        '<text class="chart-quiet" x="{x}" y="{y}" font-size="13" fill="{ink}">{word}</text>'
    ).format(x=x, y=y, ink=svg.INK_2, word=svg.safe(word))


def _rule(css: str, x: float, y1: float, y2: float, stroke: str, width: int) -> Markup:
    return Markup(
        '<line class="{css}" x1="{x}" x2="{x}" y1="{y1}" y2="{y2}" stroke="{s}" '
        'stroke-width="{w}"/>'
    ).format(
        css=css,
        x=svg.percent(x),
        y1=y1,
        y2=y2,
        s=stroke,
        w=width,
    )


def _all_mark(x: float, y: int) -> Markup:
    return _all_mark_at(svg.percent(x), y - 4, BAR + 8)


def _all_mark_at(x: str, y: int, height: int) -> Markup:
    """A line with a rim of paper, so that it shows on a bar and beside it."""
    return Markup(
        '<line class="chart-rim" x1="{x}" x2="{x}" y1="{a}" y2="{b}" stroke="{paper}" '
        'stroke-width="6"/><line class="chart-all-line" x1="{x}" x2="{x}" y1="{a}" y2="{b}" '
        'stroke="{ink}" stroke-width="3"/>'
    ).format(x=x, a=y, b=y + height, paper=svg.PAPER, ink=svg.INK)


def _whisker(low: float, high: float, y: int) -> Markup:
    a, b, m = svg.percent(low), svg.percent(high), y + BAR / 2
    return Markup("").join(
        Markup(
            '<line class="chart-whisker" x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" '
            'stroke-width="2"/>'
        ).format(x1, x2, y1, y2, svg.INK)
        for x1, x2, y1, y2 in ((a, b, m, m), (a, a, m - 4, m + 4), (b, b, m - 4, m + 4))
    )


def _dot(x: str, y: float, *, filled: bool) -> Markup:
    return Markup(
        '<circle class="chart-dot{css}" cx="{x}" cy="{y}" r="5.5" fill="{fill}" stroke="{ink}" '
        'stroke-width="2"/>'
    ).format(
        css="" if filled else " chart-dot-open",
        x=x,
        y=y,
        fill=svg.INK if filled else svg.PAPER,
        ink=svg.INK,
    )


def _value(x: float, y: int, said: str, n: str) -> Markup:
    return Markup(
        '<text class="chart-value" x="{x}" dx="10" y="{y}" fill="{ink}" stroke="{paper}" '
        'stroke-width="5" stroke-linejoin="round" paint-order="stroke"><tspan '
        'font-weight="600">{said}</tspan><tspan class="chart-quiet" dx="7" font-size="13" '
        'fill="{ink2}">{n}</tspan></text>'
    ).format(
        x=svg.percent(x),
        y=y + BAR / 2 + 5,
        ink=svg.INK,
        ink2=svg.INK_2,
        paper=svg.PAPER,
        said=said,
        n=n,
    )


def _tick_word(x: float, y: float, word: str, *, first: bool) -> Markup:
    return Markup(
        '<text class="chart-quiet" x="{x}" y="{y}" font-size="13" text-anchor="{anchor}" '
        'fill="{ink}">{word}</text>'
    ).format(x=svg.percent(x), y=y, anchor="start" if first else "middle", ink=svg.INK_2, word=word)


def _table(caption: str, heading: str, heads: Sequence[str], body: Markup) -> Markup:
    out = Markup('<table class="chart-table"><caption>{}</caption><thead><tr>').format(caption)
    out += Markup('<th scope="col">{}</th>').format(heading)
    out += Markup("").join(Markup('<th scope="col" class="num">{}</th>').format(h) for h in heads)
    return out + Markup("</tr></thead><tbody>") + body + Markup("</tbody></table>")


def _table_row(label: str, cells: Sequence[str]) -> Markup:
    out = Markup('<tr><th scope="row">{}</th>').format(svg.safe(label))
    out += Markup("").join(Markup('<td class="num">{}</td>').format(cell) for cell in cells)
    return out + Markup("</tr>")
