"""A map: discs with names, and in each the marks of those who speak there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from analysis.figures.charts import svg
from analysis.figures.charts.bars import chart_words

WIDTH = 600  # units of the discs' field; as many pixels at most
LINE = 17  # from one line of a name to the next
LETTER = 7.9  # units of an average letter of a name, 14 semi-bold
PAD = 10


@dataclass(frozen=True, slots=True)
class MapDisc:
    """One disc. ``x``, ``y`` and ``radius`` are shares of the width; ``hint`` shows on a pointer.

    ``number`` is what a table beside the map calls it; an empty ``label`` leaves the number alone.
    """

    number: int
    label: str
    x: float
    y: float
    radius: float
    hint: str = ""


@dataclass(frozen=True, slots=True)
class MapDot:
    """One mark. ``kind`` is ``en`` (a disc), ``fr`` (an open square) or ``other`` (a cross)."""

    kind: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: _Box) -> float:
        """The surface both cover."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, across) * max(0.0, down)


def disc_map(
    discs: Sequence[MapDisc],
    dots: Sequence[MapDot],
    *,
    language: str,
    title: str,
    description: str = "",
    uid: str | None = None,
) -> Markup:
    """Draw the discs with their numbers and names, and the marks, as one ``<svg>``.

    Kinds differ by shape and colour. The picture keeps its proportions and shrinks with its
    container; on a narrow screen ``charts.css`` leaves the numbers, larger, and hides the names, so
    put a list or table with the numbers beside it. All marks of a kind are one path: thousands of
    them weigh a few bytes each.

    Raises ValueError when the language is not ``en`` or ``fr``.
    """
    words = chart_words(language)
    uid = uid or svg.chart_id("map", language, title, *discs)
    labels = _placed(discs)
    boxes = [_round(d) for d in discs] + [box for _, _, box in labels]
    kinds = [kind for kind in ("en", "fr", "other") if any(dot.kind == kind for dot in dots)]
    key_height = 34 if kinds else 0
    left = min((b.left for b in boxes), default=0) - PAD
    right = max((b.right for b in boxes), default=WIDTH) + PAD
    top = min((b.top for b in boxes), default=0) - PAD - key_height
    bottom = max((b.bottom for b in boxes), default=WIDTH) + PAD
    body = Markup("")
    for disc in discs:
        body += Markup(
            '<circle class="map-disc" cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="#f2efe8" '
            'stroke="{line}"><title>{hint}</title></circle>'
        ).format(
            x=disc.x * WIDTH,
            y=disc.y * WIDTH,
            r=disc.radius * WIDTH,
            line=svg.LINE,
            hint=svg.safe(disc.hint or disc.label),
        )
    for kind in kinds:
        body += _marks(kind, [(d.x * WIDTH, d.y * WIDTH) for d in dots if d.kind == kind])
    for i, kind in enumerate(kinds):
        x = left + PAD + i * 150
        body += _marks(kind, [(x + 5, top + 13)])
        body += Markup(
            '<text class="chart-quiet map-key" x="{x:.1f}" y="{y:.1f}" font-size="14" '
            'fill="{ink}">{word}</text>'
        ).format(x=x + 17, y=top + 18, ink=svg.INK_2, word=words[kind])
    for disc, (lines, y, box) in zip(discs, labels, strict=True):
        body += _label(disc.number, lines, (box.left + box.right) / 2, y)
    width, height = right - left, bottom - top
    return (
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-map" id="{uid}" role="img" '
            'lang="{language}" xml:lang="{language}" viewBox="{box}" width="{width:.0f}" '
            'height="{height:.0f}" font-family="Inter, Segoe UI, system-ui, Noto Sans, Roboto, '
            'sans-serif" font-size="14" aria-labelledby="{uid}-title" '
            'aria-describedby="{uid}-desc"><title id="{uid}-title">{title}</title>'
            '<desc id="{uid}-desc">{description}</desc>'
        ).format(
            uid=uid,
            language=language,
            box=f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}",
            width=width,
            height=height,
            title=svg.safe(title),
            description=svg.safe(description),
        )
        + body
        + Markup("</svg>")
    )


