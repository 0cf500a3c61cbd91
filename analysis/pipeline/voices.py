"""What each group says in each language: its words, and what could name it.

Words are weighed by class-based tf-idf (Grootendorst 2022, arXiv 2203.05794): how often a word is
used in the group against how often it is used in the others, here with the share of texts instead
of the count of words, so that one long letter does not speak for all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from analysis.pipeline.lexicon import lexicon
from analysis.pipeline.phrases import Key, Phrases
from analysis.pipeline.types import Group, GroupPassage, Language

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.floating]


KEYWORDS = 8
# The passages of one language that speak for a group; more of them add time, not words.
SPEAKERS = 400
# A candidate is said by at least this many people, where that many wrote.
SAID_BY = 2
# A word with a capital is shown when at least this many texts hold it.
NAMES_FROM = 4
# A word this many times as common in the other language is a word of that language.
FOREIGN = 5.0
# What this share of the other themes says too is the question's own subject.
EVERYWHERE = 0.35
# A candidate tells the group from others from this lift.
TELLING = 0.2
# Texts up to which a word that only one of them holds is looked at.
FEW = 200
# A word of which this share is said in one phrase is a part of the phrase.
PART_OF = 0.6
# A group of no more texts than this in a language may echo the other with what is said once.
FEW_SPEAK = 60
# Candidates of a group that are kept by words alone, before their meaning is looked at.
LISTED = 30

_NO_LETTER = re.compile(r"[\W_]+")
OTHER_LANGUAGE = {Language.EN: Language.FR, Language.FR: Language.EN}


@dataclass(frozen=True, slots=True)
class Candidate:
    key: Key
    shown: str
    score: float
    texts: frozenset[int]
    forms: tuple[str, ...] = ()
    lift: float = 1.0
    # A phrase said once in the group, and elsewhere: it may say what the other language says.
    once: bool = False
    vector: NDArray[np.float32] | None = None

    @property
    def words(self) -> frozenset[str]:
        """Its stems; "topup" and "top-up" are one."""
        return frozenset(squeezed(root) for root in self.key)


@dataclass(slots=True)
class Voice:
    """What one group says in one language: indices into the texts of that language."""

    rows: list[int]  # the passages of the group that speak for it, nearest the middle first
    weights: dict[int, float]
    words: dict[str, float]  # stem -> weight by class-based tf-idf
    names: list[Candidate]
    keywords: tuple[str, ...]
    nouns: tuple[str, ...]  # those keywords that can stand in a name
    vectors: Floats | None = None  # of ``rows``, where they are known
    near: Floats | None = None  # how near ``rows`` are to what sets the group apart


class Corpus:
    """What all groups say in one language, counted once: texts by words and by phrases."""

    def __init__(self, groups: Sequence[Group], language: Language) -> None:
        self.language = language
        kept: dict[str, list[GroupPassage]] = {}
        self._rows: dict[str, list[int]] = {}
        for group in groups:
            rows = [n for n, p in enumerate(group.passages) if p.language is language]
            if rows:
                own = group.passages
                rows.sort(key=lambda n: (-own[n].centrality, own[n].document_id, own[n].start))
                self._rows[group.code] = rows[:SPEAKERS]
                kept[group.code] = [own[n] for n in rows[:SPEAKERS]]
        unique = {(p.document_id, p.start, p.end): p for ps in kept.values() for p in ps}
        places = sorted(unique)
        where = {place: i for i, place in enumerate(places)}
        self.phrases = Phrases([unique[place].text for place in places], language)
        self.size = len(places)
        self.codes = list(kept)
        weights = sparse.lil_matrix((len(kept), self.size))
        for g, passages in enumerate(kept.values()):
            for p in passages:
                # A letter sent by many counts more than one comment, but not as much as all.
                weight = (0.4 + 0.6 * p.centrality) * (1 + log(p.weight))
                weights[g, where[p.document_id, p.start, p.end]] = weight
        self.weights = weights.tocsr()
        self._parent = {group.code: group.parent for group in groups if group.code in kept}

    def share(self, low: str) -> float:
        """The share of the texts in which a word is written."""
        return self.phrases.holding.get(low, 0) / self.size if self.size else 0.0

    def _foreign(self, low: str, other: Corpus) -> bool:
        """Whether a word belongs to the other language: "français" in an English comment.

        A word both languages have ("service", "parking") is used about as often in either.
        """
        closed = lexicon(OTHER_LANGUAGE[self.language]).function
        return low in closed or other.share(low) > FOREIGN * self.share(low)

    def _against(self, g: int) -> Floats:
        """The weights of the texts that group ``g`` is set against."""
        code = self.codes[g]
        parent = self._parent[code]
        sisters = [i for i, c in enumerate(self.codes) if self._parent[c] == parent and i != g] or [
            # An only child, or the only group: set it against everything else there is.
            i
            for i, c in enumerate(self.codes)
            if c not in (code, parent) and self._parent[c] != code
        ]
        if not sisters:
            return np.zeros(self.size)
        rest = np.asarray(self.weights[sisters].max(axis=0).todense()).ravel()
        rest[self.weights[g].indices] = 0.0
        return rest

    def _elsewhere(self, g: int) -> Floats | None:
        """The weights of the texts outside the whole that group ``g`` is a part of."""
        parent = self._parent[self.codes[g]]
        tops = [i for i, c in enumerate(self.codes) if self._parent[c] is None and c != parent]
        if parent is None or not tops:
            return None
        rest = np.asarray(self.weights[tops].max(axis=0).todense()).ravel()
        rest[self.weights[g].indices] = 0.0
        return rest

    def voices(self, other: Corpus) -> dict[str, Voice]:
        """What each group that has text in this language says in it."""
        if not self.codes:
            return {}
        phrases = self.phrases
        # What one text holds of many can name nothing.
        least = 2 if self.size > FEW else 1
        roots = [root for root, held in sorted(phrases.words.items()) if len(held) >= least]
        known = set(roots)
        keys = sorted(key for key in phrases.phrases if known.issuperset(key))
        by_word = _incidence([phrases.words[root] for root in roots], self.size)
        by_phrase = _incidence([phrases.phrases[key].texts for key in keys], self.size)
        place = {root: i for i, root in enumerate(roots)}
        forms = [phrases.form(root) for root in roots]
        weak = np.asarray([phrases.is_weak(form.lower()) for form in forms], dtype=bool)
        nouns = np.asarray([phrases.is_noun(form.lower()) for form in forms], dtype=bool)
        for key in keys:
            # "Passe" is said in "mot de passe", "Harbour" in "Kettle Harbour": the phrase names.
            most = len(phrases.phrases[key].texts) / PART_OF
            for root in key:
                if len(phrases.words[root]) <= most:
                    nouns[place[root]] = False
        # "Hold", "form", "passe": as a name alone, half a verb says half as much.
        halves = phrases.lexicon.ambiguous
        sure = np.asarray([0.5 if form.lower() in halves else 1.0 for form in forms])
        barred = np.asarray(
            [
                self._foreign(form.lower(), other) or phrases.is_rare_name(root, fewer=NAMES_FROM)
                for root, form in zip(roots, forms, strict=True)
            ],
            dtype=bool,
        )
        texts_of = np.asarray([len(phrases.words[root]) for root in roots])
        made_of = sparse.csc_matrix(
            (
                np.ones(sum(map(len, keys))),
                [place[root] for key in keys for root in key],
                np.cumsum([0, *map(len, keys)]),
            ),
            shape=(len(roots), len(keys)),
        )
        length = np.asarray([len(key) for key in keys], dtype=float)
        meant = made_of.copy()
        meant.data = np.where(weak[made_of.indices], 0.35, 1.0) if len(keys) else meant.data
        strong = np.asarray(made_of.T @ ~weak).ravel() > 0 if len(keys) else np.zeros(0, bool)
        quality = np.asarray([phrases.phrases[key].quality for key in keys])
        glue = np.asarray([0.3 + 0.7 * phrases.association(key) for key in keys])
        counts = {
            "word": (self.weights > 0).astype(float) @ by_word,
            "phrase": (self.weights > 0).astype(float) @ by_phrase,
        }
        shares = {"word": self.weights @ by_word, "phrase": self.weights @ by_phrase}
        out: dict[str, Voice] = {}
        for g, code in enumerate(self.codes):
            here = self.weights[g]
            rest = self._against(g)
            total, others = float(here.sum()), float(rest.sum())
            in_words = np.asarray(shares["word"][g].todense()).ravel() / total
            in_phrases = np.asarray(shares["phrase"][g].todense()).ravel() / total
            out_words = by_word.T @ rest / (others or 1.0)
            out_phrases = by_phrase.T @ rest / (others or 1.0)
            special_words: Floats = np.ones(len(roots))
            special_phrases: Floats = np.ones(len(keys))
            if (elsewhere := self._elsewhere(g)) is not None and elsewhere.any():
                # A part is set against its sisters; what it says must not be on every tongue.
                outside = float(elsewhere.sum())
                special_words = _special(in_words, by_word.T @ elsewhere / outside)
                special_phrases = _special(in_phrases, by_phrase.T @ elsewhere / outside)
            held = np.asarray(counts["word"][g].todense()).ravel()
            said = np.asarray(counts["phrase"][g].todense()).ravel()
            mine = frozenset(here.indices.tolist())
            needed = min(here.nnz, max(SAID_BY, round(here.nnz * 0.02)))
            names: list[Candidate] = []
            words = np.zeros(len(roots))
            for least in dict.fromkeys((needed, 1)):
                # What one person said is used only where others use its words elsewhere, so that it
                # is nobody's name: at half its worth, or where nobody said anything twice.
                often = least == needed
                usable = (held >= least) & ~barred & (often | (texts_of >= NAMES_FROM))
                weights = np.where(usable, _weigh(in_words, out_words, others), 0.0)
                if not words.any():
                    words = weights
                whole = np.asarray(made_of.T @ usable).ravel() == length
                chosen = np.flatnonzero(whole & strong & (said >= least))
                telling = _lift(in_phrases[chosen], out_phrases[chosen])
                scores = (
                    (weights @ meant[:, chosen])
                    / (length[chosen] + 0.4)
                    * quality[chosen]
                    * glue[chosen]
                    * in_phrases[chosen] ** 0.3
                    * (0.04 + 0.96 * telling)
                    * special_phrases[chosen]
                )
                best = np.lexsort((chosen, -np.round(scores, 12)))[:LISTED].tolist()
                found = [
                    Candidate(
                        keys[chosen[i]],
                        phrases.phrases[keys[chosen[i]]].shown,
                        float(scores[i]),
                        phrases.phrases[keys[chosen[i]]].texts & mine,
                        phrases.phrases[keys[chosen[i]]].forms,
                        float(telling[i]),
                    )
                    for i in best
                ]
                alone = np.flatnonzero(usable & nouns & ~weak)
                telling = _lift(in_words[alone], out_words[alone])
                # One word says less than two: it must be said by many more to win.
                scores = (
                    0.26
                    * sure[alone]
                    * weights[alone]
                    * in_words[alone] ** 0.3
                    * (0.04 + 0.96 * telling)
                    * special_words[alone]
                )
                best = np.lexsort((alone, -np.round(scores, 12)))[:LISTED].tolist()
                found += [
                    Candidate(
                        (roots[alone[i]],),
                        forms[alone[i]],
                        float(scores[i]),
                        mine.intersection(phrases.words[roots[alone[i]]].tolist()),
                        phrases.forms(roots[alone[i]]),
                        float(telling[i]),
                    )
                    for i in best
                ]
                if often or not names:
                    names = found
                else:
                    had = {c.key for c in names}
                    names += [
                        replace(c, score=c.score / 2, once=True)
                        for c in found
                        if len(c.key) > 1 and c.key not in had
                    ]
                if here.nnz > FEW_SPEAK and names:
                    break
            names.sort(key=lambda c: (-c.score, c.shown, c.key))
            kept = {roots[i]: float(words[i]) for i in np.flatnonzero(words).tolist()}
            told = kept
            if sum(not weak[place[root]] for root in kept) < KEYWORDS:
                # Few texts: what one of them says of what others talk about too; never a name.
                spare = (held >= 1) & ~barred & ~weak & (texts_of >= NAMES_FROM)
                less = np.where(spare, 0.5 * _weigh(in_words, out_words, others), 0.0)
                told = {roots[i]: float(less[i]) for i in np.flatnonzero(less).tolist()} | kept
            keywords = _keywords(phrases, told)
            out[code] = Voice(
                self._rows[code],
                dict(zip(here.indices.tolist(), here.data.tolist(), strict=True)),
                kept,
                names,
                keywords,
                tuple(
                    k
                    for k in _keywords(phrases, kept)
                    if phrases.can_start(k.lower()) and phrases.can_end(k.lower())
                ),
            )
        return out


def squeezed(text: str) -> str:
    """The letters and digits of ``text`` alone."""
    return _NO_LETTER.sub("", text.casefold())


def _incidence(
    texts: Sequence[Collection[int] | NDArray[np.int64]], size: int
) -> sparse.csc_matrix:
    """(texts, things) with 1 where the text holds the thing."""
    indices = [i for held in texts for i in held]
    starts = np.cumsum([0, *map(len, texts)])
    return sparse.csc_matrix((np.ones(len(indices)), indices, starts), shape=(size, len(texts)))


def _lift(inside: Floats, outside: Floats) -> Floats:
    """How much of a telling word it is, in [0, 1]: 0 where it is as common elsewhere.

    In the answers to one question its own subject is on every tongue and names no theme.
    """
    ratio = np.log(np.maximum(inside, 1e-12) / np.maximum(outside, 1e-12)) / log(3)
    found: Floats = np.where((outside > 0) & (inside > 0), np.clip(ratio, 0.0, 1.0), 1.0)
    found[outside > EVERYWHERE] = 0.0
    return found


def _special(inside: Floats, outside: Floats) -> Floats:
    """What a word of a part is worth by how much less it is said outside the whole."""
    return 0.35 + 0.65 * _lift(inside, outside)


def _weigh(inside: Floats, outside: Floats, others: float) -> Floats:
    """Class-based tf-idf: share here, times the log of how much more than elsewhere."""
    smooth = (outside * others + 0.5) / (others + 1.0)
    return np.sqrt(inside) * np.log1p(inside / (smooth + 0.01))


def share(texts: Iterable[int], weights: dict[int, float], total: float) -> float:
    return sum(weights.get(i, 0.0) for i in texts) / total if total else 0.0


def _keywords(phrases: Phrases, words: dict[str, float]) -> tuple[str, ...]:
    """The eight words that tell the group from the others, in their usual form."""
    ranked = sorted(words, key=lambda root: (-words[root], root))
    shown: list[str] = []
    for strict in (True, False):
        for root in ranked:
            form = phrases.form(root)
            if len(shown) == KEYWORDS:
                return tuple(shown)
            if form not in shown and not (strict and phrases.is_weak(form.lower())):
                shown.append(form)
    return tuple(shown)


def apart(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates share no word, not even in a form the stemmer does not know."""
    if set(one.key) & set(other.key):
        return False
    for a in re.findall(r"\w+", one.shown.lower()):
        for b in re.findall(r"\w+", other.shown.lower()):
            shorter = min(len(a), len(b))
            if shorter >= 4 and a[: max(4, shorter - 1)] == b[: max(4, shorter - 1)]:
                return False
    return True
