"""Choosing what to quote: passages that speak for the group and do not repeat each other.

Maximal marginal relevance (Carbonell and Goldstein 1998): how near a passage is to what sets the
group apart, how many of its telling words it holds and whether it says what the name says, less its
likeness to what is quoted already. Nothing is ever shortened or mended: a quote is a whole passage,
and one that begins or ends inside somebody's quotation marks is not chosen while there is another.

Quotes that are chosen to say what the name says confirm it, right or wrong. So half of them are
drawn by lot from all that the group holds, before any is chosen, and are marked as such.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from analysis.pipeline.reading.normalise import count_words
from analysis.pipeline.types import OFFICIAL_LANGUAGES, GroupPassage, Language, Quote

from .lexicon import PLACEHOLDER, roots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .name import Name
    from .voices import Voice

LEAST, MOST = 3, 5  # quotes of one language
BORDER = 2
LOOKED_AT = 60  # passages of one language among which to choose, nearest first
SHORT, LONG = 8, 45  # words of a passage that reads well as a quote
# What nearness, telling words and saying the name count for.
NEAR, TOLD, NAMED = 0.4, 0.3, 0.3
VARIETY = 0.55  # how much likeness to a quote counts against the next
SAME = 0.6  # word overlap from which two quotes say the same in the same words
ALIKE = 0.45  # likeness of meaning up to which two passages of one group just share its subject
LEAST_SAID = 3  # words that mean something, below which a passage says little
BROKEN = 0.3  # what a passage is worth that begins or ends inside a quotation

_PAIRS = {"«": "»", "“": "”", "(": ")"}
# "1)" and "a)" open nothing.
_NUMBERED = re.compile(r"(?<!\w)\w{1,2}\)")
_LISTED = re.compile(r"\s*(?:\d{1,2}[.)]|[-*•])\s")


def choose_quotes(
    passages: Sequence[GroupPassage],
    voices: Mapping[Language, Voice],
    names: Mapping[Language, Name],
    *,
    seed: int = 0,
) -> tuple[Quote, ...]:
    """Three to five quotes in each official language that has them, then two from the border.

    At most one quote comes from each document. English first, then French, then those from the
    border, which are marked as such. Of each language those that were chosen come first, the most
    telling before the others, then those drawn by lot from ``seed``, no fewer than half. A language
    with fewer usable passages has fewer quotes; none is invented or repeated.
    """
    used: set[str] = set()
    out: list[Quote] = []
    for language in OFFICIAL_LANGUAGES:
        if language not in voices:
            continue
        voice = voices[language]
        own = len(voice.rows)
        # Two from the border must remain unquoted, where there is enough to choose from.
        many = min(MOST if own >= 60 else 4 if own >= 20 else LEAST, own)
        said = names[language].parts if language in names else ()
        drawn = _drawn(passages, language, (many + 1) // 2, used, seed)
        rest = many - len(drawn)
        out.extend(_quote(p) for p in _diverse(passages, voice, said, language, rest, used))
        out.extend(_quote(p, at_random=True) for p in drawn)
    edge = [
        p
        for p in passages
        if p.language in OFFICIAL_LANGUAGES and p.document_id not in used and p.border > 0
    ]
    edge.sort(key=lambda p: (-p.border, p.document_id, p.start))
    edge = edge[:LOOKED_AT]
    edge.sort(key=lambda p: (-p.border * readable(p.text), p.document_id, p.start))
    shown = {_same(q.text) for q in out}
    for p in edge:
        if sum(q.border for q in out) == BORDER:
            break
        if p.document_id not in used and _same(p.text) not in shown:
            used.add(p.document_id)
            shown.add(_same(p.text))
            out.append(_quote(p, border=True))
    return tuple(out)


def _quote(p: GroupPassage, *, border: bool = False, at_random: bool = False) -> Quote:
    return Quote(p.document_id, p.start, p.end, p.text, p.language, border, at_random)


def _drawn(
    passages: Sequence[GroupPassage], language: Language, many: int, used: set[str], seed: int
) -> list[GroupPassage]:
    """So many passages of a language by lot, of documents of their own; those are then ``used``.

    The lot of a passage depends on the seed and on itself alone, not on what else there is.
    """

    def lot(p: GroupPassage) -> bytes:
        return hashlib.sha256(f"{seed} {p.document_id} {p.start}".encode()).digest()

    found: list[GroupPassage] = []
    shown: set[str] = set()
    own = [p for p in passages if p.language is language]
    # Half of somebody's quotation misleads, whoever draws it.
    own = [p for p in own if is_whole(p.text)] or own
    for p in sorted(own, key=lot):
        if len(found) == many:
            break
        if p.document_id not in used and _same(p.text) not in shown:
            found.append(p)
            used.add(p.document_id)
            shown.add(_same(p.text))
    # What others wrote in the same words is shown once.
    used.update(p.document_id for p in own if _same(p.text) in shown)
    return found


def _same(text: str) -> str:
    return " ".join(text.casefold().split())


def is_whole(text: str) -> bool:
    """Whether every quotation and bracket opened in ``text`` is closed in it, and the reverse."""
    if text.count('"') % 2:
        return False
    plain = _NUMBERED.sub("", text)
    for opening, closing in _PAIRS.items():
        depth = 0
        for c in plain if opening in plain or closing in plain else "":
            depth += (c == opening) - (c == closing)
            if depth < 0:
                return False
        if depth:
            return False
    return True


@lru_cache(maxsize=16_384)
def readable(text: str) -> float:
    """How well a passage reads on its own, in (0, 1]: its length, its ends, nothing hidden."""
    count = count_words(text)
    if count < SHORT:
        worth = 0.35 + 0.65 * count / SHORT
    elif count > LONG:
        worth = max(0.3, LONG / count)
    else:
        worth = 1.0
    plain = text.strip()
    if not plain[:1].isupper() and not plain[:1].isdigit() and plain[:1] not in "«\"'“":
        worth *= 0.85
    if plain[-1:] not in '.!?…»"”)':
        worth *= 0.9
    if text.upper() == text or sum(map(str.isupper, text)) > 0.4 * len(text):
        worth *= 0.7
    # Several things in a row, each on its line, are seldom about one.
    if "\n" in plain or _LISTED.match(text):
        worth *= 0.7
    if PLACEHOLDER.search(text):
        worth *= 0.4
    return worth if is_whole(text) else worth * BROKEN


def _diverse(
    passages: Sequence[GroupPassage],
    voice: Voice,
    said: Sequence[frozenset[str]],
    language: Language,
    many: int,
    used: set[str],
) -> list[GroupPassage]:
    """The ``many`` passages of greatest marginal worth; their documents are added to ``used``."""
    order = np.arange(len(voice.rows))
    central = np.asarray([passages[n].centrality for n in voice.rows], dtype=np.float64)
    near = central
    if voice.near is not None:
        highest = float(voice.near.max(initial=0.0)) or 1.0
        near = (central + np.clip(voice.near / highest, 0.0, 1.0)) / 2
        order = np.lexsort((order, -np.round(near, 9)))
    order = order[:LOOKED_AT]
    own = [passages[voice.rows[n]] for n in order.tolist()]
    bags = [_bag(p.text, language) for p in own]
    words = voice.words
    told = [sum(sorted((words[r] for r in bag if r in words), reverse=True)[:6]) for bag in bags]
    most = max(told, default=0.0) or 1.0
    worth = [
        (NEAR * n + TOLD * t / most + NAMED * _says(bag, said))
        * readable(p.text)
        # "Yours truly", "Veuillez agréer": a formula says nothing.
        * min(1.0, len(bag) / LEAST_SAID)
        for p, n, t, bag in zip(own, near[order].tolist(), told, bags, strict=True)
    ]
    like = np.zeros(len(own)) if voice.vectors is None else voice.vectors[order]
    closest = np.zeros(len(own))
    chosen: list[GroupPassage] = []
    while len(chosen) < many:
        best: tuple[float, str, int] | None = None
        for i, p in enumerate(own):
            if p.document_id in used or (chosen and closest[i] >= SAME):
                continue
            found = (-round(worth[i] - VARIETY * float(closest[i]), 9), p.document_id, i)
            if best is None or found < best:
                best = found
        if best is None:
            break
        i = best[2]
        chosen.append(own[i])
        used.add(own[i].document_id)
        closest = np.maximum(closest, [_overlap(bag, bags[i]) for bag in bags])
        if voice.vectors is not None:
            meant = np.clip((like @ like[i] - ALIKE) / (1 - ALIKE), 0.0, 1.0)
            closest = np.maximum(closest, meant)
    return chosen


def _says(bag: frozenset[str], said: Sequence[frozenset[str]]) -> float:
    """How much of the name a passage says: the lead, in full, counts most."""
    if not said:
        return 0.0
    shares = [len(part & bag) / len(part) for part in said]
    return min(1.0, 0.75 * max(shares) + 0.25 * sum(shares) / len(shares))


@lru_cache(maxsize=16_384)
def _bag(text: str, language: Language) -> frozenset[str]:
    return frozenset(roots(text, language))


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """Words in common as a share of the shorter passage."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
