"""Passages to themes that have a name and a definition, and few examples or none.

A passage and a definition are compared by meaning, in either language. Three things make that work:

1. From both is taken what all passages of their language have in common: a question about gambling
   makes every answer resemble every theme on gambling (F1 on six sets .46 without, .58 with).
2. A theme is then moved towards the passages nearest to it, as relevance feedback does (Rocchio
   1971): a definition is written in an analyst's words, the answers are not (.58 to .64).
3. A passage takes on a little of what the passages nearest to it say: what a short one leaves out
   stands in its neighbours (right theme .70 to .72 on five sets, better on each).
4. Cosines become probabilities by one logistic curve fitted on those sets: nearness, the lead over
   the next theme, and how many themes there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError

from analysis.pipeline.config import Config
from analysis.pipeline.reading import privacy
from analysis.pipeline.reading.language import detect
from analysis.pipeline.types import Language
from analysis.pipeline.vectors.embedder import Embedder, Vectors, unit
from analysis.pipeline.vectors.embedding import embedder_named

from .codebook import Codebook, Matches, texts_of

Scores = NDArray[np.float64]

# Texts of a language whose mean is trusted as much as the mean of the definitions.
_PRIOR_TEXTS = 20
# Rounds of moving themes towards their passages; the share of passages, the least like any theme,
# that moves none; how sharply a passage chooses; the passages that weigh as much as a definition.
_ROUNDS = 2
_APART = 0.5
_SHARPNESS = 20.0
_FEEDBACK_PRIOR = 5.0
# What a passage takes from so many of its neighbours, which are looked for among so many passages.
# Eight and 0.4 were as good on whole sets and worse on a hundred texts of each.
_SHARED, _NEIGHBOURS, _ASKED = 0.3, 4, 5_000
_BLOCK = 1024
# The curve: per unit of cosine, of lead over the best other theme, of the log of the number of
# themes, and the constant. Fitted on the sets of ``benchmarks/assign.py``, each weighing the same.
_NEAR, _LEAD, _MANY, _CONSTANT = 5.0, 4.7, -0.9, 0.28
# In those sets the themes cover everything. A codebook of a few themes seldom does, and fewer
# themes are no reason to be surer: below this number the curve stays as it is for this number.
_COVERING = 10
# Below this probability of its best theme a passage fits none. With one theme taken out of six
# frames, a third of what belonged to it was then left out, and an eighth of all the rest.
ABSTAIN_BELOW = 0.3
# A theme is spoken of when its nearest passages are this near to its words as they are (mean cosine
# of the nearest 0.5 %, at least one). Themes against their own sets: .31 to .79; themes on other
# subjects (Mars, opera, hockey) against six sets: .13 to .24, but for what those sets do speak of.
# The nearest of few is not so near: below so many passages a little less is asked for each e-fold.
# Of themes that 30, 60 and 100 passages do speak of, 10, 4 and 3 % are then taken for unspoken
# (31, 19 and 9 % with three passages at .25); of six on other subjects a tenth is kept at any size.
_SPOKEN, _SPOKEN_SHARE = 0.25, 0.005
_SPOKEN_FROM, _SPOKEN_LESS = 300, 0.03


class FrameMatcher(BaseEstimator):  # type: ignore[misc]
    """Themes as their names and definitions, and as the examples some of them may have."""

    def __init__(self, config: Config | None = None, *, embedder: Embedder | None = None) -> None:
        self.config = config
        self.embedder = embedder

    @property
    def measured(self) -> Mapping[str, float]:
        """Nothing: without examples there is nothing to measure on."""
        return {}

    def fit(self, codebook: Codebook) -> FrameMatcher:
        """Read the themes. Any number, also one."""
        config = self.config or Config()
        embedder = self.embedder or embedder_named(config.embedder)
        texts: list[str] = []
        owners: list[int] = []
        languages: list[Language] = []
        for number, theme in enumerate(codebook.themes):
            for text in filter(None, texts_of(theme)):
                texts.append(text)
                owners.append(number)
                languages.append(Language.UNDETERMINED)
        names = len(texts)
        for code, text in sorted({(e.theme, e.text) for e in codebook.examples}):
            texts.append(privacy.mask(text).text)
            owners.append(codebook.codes.index(code))
            languages.append(detect(text, None, config=config).language)
        return self.fit_vectors(
            embedder.embed(texts), owners, languages, themes=len(codebook.themes), names=names
        )

    def fit_vectors(
        self,
        vectors: Vectors,
        owners: Sequence[int],
        languages: Sequence[Language],
        *,
        themes: int,
        names: int = 0,
    ) -> FrameMatcher:
        """Themes as (p, d) unit vectors of what is known of them, each with its owner's number.

        The first ``names`` of them are names and definitions, the others examples.
        """
        self.themes_ = themes
        self._vectors = vectors.astype(np.float32)
        self._owners = np.asarray(owners, dtype=np.int64)
        self._languages = np.asarray([language.value for language in languages])
        self._names = names
        return self

    def match(
        self, texts: Sequence[str], vectors: Vectors, languages: Sequence[Language]
    ) -> Matches:
        """See ``Matcher.match``."""
        passages, cosine = self.compared(vectors, languages)
        score = curve(with_neighbours(passages, cosine, _SHARED))
        # Definitions compete with each other, so that what is left over would go to a theme that
        # nobody speaks of instead of to none.
        score[:, ~self.spoken_of(vectors)] = 0.0
        fits = likely_sets(score)
        fits[score.max(axis=1, initial=0.0) < ABSTAIN_BELOW] = False
        return Matches(score, fits)

    def spoken_of(self, vectors: Vectors) -> NDArray[np.bool_]:
        """(themes,) whether any passage of (n, d) comes near what is known of the theme."""
        if not len(vectors):
            return np.zeros(self.themes_, dtype=bool)
        count = max(1, round(_SPOKEN_SHARE * len(vectors)))
        near = np.full((self.themes_, len(vectors)), -1.0, dtype=np.float32)
        for vector, owner in zip(self._vectors, self._owners.tolist(), strict=True):
            near[owner] = np.maximum(near[owner], vectors.astype(np.float32) @ vector)
        nearest = np.partition(near, -count, axis=1)[:, -count:]
        asked = _SPOKEN - _SPOKEN_LESS * max(0.0, np.log(_SPOKEN_FROM / len(vectors)))
        spoken: NDArray[np.bool_] = nearest.mean(axis=1) >= asked
        return spoken

    def compared(self, vectors: Vectors, languages: Sequence[Language]) -> tuple[Vectors, Scores]:
        """The (n, d) passages and (n, themes) their cosine with each theme, both without what is
        common to all, the themes moved towards their passages."""
        if not hasattr(self, "themes_"):
            raise NotFittedError("Call fit with a codebook before match.")
        if not len(vectors):
            return vectors, np.zeros((0, self.themes_))
        codes = np.asarray([language.value for language in languages])
        general = self._vectors.astype(np.float64).mean(axis=0)
        if self.themes_ == 1:  # what one theme has in common with itself is all there is of it
            general[:] = 0.0
        examples, spoken = self._vectors[self._names :], self._languages[self._names :]
        # A name loses the mean of the names; an example was written by those who answered, and
        # loses what all texts in its language have in common, as a passage does.
        known = self._vectors - general.astype(np.float32)
        passages = vectors.astype(np.float32, copy=True)
        for code in sorted({*codes.tolist(), *spoken.tolist()}):
            here, there = codes == code, spoken == code
            total = vectors[here].sum(axis=0, dtype=np.float64) + examples[there].sum(
                axis=0, dtype=np.float64
            )
            count = int(here.sum() + there.sum())
            mean = ((total + _PRIOR_TEXTS * general) / (count + _PRIOR_TEXTS)).astype(np.float32)
            passages[here] -= mean
            known[self._names :][there] = examples[there] - mean
        passages, known = unit(passages), unit(known)
        member = np.zeros((self.themes_, len(known)), dtype=np.float32)
        member[self._owners, np.arange(len(known))] = 1.0
        weight = member.sum(axis=1)
        given = unit(member @ known)
        # Only what the definitions themselves bring near may move a theme, in any round: otherwise
        # a crowd on something else would draw a theme to itself, step by step.
        nearest = (passages @ given.T).max(axis=1)
        apart = nearest < np.quantile(nearest, _APART)
        points = given
        for _ in range(_ROUNDS):
            chosen = _softmax(_SHARPNESS * (passages @ points.T))
            chosen[apart] = 0.0
            count = chosen.sum(axis=0)
            middle = unit((chosen.T @ passages).astype(np.float32))
            share = count / (count + _FEEDBACK_PRIOR * np.maximum(weight, 1.0))
            points = unit((given + share[:, None] * middle).astype(np.float32))
        return passages, (passages @ points.T).astype(np.float64)


def with_neighbours(passages: Vectors, score: Scores, share: float) -> Scores:
    """(n, k) scores of (n, d) passages, each leaning by ``share`` towards its neighbours'."""
    n = len(passages)
    count = min(_NEIGHBOURS, n // 10)
    if not count:
        return score
    asked = np.arange(0, n, -(-n // _ASKED))
    result = (1 - share) * score
    for start in range(0, n, _BLOCK):
        rows = np.arange(start, min(n, start + _BLOCK))
        alike = passages[rows] @ passages[asked].T
        alike[rows[:, None] == asked] = -2.0  # nobody is a neighbour of himself
        near = asked[np.argpartition(-alike, count - 1, axis=1)[:, :count]]
        result[rows] += share * score[near].mean(axis=1)
    return result


def curve(cosine: Scores) -> Scores:
    """(n, k) probability that a person would agree, from cosines alone."""
    k = cosine.shape[1]
    if k > 1:
        ordered = np.sort(cosine, axis=1)
        best, second = ordered[:, -1:], ordered[:, -2:-1]
        lead = cosine - np.where(cosine >= best, second, best)
    else:
        lead = np.zeros_like(cosine)
    logit = _NEAR * cosine + _LEAD * lead + _MANY * np.log(max(k, _COVERING)) + _CONSTANT
    result: Scores = 1 / (1 + np.exp(-logit))
    return result


def likely_sets(probability: Scores) -> NDArray[np.bool_]:
    """(n, k): for each passage the set of themes with the highest expected F1, at least one.

    The m likeliest themes are expected to score 2 (sum of their probabilities) / (m + themes
    expected in all); Lewis 1995 and, for the approximation, Ye et al. 2012 (arXiv 1206.4625).
    """
    n, k = probability.shape
    order = np.argsort(-probability, axis=1, kind="stable")
    ranked = np.take_along_axis(probability, order, axis=1)
    expected = np.maximum(probability.sum(axis=1, keepdims=True), 1.0)
    value = 2 * np.cumsum(ranked, axis=1) / (np.arange(1, k + 1) + expected)
    size = value.argmax(axis=1) if n else np.zeros(0, dtype=np.int64)
    chosen = np.zeros((n, k), dtype=bool)
    np.put_along_axis(chosen, order, np.arange(k)[None, :] <= size[:, None], axis=1)
    return chosen


def _softmax(scores: NDArray[np.float32]) -> Scores:
    shifted = np.exp((scores - scores.max(axis=1, keepdims=True)).astype(np.float64))
    result: Scores = shifted / shifted.sum(axis=1, keepdims=True)
    return result
