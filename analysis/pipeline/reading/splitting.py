"""A long answer holds several ideas: cut it where one ends, at exact offsets.

Short answers stay whole unless they change language. A long one is cut into sentences; sentences
too short to carry an idea are joined to their neighbour, sentences too long are cut at a semicolon,
a colon or a conjunction. No passage is in two languages. Every character that is not a space
belongs to exactly one passage.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from analysis.pipeline.config import Config

from . import mixed
from .normalise import WORD, clean, count_words, fold
from .word_lists import listed

Span = tuple[int, int]

# Words after which a full stop ends nothing. Folded, without the stop.
_ABBREVIATIONS = listed(
    """
    mr mrs ms dr prof sr jr st ste hon rev gov dept no nos vs etc e.g eg i.e ie al approx inc ltd
    corp co art sec fig p pp vol ch ext tel apt ave blvd rd jan feb mar apr jun jul aug sep sept
    oct nov dec u.s u.k a.m p.m m mm mme mmes mlle mlles me mgr pr app av boul bd bur cf env ex
    max min n.b nb par ann janv fevr avr juill c.-a-d cad l.r.c s.r.c r.c pt poste
    """
)
# After "etc." a new sentence may well begin; after these never.
_MAY_END = frozenset(("etc", "al", "a.m", "p.m", "inc", "ltd", "u.s", "u.k", "no", "max", "min"))

# In French a space stands before the guillemet that closes: "Qui? »" ends there. A row of stops is
# looked at once, from its beginning.
_END = re.compile(
    r"(?<![.!?…])[.!?…]+(?: ?»|[\"'”\)\]])*(?=\s)|"
    r"\n\s*\n|\n(?=\s*(?:[-–—•*·]|\d+[.)])\s)|[;](?=\s*\n)"
)
_NO_BLANK = re.compile(r"\S")
_LAST_WORD = re.compile(r"([^\W\d_]+(?:[.-][^\W\d_]+)*)$")
_CUT = re.compile(
    r"[;:](?=\s)|,(?=\s+(?:but|and|however|because|although|while|whereas|so|mais|et|car|cependant|"
    r"toutefois|parce|alors|tandis|donc|or|puis|then)\b)|\s[–—-](?=\s)",
    re.IGNORECASE,
)


def sentences(text: str) -> list[Span]:
    """Where the sentences of ``text`` begin and end; spaces between them belong to none."""
    plain = clean(text)
    spans: list[Span] = []
    start = 0
    for match in _END.finditer(plain):
        end = match.end()
        mark = match.group()
        if (
            mark.startswith(".")
            and not mark.startswith("..")
            and _is_abbreviated(plain, match.start(), end)
        ):
            continue
        if _is_quoting(plain, start, end):
            continue
        after = _NO_BLANK.search(plain, end) if mark.endswith("»") else None
        if after is not None and after.group().islower():
            # "« Qui? » demande-t-elle."
            continue
        _add(spans, plain, start, end)
        start = end
    _add(spans, plain, start, len(plain))
    return spans


# What somebody is quoted as saying stays in one piece, up to this many characters.
_QUOTED = 300


def _is_quoting(text: str, start: int, end: int) -> bool:
    """Whether a quotation begun after ``start`` in guillemets is still open at ``end``."""
    opened = text.rfind("«", max(start, end - _QUOTED), end)
    if opened < 0 or text.rfind("»", opened, end) >= 0:
        return False
    return text.find("»", end, opened + _QUOTED) >= 0


def _is_abbreviated(text: str, stop: int, end: int) -> bool:
    """Whether the full stop at ``stop`` belongs to an abbreviation, an initial or a number."""
    rest = text[end : end + 40].lstrip()
    found = _LAST_WORD.search(text[max(0, stop - 20) : stop])
    if rest and (rest[0].islower() or rest[0] in ",;:"):
        # A sentence seldom begins in lower case, unless the writer never uses capitals.
        return found is None or fold(found.group(1)) in _ABBREVIATIONS or len(found.group(1)) == 1
    if found is None:
        # "2." at the start of a line numbers a list.
        return bool(re.search(r"(?:^|\n)\s*\d{1,2}$", text[max(0, stop - 6) : stop]))
    word = fold(found.group(1))
    if len(word) == 1 and found.group(1).isupper():
        return True
    if word not in _ABBREVIATIONS:
        return False
    return not (word in _MAY_END and rest[:1].isupper())


def _add(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        begin = start + len(piece) - len(piece.lstrip())
        spans.append((begin, begin + len(stripped)))


def split(text: str, config: Config) -> list[Span]:
    """The passages of ``text`` as (start, end) offsets in it, in order, without overlap.

    An empty or blank text has none. A text of at most ``passage_split_over_words`` words is one
    passage, or one for each stretch in a language of its own.
    """
    whole: list[Span] = []
    plain = clean(text)
    _add(whole, plain, 0, len(text))
    is_short = count_words(text) <= config.passage_split_over_words
    is_mixed = mixed.may_be_mixed(text)
    if not whole or (is_short and not is_mixed):
        return whole
    spans = sentences(text)
    found: list[Span] = []
    for run in mixed.runs(text, spans) if is_mixed else [spans]:
        if is_short:
            found.append((run[0][0], run[-1][1]))
            continue
        pieces: list[Span] = []
        for a, b in run:
            pieces.extend(_cut(text, plain, a, b, config.passage_maximum_words))
        found.extend(_join(text, pieces, config))
    return found


def _cut(text: str, plain: str, start: int, end: int, maximum: int) -> list[Span]:
    """A sentence over ``maximum`` words in parts, at the cut nearest its middle; else itself.

    ``plain`` is ``text`` cleaned. Words and places to cut are found once for all parts, so that the
    work grows with the sentence, not with its square.
    """
    words = [match.start() for match in WORD.finditer(text, start, end)]
    if len(words) <= maximum:
        return [(start, end)]
    points = [match.end() for match in _CUT.finditer(plain, start, end)]
    found: list[Span] = []
    waiting = [(start, end)]
    while waiting:
        a, b = waiting.pop()
        first, last = bisect_left(words, a), bisect_left(words, b)
        n = last - first
        point = None
        if n > maximum and n >= 2 * _SIDE:
            bounds = words[first + _SIDE - 1], words[last - _SIDE]
            point = _point(points, *bounds, (a + b) // 2)
        if point is None and n > 2 * maximum:
            # No punctuation to go by: a very long unpunctuated text is cut between words, because
            # an embedder averages everything it is given.
            space = text.find(" ", (a + b) // 2, b)
            point = space + 1 if 0 <= space < b - 1 else None
        if point is None:
            found.append((a, b))
            continue
        parts = [_trimmed(plain, a, point), _trimmed(plain, point, b)]
        waiting += [(x, y) for x, y in reversed(parts) if x < y]
    return found


# Words that must stand on either side of a cut.
_SIDE = 8


def _point(points: Sequence[int], after: int, until: int, middle: int) -> int | None:
    """The cut nearest ``middle`` after one place and up to another, if any."""
    low, high = bisect_right(points, after), bisect_right(points, until)
    at = bisect_left(points, middle, low, high)
    near = points[max(low, at - 1) : min(high, at + 1)]
    return min(near, key=lambda p: (abs(p - middle), p), default=None)


def _trimmed(text: str, start: int, end: int) -> Span:
    """The stretch without the blanks at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _join(text: str, pieces: list[Span], config: Config) -> list[Span]:
    """Pieces too short to carry an idea, joined to the one before (the first: to the next)."""
    joined: list[Span] = []
    counts: list[int] = []
    for start, end in pieces:
        n = count_words(text[start:end])
        small = bool(counts) and (
            n < config.passage_minimum_words or counts[-1] < config.passage_minimum_words
        )
        if small and counts[-1] + n <= config.passage_maximum_words:
            joined[-1] = (joined[-1][0], end)
            counts[-1] += n
        else:
            joined.append((start, end))
            counts.append(n)
    return joined
