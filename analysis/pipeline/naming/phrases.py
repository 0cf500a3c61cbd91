"""Noun phrases of a set of texts, found without a part-of-speech tagger.

A phrase is recognised by its company, as a word is (``vocabulary``): a French noun phrase is
preceded by an article, an English one is followed by the end of the group.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

from analysis.pipeline.reading.word_lists import listed
from analysis.pipeline.types import Language

from .lexicon import Segment, Token, segments
from .vocabulary import FR_DETERMINER, Vocabulary

Key = tuple[str, ...]

MAX_TOKENS = 7  # "accès à l'aide médicale à mourir" with its articles
BONDED = 4  # times that two words are said together before they are one thing
CUT = 0.9  # the share of a phrase's uses within a longer one from which it is a piece of that
SAID_TWICE = 2  # times that a phrase is said before it is one
MAX_CONTENT = 4  # words that mean something; more is a sentence

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_CONNECTORS = {
    Language.EN: listed("of for in on to at by with without from the a an between against"),
    Language.FR: listed(
        "de d du des la le les l à au aux en sur pour par sans dans contre entre avec chez "
        "vers sous"
    ),
}
# What a name may not stand on between two nouns when it is an article alone: in "the state the law"
# two phrases meet by chance.
_ARTICLES = {
    Language.EN: listed("the a an"),
    Language.FR: listed("la le les l un une leur leurs"),
}
_FR_BOUND = listed("compte place charge cause jour partie fin face mise prise")
_EN_MODIFIED = listed("a an the this these those my our your his her their its any no every")


@dataclass(slots=True)
class _Seen:
    """What was counted about one phrase over all texts of its language."""

    texts: set[int] = field(default_factory=set)
    forms: Counter[str] = field(default_factory=Counter)
    count: int = 0
    left: int = 0  # times something that is no content word stood before it
    right: int = 0


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as people wrote it. ``texts`` are the indices of the texts that hold it.

    ``quality`` in [0, 1] says how much it behaves like a whole noun phrase.
    """

    key: Key
    shown: str
    texts: frozenset[int]
    quality: float
    forms: tuple[str, ...] = ()


