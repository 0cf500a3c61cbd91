"""A second encoder beside the first, where themes are made; off unless one is named.

Two encoders see different likenesses: beside the default, which knows both languages, one for
English alone (MiniLM) tells short narrow texts better apart. Their vectors are put side by side,
for grouping alone: names, letters, codebooks and what is added later are measured with the first,
on which every cut was set. It counts only where hardly anyone wrote in the other language: an
encoder of one language would set the two apart (SIB-200 in both languages: ARI .38 without, .26
with MiniLM for half; its English texts alone .35 and .38).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.config import Config
from analysis.pipeline.reading.passages import DistinctPassages
from analysis.pipeline.types import OFFICIAL_LANGUAGES

from .embedder import unit

# The other language is hardly written where fewer passages than this share are in it.
_SELDOM = 0.1
_BLOCK = 8192


def counts_beside(distinct: DistinctPassages, config: Config) -> float:
    """What the second encoder counts for, in [0, 1]; 0 where there is none, or it may not."""
    if not config.second_embedder:
        return 0.0
    spoken = [
        sum(said is language for said in distinct.language) for language in OFFICIAL_LANGUAGES
    ]
    return config.second_share if min(spoken) < _SELDOM * sum(spoken) else 0.0


def side_by_side(
    vectors: NDArray[np.float16], second: NDArray[np.float16], share: float
) -> NDArray[np.float16]:
    """(n, d + e) unit rows, whose cosine is ``1 - share`` of that of ``vectors`` (n, d) and
    ``share`` of that of ``second`` (n, e)."""
    weights = np.sqrt([1 - share, share]).astype(np.float32)
    joined = np.empty((len(vectors), vectors.shape[1] + second.shape[1]), dtype=np.float16)
    for start in range(0, len(vectors), _BLOCK):
        here = slice(start, start + _BLOCK)
        parts = [
            weight * unit(rows[here].astype(np.float32))
            for weight, rows in zip(weights, (vectors, second), strict=True)
        ]
        joined[here] = np.hstack(parts)
    return joined
