"""The beginning of a longer text, for a card in a list: whole sentences, else whole words."""

from __future__ import annotations

import re

# A full stop after a short word is more often an abbreviation ("M. Roy", "p. ex.", "St. John's").
SENTENCE_END = re.compile(r"(?:\w{4}\.|[!?…])[\"”»)]?(?= )")
LEAST_SHARE = 0.4


def excerpt(text: str, limit: int) -> str:
    """``text``, or its first sentences within ``limit`` characters; where they would be less than
    two fifths of that, its first words and an ellipsis. No-break spaces are kept."""
    whole = re.sub(r"[ \t\r\n]+", " ", text).strip(" ")
    if len(whole) <= limit:
        return whole
    ends = [found.end() for found in SENTENCE_END.finditer(whole) if found.end() <= limit]
    if ends and ends[-1] >= limit * LEAST_SHARE:
        return whole[: ends[-1]]
    words = whole[:limit].rpartition(" ")[0].rstrip(" \u00a0,;:.–—")
    return (words or whole[: limit - 1]) + "…"
