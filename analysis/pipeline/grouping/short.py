"""Groups of answers that have nothing in common but that they are short.

To an encoder "Fast.", "allo" and "I gave up" are alike beside answers of twenty words, and a group
of them would be named after whatever two of them say. Each is looked at again by itself: it goes to
the theme it is nearest to, or is too short to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.reading.normalise import count_words
from analysis.pipeline.vectors.embedder import unit

from .communities import Grouping
from .partitions import Labels

# Half of a group have no more words than this, and than this share of what half of all have.
SHORT, BESIDE_ALL = 6, 0.5
# Short answers on one subject are more alike than this on average (cosine of the encoder's own
# vectors: less the mean of a corpus of long ones, all short ones are alike). All short answers of a
# corpus were at .11 to .20, the buckets looked at at .09, .13 and .22, groups of as short ones on
# one subject at .39 to .75.
ALIKE = 0.25


def lengths(texts: Sequence[str]) -> NDArray[np.int64]:
    """The words of each text."""
    return np.asarray([count_words(text) for text in texts], dtype=np.int64)


def without_short_ones(
    grouping: Grouping, vectors: NDArray[np.float16], words: NDArray[np.int64]
) -> Grouping:
    """The grouping with the members of such groups in none.

    ``vectors`` (n, d) by the encoder, ``words`` (n,) the length of each text. It stays as it is
    where fewer than two themes would be left.
    """
    leaf, top = grouping.leaf.copy(), grouping.top.copy()
    least = min(float(SHORT), BESIDE_ALL * float(np.median(words)))
    for labels in (top, leaf):
        for label in _alike_in_length_only(labels, vectors, words, least):
            gone = labels == label
            leaf[gone] = top[gone] = -1
    if (leaf == grouping.leaf).all() or len(np.unique(top[top >= 0])) < 2:
        return grouping
    leaves, tops = np.unique(leaf[leaf >= 0]), np.unique(top[top >= 0])
    return replace(
        grouping,
        leaf=np.where(leaf >= 0, np.searchsorted(leaves, leaf), -1),
        top=np.where(top >= 0, np.searchsorted(tops, top), -1),
        leaf_stability=tuple(grouping.leaf_stability[i] for i in leaves.tolist()),
        top_stability=tuple(grouping.top_stability[i] for i in tops.tolist()),
    )


def _alike_in_length_only(
    labels: Labels, vectors: NDArray[np.float16], words: NDArray[np.int64], least: float
) -> list[int]:
    found = []
    for label in range(int(labels.max(initial=-1)) + 1):
        own = np.flatnonzero(labels == label)
        n = len(own)
        if n < 2 or float(np.median(words[own])) > least:
            continue
        summed = unit(vectors[own].astype(np.float32)).sum(axis=0, dtype=np.float64)
        if (float(summed @ summed) - n) / (n * (n - 1)) < ALIKE:
            found.append(label)
    return found


def near_enough(
    nearest: Labels, best: NDArray[np.float32], leaf: Labels, rows: NDArray[np.int64]
) -> Labels:
    """For ``rows`` the theme each is nearest to, -1 where it is further from it than most are.

    ``nearest`` and ``best`` (n,) are the nearest theme of each passage and how near it is; ``leaf``
    (n,) the theme each is in. Nine of ten that are in a theme are nearer to it.
    """
    floor = np.full(int(nearest.max(initial=-1)) + 1, np.inf)
    inside = np.flatnonzero((leaf >= 0) & (leaf == nearest))
    for label in np.unique(leaf[inside]).tolist():
        floor[label] = np.quantile(best[inside][leaf[inside] == label], 0.1)
    return np.where(best[rows] >= floor[nearest[rows]], nearest[rows], -1)
