"""Numbers announced by the word beside them: the shape need only be possible."""

from __future__ import annotations

import re

from ..word_lists import listed
from . import lists
from .codes import POSSIBLE, Code, code_at
from .dates import date_at
from .found import Found
from .tokens import Tokens
from .units import counts

# What may stand between a cue and its number besides fillers.
_BETWEEN = frozenset(" :#.,()=-'\"/*\n°º>_")
# From a cue to its number, in words.
_REACH = 7
# A date, a year or years: of the number of a file, but also of anything else.
_DATE_LIKE = re.compile(
    r"(?:19|20)[0-9]{2}(?:[-/. ]{1,3}(?:(?:19|20)[0-9]{2}|[0-9]{1,2})){0,2}|"
    r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{2}|[0-9]{4})"
)
# Provinces, and how numbers begin.
_PREFIXES = listed("nb ns qc ab sk mb pe nl yt nt nu bc")
_ABBREVIATED = listed("no num nr tel cell nbr acct ref soc ins lic")
_GLUED = listed("is est it no nr")
# Words that mean much else.
_LOOSE = frozenset(("file_number", "bank_account"))
_BACK = listed(
    "is was est are were sont etait my mon ma the le la l her his son sa as comme for pour c ce it"
    " s card carte number numero no de d home work cell which that voici"
)


def after_cue(tokens: Tokens, last: int, kind: str) -> Found | None:
    """The number announced by the cue that ends with token ``last``."""
    n = len(tokens)
    fillers = lists.NUMBER_WORDS if kind in _LOOSE else lists.FILLERS
    named = tokens.words[last] in lists.NUMBER_WORDS or tokens.words[last] == "id"
    at = last + 1
    for _ in range(_REACH):
        if at >= n:
            return None
        gap, word = tokens.gap(at - 1), tokens.words[at]
        if not _BETWEEN.issuperset(gap):
            return None
        if "#" in gap or ":" in gap or "°" in gap or "º" in gap:
            named = True
        if kind == "birth_date":
            end = date_at(tokens, at, year=False)
            if end is not None:
                return Found(tokens.starts[at], tokens.ends[end], kind)
        elif word in _GLUED and tokens.gap(at) == "":
            at += 1  # "my SIN is046…"
            continue
        elif _may_begin(tokens, at):
            code = code_at(tokens, at, plate=kind == "licence_plate")
            return _announced(tokens, code, kind, named) if code else None
        born_in = kind == "birth_date" and tokens.words[at - 1] in ("in", "a", "at")
        if word not in fillers and not born_in:
            return None
        if (
            ". " in gap
            and len(tokens.words[at - 1]) > 1
            and tokens.words[at - 1] not in _ABBREVIATED
        ):
            return None  # the sentence ended
        named = named or word in lists.NUMBER_WORDS
        at += 1
    return None


def before_cue(tokens: Tokens, first: int, kind: str) -> Found | None:
    """The number that the cue beginning with token ``first`` says something of: "… is my SIN"."""
    at, links = first - 1, ""
    for _ in range(5):
        if at < 0:
            return None
        gap = tokens.gap(at)
        if gap in (" (", ", ", " - ", " / "):
            links += gap
        elif gap not in (" ", "'", "  "):
            return None
        if tokens.words[at] not in _BACK:
            break
        links += tokens.words[at] + " "
        at -= 1
    else:
        return None
    if not any(link in links for link in ("is ", "was ", "est ", "as ", "comme ", " (")):
        return None
    last = at
    if not (tokens.words[last].isdigit() or tokens.word(last - 1).isdigit()):
        return None
    while at > 0 and last - at < 8:
        gap, word = tokens.gap(at - 1), tokens.words[at - 1]
        if (word.isdigit() and gap in ("", " ", "-", ".", " - ")) or (
            not word.isdigit() and len(word) <= 4 and gap in ("", "-")
        ):
            at -= 1
        else:
            break
    code = code_at(tokens, at, plate=kind == "licence_plate")
    return _announced(tokens, code, kind, True) if code is not None and code.last >= last else None


def _announced(tokens: Tokens, code: Code, kind: str, named: bool) -> Found | None:
    start, end = tokens.starts[code.first], tokens.ends[code.last]
    if not POSSIBLE[kind](code, named) or counts(tokens, start, end):
        return None
    if _DATE_LIKE.fullmatch(tokens.folded, start, end):
        return None
    return Found(start, end, kind)


def _may_begin(tokens: Tokens, at: int) -> bool:
    word = tokens.words[at]
    if word.isdigit():
        return True
    return (
        (len(word) <= 4 or (len(word) == 5 and tokens.gap(at) == "-"))
        and tokens.word(at + 1).isdigit()
        and tokens.gap(at) in ("", " ", "-", " - ")
        and (
            tokens.gap(at) in ("", "-")
            or word in _PREFIXES
            or (word not in lists.FILLERS and word not in lists.stop_words())
        )
    )
