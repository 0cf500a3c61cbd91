"""Texts in more than one language, taken apart where the language changes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.pipeline.types import Language

from .little_words import FOREIGN, hear, is_foreign_script

Span = tuple[int, int]

# Where an answer may change language: the end of a sentence or line, a slash, a bar, a dash.
# A row of stops is looked at once, from its beginning.
_PIECE = re.compile(r"(?<![.!?…])[.!?…]+[\"'»)\]]*\s+|\n+|\s[/|–—-]{1,2}\s|;\s")


def may_be_mixed(text: str) -> bool:
    """Whether little words of both languages, or of a third one, are there to look at twice."""
    heard = hear(text)
    both = min(heard.english, heard.french) >= 2
    return both or heard.foreign >= 3 or (not text.isascii() and FOREIGN.search(text) is not None)


def runs(text: str, pieces: Sequence[Span]) -> list[list[Span]]:
    """``pieces`` (sentences, in order) grouped into stretches of one language each.

    Only a language that needs no model makes a stretch of its own, and only with at least four
    words; whatever cannot be told goes with what is before it. One list when nothing changes. A
    piece that changes language inside, at a line's end or a slash, is cut there. Where
    ``may_be_mixed`` says no there is nothing to find.
    """
    parts: list[tuple[Span, Language | None]] = []
    for start, end in pieces:
        for a, b in _parts(text, start, end):
            part = text[a:b]
            parts.append(((a, b), Language.OTHER if is_foreign_script(part) else _told(part)))
    told = [language for _, language in parts if language is not None]
    if len(set(told)) < 2:
        return [list(pieces)]
    found: list[list[Span]] = []
    current: Language | None = None
    for span, language in parts:
        if not found or (language is not None and current is not None and language != current):
            found.append([])
        found[-1].append(span)
        current = language or current
    return found


def official_in(text: str) -> Language | None:
    """English or French where a stretch of ``text`` is in it for certain, the longer one first.

    For texts that are mostly in another language: half in Punjabi, half in English.
    """
    if not may_be_mixed(text):
        return None
    found: dict[Language, int] = {}
    for run in runs(text, [(0, len(text))]):
        part = text[run[0][0] : run[-1][1]]
        language = None if is_foreign_script(part) else _told(part)
        if language is Language.EN or language is Language.FR:
            found[language] = found.get(language, 0) + len(part)
    return max(found, key=lambda language: (found[language], language)) if found else None


def _told(part: str) -> Language | None:
    heard = hear(part)
    return heard.certain if len(heard.tokens) >= 4 else None


def _parts(text: str, start: int, end: int) -> list[Span]:
    """The stretch cut at every place where a language may change, blanks trimmed."""
    found: list[Span] = []
    at = start
    for match in (*_PIECE.finditer(text, start, end), None):
        stop = end if match is None else match.end()
        piece = text[at:stop]
        if piece.strip():
            begin = at + len(piece) - len(piece.lstrip())
            found.append((begin, begin + len(piece.strip())))
        at = stop
    return found
