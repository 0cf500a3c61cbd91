"""Passages to themes that have a name and a definition but no examples.

A passage and a definition are compared by meaning, in either language: what counts is how much
nearer a theme is than the others usually are and than it usually is to anything at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import NotFittedError

from . import privacy
from .codebook import Codebook, Matches, texts_of
from .config import Config
from .embedders import Embedder, Vectors, embedder_named, unit
from .types import Language

# Texts of a language whose mean is trusted as much as the mean of the definitions.
_PRIOR_TEXTS = 20


class FrameMatcher:
    """Themes as their names and definitions, and as the examples some of them may have."""

    def __init__(self, config: Config | None = None, *, embedder: Embedder | None = None) -> None:
        self.config = config or Config()
        self.embedder = embedder

    @property
    def measured(self) -> Mapping[str, float]:
        """Nothing: without examples there is nothing to measure on."""
        return {}

    def fit(self, codebook: Codebook) -> FrameMatcher:
        """Read the themes. Any number, also one."""
        embedder = self.embedder or embedder_named(self.config.embedder)
        texts: list[str] = []
        owners: list[int] = []
        languages: list[str] = []
        for number, theme in enumerate(codebook.themes):
            for language, text in zip(("en", "fr"), texts_of(theme), strict=True):
                if text:
                    texts.append(text)
                    owners.append(number)
                    languages.append(language)
        for example in sorted({(e.theme, e.text) for e in codebook.examples}):
            texts.append(privacy.mask(example[1]).text)
            owners.append(codebook.codes.index(example[0]))
            languages.append("")
        self.codes_ = codebook.codes
        self._vectors = embedder.embed(texts)
        self._owners = np.asarray(owners)
        self._languages = np.asarray(languages)
        return self

    def match(
        self, texts: Sequence[str], vectors: Vectors, languages: Sequence[Language]
    ) -> Matches:
        """See ``Matcher.match``."""
        if not hasattr(self, "codes_"):
            raise NotFittedError("Call fit with a codebook before match.")
        raw = self.similarities(vectors, languages)
        score = 1 / (1 + np.exp(-12 * (raw - 0.35)))
        best = score.max(axis=1, keepdims=True)
        fits = (score >= 0.5) & (score >= best - 0.15)
        return Matches(score, fits)

    def similarities(self, vectors: Vectors, languages: Sequence[Language]) -> NDArray[np.float64]:
        """(n, themes) cosine of each passage and the nearest text of each theme, centred."""
        codes = np.asarray([language.value for language in languages])
        general = self._vectors.mean(axis=0)
        centred = vectors.astype(np.float32, copy=True)
        for code in sorted(set(codes.tolist())):
            here = codes == code
            mean = (vectors[here].sum(axis=0) + _PRIOR_TEXTS * general) / (
                int(here.sum()) + _PRIOR_TEXTS
            )
            centred[here] -= mean.astype(np.float32)
        points = unit(self._vectors - general)
        cosine = unit(centred) @ points.T
        result = np.full((len(vectors), len(self.codes_)), -1.0)
        for column, owner in enumerate(self._owners.tolist()):
            np.maximum(result[:, owner], cosine[:, column], out=result[:, owner])
        return result
