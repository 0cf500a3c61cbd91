"""A measure over time with the band of its interval."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.figures.charts import svg
from analysis.figures.charts.bars import WORDS
from analysis.figures.charts.numbers import check_language, format_decimal, format_n, format_share

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PLOT = 220  # pixels of the plot's height
TOP = 12
LEFT = 0.1  # the part of the width kept for the numbers of the axis
RIGHT = 0.97
LABELS = 6  # month names that fit on a phone


@dataclass(frozen=True, slots=True)
class LinePoint:
    """One period: its name, the measure (None when nobody answered), its interval and n."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class LineSeries:
    """One line. ``kind`` is ``all``, ``en`` or ``fr`` and decides colour, dash and marker."""

    points: tuple[LinePoint, ...]
    kind: str = "all"


def line_chart(
    series: Sequence[LineSeries],
    *,
    lowest: float,
    highest: float,
    language: str,
    title: str,
    description: str = "",
    unit: str = "number",
    uid: str | None = None,
    width: int | None = None,
) -> Markup:
    """Draw one to three lines over the same periods (months, usually) as one ``<svg>``.

    ``lowest`` and ``highest`` are the ends of the scale itself (1 and 5 for a rating, 0 and 1 for a
    share), never of the data, so that a small change cannot look like a fall. ``unit`` is
    ``"number"`` or ``"share"``. A period without answers breaks the line instead of being drawn as
    zero. The band is the interval of each point. With one series of up to eight points each point
    carries its value; n stands under the period where it is known. Widths as ``bar_chart``.

    Raises ValueError when series differ in their periods, or a value lies outside the scale.
    """
    words = WORDS[check_language(language)]
    labels = [p.label for p in series[0].points] if series else []
    if any([p.label for p in s.points] != labels for s in series):
        raise ValueError("every series must have the same periods")
    if highest <= lowest:
        raise ValueError("the scale must go up")
    for s in series:
        for p in s.points:
            if p.value is not None and not lowest <= p.value <= highest:
                raise ValueError(f"{p.value} lies outside the scale {lowest} to {highest}")
    uid = uid or svg.chart_id("lines", language, title, *series)
    key = len(series) > 1
    top = TOP + (30 if key else 8)

    def x(i: int) -> float:
        return LEFT + (RIGHT - LEFT) * ((i + 0.5) / max(1, len(labels)))

    def y(value: float) -> float:
        inside = min(highest, max(lowest, value))
        return round(top + PLOT * (1 - (inside - lowest) / (highest - lowest)), 1)

    def show(value: float, digits: int) -> str:
        if unit == "share":
            return format_share(value, language)
        return format_decimal(value, language, digits=digits)

    body = Markup("")
    if key:
        for i, s in enumerate(series):
            body += svg.mark(s.kind, f"{8 + i * 110}", 9)
            word = words["total"] if s.kind == "all" else words[s.kind]
            body += Markup(
                '<text class="chart-quiet" x="{x}" y="14" font-size="14" fill="{ink}">{w}</text>'
            ).format(x=i * 110 + 20, ink=svg.INK_2, w=word)
    for i in range(5):
        tick = lowest + (highest - lowest) * i / 4
        body += Markup(
            '<line class="chart-line" x1="{a}" x2="{b}" y1="{y}" y2="{y}" stroke="{line}"/>'
            '<text class="chart-quiet" x="{a}" dx="-8" y="{ty}" text-anchor="end" font-size="13" '
            'fill="{ink}">{tick}</text>'
        ).format(
            a=svg.percent(LEFT),
            b=svg.percent(RIGHT),
            y=y(tick),
            ty=y(tick) + 4,
            line=svg.LINE,
            ink=svg.INK_2,
            tick=show(
                tick,
                0 if float(highest - lowest).is_integer() and (highest - lowest) % 4 == 0 else 1,
            ),
        )
    # The lines live in their own stretched coordinates; their strokes do not stretch with them.
    body += Markup(
        '<svg x="0" y="0" width="100%" height="{h}" viewBox="0 0 1000 {h}" '
        'preserveAspectRatio="none" overflow="visible">'
    ).format(h=top + PLOT)
    for s in series:
        for run in _runs(s.points):
            body += _band(s, run, x, y)
            points = " ".join(f"{x(i) * 1000:.1f},{y(s.points[i].value or 0.0)}" for i in run)
            body += Markup(
                '<polyline class="chart-path chart-path-{kind}" points="{points}" fill="none" '
                'stroke="{stroke}" stroke-width="2.5" vector-effect="non-scaling-stroke"{dash}/>'
            ).format(
                kind=s.kind,
                points=points,
                stroke=svg.FR if s.kind == "fr" else svg.EN,
                dash=Markup(' stroke-dasharray="7 4"') if s.kind == "fr" else "",
            )
    body += Markup("</svg>")
    for s in series:
        for i, p in enumerate(s.points):
            if p.value is None:
                continue
            body += svg.mark(s.kind, svg.percent(x(i)), y(p.value))
            if not key and len(labels) <= 8:
                body += Markup(
                    '<text class="chart-value" x="{x}" y="{y}" text-anchor="middle" '
                    'font-weight="600" fill="{ink}">{v}</text>'
                ).format(x=svg.percent(x(i)), y=y(p.value) - 11, ink=svg.INK, v=show(p.value, 1))
    every = max(1, ceil(len(labels) / LABELS))
    for i, label in enumerate(labels):
        if i % every:
            continue
        body += Markup(
            '<text class="chart-quiet" x="{x}" y="{y}" text-anchor="middle" font-size="13" '
            'fill="{ink}">{label}</text>'
        ).format(x=svg.percent(x(i)), y=top + PLOT + 20, ink=svg.INK_2, label=svg.safe(label))
        n = series[0].points[i].n
        if n is not None and not key:
            body += Markup(
                '<text class="chart-quiet" x="{x}" y="{y}" text-anchor="middle" font-size="12" '
                'fill="{ink}">{n}</text>'
            ).format(x=svg.percent(x(i)), y=top + PLOT + 37, ink=svg.INK_2, n=format_n(n, language))
    return (
        svg.opening(uid, language, title, description, top + PLOT + 46, width, "chart-lines")
        + body
        + Markup("</svg>")
    )


def _runs(points: Sequence[LinePoint]) -> list[list[int]]:
    """Stretches of neighbouring periods that have a value."""
    runs: list[list[int]] = []
    for i, p in enumerate(points):
        if p.value is None:
            continue
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs


def _band(
    series: LineSeries, run: Sequence[int], x: Callable[[int], float], y: Callable[[float], float]
) -> Markup:
    bounded = [
        (i, p.low, p.high)
        for i in run
        if (p := series.points[i]).low is not None and p.high is not None
    ]
    if len(bounded) < 2:
        return Markup("")
    upper = [f"{x(i) * 1000:.1f},{y(high)}" for i, _, high in bounded]
    lower = [f"{x(i) * 1000:.1f},{y(low)}" for i, low, _ in reversed(bounded)]
    return Markup(
        '<polygon class="chart-band chart-band-{kind}" points="{points}" fill="{fill}" '
        'fill-opacity="0.16"/>'
    ).format(
        kind=series.kind,
        points=" ".join([*upper, *lower]),
        fill=svg.FR if series.kind == "fr" else svg.EN,
    )
