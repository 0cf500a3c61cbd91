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

from analysis.pipeline.types import Group, GroupPassage, Language

from .lexicon import lexicon
from .phrases import MAX_CONTENT, Key, Phrases
from .vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from .coverage import Answers

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
# What this share of the other themes says too, or of all outside the group, is the question's own
# subject and names no theme of it.
EVERYWHERE = 0.3
# A candidate tells the group from others from this lift.
TELLING = 0.2
# Texts up to which a word that only one of them holds is looked at.
FEW = 200
# A word of which this share is said in one phrase is a part of the phrase.
PART_OF = 0.6
# A group of no more texts than this in a language may echo the other with what is said once.
FEW_SPEAK = 60
# Candidates of a group that are kept by words alone, before their meaning is looked at.
LISTED = 20
# Of those said most, these many too.
OFTEN = 12

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
    # The chance that each of the passages that speak for the group says it, where that is known.
    says: Floats | None = None
    # The share of all that is said in the language that says it too.
    everywhere: float = 0.0

    @property
    def words(self) -> frozenset[str]:
        """Its stems; "topup" and "top-up" are one."""
        return frozenset(squeezed(root) for root in self.key)


@dataclass(frozen=True, slots=True)
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
    heard: Answers | None = None  # some of ``rows``, near the middle and far


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
        people = [unique[place].weight for place in places]
        self.phrases = Phrases.of([unique[place].text for place in places], language, people)
        # Of each text, whether one person wrote it or several.
        self.people = np.minimum(np.asarray(people, dtype=np.int64), SAID_BY)
        self.vocabulary = self.phrases.vocabulary
        self.size = len(places)
        self.codes = list(kept)
        # (groups, texts): how much each text speaks for each group.
        self.weights = np.zeros((len(kept), self.size))
        for row, passages in zip(self.weights, kept.values(), strict=True):
            for p in passages:
                # What many sent in the same words is one thing said, and weighs once.
                row[where[p.document_id, p.start, p.end]] = 0.4 + 0.6 * p.centrality
        self._parent = {group.code: group.parent for group in groups if group.code in kept}

    def share(self, low: str) -> float:
        """The share of the texts in which a word is written."""
        return self.vocabulary.holding.get(low, 0) / self.size if self.size else 0.0

    def foreign(self, low: str, other: Corpus) -> bool:
        """Whether a word belongs to the other language: "français" in an English comment.

        A word both languages have ("service", "parking") is used about as often in either.
        """
        closed = lexicon(OTHER_LANGUAGE[self.language]).function
        return low in closed or other.share(low) > FOREIGN * self.share(low)

    def _against(self, g: int) -> Floats:
        """The weights of the texts that group ``g`` is set against: those of its sisters."""
        code = self.codes[g]
        parent = self._parent[code]
        sisters = [i for i, c in enumerate(self.codes) if self._parent[c] == parent and i != g] or [
            # An only child, or the only group: set it against everything else there is.
            i
            for i, c in enumerate(self.codes)
            if c not in (code, parent) and self._parent[c] != code
        ]
        return self._others(g, sisters)

    def _elsewhere(self, g: int) -> Floats:
        """The weights of the texts outside the whole that group ``g`` is a part of, if it is."""
        parent = self._parent[self.codes[g]]
        tops = [i for i, c in enumerate(self.codes) if self._parent[c] is None and c != parent]
        return self._others(g, tops if parent is not None else [])

    def _others(self, g: int, groups: list[int]) -> Floats:
        rest: Floats = self.weights[groups].max(axis=0, initial=0.0)
        rest[self.weights[g] > 0] = 0.0
        return rest

    def voices(self, other: Corpus) -> dict[str, Voice]:
        """What each group that has text in this language says in it."""
        if not self.codes:
            return {}
        table = _Table(self, other)
        groups = range(len(self.codes))
        inside = table.shares(self.weights)
        against = np.asarray([self._against(g) for g in groups])
        outside = table.shares(against)
        elsewhere = table.shares(np.asarray([self._elsewhere(g) for g in groups]))
        held = self.weights > 0
        rest = table.rest(table.counts(held), held.sum(axis=1))
        said = table.counts(held * self.people)
        out: dict[str, Voice] = {}
        for g, code in enumerate(self.codes):
            here = np.flatnonzero(self.weights[g])
            told_of = (inside, outside, elsewhere, rest, said)
            counted = (pair[g] for found in told_of for pair in found)
            told = _Told(table, float(against[g].sum()), *counted)
            out[code] = told.voice(self._rows[code], here, self.weights[g])
        return out


