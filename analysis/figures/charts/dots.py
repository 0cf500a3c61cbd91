"""Estimates with their intervals on one scale, and what all of them are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from markupsafe import Markup

from analysis.figures.charts import svg
from analysis.figures.charts.bars import chart_words
from analysis.figures.charts.numbers import (
    format_decimal,
    format_n,
    format_share,
    signed,
)
from analysis.figures.intervals import Interval

LINE = 20
ROW = 22  # pixels from one mark to the next
GAP = 14
ZONE = 0.58  # the part of the width the scale takes; the rest is for numbers
UNITS = ("share", "points", "number")


@dataclass(frozen=True, slots=True)
class DotMark:
    """One estimate. ``kind`` is ``all``, ``en`` or ``fr``; ``n`` is what it rests on.

    ``is_open`` draws a mark of kind ``all`` open: a difference that chance alone could make.
    """

    value: Interval
    kind: str = "all"
    n: int | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class DotRow:
    """A label and the estimates under it."""

    label: str
    marks: tuple[DotMark, ...]


def dot_chart(
    rows: Sequence[DotRow],
    *,
    language: str,
    title: str,
    unit: str = "share",
    description: str = "",
    reference: float | None = None,
    reference_label: str = "",
    ends: tuple[float, float] | None = None,
    uid: str | None = None,
) -> Markup:
    """Draw estimates as marks with whiskers, their numbers beside them, as one ``<svg>``.

    ``unit`` is ``share`` (of 1, from zero), ``points`` (differences of shares, with their sign) or
    ``number`` (one figure after the mark). ``ends`` are the ends of the scale where they mean
    something (1 and 5 of a rating); left out, round ones that hold every interval. ``reference``
    is a dashed line with ``reference_label`` over it: what the marks are compared with. English
    and French differ by shape as everywhere. Takes the width of its container.

    Raises ValueError for a language, unit or kind it does not know.
    """
    words = chart_words(language)
    if unit not in UNITS:
        raise ValueError(f"unit must be one of {', '.join(UNITS)}, not {unit!r}")
    uid = uid or svg.chart_id("dots", language, title, unit, *rows)
    low, high, ticks = _scale(rows, unit, reference, ends)

    def x(value: float) -> float:
        inside = min(high, max(low, value))
        return round((inside - low) / (high - low) * ZONE, 5)

    body, y = Markup(""), 0
    kinds = [k for k in ("en", "fr") if any(m.kind == k for row in rows for m in row.marks)]
    for i, kind in enumerate(kinds):
        body += _mark(kind, "8" if not i else f"{8 + i * 100}", 9)
        body += Markup(
            '<text class="chart-quiet" x="{x}" y="14" font-size="14" fill="{ink}">{w}</text>'
        ).format(x=20 + i * 100, ink=svg.INK_2, w=words[kind])
        y = 32
    if reference is not None and reference_label:
        body += Markup(
            '<text class="chart-quiet" x="{x}" y="{y}" font-size="13" text-anchor="{anchor}" '
            'fill="{ink}">{text}</text>'
        ).format(
            x=svg.percent(x(reference)),
            y=y + 12,
            anchor="start" if x(reference) < ZONE * 0.35 else "middle",
            ink=svg.INK_2,
            text=svg.safe(reference_label),
        )
        y += 22
    for row in rows:
        for line in svg.wrap(row.label):
            body += Markup(
                '<text class="chart-label" x="0" y="{y}" font-size="16" font-weight="600" '
                'fill="{ink}">{line}</text>'
            ).format(y=y + 15, ink=svg.INK, line=svg.safe(line))
            y += LINE
        height = ROW * len(row.marks)
        for tick in ticks:
            body += _rule("chart-line", x(tick), y, height, svg.LINE)
        if reference is not None:
            body += _rule("chart-whisker", x(reference), y, height, svg.INK, dash=True)
        for mark in row.marks:
            middle = y + ROW / 2
            body += _interval(x(mark.value.low), x(mark.value.high), middle)
            body += _mark(mark.kind, svg.percent(x(mark.value.estimate)), middle, mark.is_open)
            body += _numbers(mark, middle, unit, language)
            y += ROW
        y += GAP
    for i, tick in enumerate(ticks):
        body += Markup(
            '<text class="chart-quiet" x="{x}" y="{y}" font-size="13" text-anchor="{anchor}" '
            'fill="{ink}">{t}</text>'
        ).format(
            x=svg.percent(x(tick)),
            y=y + 4,
            anchor="middle" if i else "start",
            ink=svg.INK_2,
            t=_tick(tick, unit, language),
        )
    return (
        svg.opening(uid, language, title, description, y + 14, None, "chart-dots")
        + body
        + Markup("</svg>")
    )


def _show(value: float, unit: str, language: str) -> str:
    if unit == "share":
        return format_share(value, language)
    if unit == "number":
        return format_decimal(value, language)
    return signed(value * 100, language)


def _tick(value: float, unit: str, language: str) -> str:
    """A number under the scale: whole points of a rating have no figure after the mark."""
    if unit == "number" and float(value).is_integer():
        return format_decimal(value, language, digits=0)
    return _show(value, unit, language)


def _scale(
    rows: Sequence[DotRow],
    unit: str,
    reference: float | None,
    ends: tuple[float, float] | None,
) -> tuple[float, float, list[float]]:
    """The two ends and the ticks between them, the first tick being the lower end."""
    values = [v for row in rows for m in row.marks for v in (m.value.low, m.value.high)]
    values += [reference] if reference is not None else []
    if ends is not None:
        low, high = ends
        span = high - low
        least = ceil(span / 5)
        # Even steps that end where the scale ends, if a few do.
        step = 1.0 if span <= 6 else next((s for s in (least, least + 1) if not span % s), least)
    elif unit == "share":
        low = 0.0
        high, step = svg.ceiling(max(values, default=0.0))
    else:
        lowest, most = min([*values, 0.0]), max([*values, 0.0])
        step = next((t for t in (0.02, 0.05, 0.1, 0.2, 0.25, 0.5) if (most - lowest) / t <= 5), 1.0)
        low = floor(lowest / step) * step
        high = max(ceil(most / step) * step, low + step)
    ticks = [low + i * step for i in range(round((high - low) / step) + 1)]
    if ends is not None and abs(ticks[-1] - high) > step / 1000:
        # A scale that steps do not fill still ends at its own last point.
        ticks = [t for t in ticks if high - t > step / 2] + [high]
    return low, high, ticks


def _rule(css: str, x: float, y: float, height: float, ink: str, *, dash: bool = False) -> Markup:
    return Markup(
        '<line class="{css}" x1="{x}" x2="{x}" y1="{y}" y2="{end}" stroke="{ink}"{dash}/>'
    ).format(
        css=css,
        x=svg.percent(x),
        y=y,
        end=y + height,
        ink=ink,
        dash=Markup(' stroke-dasharray="3 3"') if dash else "",
    )


def _interval(low: float, high: float, y: float) -> Markup:
    return Markup(
        '<line class="chart-whisker" x1="{a}" x2="{b}" y1="{y}" y2="{y}" stroke="{ink}" '
        'stroke-width="2"/>'
    ).format(a=svg.percent(low), b=svg.percent(high), y=y, ink=svg.INK)


def _numbers(mark: DotMark, y: float, unit: str, language: str) -> Markup:
    return Markup(
        '<text class="chart-value" x="{x}" dx="10" y="{y}" fill="{ink}" stroke="{paper}" '
        'stroke-width="4" stroke-linejoin="round" paint-order="stroke">'
        '<tspan font-weight="600">{value}</tspan><tspan class="chart-quiet" dx="7" font-size="14" '
        'fill="{ink2}">{n}</tspan></text>'
    ).format(
        x=svg.percent(ZONE),
        y=y + 5,
        ink=svg.INK,
        ink2=svg.INK_2,
        paper=svg.PAPER,
        value=_show(mark.value.estimate, unit, language),
        n="" if mark.n is None else format_n(mark.n, language),
    )


def _mark(kind: str, x: str, y: float, is_open: bool = False) -> Markup:
    if kind not in ("all", "en", "fr"):
        raise ValueError(f"kind must be all, en or fr, not {kind!r}")
    if kind != "all":
        return svg.mark(kind, x, y)
    return Markup(
        '<circle class="chart-point{css}" cx="{x}" cy="{y}" r="5" fill="{fill}" stroke="{ink}" '
        'stroke-width="2"/>'
    ).format(
        css=" chart-point-open" if is_open else "",
        x=x,
        y=y,
        fill=svg.PAPER if is_open else svg.INK,
        ink=svg.INK,
    )
