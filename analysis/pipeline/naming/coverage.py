"""Which answers say what a name says: by meaning and by words, in one language.

A part of a name is held against a text by three measures: how near the text's vector is to that of
the part, how near the two words of the text are that come nearest to it, and which share of the
part's own words the text holds. One logistic curve makes of them the chance that a reader would say
yes. It was fitted on pairs of a name and an answer judged by hand
(``benchmarks/names_judged.csv``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.pipeline.types import Language

from .lexicon import lexicon, segments, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from analysis.pipeline.vectors.embedder import Embedder

    Floats = NDArray[np.float32]

# What the curve gives each measure, and from which chance on a text says what the part says.
NEAR, WORDS, HELD, CONSTANT = 4.82, 5.63, 0.66, -3.6
SAYS = 0.5
# Words of a text that are looked at; hardly any passage has more that mean something.
MOST_WORDS = 60


class WordVectors:
    """The vectors of words and short phrases in small letters, each made once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Floats] = {}

    def learn(self, texts: Iterable[str]) -> list[str]:
        """``texts`` in small letters, with their vectors made: many at once cost far less."""
        low = [text.lower() for text in texts]
        # A fixed order: the same rows in the same block give the same bits.
        if new := sorted(set(low) - self._known.keys()):
            self._known.update(zip(new, self._embedder.embed(new), strict=True))
        return low

    def of(self, texts: Iterable[str]) -> Floats:
        """(n, d) unit rows of ``texts`` in small letters."""
        low = self.learn(texts)
        return np.asarray([self._known[text] for text in low], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a name: its stems, and its vector."""

    stems: frozenset[str]
    vector: Floats


def part_of(text: str, language: Language, words: WordVectors) -> Part:
    """The part of a name that ``text`` is."""
    return Part(frozenset(root for root, _ in content(text, language)), words.of([text])[0])


class Answers:
    """Texts of one language that names can be held against.

    ``vectors`` (n, d) are the texts' own, by the embedder of ``words``.
    """

    def __init__(
        self,
        texts: Sequence[str],
        language: Language,
        vectors: NDArray[np.floating],
        words: WordVectors,
    ) -> None:
        self.size = len(texts)
        self._vectors = np.asarray(vectors, dtype=np.float32)
        forms: dict[str, Counter[str]] = defaultdict(Counter)
        bags: list[list[str]] = []
        for text in texts:
            bag: dict[str, None] = {}
            for root, low in content(text, language):
                forms[root][low] += 1
                bag[root] = None
            bags.append(list(bag)[:MOST_WORDS])
        roots = sorted(forms)
        self._place = {root: n for n, root in enumerate(roots)}
        usual = [min(forms[root], key=lambda low: (-forms[root][low], low)) for root in roots]
        self._words = words
        self._meant: Floats | None = None
        self.usual = usual
        # (n, words of the longest), filled up with a word that is not there.
        self._bags = np.full((self.size, max(map(len, bags), default=0) or 1), len(roots))
        for row, held in zip(self._bags, bags, strict=True):
            row[: len(held)] = [self._place[root] for root in held]

    def measures(self, parts: Sequence[Part]) -> NDArray[np.float64]:
        """(parts, texts, 3): nearness of the text, of its two nearest words, words in common."""
        found = np.zeros((len(parts), self.size, 3))
        if not parts or not self.size:
            return found
        meant = np.asarray([part.vector for part in parts], dtype=np.float32)
        found[:, :, 0] = meant @ self._vectors.T
        likeness = np.zeros((len(parts), len(self._place) + 1), dtype=np.float32)
        if self.usual:
            if self._meant is None:
                self._meant = self._words.of(self.usual)
            likeness[:, :-1] = meant @ self._meant.T
        for own, part, like in zip(found, parts, likeness, strict=True):
            nearest = like[self._bags]
            if nearest.shape[1] > 2:
                nearest = np.partition(nearest, -2, axis=1)[:, -2:]
            own[:, 1] = nearest.mean(axis=1)
            for root in sorted(part.stems & self._place.keys()):
                held = np.asarray(self._bags == self._place[root]).any(axis=1)
                own[:, 2] += held / len(part.stems)
        return found

    def meant(self, vectors: NDArray[np.floating]) -> NDArray[np.float64]:
        """(vectors, texts): ``chances`` of parts in another language, whose words are not here."""
        return self.chances([Part(frozenset(), vector) for vector in vectors])

    def chances(self, parts: Sequence[Part]) -> NDArray[np.float64]:
        """(parts, texts): the chance that a reader would find a text to say what a part says."""
        weighed = self.measures(parts) @ np.asarray((NEAR, WORDS, HELD)) + CONSTANT
        found: NDArray[np.float64] = 1 / (1 + np.exp(-weighed))
        return found


def says_any(chances: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(texts,): whether each says one of the parts, whose ``chances`` are (parts, texts)."""
    found: NDArray[np.bool_] = np.any(chances >= SAYS, axis=0)
    return found


def content(text: str, language: Language) -> Iterable[tuple[str, str]]:
    """Stem and written form, in small letters, of each word of ``text`` that means something."""
    closed = lexicon(language).function
    for piece in segments(text, language):
        for token in piece.tokens:
            low = token.low
            if low not in closed and len(low) > 1 and any(c.isalpha() for c in low):
                yield stem(low, language), low