class _Table:
    """All words and phrases of one language in a fixed order, with what is known of each."""

    def __init__(self, corpus: Corpus, other: Corpus) -> None:
        self.phrases = phrases = corpus.phrases
        self.vocabulary = vocabulary = corpus.vocabulary
        # What one text holds of many can name nothing.
        least = 2 if corpus.size > FEW else 1
        self.roots = [root for root, held in sorted(vocabulary.words.items()) if len(held) >= least]
        place = {root: i for i, root in enumerate(self.roots)}
        self.keys = sorted(key for key in phrases.phrases if all(root in place for root in key))
        self._by_word = _incidence([vocabulary.words[root] for root in self.roots], corpus.size)
        found = [phrases.phrases[key] for key in self.keys]
        self._by_phrase = _incidence([phrase.texts for phrase in found], corpus.size)
        self.forms = [vocabulary.form(root) for root in self.roots]
        low = [form.lower() for form in self.forms]
        self.weak = np.asarray([vocabulary.is_weak(form) for form in low], dtype=bool)
        self.texts_of = np.asarray([len(vocabulary.words[root]) for root in self.roots])
        # "Hold", "form", "passe": as a name alone, half a verb says half as much.
        halves = vocabulary.lexicon.ambiguous
        self.sure = np.asarray([0.5 if form in halves else 1.0 for form in low])
        misspelled = vocabulary.misspelled()
        titles = vocabulary.lexicon.title
        self.barred = np.asarray(
            [
                root in misspelled
                or form in titles
                or corpus.foreign(form, other)
                or vocabulary.is_rare_name(root, fewer=NAMES_FROM)
                for root, form in zip(self.roots, low, strict=True)
            ],
            dtype=bool,
        )
        # (phrases, words of each), filled up with a word that is not there.
        self.made_of = np.full((len(self.keys), MAX_CONTENT), len(self.roots))
        for row, key in zip(self.made_of, self.keys, strict=True):
            row[: len(key)] = [place[root] for root in key]
        self.length = np.asarray([len(key) for key in self.keys], dtype=float)
        self.strong = ~np.append(self.weak, True)[self.made_of].all(axis=1)
        self.quality = np.asarray([phrase.quality for phrase in found])
        self.glue = np.asarray([0.3 + 0.7 * phrases.association(key) for key in self.keys])
        self.nouns = np.asarray([vocabulary.is_noun(form) for form in low], dtype=bool) & ~self.weak
        for key, phrase in zip(self.keys, found, strict=True):
            # "Passe" is said in "mot de passe", "Harbour" in "Kettle Harbour": the phrase names.
            for root in key:
                if len(vocabulary.words[root]) * PART_OF <= len(phrase.texts):
                    self.nouns[place[root]] = False

    def shares(self, weights: Floats) -> tuple[Floats, Floats]:
        """(groups, words) and (groups, phrases): the share by weight of what holds each."""
        total = weights.sum(axis=1, keepdims=True)
        total[total == 0] = 1.0
        by_word, by_phrase = self.counts(weights)
        return by_word / total, by_phrase / total

    def counts(self, weights: NDArray[np.floating | np.bool_]) -> tuple[Floats, Floats]:
        """(groups, words) and (groups, phrases): the weights of the texts that hold each."""
        rows = sparse.csr_matrix(weights.astype(np.float64))
        return (rows @ self._by_word).toarray(), (rows @ self._by_phrase).toarray()

    def rest(self, said: tuple[Floats, Floats], sizes: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """(groups, words) and (groups, phrases): the share of the texts outside that hold each.

        ``said`` counts the texts of each group that do, ``sizes`` the texts of each group.
        """
        outside = np.maximum(self._by_word.shape[0] - sizes, 1)[:, None]
        by_word, by_phrase = (
            (np.asarray(held.sum(axis=0)) - own) / outside
            for held, own in zip((self._by_word, self._by_phrase), said, strict=True)
        )
        return by_word, by_phrase


@dataclass(frozen=True, slots=True)
class _Told:
    """The share of one group, of its sisters and of all beyond the whole that say each thing."""

    table: _Table
    others: float  # what the texts of its sisters weigh
    in_words: Floats
    in_phrases: Floats
    out_words: Floats
    out_phrases: Floats
    beyond_words: Floats
    beyond_phrases: Floats
    rest_words: Floats  # all that is outside the group
    rest_phrases: Floats
    held: Floats
    said: Floats

    def voice(self, rows: list[int], here: NDArray[np.intp], weights: Floats) -> Voice:
        """The words and the candidates of the group, whose texts are ``here``."""
        table = self.table
        needed = min(len(here), max(SAID_BY, round(len(here) * 0.02)))
        usable = (self.held >= needed) & ~table.barred
        mine = frozenset(here.tolist())
        names = self._candidates(usable, needed, mine)
        if needed > 1 and (not names or len(here) <= FEW_SPEAK):
            # What one person said is used only where others use its words elsewhere, so that it is
            # nobody's name: at half its worth, or where nobody said anything twice.
            known = (self.held >= 1) & ~table.barred & (table.texts_of >= NAMES_FROM)
            once = self._candidates(known, 1, mine)
            had = {c.key for c in names}
            if names:
                names += [
                    replace(c, score=c.score / 2, once=True)
                    for c in once
                    if len(c.key) > 1 and c.key not in had
                ]
            else:
                names, usable = once, known
        # A group that says nothing else is named after it rather than not at all.
        names = names or self._candidates(usable, needed, mine, everywhere=1.0)
        names.sort(key=lambda c: (-c.score, c.shown, c.key))
        worth = np.where(usable, self._worth(), 0.0)
        kept = {table.roots[i]: float(worth[i]) for i in np.flatnonzero(worth).tolist()}
        told = kept
        if int((~table.weak & (worth > 0)).sum()) < KEYWORDS:
            # Few texts: what one of them says of what others talk about too; never a name.
            spare = (self.held >= 1) & ~table.barred & ~table.weak & (table.texts_of >= NAMES_FROM)
            less = np.where(spare, 0.5 * self._worth(), 0.0)
            told = {table.roots[i]: float(less[i]) for i in np.flatnonzero(less).tolist()} | kept
        vocabulary = table.vocabulary
        return Voice(
            rows,
            dict(zip(here.tolist(), weights[here].tolist(), strict=True)),
            kept,
            names,
            _keywords(vocabulary, told),
            tuple(
                k
                for k in _keywords(vocabulary, kept)
                if not vocabulary.is_weak(k.lower())
                and vocabulary.can_start(k.lower())
                and vocabulary.can_end(k.lower())
            ),
        )

    def _worth(self) -> Floats:
        """Class-based tf-idf: share here, times the log of how much more than elsewhere."""
        smooth = (self.out_words * self.others + 0.5) / (self.others + 1.0) + 0.01
        worth: Floats = np.sqrt(self.in_words) * np.log1p(self.in_words / smooth)
        return worth

    def _candidates(
        self,
        usable: NDArray[np.bool_],
        least: int,
        mine: frozenset[int],
        *,
        everywhere: float = EVERYWHERE,
    ) -> list[Candidate]:
        """The likeliest phrases and single words made of usable words, by words alone.

        None that more than ``everywhere`` of what is outside the group says too.
        """
        table = self.table
        worth = np.append(np.where(usable, self._worth(), 0.0), 0.0)
        # A weak word adds little to a phrase.
        meant = worth * np.append(np.where(table.weak, 0.35, 1.0), 0.0)
        whole = np.append(usable, True)[table.made_of].all(axis=1)
        special = self.rest_phrases <= everywhere
        chosen = np.flatnonzero(whole & table.strong & (self.said >= least) & special)
        inside = self.in_phrases[chosen]
        telling = _lift(inside, self.out_phrases[chosen])
        scores = (
            meant[table.made_of[chosen]].sum(axis=1)
            / (table.length[chosen] + 0.4)
            * table.quality[chosen]
            * table.glue[chosen]
            * inside**0.3
            * (0.04 + 0.96 * telling)
            * _special(inside, self.beyond_phrases[chosen])
        )
        found = []
        for i in _listed(scores, inside, chosen):
            key = table.keys[chosen[i]]
            phrase = table.phrases.phrases[key]
            texts = phrase.texts & mine
            lift = float(telling[i])
            found.append(Candidate(key, phrase.shown, float(scores[i]), texts, phrase.forms, lift))
        alone = np.flatnonzero(usable & table.nouns & (self.rest_words <= everywhere))
        inside = self.in_words[alone]
        telling = _lift(inside, self.out_words[alone])
        # One word says less than two: it must be said by many more to win.
        scores = (
            0.26
            * table.sure[alone]
            * worth[alone]
            * inside**0.3
            * (0.04 + 0.96 * telling)
            * _special(inside, self.beyond_words[alone])
        )
        for i in _listed(scores, inside, alone):
            root = table.roots[alone[i]]
            texts = mine.intersection(table.vocabulary.words[root].tolist())
            forms, lift = table.vocabulary.forms(root), float(telling[i])
            shown = table.forms[alone[i]]
            found.append(Candidate((root,), shown, float(scores[i]), texts, forms, lift))
        return found


def _listed(scores: Floats, said: Floats, ties: NDArray[np.intp]) -> list[int]:
    """The worthiest candidates, then those said most: a plain word may cover more."""
    worthy = np.lexsort((ties, -np.round(scores, 12)))[:LISTED].tolist()
    common = np.lexsort((ties, -np.round(scores, 12), -np.round(said, 12)))[:OFTEN].tolist()
    return list(dict.fromkeys(worthy + common))


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


def _keywords(vocabulary: Vocabulary, words: dict[str, float]) -> tuple[str, ...]:
    """The eight words that tell the group from the others, in their usual form."""
    ranked = sorted(words, key=lambda root: (-words[root], root))
    shown: list[str] = []
    for strict in (True, False):
        for root in ranked:
            form = vocabulary.form(root)
            if len(shown) == KEYWORDS:
                return tuple(shown)
            if form not in shown and not (strict and vocabulary.is_weak(form.lower())):
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