class Phrases:
    """All phrases of the texts of one language: ``phrases`` maps stems to what was counted."""

    def __init__(
        self,
        cut: Sequence[Sequence[Segment]],
        vocabulary: Vocabulary,
        people: Sequence[int] | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.language = language = vocabulary.language
        self.lexicon = vocabulary.lexicon
        self._roots = vocabulary.roots
        self._kinds: dict[str, tuple[bool, bool, bool]] = {}
        for low in self._roots:
            self._kinds[low] = (
                vocabulary.can_start(low),
                vocabulary.can_end(low),
                vocabulary.is_verbal(low),
            )
        # No phrase goes on with a verb: "policy presents risks".
        self._breaks = self.lexicon.verb | {
            low
            for low, (_start, _end, verbal) in self._kinds.items()
            if verbal and low[-1] == "s" and language is Language.EN
        }
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._links: Counter[tuple[str, str]] = Counter()
        # What several wrote in the same words is said more than once.
        times = [1] * len(cut) if people is None else [min(n, SAID_TWICE) for n in people]
        chains = [
            (i, piece, chain)
            for i, pieces in enumerate(cut)
            for piece in pieces
            if (chain := self._chain(piece, times[i]))
        ]
        seen: dict[Key, _Seen] = defaultdict(_Seen)
        for i, piece, chain in chains:
            self._collect(i, piece, chain, seen, times[i])
        self.phrases: dict[Key, Phrase] = {}
        longer = self._longest(seen)
        for key, found in seen.items():
            quality = self._quality(key, found, longer.get(key, 0))
            if quality > 0:
                # Between two forms used alike, the one in small letters.
                shown = max(found.forms, key=lambda form: (found.forms[form], form))
                shown = _WORD.sub(lambda m: vocabulary.spelled(m.group()), shown)
                self.phrases[key] = Phrase(
                    key, shown, frozenset(found.texts), quality, tuple(sorted(found.forms))
                )

    @classmethod
    def of(
        cls, texts: Sequence[str], language: Language, people: Sequence[int] | None = None
    ) -> Phrases:
        """The phrases of ``texts``, all in one language, each written by so many ``people``."""
        cut = [segments(text, language) for text in texts]
        return cls(cut, Vocabulary(cut, language), people)

    def _chain(self, piece: Segment, times: int) -> list[tuple[int, bool]]:
        """Where the content words of ``piece`` stand, and whether each is joined to the next.

        Two are joined by nothing, or by articles and prepositions of which the first is no article:
        in "the state the law" two phrases meet by chance. Counts the joints.
        """
        connectors, articles = _CONNECTORS[self.language], _ARTICLES[self.language]
        breaks, kinds, roots = self._breaks, self._kinds, self._roots
        tokens = piece.tokens
        out: list[tuple[int, bool]] = []
        last, low_before = -1, ""
        open_ = False
        for k, token in enumerate(tokens):
            low = token.low
            if low not in roots:
                if open_ and (
                    low not in connectors
                    or k - last > 3
                    # What comes before "of", "in", "at" is the head of the phrase: a noun.
                    or (k - last == 1 and (low in articles or not kinds[low_before][1]))
                ):
                    open_ = False
                continue
            if last >= 0:
                joined = open_ and low not in breaks
                out.append((last, joined))
                pair = (roots[low_before], roots[low])
                if joined:
                    self._links[pair] += times
                if k - last == 1:
                    self._pairs[pair] += times
            last, low_before, open_ = k, low, True
        if last >= 0:
            out.append((last, False))
        return out if len(out) > 1 else []

    def _collect(
        self,
        index: int,
        piece: Segment,
        chain: list[tuple[int, bool]],
        seen: dict[Key, _Seen],
        times: int,
    ) -> None:
        """Add every stretch of ``piece`` that could be a noun phrase.

        What is said twice is made of pairs that are said twice: no longer stretch is looked at.
        """
        tokens, kinds, roots = piece.tokens, self._kinds, self._roots
        end = len(tokens)
        for c, (i, joined) in enumerate(chain):
            if not joined or not (kinds[tokens[i].low][0] or self._modifies(tokens, i)):
                continue
            key = [roots[tokens[i].low]]
            left: bool | None = None
            at = c
            while chain[at][1] and len(key) < MAX_CONTENT:
                at += 1
                j = chain[at][0]
                low = tokens[j].low
                root = roots[low]
                if j - i >= MAX_TOKENS or self._links[key[-1], root] < SAID_TWICE or root in key:
                    break
                key.append(root)
                if not kinds[low][1] and not self._bonded(key[-2], root):
                    continue
                if left is None:
                    left = self._opens(tokens, i)
                found = seen[tuple(key)]
                found.count += times
                found.texts.add(index)
                found.left += left * times
                follows = tokens[j + 1].low if j + 1 < end else ""
                found.right += (follows not in roots or kinds[follows][2]) * times
                found.forms[self._written(piece, i, j)] += 1

    def _bonded(self, root: str, after: str) -> bool:
        """Whether an English word is hardly ever said but before the other: "Apple Pay"."""
        together = self._pairs[root, after]
        return (
            self.language is Language.EN
            and together >= BONDED
            and together >= 0.7 * self.vocabulary.stem_counts[root]
        )

    def _modifies(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether a verb's form stands before a noun as an adjective: "my stolen card"."""
        if self.language is Language.FR or i == 0 or tokens[i - 1].low not in _EN_MODIFIED:
            return False
        low = tokens[i].low
        return low.endswith(("ed", "ing", "en")) or low in {"lost", "sold", "hidden", "unpaid"}

    def _opens(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether a phrase may begin at ``i`` by what stands before it."""
        if i == 0:
            return True
        before = tokens[i - 1].low
        # "prise en compte des revenus": what follows "en" belongs to what goes before it.
        if self.language is Language.FR:
            if before == "en":
                return False
            # "tenir compte des revenus", "prendre en charge": the noun belongs to its verb.
            if tokens[i].low in _FR_BOUND and before not in FR_DETERMINER:
                return False
        return before not in self._roots or self._kinds[before][2]

    def _written(self, piece: Segment, i: int, j: int) -> str:
        """The stretch as written, without the capital of a sentence or of a shout."""
        tokens = piece.tokens
        if not piece.shouted and not any(token.first for token in tokens[i : j + 1]):
            return piece.text[tokens[i].start : tokens[j].end]
        out = ""
        for k in range(i, j + 1):
            token = tokens[k]
            if k > i:
                out += piece.text[tokens[k - 1].end : token.start]
            out += (
                self.vocabulary.shown(token.low) if piece.shouted or token.first else token.written
            )
        return out

    @staticmethod
    def _longest(seen: dict[Key, _Seen]) -> dict[Key, int]:
        """For each phrase the largest count of a phrase that holds it and one word more."""
        out: dict[Key, int] = {}
        for key, found in seen.items():
            for part in (key[1:], key[:-1]):
                if len(part) >= 2:
                    out[part] = max(out.get(part, 0), found.count)
        return out

    def _quality(self, key: Key, found: _Seen, longer: int) -> float:
        """How much this is a whole noun phrase and not a piece of one, in [0, 1].

        The product of three shares: it stands alone on the left, on the right, and outside a
        longer phrase that is nearly always meant (the C-value idea, Frantzi et al. 2000).
        """
        if found.count < SAID_TWICE or (self.language is Language.EN and self._meets(key)):
            return 0.0
        left = (found.left + 0.5) / (found.count + 1)
        right = (found.right + 0.5) / (found.count + 1)
        # Adjectives stand before the noun in English and after it in French.
        weights = (0.3, 1.0) if self.language is Language.EN else (1.0, 0.3)
        whole = left ** weights[0] * right ** weights[1]
        if (
            self.vocabulary.is_weak(self.vocabulary.form(key[-1]).lower())
            and not self._pairs[key[-2], key[-1]]
        ):
            # "Certificate on Monday", "service for people": what follows adds nothing.
            whole *= 0.4
        row = all(self._pairs[pair] for pair in itertools.pairwise(key))
        if self.language is Language.EN and len(key) == MAX_CONTENT and row:
            # "Policy presents serious risks": four in a row are as often a sentence.
            whole *= 0.5
        # Hardly ever said but within a longer one, it is cut off.
        nested = 1.0 - max(0.0, (min(longer / found.count, CUT) - 0.4) / (CUT - 0.4))
        return float(whole * nested)

    def _meets(self, key: Key) -> bool:
        """Whether two nouns only meet: in "rights people have" the second opens a clause."""
        last, before = self.vocabulary.form(key[-1]).lower(), self.vocabulary.form(key[-2]).lower()
        plural = before.endswith("s") and not before.endswith(("ss", "us", "is", "'s"))
        return plural and last in self.lexicon.weak and self._pairs[key[-2], key[-1]] > 0

    def association(self, key: Key) -> float:
        """The weakest normalised pointwise mutual information between neighbours, in [0, 1]."""
        total = max(2, self.vocabulary.stem_total)
        worst = 1.0
        for a, b in itertools.pairwise(key):
            together = self._pairs.get((a, b), 0)
            if not together:
                continue
            expected = self.vocabulary.stem_counts[a] * self.vocabulary.stem_counts[b] / total
            npmi = log(together / expected) / -log(together / total) if together < total else 1.0
            worst = min(worst, max(0.0, float(npmi)))
        return worst
