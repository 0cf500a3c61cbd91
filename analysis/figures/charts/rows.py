"""What charts of labelled rows are made of: lengths, marks, a label, a value, and their table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.figures.charts import svg

if TYPE_CHECKING:
    from collections.abc import Sequence

LINE = 20  # pixels from one line of a label to the next
BAR = 22  # pixels of a bar's height
GAP = 18  # pixels between two rows
ZONE = 0.66  # the part of the width bars may take; the rest is for the number after the longest


def label(lines: Sequence[str], y: int) -> Markup:
    """The name of a row, on as many lines as it takes."""
    return Markup("").join(
        Markup(
            '<text class="chart-label" x="0" y="{y}" font-size="15" font-weight="600" '
            'fill="{ink}">{line}</text>'
        ).format(y=y + 15 + i * LINE, ink=svg.INK, line=svg.safe(line))
        for i, line in enumerate(lines)
    )


def quiet(x: str, y: int, word: str) -> Markup:
    """A word of the key."""
    return Markup(
        '<text class="chart-quiet" x="{x}" y="{y}" font-size="13" fill="{ink}">{word}</text>'
    ).format(x=x, y=y, ink=svg.INK_2, word=svg.safe(word))


def tick(x: float, y: float) -> Markup:
    """The scale's line through a row."""
    return Markup(
        '<line class="chart-line" x1="{x}" x2="{x}" y1="{y1}" y2="{y2}" stroke="{s}" '
        'stroke-width="1"/>'
    ).format(x=svg.percent(x), y1=y, y2=y + BAR, s=svg.LINE)


def all_mark(x: float, y: int) -> Markup:
    """Where all answers stand in a row."""
    return all_mark_at(svg.percent(x), y - 4, BAR + 8)


def all_mark_at(x: str, y: int, height: int) -> Markup:
    """A line with a rim of paper, so that it shows on a bar and beside it."""
    return Markup(
        '<line class="chart-rim" x1="{x}" x2="{x}" y1="{a}" y2="{b}" stroke="{paper}" '
        'stroke-width="6"/><line class="chart-all-line" x1="{x}" x2="{x}" y1="{a}" y2="{b}" '
        'stroke="{ink}" stroke-width="3"/>'
    ).format(x=x, a=y, b=y + height, paper=svg.PAPER, ink=svg.INK)


def whisker(low: float, high: float, y: int) -> Markup:
    """The ends of an interval."""
    a, b, m = svg.percent(low), svg.percent(high), y + BAR / 2
    return Markup("").join(
        Markup(
            '<line class="chart-whisker" x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" '
            'stroke-width="2"/>'
        ).format(x1, x2, y1, y2, svg.INK)
        for x1, x2, y1, y2 in ((a, b, m, m), (a, a, m - 4, m + 4), (b, b, m - 4, m + 4))
    )


def dot(x: str, y: float, *, filled: bool) -> Markup:
    """Filled where a difference is clear."""
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


def value(x: float, y: int, said: str, n: str) -> Markup:
    """The number of a row after its end, and its n."""
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


def tick_word(x: float, y: float, word: str, *, first: bool) -> Markup:
    """A number below its line of the scale."""
    return Markup(
        '<text class="chart-quiet" x="{x}" y="{y}" font-size="13" text-anchor="{anchor}" '
        'fill="{ink}">{word}</text>'
    ).format(x=svg.percent(x), y=y, anchor="start" if first else "middle", ink=svg.INK_2, word=word)


def table(caption: str, heading: str, heads: Sequence[str], body: Markup) -> Markup:
    """A table of a chart: ``heading`` is the head of the first column."""
    out = Markup('<table class="chart-table"><caption>{}</caption><thead><tr>').format(caption)
    out += Markup('<th scope="col">{}</th>').format(heading)
    out += Markup("").join(Markup('<th scope="col" class="num">{}</th>').format(h) for h in heads)
    return out + Markup("</tr></thead><tbody>") + body + Markup("</tbody></table>")


def table_row(label: str, cells: Sequence[str]) -> Markup:
    """One row, its name as its head."""
    out = Markup('<tr><th scope="row">{}</th>').format(svg.safe(label))
    out += Markup("").join(Markup('<td class="num">{}</td>').format(cell) for cell in cells)
    return out + Markup("</tr>")