def _round(disc: MapDisc) -> _Box:
    x, y, r = disc.x * WIDTH, disc.y * WIDTH, disc.radius * WIDTH
    return _Box(x - r, y - r, x + r, y + r)


def _placed(discs: Sequence[MapDisc]) -> list[tuple[list[str], float, _Box]]:
    """For each disc the lines of its name, the first one's baseline, and the box they fill.

    Each name takes the place under, over or on its disc, or a little to a side, where it covers
    least of the other names, then of the other discs, then of its own.
    """
    placed: list[tuple[list[str], float, _Box]] = []
    rounds = [_round(d) for d in discs]
    for number, (disc, own) in enumerate(zip(discs, rounds, strict=True)):
        lines = svg.wrap(disc.label, width=22, lines=3)
        wide = LETTER * (max(map(len, lines)) + 3)
        tall = LINE * len(lines)
        best: tuple[float, float, _Box] | None = None
        middle = (own.top + own.bottom) / 2
        for order, top in enumerate(
            (own.bottom + 3, own.top - tall - 3, middle - tall / 2, own.bottom - tall * 0.7)
        ):
            for shift in (0.0, -0.3, 0.3):
                x = (own.left + own.right) / 2 + shift * wide
                box = _Box(x - wide / 2, top, x + wide / 2, top + tall)
                cost = sum(box.shared(other) for _, _, other in placed) * 100
                cost += sum(box.shared(r) for i, r in enumerate(rounds) if i != number) * 3
                cost += box.shared(own) + 20 * order + 40 * abs(shift)
                if best is None or cost < best[0] - 1e-9:
                    best = (cost, top + 13, box)
        if best is not None:
            placed.append((lines, best[1], best[2]))
    return placed


def _label(number: int, lines: Sequence[str], x: float, y: float) -> Markup:
    spans = Markup('<tspan class="map-number">{n}</tspan><tspan class="map-name"> {first}</tspan>')
    text = spans.format(n=number, first=svg.safe(lines[0]))
    for line in lines[1:]:
        text += Markup('<tspan class="map-name" x="{x:.1f}" dy="{dy}">{line}</tspan>').format(
            x=x, dy=LINE, line=svg.safe(line)
        )
    return Markup(
        '<text class="chart-value map-label" x="{x:.1f}" y="{y:.1f}" text-anchor="middle" '
        'font-weight="600" fill="{ink}" stroke="{paper}" stroke-width="4" stroke-linejoin="round" '
        'paint-order="stroke">{text}</text>'
    ).format(x=x, y=y, ink=svg.INK, paper=svg.PAPER, text=text)


def _marks(kind: str, spots: Sequence[tuple[float, float]]) -> Markup:
    """All marks of one kind as one path, each written from the one before."""
    drawn = {"en": "h0", "fr": "m-2-2h4v4h-4z", "other": "m-2-2l4 4m0-4l-4 4"}[kind]
    # Where the pen stands after a mark, seen from the mark.
    rest = {"en": (0, 0), "fr": (-2, -2), "other": (-2, 2)}[kind]
    tenths = [(round(x * 10), round(y * 10)) for x, y in spots]
    steps = [f"M{_tenth(tenths[0][0])} {_tenth(tenths[0][1])}{drawn}"] if tenths else []
    for (x0, y0), (x1, y1) in pairwise(tenths):
        dx, dy = x1 - x0 - 10 * rest[0], y1 - y0 - 10 * rest[1]
        steps.append(f"m{_tenth(dx)} {_tenth(dy)}{drawn}")
    return Markup(
        '<path class="map-dots map-dots-{kind}" d="{d}" fill="none" stroke="{stroke}" '
        'stroke-width="{width}" stroke-linecap="{cap}"/>'
    ).format(
        kind=kind,
        d="".join(steps),
        stroke={"en": svg.EN, "fr": svg.FR, "other": svg.INK_2}[kind],
        width=4.6 if kind == "en" else 1.4,
        cap="round" if kind == "en" else "butt",
    )


def _tenth(tenths: int) -> str:
    return f"{tenths / 10:g}"
