"""New answers to the themes people settled on, and an honest "none of these".

After review a theme is a list of passages that people agreed belong to it. Two things learn from
them, and one curve makes of both the probability that a person would agree:

* kernel ridge regression (least-squares support vectors, Suykens and Vandewalle 1999) on meaning
  (a Gaussian of the vectors, one space for both languages) and words (tf-idf of words and of
  character runs). One inverse gives every theme's model and, exactly, what each would have said of
  each example had it been left out (Allen's PRESS), so nothing has to be fitted twice to be honest;
* nearness to each theme's middle, moved towards the passages at hand (``frames``): it carries
  where examples are few, and from one language to the other.

The curve is fitted on the left-out scores. A passage gets the set of themes with the highest
expected F1, or none when it is unlike every example or nothing is likely enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg
from scipy.optimize import minimize
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.metrics.pairwise import pairwise_kernels
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from analysis.pipeline.config import Config
from analysis.pipeline.reading import privacy
from analysis.pipeline.reading.language import detect
from analysis.pipeline.reading.normalise import clean, split_elisions, words
from analysis.pipeline.types import Language
from analysis.pipeline.vectors.embedder import Embedder, Vectors
from analysis.pipeline.vectors.embedding import embed_all, embedder_named

from .codebook import Codebook, Matches, texts_of
from .frames import FrameMatcher, Scores, likely_sets

# Words and character runs beside meaning, each: 0.25, 0.5 and 1 gave F1 .826, .828 and .830 with a
# linear kernel; a half leaves meaning in charge across languages.
_LEXICAL_SHARE = 0.5
# Examples kept: the inverse is cubic. 4,000 take about 15 s on one core, once for each codebook.
_MOST_EXAMPLES = 4_000
# Examples every theme needs before the curve is fitted on left-out scores: one example left out of
# two says nothing of a theme that has hundreds.
_CALIBRATED_FROM = 3
# The curve before anything is known: weights of the regression and of nearness.
_REGRESSION, _NEARNESS = 8.0, 10.0
_BLOCK = 2048
_BINS = 10


class ThemeRidge(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Kernel ridge regression on theme membership, one theme or several a sample.

    ``kernel`` is a name scikit-learn's ``pairwise_kernels`` knows, or "precomputed"; ``gamma`` is
    the Gaussian's; ``alpha`` the penalty (0.3 was as good as choosing it for each set).

    After ``fit(X, y)`` with (n,) labels or an (n, k) indicator: ``classes_``, ``dual_coef_`` (n, k)
    and ``held_out_`` (n, k), the score of each sample had it been left out.
    """

    def __init__(self, *, kernel: str = "rbf", gamma: float = 1.0, alpha: float = 0.3) -> None:
        self.kernel = kernel
        self.gamma = gamma
        self.alpha = alpha

    def fit(self, X: Any, y: Any) -> ThemeRidge:  # noqa: N803 - scikit-learn's name
        """Learn from (n, d) features, or an (n, n) kernel when precomputed."""
        several = type_of_target(y) == "multilabel-indicator"
        X, y = validate_data(self, X, y, multi_output=several)  # noqa: N806
        check_classification_targets(y)
        if several:
            self.classes_ = np.arange(y.shape[1])
            target = np.asarray(y, dtype=np.float64)
        else:
            self.classes_, numbers = np.unique(y, return_inverse=True)
            if len(self.classes_) < 2:
                raise ValueError("Examples of at least two classes are needed; there is one class.")
            target = np.eye(len(self.classes_))[numbers]
        self.several_ = several
        self._examples = X
        # One more dimension, the same for all, is the constant term.
        matrix = self._kernel(X) + 1.0
        matrix[np.diag_indices_from(matrix)] += self.alpha
        try:
            factor = linalg.cho_factor(matrix, lower=True)
        except linalg.LinAlgError as error:
            raise ValueError("The kernel is not positive semi-definite.") from error
        inverse = linalg.cho_solve(factor, np.eye(len(matrix)), check_finite=False)
        self.dual_coef_ = inverse @ target
        self.held_out_ = target - self.dual_coef_ / np.diag(inverse)[:, None]
        return self

    def scores(self, X: Any) -> Scores:  # noqa: N803
        """(n, k) scores, near 1 for a member and 0 for others; X as in ``fit``."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False)  # noqa: N806
        result: Scores = (self._kernel(X) + 1.0) @ self.dual_coef_
        return result

    def decision_function(self, X: Any) -> Scores:  # noqa: N803
        """Scores as scikit-learn wants them: one column for two classes."""
        found = self.scores(X)
        return found if self.several_ or found.shape[1] > 2 else found[:, 1] - found[:, 0]

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: N803
        """The likeliest class, or the indicator of the classes that score over a half."""
        found = self.scores(X)
        if self.several_:
            return (found >= 0.5).astype(np.int64)
        result: NDArray[Any] = self.classes_[found.argmax(axis=1)]
        return result

    def _kernel(self, X: Any) -> Scores:  # noqa: N803
        if self.kernel == "precomputed":
            return np.array(X, dtype=np.float64)
        given = {"gamma": self.gamma} if self.kernel == "rbf" else {}
        return np.asarray(
            pairwise_kernels(X, self._examples, metric=self.kernel, **given), dtype=np.float64
        )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = self.kernel == "precomputed"
        tags.classifier_tags.multi_label = True
        return tags


class ExampleMatcher(BaseEstimator):  # type: ignore[misc]
    """Themes as their examples. Fit once, then match any number of passages."""

    def __init__(self, config: Config | None = None, *, embedder: Embedder | None = None) -> None:
        self.config = config
        self.embedder = embedder

    @property
    def measured(self) -> Mapping[str, float]:
        """Agreement with the examples, each judged by a model that did not see it.

        ``held_out_f1`` (mean over examples), ``calibration_error`` (expected, ten bins, of the
        likeliest theme's probability) and ``calibration_examples``; empty with too few examples.
        """
        return dict(self._measured)

    def fit(self, codebook: Codebook) -> ExampleMatcher:
        """Learn the themes. Raises ValueError with fewer than two themes."""
        config = self.config or Config()
        embedder = self.embedder or embedder_named(config.embedder)
        together: dict[str, set[int]] = {}
        for example in codebook.examples:
            masked = privacy.mask(example.text).text
            together.setdefault(masked, set()).add(codebook.codes.index(example.theme))
        texts = _some(together)
        member = np.zeros((len(texts), len(codebook.themes)), dtype=bool)
        for row, text in enumerate(texts):
            member[row, sorted(together[text])] = True
        with threadpool_limits(limits=1):
            vectors = embed_all(texts, embedder, processes=config.processes)
        languages = [detect(text, None, config=config).language for text in texts]
        named = [
            (text, number)
            for number, theme in enumerate(codebook.themes)
            for text in texts_of(theme)
            if text
        ]
        return self.fit_vectors(
            texts,
            vectors.astype(np.float32),
            languages,
            member,
            names=embedder.embed([text for text, _ in named]) if named else None,
            owners=[number for _, number in named],
        )

    def fit_vectors(
        self,
        texts: Sequence[str],
        vectors: Vectors,
        languages: Sequence[Language],
        member: NDArray[np.bool_],
        *,
        names: Vectors | None = None,
        owners: Sequence[int] = (),
    ) -> ExampleMatcher:
        """Learn from n texts, their (n, d) unit vectors and which of the (n, k) themes they are in.

        ``names`` (m, d) are the vectors of names and definitions, ``owners`` their themes' numbers.
        Raises ValueError with examples of fewer than two themes.
        """
        if int(member.any(axis=0).sum()) < 2:
            raise ValueError("A codebook needs examples of at least two themes.")
        row, owner = np.nonzero(member)
        self._frame = FrameMatcher().fit_vectors(
            vectors[row] if names is None else np.vstack([names, vectors[row]]),
            [*owners, *owner.tolist()],
            [Language.UNDETERMINED] * len(owners) + [languages[i] for i in row.tolist()],
            themes=member.shape[1],
            names=len(owners),
        )
        self._vectors = vectors.astype(np.float32)
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
        with threadpool_limits(limits=1):
            self._ridge = ThemeRidge(kernel="precomputed").fit(
                self._kernel(texts, vectors), member.astype(np.int64)
            )
            self._calibrate(vectors, member)
            self._floor = self._novelty_floor(member)
        return self

    def match(
        self, texts: Sequence[str], vectors: Vectors, languages: Sequence[Language]
    ) -> Matches:
        """See ``Matcher.match``."""
        if not hasattr(self, "_ridge"):
            raise NotFittedError("Call fit with examples before match.")
        near = _centred(self._frame.similarities(vectors, languages))
        parts, alike = [np.zeros((0, near.shape[1]))], [np.zeros(0)]
        for start in range(0, len(texts), _BLOCK):
            some = vectors[start : start + _BLOCK].astype(np.float32)
            parts.append(self._ridge.scores(self._kernel(texts[start : start + _BLOCK], some)))
            alike.append((some @ self._vectors.T).max(axis=1))
        score = self._probability(np.vstack(parts), near)
        fits = likely_sets(score)
        below = (self.config or Config()).abstain_below
        fits[score.max(axis=1, initial=0.0) < below] = False
        fits[np.concatenate(alike) < self._floor] = False
        return Matches(score, fits)

    # ---- parts

    def _kernel(self, texts: Sequence[str], vectors: Vectors) -> Scores:
        """(n, examples): exp(2 (cosine - 1)), a Gaussian of width one, and shares of tf-idf."""
        result: Scores = np.exp(2.0 * (vectors @ self._vectors.T).astype(np.float64) - 2.0)
        for vectoriser, known in zip(self._vectorisers, self._lexical, strict=True):
            if known is not None:
                result += _LEXICAL_SHARE * (vectoriser.transform(texts) @ known.T).toarray()
        return result

    def _probability(self, regression: Scores, near: Scores) -> Scores:
        weight, nearness, constant = self._curve
        logit = weight * regression + nearness * near
        if not self._measured:
            # Too few examples to know how often two themes go together: one theme a passage.
            shifted = np.exp(logit - logit.max(axis=1, keepdims=True, initial=-np.inf))
            one: Scores = shifted / shifted.sum(axis=1, keepdims=True)
            return one
        result: Scores = 1 / (1 + np.exp(-(logit + constant)))
        return result

    def _calibrate(self, vectors: Vectors, member: NDArray[np.bool_]) -> None:
        """The curve, fitted on what was said of each example by those that remain without it."""
        self._curve = (_REGRESSION, _NEARNESS, 0.0)
        self._measured: dict[str, float] = {}
        known = member.any(axis=0)
        if member.sum(axis=0)[known].min() < _CALIBRATED_FROM:
            return
        regression = self._ridge.held_out_[:, known]
        near = _centred(_left_out_nearness(vectors, member[:, known]))
        truth = member[:, known].astype(np.float64)

        def loss(values: NDArray[np.float64]) -> float:
            logit = values[0] * regression + values[1] * near + values[2]
            worth = np.logaddexp(0.0, logit) - truth * logit
            # A weak pull towards the curve of other sets, worth about ten examples.
            pull = (values[0] - _REGRESSION) ** 2 + (values[1] - _NEARNESS) ** 2
            return float(worth.sum() + 0.02 * pull)

        start = np.array([_REGRESSION, _NEARNESS, -4.0])
        found = minimize(
            loss, start, method="L-BFGS-B", bounds=[(_REGRESSION, 40.0), (0.0, 40.0), (-20.0, 5.0)]
        )
        self._curve = (float(found.x[0]), float(found.x[1]), float(found.x[2]))
        self._measured = {"calibration_examples": float(len(member))}
        chance = self._probability(regression, near)
        self._measured["calibration_error"] = calibration_error(chance, member[:, known])
        self._measured["held_out_f1"] = float(
            f1_score(truth, likely_sets(chance), average="samples", zero_division=0)
        )

    def _novelty_floor(self, member: NDArray[np.bool_]) -> float:
        """The similarity to its nearest neighbour in a theme that all but a few examples have."""
        alike = self._vectors @ self._vectors.T
        np.fill_diagonal(alike, -1.0)
        shared = (member.astype(np.float32) @ member.T.astype(np.float32)) > 0
        same = np.where(shared, alike, -1.0).max(axis=1)
        known = same[same > -1.0]
        # With few examples the lowest of them says little about how far a theme reaches.
        return float(np.quantile(known, 0.02)) * 0.5 if len(known) >= 10 else 0.05


def calibration_error(probability: Scores, member: NDArray[np.bool_]) -> float:
    """Expected calibration error of the likeliest theme, ten equal bins (Guo et al. 2017)."""
    best = probability.argmax(axis=1)
    sure = probability[np.arange(len(best)), best]
    right = member[np.arange(len(best)), best]
    bins = np.minimum((sure * _BINS).astype(np.int64), _BINS - 1)
    return float(
        sum(
            abs(sure[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
            for b in np.unique(bins)
        )
    )


def _some(together: Mapping[str, set[int]]) -> list[str]:
    """The texts in order; where there are too many, the same number of each theme as far as it
    goes, evenly from the ordered list."""
    texts = sorted(together)
    if len(texts) <= _MOST_EXAMPLES:
        return texts
    by_theme: dict[int, list[str]] = {}
    for text in texts:
        by_theme.setdefault(min(together[text]), []).append(text)
    left, kept = _MOST_EXAMPLES, []
    for turn, own in enumerate(sorted(by_theme.values(), key=len)):
        share = left // (len(by_theme) - turn)
        take = np.unique(np.linspace(0, len(own) - 1, min(share, len(own))).round().astype(int))
        kept += [own[i] for i in take.tolist()]
        left -= len(take)
    return sorted(kept)


def _left_out_nearness(vectors: Vectors, member: NDArray[np.bool_]) -> Scores:
    """(n, k) cosine of each example and each theme's middle made without that example."""
    centred = vectors.astype(np.float64) - vectors.astype(np.float64).mean(axis=0)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-12)
    total = member.T.astype(np.float64) @ centred
    product = centred @ total.T - member
    squared = (total**2).sum(axis=1)[None, :] - member * (2 * (centred @ total.T) - 1.0)
    result: Scores = product / np.sqrt(np.maximum(squared, 1e-9))
    return result


def _centred(near: Scores) -> Scores:
    """Nearness beside that of the other themes: the lead is what tells, not the level."""
    return near - near.mean(axis=1, keepdims=True) if len(near) else near


def _plain(text: str) -> str:
    return split_elisions(clean(text)).lower()
