"""How alike two passages are, for a regression to learn themes from: a sum of four kernels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from analysis.pipeline.reading.normalise import clean, split_elisions, words
from analysis.pipeline.reading.splitting import sentences
from analysis.pipeline.vectors.embedder import Embedder, Vectors
from analysis.pipeline.vectors.embedding import embed_all

# Words and character runs beside meaning, each: 0.25, 0.5 and 1 gave F1 .831, .831 and .829; a half
# leaves meaning in charge across languages.
_LEXICAL_SHARE = 0.5
# The Gaussian of whole passages, exp(width (cosine - 1)): 1, 2 and 4 gave F1 .831, .831 and .827.
# That of sentences is narrower, since one sentence is about one thing.
_WIDTH, _SENTENCE_WIDTH = 1.0, 4.0
# Passages whose sentences are held against those of all examples together.
_BLOCK = 256


@dataclass(frozen=True, slots=True)
class _Sentences:
    """The sentences of n passages: (m, d) unit vectors, where each passage's begin, and (n,) what
    each passage's sum over its own pairs must be divided by."""

    vectors: Vectors
    starts: NDArray[np.int64]
    norms: NDArray[np.float32]


class PassageKernel:
    """n examples, and how alike each of them is to other passages.

    Meaning of the whole (a Gaussian of the vectors, one space for both languages); meaning of the
    sentences, every one against every one (the normalised set kernel of Gärtner et al. 2002), so
    that an answer on two subjects is alike to answers on either; words, and runs of characters
    (tf-idf).
    """

    def __init__(
        self, texts: Sequence[str], vectors: Vectors, embedder: Embedder, *, processes: int = 1
    ) -> None:
        self._embedder, self._processes = embedder, processes
        self.vectors = vectors.astype(np.float32)
        self._sentences = self._cut(texts, self.vectors)
        self._vectorisers = (
            TfidfVectorizer(
                tokenizer=words,
                token_pattern=None,
                lowercase=False,
                ngram_range=(1, 2),
                sublinear_tf=True,
                dtype=np.float32,
            ),
            TfidfVectorizer(
                analyzer="char_wb",
                ngram_range=(3, 5),
                sublinear_tf=True,
                preprocessor=_plain,
                dtype=np.float32,
            ),
        )
        self._lexical = []
        for vectoriser in self._vectorisers:
            try:
                self._lexical.append(vectoriser.fit_transform(texts))
            except ValueError:  # not one word in all examples
                self._lexical.append(None)

    def among(self) -> NDArray[np.float64]:
        """(n, n) likeness of the examples to each other."""
        return self._compared(self.vectors, self._sentences, self._lexical)

    def against(self, texts: Sequence[str], vectors: Vectors) -> NDArray[np.float64]:
        """(m, n) likeness of m passages, with their (m, d) unit vectors, to the examples."""
        lexical = [
            None if known is None else vectoriser.transform(texts)
            for vectoriser, known in zip(self._vectorisers, self._lexical, strict=True)
        ]
        return self._compared(vectors, self._cut(texts, vectors), lexical)

    def _compared(
        self, vectors: Vectors, asked: _Sentences, lexical: Sequence[csr_matrix | None]
    ) -> NDArray[np.float64]:
        known = self._sentences
        result = _gaussian(vectors, self.vectors, _WIDTH).astype(np.float64)
        ends = np.append(asked.starts, len(asked.vectors))
        for start in range(0, len(vectors), _BLOCK):
            rows = slice(start, min(len(vectors), start + _BLOCK))
            first, last = ends[rows.start], ends[rows.stop]
            pairs = _gaussian(asked.vectors[first:last], known.vectors, _SENTENCE_WIDTH)
            sums = np.add.reduceat(pairs, known.starts, axis=1)
            sums = np.add.reduceat(sums, asked.starts[rows] - first, axis=0)
            result[rows] += sums / np.outer(asked.norms[rows], known.norms)
        for new, old in zip(lexical, self._lexical, strict=True):
            if new is not None and old is not None:
                result += _LEXICAL_SHARE * (new @ old.T).toarray()
        return result

    def _cut(self, texts: Sequence[str], vectors: Vectors) -> _Sentences:
        """The sentences of ``texts``; a passage of one sentence has its own vector."""
        parts = [[text[start:end] for start, end in sentences(text)] for text in texts]
        several = sorted({part for own in parts if len(own) > 1 for part in own})
        made = embed_all(several, self._embedder, processes=self._processes).astype(np.float32)
        number = {part: i for i, part in enumerate(several)}
        rows = [
            made[[number[part] for part in own]] if len(own) > 1 else vectors[i : i + 1]
            for i, own in enumerate(parts)
        ]
        counts = [len(row) for row in rows]
        norms = [np.sqrt(_gaussian(row, row, _SENTENCE_WIDTH).sum()) for row in rows]
        return _Sentences(
            np.concatenate(rows).astype(np.float32),
            np.cumsum([0, *counts[:-1]]),
            np.asarray(norms, dtype=np.float32),
        )


def _gaussian(one: Vectors, other: Vectors, width: float) -> Vectors:
    result: Vectors = np.exp(width * (one.astype(np.float32) @ other.T - 1.0))
    return result


def _plain(text: str) -> str:
    return split_elisions(clean(text)).lower()
