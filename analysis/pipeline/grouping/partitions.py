"""Partitions of rows: labels from 0, -1 for none, with the sums and middles of each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.pipeline.vectors.embedder import Vectors, unit

Labels = NDArray[np.int64]

_BLOCK = 4_096


def by_size(labels: Labels) -> Labels:
    """The same partition numbered from the largest group; ties by first member. -1 stays."""
    values, first, place, counts = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    ranked = np.lexsort((first, -counts))
    ranked = ranked[values[ranked] >= 0]
    number = np.full(len(values), -1, dtype=np.int64)
    number[ranked] = np.arange(len(ranked))
    return number[place]


def sums(rows: Vectors, labels: Labels) -> Vectors:
    """(number of labels, d) sums of the rows of each label from 0."""
    inside = np.flatnonzero(labels >= 0)
    member = sparse.csr_matrix(
        (np.ones(len(inside), dtype=np.float32), (labels[inside], inside)),
        shape=(int(labels.max(initial=-1)) + 1, len(rows)),
    )
    result: Vectors = member @ rows
    return result


def centroids(rows: Vectors, labels: Labels) -> Vectors:
    """(number of labels, d) unit means of the rows of each label from 0."""
    return unit(sums(rows, labels))


def nearest_middle(rows: Vectors, middles: Vectors) -> Labels:
    """The row of ``middles`` nearest to each row, by dot product."""
    result = np.empty(len(rows), dtype=np.int64)
    for start in range(0, len(rows), _BLOCK):
        result[start : start + _BLOCK] = (rows[start : start + _BLOCK] @ middles.T).argmax(axis=1)
    return result
