"""New answers to the themes people settled on, and an honest "none of these".

After review a theme is a list of passages that people agreed belong to it. From these examples a
linear model is fitted on meaning (vectors, one space for both languages) and words (tf-idf), its
probabilities are calibrated on examples it did not see, and it abstains where it is unsure or where
a passage is unlike every example. Trained on one language it still reads the other, because the
vectors are shared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from . import privacy
from .codebook import Codebook, Matches
from .config import Config
from .embedders import Embedder, Vectors, embed_all, embedder_named
from .normalise import words
from .types import Language

# Word-likeness beside meaning; a half was best of those measured.
_LEXICAL_WEIGHT = 0.5
# Examples of every theme needed before probabilities are calibrated by leaving some out.
_CALIBRATED_FROM = 3


class ExampleMatcher:
    """Themes as their examples. Fit once, then match any number of passages."""

    def __init__(self, config: Config | None = None, *, embedder: Embedder | None = None) -> None:
        self.config = config or Config()
        self.embedder = embedder

    @property
    def measured(self) -> Mapping[str, float]:
        """Nothing yet."""
        return {}

    def fit(self, codebook: Codebook) -> ExampleMatcher:
        """Learn the themes. Raises ValueError with fewer than two themes."""
        given = sorted({(example.text, example.theme) for example in codebook.examples})
        codes = codebook.codes
        if len({theme for _, theme in given}) < 2:
            raise ValueError("A codebook needs examples of at least two themes.")
        self.codes_ = codes
        embedder = self.embedder or embedder_named(self.config.embedder)
        texts = [privacy.mask(text).text for text, _ in given]
        labels = np.asarray([codes.index(theme) for _, theme in given])
        with threadpool_limits(limits=1):
            distinct = sorted(set(texts))
            number = {text: i for i, text in enumerate(distinct)}
            halves = embed_all(distinct, embedder, processes=self.config.processes)
            vectors: Vectors = halves.astype(np.float32)[[number[text] for text in texts]]
            self._vectoriser = TfidfVectorizer(
                tokenizer=words,
                token_pattern=None,
                lowercase=False,
                ngram_range=(1, 2),
                sublinear_tf=True,
                dtype=np.float32,
            )
            matrix = self._join(vectors, self._vectoriser.fit_transform(texts))
            self._model = self._fitted(matrix, labels)
            self._temperature = self._calibrated(matrix, labels)
            self._examples = vectors
            self._floor = self._novelty_floor(vectors, labels)
        return self

    def match(
        self, texts: Sequence[str], vectors: Vectors, languages: Sequence[Language]
    ) -> Matches:
        """See ``Matcher.match``."""
        if not hasattr(self, "_model"):
            raise NotFittedError("Call fit with examples before match.")
        matrix = self._join(vectors, self._vectoriser.transform(texts))
        probability = np.zeros((len(texts), len(self.codes_)))
        probability[:, self._model.classes_] = _softmax(
            _logits(self._model, matrix) / self._temperature
        )
        alike = np.concatenate(
            [
                (vectors[start : start + 2048] @ self._examples.T).max(axis=1)
                for start in range(0, len(vectors), 2048)
            ]
        )
        known = alike >= self._floor
        return Matches(probability, (probability >= self.config.abstain_below) & known[:, None])

    @staticmethod
    def _join(vectors: Vectors, lexical: sparse.csr_matrix) -> sparse.csr_matrix:
        return sparse.hstack([sparse.csr_matrix(vectors), lexical * _LEXICAL_WEIGHT]).tocsr()

    def _fitted(self, matrix: sparse.csr_matrix, labels: NDArray[np.int64]) -> Any:
        return LogisticRegression(C=10.0, max_iter=500, class_weight="balanced").fit(matrix, labels)

    def _calibrated(self, matrix: sparse.csr_matrix, labels: NDArray[np.int64]) -> float:
        """One temperature (Guo et al. 2017) that makes held-out probabilities true; 1 if unknown.

        A linear model on few examples is over-cautious or over-sure depending on their number.
        """
        fewest = min(Counter(labels.tolist()).values())
        if fewest < _CALIBRATED_FROM:
            return 1.0
        folds = StratifiedKFold(min(5, fewest), shuffle=True, random_state=self.config.seed)
        logits = np.zeros((len(labels), len(set(labels.tolist()))))
        for train, test in folds.split(np.zeros(len(labels)), labels):
            logits[test] = _logits(self._fitted(matrix[train], labels[train]), matrix[test])

        def loss(log_temperature: float) -> float:
            chance = _softmax(logits / np.exp(log_temperature))
            return float(-np.log(chance[np.arange(len(labels)), labels] + 1e-12).mean())

        return float(np.exp(minimize_scalar(loss, bounds=(-3.0, 2.0), method="bounded").x))

    def _novelty_floor(self, vectors: Vectors, labels: NDArray[np.int64]) -> float:
        """The similarity to its nearest neighbour in the theme that all but a few examples have."""
        alike = vectors @ vectors.T
        np.fill_diagonal(alike, -1.0)
        same = np.where(labels[:, None] == labels[None, :], alike, -1.0).max(axis=1)
        known = same[same > -1.0]
        # With few examples the lowest of them says little about how far a theme reaches.
        return float(np.quantile(known, 0.02)) * 0.5 if len(known) >= 10 else 0.05


def _logits(model: Any, matrix: sparse.csr_matrix) -> NDArray[np.float64]:
    """(n, themes) scores; two themes too, for which scikit-learn gives one column."""
    scores: NDArray[np.float64] = np.asarray(model.decision_function(matrix), dtype=np.float64)
    if scores.ndim == 1:
        return np.column_stack([-scores / 2, scores / 2])
    return scores


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: NDArray[np.float64] = shifted / shifted.sum(axis=1, keepdims=True)
    return result
