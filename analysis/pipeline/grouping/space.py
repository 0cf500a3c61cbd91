"""The passages as they are grouped: their graph, and what they mean after smoothing over it.

A lazy random walk on the graph of shared neighbours (Zhang et al. 2019, "Attributed graph
clustering via adaptive graph convolution").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.pipeline.config import Config
from analysis.pipeline.vectors.embedder import Vectors, unit

from .neighbours import Graph, nearest, principal, shared_neighbours
from .partitions import Labels


def granularities(n: int, config: Config) -> tuple[int, ...]:
    """The lengths of neighbour lists for n passages: a quarter, a half and all of ``neighbours``.

    None is over a tenth of a small corpus: thirty neighbours of a hundred passages are everybody.
    """
    longest = min(n - 1, max(6, n // 10))
    return tuple(sorted({min(longest, max(2, config.neighbours // share)) for share in (4, 2, 1)}))


@dataclass(frozen=True, slots=True)
class Space:
    """The passages, the answer each is from, their neighbour lists, their graph, and what they mean
    after smoothing.
    """

    rows: Vectors
    answers: Labels
    lists: NDArray[np.int32]
    ks: tuple[int, ...]
    links: sparse.csr_matrix
    smooth: Vectors


def space_of(rows: Vectors, answers: Labels, config: Config, sides: Vectors | None = None) -> Space:
    """The space of ``rows`` (n, d); ``sides`` (n,) as ``neighbours.nearest`` takes them."""
    rows = principal(rows, config.dimensions)
    ks = granularities(len(rows), config)
    # Lists are longer than the graph needs, so that a resampled corpus can be had from them.
    longest = round(max(ks) / max(config.resample_share, 0.5)) + 5
    width = min(len(rows) - 1, longest)
    lists = nearest(rows, width, processes=config.processes, sides=sides)
    links = _links(shared_neighbours(lists, ks))
    return Space(rows, answers, lists, ks, links, _smoothed(rows, links, config.smoothing))


def without(space: Space, kept: NDArray[np.int64], config: Config) -> Vectors:
    """What the kept passages mean after smoothing, as if nobody had said the others."""
    lists = _restricted(space.lists, kept, max(space.ks))
    links = _links(shared_neighbours(lists, tuple(min(k, lists.shape[1]) for k in space.ks)))
    return _smoothed(space.rows[kept], links, config.smoothing)


def _links(graph: Graph) -> sparse.csr_matrix:
    """The symmetric (n, n) matrix of a graph's weights."""
    half = sparse.coo_matrix(
        (graph.weight.astype(np.float32), (graph.first, graph.second)), shape=(graph.n, graph.n)
    )
    return (half + half.T).tocsr()


def _smoothed(rows: Vectors, links: sparse.csr_matrix, steps: int) -> Vectors:
    """Unit rows after ``steps`` of half staying and half taking the mean of the neighbours."""
    strength = np.sqrt(np.asarray(links.sum(axis=1)).ravel())
    scale = sparse.diags(
        np.divide(1.0, strength, out=np.zeros_like(strength), where=strength > 0).astype(np.float32)
    )
    walk = (scale @ links @ scale).tocsr()
    # Who has no neighbour keeps what they said.
    stay = np.where(strength > 0, 0.5, 1.0).astype(np.float32)[:, None]
    result = rows
    for _ in range(steps):
        result = stay * result + np.float32(0.5) * (walk @ result)
    return unit(result)


def _restricted(
    lists: NDArray[np.int32], kept: NDArray[np.int64], longest: int
) -> NDArray[np.int32]:
    """Neighbour lists of the kept passages alone, from the lists of all."""
    new = np.full(len(lists), -1, dtype=np.int32)
    new[kept] = np.arange(len(kept), dtype=np.int32)
    mapped = new[lists[kept]]
    width = min(longest, mapped.shape[1])
    order = np.argsort(mapped < 0, axis=1, kind="stable")[:, :width]
    chosen = np.take_along_axis(mapped, order, axis=1)
    # A list cut short repeats its first neighbour, and a passage that lost all of them knows only
    # itself: neither makes an edge that was not there.
    lonely = chosen[:, 0] < 0
    chosen[lonely, 0] = np.flatnonzero(lonely).astype(np.int32)
    return np.where(chosen < 0, chosen[:, :1], chosen)
