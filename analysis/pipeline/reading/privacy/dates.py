"""Dates as people write them, in figures and in words."""

from __future__ import annotations

import re

from . import lists
from .tokens import Tokens

_SUFFIXES = frozenset(("st", "nd", "rd", "th", "er", "e", "eme", "ieme", "re"))
_LINKS = frozenset(("of", "de", "the", "le", "day", "jour", "in", "en", "l", "an"))
_NUMERIC = re.compile(
    r"(?:[0-9]{4} ?[-/. ] ?[0-9]{1,2} ?[-/. ] ?[0-9]{1,2}|"
    r"[0-9]{1,2} ?[-/. ] ?[0-9]{1,2} ?[-/. ] ?(?:[0-9]{4}|[0-9]{2})|(?:19|20)[0-9]{6})(?![0-9])"
)


def date_at(tokens: Tokens, first: int, *, year: bool) -> int | None:
    """The last token of the date that begins with token ``first``; None where none does.

    A day and a month, or a month and a year, in either language and order, in figures or words.
    With ``year`` one must be there.
    """
    words = tokens.words
    if words[first].isdigit():
        match = _NUMERIC.match(tokens.folded, tokens.starts[first])
        if match:
            at = first
            while at + 1 < len(words) and tokens.ends[at] < match.end():
                at += 1
            return at
    day = month = has_year = False
    at, steps = first, 0
    last: int | None = None
    while at < len(words) and steps < 12:
        steps += 1
        if at > first and tokens.gap(at - 1) not in (
            " ",
            ", ",
            ".",
            ". ",
            "-",
            "",
            ",",
            " - ",
            "/",
        ):
            break
        word = words[at]
        if word in lists.MONTHS and not month:
            month = True
        elif word.isdigit() and len(word) == 4 and word[:2] in ("18", "19", "20") and month:
            if has_year:
                break
            has_year = True
        elif word.isdigit() and len(word) <= 2 and 1 <= int(word) <= 99:
            if day and month:
                if has_year or (int(word) <= 31 and tokens.gap(at - 1) == " "):
                    break
                has_year = True
            elif day:
                break
            day = True
        elif word in lists.NUMBER_NAMES:
            if day and month:
                has_year = True
            day = True
        elif word in _SUFFIXES and day and tokens.gap(at - 1) in ("", " ", "-"):
            pass
        elif word in _LINKS and at > first:
            at += 1
            continue
        else:
            break
        last = at
        at += 1
    told = month and (has_year or (day and not year))
    return last if told else None
