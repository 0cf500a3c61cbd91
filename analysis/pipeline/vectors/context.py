"""What the rest of an answer says helps to tell what one passage of it is about."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.reading.passages import Passages

from .embedder import unit

# Passages moved towards their answer at a time.
_BLOCK = 8192


def in_context(
    vectors: NDArray[np.float16], passages: Passages, share: float, *, copy: bool = True
) -> NDArray[np.float16]:
    """Vectors (n, d) of the distinct passages, each moved by ``share`` towards its answer's mean.

    A passage that several answers share moves towards the mean of those answers. ``copy=False``
    changes ``vectors`` themselves, which are the largest thing a run holds.
    """
    own = np.flatnonzero(passages.node >= 0)
    counts = np.bincount(passages.document[own], minlength=1)
    own = own[counts[passages.document[own]] > 1]
    if share == 0 or len(own) == 0:
        return vectors
    if copy:
        vectors = vectors.copy()
    # Passages of one answer stand side by side: whole answers at a time, and the few passages
    # that several answers share when all have been seen.
    shared, place = np.unique(passages.node[own], return_counts=True)
    shared = shared[place > 1]
    around = np.zeros((len(shared), vectors.shape[1]), dtype=np.float32)
    begins = np.flatnonzero(np.diff(passages.document[own], prepend=-1))
    blocks = begins[np.flatnonzero(np.diff(begins // _BLOCK, prepend=-1))]
    for start, stop in zip(blocks, [*blocks[1:], len(own)], strict=True):
        here = own[start:stop]
        nodes = passages.node[here]
        said = vectors[nodes].astype(np.float32)
        length = np.sqrt((passages.end[here] - passages.start[here]).astype(np.float32))
        answer = np.flatnonzero(np.diff(passages.document[here], prepend=-1))
        mean = unit(np.add.reduceat(said * length[:, None], answer, axis=0))
        mean = np.repeat(mean, np.diff([*answer, len(here)]), axis=0)
        at = np.searchsorted(shared, nodes)
        several = np.isin(nodes, shared)
        np.add.at(around, at[several], mean[several])
        alone = ~several
        mixed = (1 - share) * said[alone] + share * mean[alone]
        vectors[nodes[alone]] = unit(mixed).astype(np.float16)
    if len(shared):
        mixed = (1 - share) * vectors[shared].astype(np.float32) + share * unit(around)
        vectors[shared] = unit(mixed).astype(np.float16)
    return vectors
