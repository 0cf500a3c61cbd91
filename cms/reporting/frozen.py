"""How a snapshot keeps the numbers of a report, and how they are read back years later.

What is kept has passed the guard; ``version`` is for whoever changes its form.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from analysis.figures.disclosure import (
    FindingCell,
    FindingSplit,
    FindingThemeSplit,
)
from cms.reporting.numbers import JoinedTheme, Numbers, ThemeNumbers


def as_json(numbers: Numbers) -> dict[str, Any]:
    """What a snapshot keeps. ``theme_codes`` is for whoever checks a page against it."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(numbers)))
    plain["theme_codes"] = [
        *(theme.code for theme in numbers.themes),
        *(theme.code for theme in numbers.joined),
    ]
    return plain


def digest_of(plain: dict[str, Any]) -> str:
    """SHA-256 of the canonical form (sorted keys, no spaces)."""
    canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def from_json(plain: dict[str, Any]) -> Numbers:
    """The numbers a snapshot keeps."""
    values = {key: value for key, value in plain.items() if key != "theme_codes"}
    values["themes"] = tuple(ThemeNumbers(**theme) for theme in values["themes"])
    values["joined"] = tuple(JoinedTheme(**theme) for theme in values["joined"])
    if values["others"] is not None:
        values["others"] = ThemeNumbers(**values["others"])
    values["splits"] = tuple(_split_from_json(each) for each in values["splits"])
    return Numbers(**values)


def _split_from_json(plain: dict[str, Any]) -> FindingSplit:
    themes = tuple(
        FindingThemeSplit(
            **{
                **theme,
                "cells": tuple(FindingCell(**cell) for cell in theme["cells"]),
                "mean": _triple(theme["mean"]),
                "difference": _triple(theme["difference"]),
            }
        )
        for theme in plain["themes"]
    )
    return FindingSplit(**{**plain, "themes": themes})


def _triple(ends: list[float] | None) -> tuple[float, float, float] | None:
    return (ends[0], ends[1], ends[2]) if ends is not None else None
