"""New answers to the themes people settled on, and an honest "none of these".

After review a theme is a list of passages that people agreed belong to it. Two things learn from
them, and one curve (``calibration``) makes of both the probability that a person would agree:

* kernel ridge regression (least-squares support vectors, Suykens and Vandewalle 1999) on meaning
  and words (``kernel``). One inverse gives every theme's model and, exactly, what each would have
  said of each example had it been left out (Allen's PRESS), so nothing has to be fitted twice to be
  honest;
* nearness to each theme's middle, moved towards the passages at hand (``frames``): it carries
  where examples are few, and from one language to the other.

Where examples are few, a passage also leans on what is said of those nearest to it. The curve is
fitted on the left-out scores. A passage gets the set of themes with the highest expected F1, or
none when it is unlike every example or nothing is likely enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import NotFittedError
from sklearn.metrics import f1_score
from sklearn.metrics.pairwise import pairwise_kernels
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from analysis.pipeline.config import Config
from analysis.pipeline.reading import privacy
from analysis.pipeline.reading.language import detect
from analysis.pipeline.types import Language
from analysis.pipeline.vectors.embedder import Embedder, Vectors
from analysis.pipeline.vectors.embedding import embed_all, embedder_named

from .calibration import Curve, calibration_error, evidence, fitted
from .codebook import Codebook, Matches, texts_of
from .frames import FrameMatcher, Scores, likely_sets, with_neighbours
from .kernel import PassageKernel

# Examples kept: the inverse is cubic. 4,000 take about 15 s on one core, once for each codebook.
_MOST_EXAMPLES = 4_000
# Examples a theme needs before what is said of it counts for the curve: one example left out of
# two says nothing of a theme that has hundreds.
_CALIBRATED_FROM = 3
# Before anything is known, the weights of the regression and of nearness.
_REGRESSION, _NEARNESS = 8.0, 10.0
# The neighbours of a passage count as much as this many examples of each theme. Taught with five of
# each: F1 .729 without, .735 with one, .736 with two; with all there are .838, .838 and .837.
_LEANING = 1.0
# Passages worked on together.
_BLOCK = 512


class ThemeRidge(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Kernel ridge regression on theme membership, one theme or several a sample.

    ``kernel`` is a name scikit-learn's ``pairwise_kernels`` knows, or "precomputed"; ``gamma`` is
    the Gaussian's; ``alpha`` the penalty (from 0.1 to 0.5 all are alike: F1 .830 to .832).

    After ``fit(X, y)`` with (n,) labels or an (n, k) indicator: ``classes_``, ``dual_coef_`` (n, k)
    and ``held_out_`` (n, k), the score of each sample had it been left out.
    """

    def __init__(self, *, kernel: str = "rbf", gamma: float = 1.0, alpha: float = 0.2) -> None:
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
        config = self.config or Config()
        embedder = self.embedder or embedder_named(config.embedder)
        self._share = (member.sum(axis=0) + 1.0) / (len(member) + 2.0)
        self._leaning = _LEANING / (_LEANING + member.sum() / member.shape[1])
        with threadpool_limits(limits=1):
            self._kernel = PassageKernel(texts, vectors, embedder, processes=config.processes)
            self._ridge = ThemeRidge(kernel="precomputed").fit(
                self._kernel.among(), member.astype(np.int64)
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
        themes = self._ridge.dual_coef_.shape[1]
        parts, alike = [np.zeros((0, themes))], [np.zeros(0)]
        with threadpool_limits(limits=1):
            for start in range(0, len(texts), _BLOCK):
                some = vectors[start : start + _BLOCK].astype(np.float32)
                like = self._kernel.against(texts[start : start + _BLOCK], some)
                parts.append(self._ridge.scores(like))
                alike.append((some @ self._kernel.vectors.T).max(axis=1))
            passages, near = self._frame.compared(vectors, languages)
            both = np.hstack([np.vstack(parts), near])
            both = with_neighbours(passages, both, self._leaning)
        score = self._probability(both[:, :themes], both[:, themes:])
        fits = likely_sets(score)
        below = (self.config or Config()).abstain_below
        fits[score.max(axis=1, initial=0.0) < below] = False
        fits[np.concatenate(alike) < self._floor] = False
        return Matches(score, fits)

    # ---- parts

    def _probability(self, regression: Scores, near: Scores) -> Scores:
        if self._curve is not None:
            return self._curve.chance(evidence(regression, _centred(near), self._share))
        # Too few examples to know how often two themes go together: one theme a passage.
        logit = _REGRESSION * regression + _NEARNESS * near
        shifted = np.exp(logit - logit.max(axis=1, keepdims=True, initial=-np.inf))
        result: Scores = shifted / shifted.sum(axis=1, keepdims=True)
        return result

    def _calibrate(self, vectors: Vectors, member: NDArray[np.bool_]) -> None:
        """The curve, fitted on what was said of each example by those that remain without it."""
        self._curve: Curve | None = None
        self._measured: dict[str, float] = {}
        known = member.sum(axis=0) >= _CALIBRATED_FROM
        if known.sum() < 2:
            return
        near = _centred(_left_out_nearness(vectors, member))
        said = evidence(self._ridge.held_out_, near, self._share)[:, known]
        truth = member[:, known]
        self._curve = fitted(said, truth)
        chance = self._curve.chance(said)
        self._measured = {
            "calibration_examples": float(len(member)),
            "calibration_error": calibration_error(chance, truth),
            "held_out_f1": float(
                f1_score(truth, likely_sets(chance), average="samples", zero_division=0)
            ),
        }

    def _novelty_floor(self, member: NDArray[np.bool_]) -> float:
        """The similarity to its nearest neighbour in a theme that all but a few examples have."""
        alike = self._kernel.vectors @ self._kernel.vectors.T
        np.fill_diagonal(alike, -1.0)
        shared = (member.astype(np.float32) @ member.T.astype(np.float32)) > 0
        same = np.where(shared, alike, -1.0).max(axis=1)
        known = same[same > -1.0]
        # With few examples the lowest of them says little about how far a theme reaches.
        return float(np.quantile(known, 0.02)) * 0.5 if len(known) >= 10 else 0.05


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
