"""Which themes say the same, by their names and keywords, and which stand nearest to which."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.types import OFFICIAL_LANGUAGES, Description, Group
from analysis.pipeline.vectors.embedder import Embedder

SAME_MEANING = 0.9


def alike(descriptions: Sequence[Description], embedder: Embedder) -> dict[str, dict[str, float]]:
    """Pairs of themes whose name and keywords mean the same in a language: code, code, cosine."""
    found: dict[str, dict[str, float]] = {}
    for language in OFFICIAL_LANGUAGES:
        said = {
            d.code: ", ".join((getattr(d, f"name_{language}"), *getattr(d, f"keywords_{language}")))
            for d in descriptions
            if language not in d.unnamed
        }
        if len(said) < 2:
            continue
        texts = sorted(set(said.values()))
        vectors = dict(zip(texts, embedder.embed(texts), strict=True))
        for one, other in combinations(sorted(said), 2):
            cosine = float(vectors[said[one]] @ vectors[said[other]])
            if cosine >= SAME_MEANING:
                best = max(cosine, found.get(one, {}).get(other, 0.0))
                found.setdefault(one, {})[other] = round(best, 4)
    return found


def nearest(groups: Sequence[Group], vectors: Sequence[NDArray[np.floating]]) -> dict[str, str]:
    """For each group the one of its own level whose middle is nearest: code to code.

    ``vectors`` gives one row for each passage of each group.
    """
    if not groups:
        return {}
    middles = np.asarray([rows.mean(axis=0) for rows in vectors], dtype=np.float64)
    middles -= middles.mean(axis=0)
    middles /= np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-9)
    found = {}
    for i, group in enumerate(groups):
        level = [
            j
            for j, other in enumerate(groups)
            if j != i and (other.parent is None) == (group.parent is None)
        ]
        if level:
            best = max(level, key=lambda j: (round(float(middles[i] @ middles[j]), 9), -j))
            found[group.code] = groups[best].code
    return found
