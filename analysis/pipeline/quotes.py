"""Choosing what to quote: passages that speak for the group and do not repeat each other.

Maximal marginal relevance (Carbonell and Goldstein 1998) on how central a passage is, with the
overlap of words as likeness. Nothing is ever shortened or mended: a quote is a whole passage.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.pipeline.lexicon import PLACEHOLDER, roots
from analysis.pipeline.normalise import count_words
from analysis.pipeline.types import OFFICIAL_LANGUAGES, GroupPassage, Language, Quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEAST, MOST = 3, 5  # quotes of one language
BORDER = 2
LOOKED_AT = 150  # most central passages of one language among which to choose
SHORT, LONG = 8, 45  # words of a passage that reads well as a quote
VARIETY = 0.55  # how much a word already quoted counts against the next quote
SAME = 0.6  # word overlap from which two quotes say the same in the same words


def choose_quotes(
    passages: Sequence[GroupPassage], words: Mapping[Language, Mapping[str, float]]
) -> tuple[Quote, ...]:
    """Three to five quotes in each official language that has them, then two from the border.

    ``words`` gives the weight of each stem for the group, by language. At most one quote comes
    from each document. English first, then French, then the border; most telling first. A language
    with fewer usable passages has fewer quotes; none is invented or repeated.
    """
    used: set[str] = set()
    out: list[Quote] = []
    for language in OFFICIAL_LANGUAGES:
        own = [p for p in passages if p.language is language]
        # Two from the border must remain unquoted, where there is enough to choose from.
        many = min(MOST if len(own) >= 60 else 4 if len(own) >= 20 else LEAST, len(own))
        own.sort(key=lambda p: (-p.centrality, p.document_id, p.start))
        chosen = _diverse(own[:LOOKED_AT], words.get(language, {}), language, many, used)
        out.extend(_quote(p) for p in chosen)
    edge = [
        p
        for p in passages
        if p.language in OFFICIAL_LANGUAGES and p.document_id not in used and p.border > 0
    ]
    edge.sort(key=lambda p: (-p.border * _readable_once(p.text), p.document_id, p.start))
    for p in edge:
        if sum(q.border for q in out) == BORDER:
            break
        if p.document_id not in used:
            used.add(p.document_id)
            out.append(_quote(p, border=True))
    return tuple(out)


def _quote(p: GroupPassage, *, border: bool = False) -> Quote:
    return Quote(p.document_id, p.start, p.end, p.text, p.language, border)


def _readable(text: str) -> float:
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
    letters = [c for c in plain if c.isalpha()]
    if letters and sum(c.isupper() for c in letters) > 0.5 * len(letters):
        worth *= 0.7
    if PLACEHOLDER.search(text):
        worth *= 0.4
    return worth


def _diverse(
    passages: Sequence[GroupPassage],
    words: Mapping[str, float],
    language: Language,
    many: int,
    used: set[str],
) -> list[GroupPassage]:
    """The ``many`` passages of greatest marginal worth; their documents are added to ``used``."""
    bags = [_bag(p.text, language) for p in passages]
    told = [sum(sorted((words[r] for r in bag if r in words), reverse=True)[:6]) for bag in bags]
    most = max(told, default=0.0) or 1.0
    worth = [
        (0.5 * p.centrality + 0.5 * t / most) * _readable_once(p.text)
        for p, t in zip(passages, told, strict=True)
    ]
    chosen: list[int] = []
    while len(chosen) < many:
        best: tuple[float, str, int] | None = None
        for i, p in enumerate(passages):
            if p.document_id in used:
                continue
            near = max((_overlap(bags[i], bags[j]) for j in chosen), default=0.0)
            if near >= SAME and len(chosen) >= 1:
                continue
            value = worth[i] - VARIETY * near
            found = (-round(value, 9), p.document_id, i)
            if best is None or found < best:
                best = found
        if best is None:
            break
        chosen.append(best[2])
        used.add(passages[best[2]].document_id)
    return [passages[i] for i in chosen]


@lru_cache(maxsize=16_384)
def _bag(text: str, language: Language) -> frozenset[str]:
    return frozenset(roots(text, language))


@lru_cache(maxsize=16_384)
def _readable_once(text: str) -> float:
    return _readable(text)


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """Words in common as a share of the shorter passage."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
