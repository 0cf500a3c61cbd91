"""How a snapshot keeps the numbers of a report, and how they are read back years later.

What a snapshot of an earlier version kept passes the guard of today when it is read.
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
    together,
    told_alone,
    whole_told,
)
from cms.reporting.numbers import VERSION, JoinedTheme, Numbers, ThemeNumbers
from feedback.people.enums import SmallestCell

# What an earlier version kept, where it does not say what the department asked for.
STRICTEST = max(SmallestCell.values)


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


def from_json(plain: dict[str, Any], *, smallest: int | None = None) -> Numbers:
    """The numbers a snapshot keeps. One of an earlier version is told as far as that is safe:
    ``smallest`` is the department's cell, the strictest there is unless given."""
    if plain.get("version", 1) < VERSION:
        return _from_before(plain, STRICTEST if smallest is None else smallest)
    values = {key: value for key, value in plain.items() if key != "theme_codes"}
    values["themes"] = tuple(ThemeNumbers(**theme) for theme in values["themes"])
    values["joined"] = tuple(JoinedTheme(**theme) for theme in values["joined"])
    if values["others"] is not None:
        values["others"] = ThemeNumbers(**values["others"])
    # Reports drafted before there were any have none.
    values["splits"] = tuple(_split_from_json(each) for each in values.get("splits", ()))
    return Numbers(**values)


def _from_before(plain: dict[str, Any], smallest: int) -> Numbers:
    """What was kept whole, without the people themselves: counts that stand alone, no divisions."""
    whole = plain["with_text"]
    named = {theme["code"]: theme for theme in plain["themes"] if theme["parent"] is None}
    told = told_alone({code: theme["n"] for code, theme in named.items()}, whole, smallest=smallest)
    kept = tuple(
        ThemeNumbers(
            code=code,
            parent=None,
            name_en=named[code]["name_en"],
            name_fr=named[code]["name_fr"],
            n=each.n,
            by_language={} if smallest else named[code]["by_language"],
            in_letters=None if smallest else named[code]["in_letters"],
            is_at_least=each.is_at_least,
        )
        for code, each in told.items()
    )
    letters = sum(campaign["letters"] for campaign in plain["campaigns"])
    are_letters_told = smallest == 0 or min(letters, whole - letters) >= smallest
    responses = whole_told(plain["responses"], whole, smallest=smallest)
    simple = (
        "question_en", "question_fr", "opened_on", "closed_on", "first_on", "last_on", "sampling",
        "run_id", "run_on", "corpus_digest", "confidence", "versions", "config",
    )  # fmt: skip
    return Numbers(
        **{key: plain[key] for key in simple if key in plain},
        responses=responses,
        with_text=whole,
        in_themes=plain["in_themes"] if not smallest else None,
        languages=plain["languages"] if not smallest else {},
        with_text_languages=plain["with_text_languages"] if not smallest else {},
        channels=together(plain["channels"], smallest=smallest) if responses is not None else {},
        themes=kept,
        unthemed=plain["unthemed"] if not smallest else {},
        letters=letters if are_letters_told else 0,
        campaigns=len(plain["campaigns"]) if are_letters_told else 0,
        smallest_cell=smallest,
        version=plain.get("version", 1),
    )


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
