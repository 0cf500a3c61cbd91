"""The colours of the theme can be read, in the light and in the dark."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[3] / "consult" / "look" / "static" / "look"
BUDGET = 20_000

# Ink on ground, as the stylesheet uses them; 4.5 for text (WCAG 1.4.3).
TEXT = [
    *[(ink, ground) for ink in ("ink", "ink-2", "accent-ink") for ground in
      ("paper", "card", "wash", "accent-wash")],
    ("on-accent", "accent"), ("on-accent", "accent-ink"),
    ("bad", "paper"), ("bad", "card"), ("bad", "bad-wash"), ("ink", "bad-wash"),
    ("ink", "warn-wash"), ("ink", "field"), ("good", "paper"), ("fr-ink", "fr-wash"),
    ("fr-ink", "paper"),
]  # fmt: skip
# What must be told apart from its ground without being read (WCAG 1.4.11).
SHAPES = [("en", "paper"), ("fr", "paper"), ("accent", "paper"), ("good", "paper"), ("ink", "card")]


def tokens(scheme: str) -> dict[str, str]:
    css = (STATIC / "tokens.css").read_text()
    light = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", css.split("@media", 1)[0]))
    if scheme == "light":
        return light
    part = css.split(f"@media {scheme}", 1)[1].split("@media", 1)[0]
    return {**light, **dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", part))}


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(each * 2 for each in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "(prefers-color-scheme:dark)", "print"])
def test_text_and_shapes_hold_their_contrast(scheme):
    found = tokens(scheme)
    weak = {
        (ink, ground): round(contrast(found[ink], found[ground]), 2)
        for pairs, least in ((TEXT, 4.5), (SHAPES, 3.0))
        for ink, ground in pairs
        if contrast(found[ink], found[ground]) < least
    }
    assert weak == {}


def test_styles_stay_within_their_budget():
    assert sum(len(gzip.compress(f.read_bytes())) for f in STATIC.rglob("*.css")) < BUDGET


def test_no_official_mark_is_in_the_theme():
    """Signature, wordmark, flag and the red rule belong to one government alone."""
    root = STATIC.parents[3]
    words = ("sig-blk", "wmms", "gcds-signature", "#a62a1e", "canada.ca")
    rooms = [root / room for room in ("consult", "cms", "analysis", "feedback")]
    shown = [
        path
        for room in rooms
        for kind in ("templates/**/*.html", "static/**/*.*")
        for path in room.rglob(kind)
    ]
    assert len(shown) > 80
    for path in shown:
        text = path.read_text().lower()
        assert not any(word in text for word in words), path
