"""What every chart shares: safe text, stable ids, wrapped labels, a scale with round steps."""

from __future__ import annotations

import hashlib
import re
import textwrap
from math import ceil

from markupsafe import Markup, escape

# What XML 1.0 cannot hold even as a reference; a label with one would break the whole picture.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# Presentation attributes, for a picture saved without its stylesheet. charts.css says the same
# with the theme's variables and wins wherever it is loaded.
INK, INK_2, LINE, PAPER = "#1c2530", "#4d5967", "#d9d5cc", "#fbfaf6"
EN, FR, FR_STRIPE, OTHER = "#0a6a62", "#b5651d", "#efc79b", "#8a8f96"

LABEL = 16  # pixels of a label's letters, which are semi-bold
NARROWEST = 328  # pixels left of a 360-pixel phone after its margins
# Widths of letters, in parts of their size, of the widest of the faces a chart may be drawn with:
# a label that fits in it fits in all of them.
_NARROW, _WIDE, _CAPITAL, _OTHER = 0.44, 1.08, 0.86, 0.73
_NARROW_LETTERS = frozenset("fijltrI.,;:'\u2019!|()[]-/ \u00a0")
_WIDE_LETTERS = frozenset("mwMW@%—…œŒæÆ")


def safe(text: object) -> Markup:
    """``text`` escaped for an element or an attribute, without what XML forbids."""
    return escape(_NOT_XML.sub("\ufffd", str(text)))


def chart_id(*parts: object) -> str:
    """An id that is the same for the same chart and differs between two charts on one page."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()
    return f"chart-{digest[:10]}"


def text_width(text: str, size: float = LABEL) -> float:
    """Pixels ``text`` takes at most, drawn semi-bold at ``size``."""
    return size * sum(
        _NARROW
        if letter in _NARROW_LETTERS
        else _WIDE
        if letter in _WIDE_LETTERS
        else _CAPITAL
        if letter.isupper()
        else _OTHER
        for letter in text
    )


def wrap(label: str, *, width: int | None = None, lines: int = 3) -> list[str]:
    """``label`` in at most ``lines`` lines that fit a phone, or of ``width`` letters; the rest is
    an ellipsis."""
    if width is not None:
        return textwrap.wrap(
            " ".join(label.split()), width, max_lines=lines, placeholder="…", break_long_words=True
        ) or [""]
    found: list[str] = []
    words = label.split()
    while words:
        line = words.pop(0)
        while text_width(line) > NARROWEST:
            # A word no line holds goes on in the next.
            cut = next(at for at in range(len(line), 0, -1) if text_width(line[:at]) <= NARROWEST)
            words.insert(0, line[cut:])
            line = line[:cut]
        while words and text_width(f"{line} {words[0]}") <= NARROWEST:
            line = f"{line} {words.pop(0)}"
        found.append(line)
    if len(found) > lines:
        last = found[lines - 1]
        while last and text_width(f"{last}…") > NARROWEST:
            last = last.rpartition(" ")[0] or last[:-1]
        found = [*found[: lines - 1], f"{last}…"]
    return found or [""]


def ceiling(share: float) -> tuple[float, float]:
    """The end of an axis from zero that holds ``share``, and the step between its ticks."""
    for top, step in ((0.05, 0.01), (0.1, 0.02), (0.2, 0.05), (0.3, 0.1), (0.4, 0.1), (0.5, 0.1)):
        if share <= top:
            return top, step
    return (min(1.0, ceil(share * 5) / 5), 0.2)


def percent(fraction: float) -> str:
    """A fraction of the width as an SVG length (``24.5%``), without noise after two decimals."""
    return f"{round(fraction * 100, 2):g}%"


def opening(
    uid: str, language: str, title: str, description: str, height: int, width: int | None, kind: str
) -> Markup:
    """The root element with its name and description for those who do not see the picture.

    There is no viewBox on purpose: lengths across are percentages, so the picture takes the width
    it is given while its letters keep their size, on a phone as on a desk.
    """
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart {kind}" id="{uid}" role="img" '
        'lang="{language}" xml:lang="{language}" width="{width}" height="{height}" '
        'font-family="Inter, Segoe UI, system-ui, Noto Sans, Roboto, sans-serif" font-size="15" '
        'aria-labelledby="{uid}-title" aria-describedby="{uid}-desc">'
        '<title id="{uid}-title">{title}</title><desc id="{uid}-desc">{description}</desc>'
    ).format(
        kind=kind,
        uid=uid,
        language=language,
        width="100%" if width is None else width,
        height=height,
        title=safe(title),
        description=safe(description),
    )


def hatch(uid: str) -> Markup:
    """The pattern of French: stripes that survive print, grey and colour blindness."""
    return Markup(
        '<defs><pattern id="{uid}-hatch" width="8" height="8" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="chart-fr" width="8" height="8" fill="{fr}"/>'
        '<rect class="chart-fr-stripe" width="3" height="8" fill="{stripe}"/></pattern></defs>'
    ).format(uid=uid, fr=FR, stripe=FR_STRIPE)


def mark(kind: str, x: str, y: float) -> Markup:
    """A filled disc, or for French an open square: told apart without colour."""
    if kind == "fr":
        return Markup(
            '<svg x="{x}" y="{y}" width="1" height="1" overflow="visible"><rect '
            'class="chart-mark chart-mark-fr" x="-4.5" y="-4.5" width="9" height="9" '
            'fill="{paper}" stroke="{fr}" stroke-width="2.5"/></svg>'
        ).format(x=x, y=y, paper=PAPER, fr=FR)
    return Markup(
        '<circle class="chart-mark chart-mark-{kind}" cx="{x}" cy="{y}" r="5" fill="{en}"/>'
    ).format(kind=kind, x=x, y=y, en=EN)
