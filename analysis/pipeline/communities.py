"""Communities of the passage graph, at the granularity the corpus itself supports.

Leiden (Traag, Waltman and van Eck 2019) on modularity with a resolution: no number of themes is
asked for. No one resolution fits every corpus, so several are tried and judged without labels.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import igraph
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from .config import Config
from .embedders import Vectors, unit
from .neighbours import Graph, nearest, shared_neighbours

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grouping:
    """Two levels of themes over n passages.

    ``leaf`` and ``top`` are (n,) labels from 0, -1 for a passage that fits no theme; every leaf
    lies in one top theme. ``fits`` is 1 when the top level is the one the corpus supports and 2
    when it is the leaves. ``stability`` of the run and ``theme_stability`` of each top theme are
    in [0, 1].
    """

    leaf: Labels
    top: Labels
    fits: int
    resolution: float
    stability: float
    theme_stability: tuple[float, ...]


def leiden(graph: Graph, resolution: float, seed: int) -> Labels:
    """Labels (n,) of the communities at that resolution, largest community first.

    The same graph, resolution and seed give the same labels in every process.
    """
    made = igraph.Graph(
        n=graph.n, edges=np.column_stack([graph.first, graph.second]).tolist(), directed=False
    )
    # igraph draws from Python's generator; ours is its own, so nobody else's draws disturb it.
    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 - not a secret
    try:
        found = made.community_leiden(
            objective_function="modularity",
            weights=graph.weight.tolist(),
            resolution=resolution,
            n_iterations=5,
        )
    finally:
        igraph.set_random_number_generator(random)
    return by_size(np.asarray(found.membership, dtype=np.int64))


def by_size(labels: Labels) -> Labels:
    """The same partition numbered from the largest group; ties by first member. -1 stays."""
    result = np.full(len(labels), -1, dtype=np.int64)
    values, starts, counts = np.unique(labels, return_index=True, return_counts=True)
    ranked = sorted(
        (int(-c), int(s), int(v)) for v, s, c in zip(values, starts, counts, strict=True) if v >= 0
    )
    for rank, (_, _, value) in enumerate(ranked):
        result[labels == value] = rank
    return result


def centroids(rows: Vectors, labels: Labels, weights: NDArray[np.float64] | None = None) -> Vectors:
    """(number of labels, d) unit means of the rows of each label from 0."""
    k = int(labels.max(initial=-1)) + 1
    result = np.zeros((k, rows.shape[1]), dtype=np.float64)
    inside = labels >= 0
    factor = np.ones(len(rows)) if weights is None else weights
    np.add.at(result, labels[inside], rows[inside] * factor[inside, None])
    return unit(result.astype(np.float32))


def resampled(
    lists: NDArray[np.int32], labels: Labels, resolution: float, k: int, config: Config
) -> tuple[float, NDArray[np.float64]]:
    """How well ``labels`` come back when a share of the passages is left out.

    ``lists`` are neighbour lists longer than k, so that those of the kept passages can be had
    without computing similarities again. Returns the mean adjusted Rand index, and for each label
    the mean over resamplings of its best Jaccard match (Hennig 2007).
    """
    n = len(labels)
    count = int(labels.max(initial=-1)) + 1
    agreements: list[float] = []
    matches = np.zeros(count)
    for turn in range(config.resamples):
        generator = np.random.default_rng([config.seed, turn])
        kept = np.sort(generator.permutation(n)[: max(2, round(n * config.resample_share))])
        again = leiden(_restricted(lists, kept, k), resolution, config.seed + turn + 1)
        before = labels[kept]
        agreements.append(float(adjusted_rand_score(before, again)))
        table = np.zeros((count + 1, int(again.max(initial=0)) + 1))
        np.add.at(table, (before, again), 1)
        table = table[:count]
        union = table.sum(1, keepdims=True) + np.bincount(again)[None, :] - table
        matches += (table / np.maximum(union, 1)).max(axis=1)
    turns = max(config.resamples, 1)
    return float(np.mean(agreements)) if agreements else 0.0, matches / turns


def _restricted(lists: NDArray[np.int32], kept: NDArray[np.int64], k: int) -> Graph:
    """The shared-neighbour graph of the kept passages alone."""
    new = np.full(len(lists), -1, dtype=np.int32)
    new[kept] = np.arange(len(kept), dtype=np.int32)
    mapped = new[lists[kept]]
    k = min(k, max(1, len(kept) - 1))
    order = np.argsort(mapped < 0, axis=1, kind="stable")[:, :k]
    chosen = np.take_along_axis(mapped, order, axis=1)
    # A list cut short by the resampling repeats its first neighbour: no new edge comes of it.
    short = chosen < 0
    chosen[short] = np.broadcast_to(chosen[:, :1], chosen.shape)[short]
    lonely = chosen[:, 0] < 0
    chosen[lonely] = np.flatnonzero(lonely)[:, None].astype(np.int32)
    return shared_neighbours(chosen)


def group(rows: Vectors, config: Config) -> Grouping:
    """Themes of the passages with features ``rows`` (n, d), on two levels."""
    n = len(rows)
    k = min(config.neighbours, max(2, n // 4))
    lists = nearest(rows, min(n - 1, k * 2))
    graph = shared_neighbours(lists[:, :k])
    best: tuple[float, float, Labels, NDArray[np.float64]] | None = None
    for resolution in config.resolutions:
        labels = leiden(graph, resolution, config.seed)
        if labels.max() < 1:
            continue
        stability, matches = resampled(lists, labels, resolution, k, config)
        if best is None or stability > best[0] + 0.02:
            best = (stability, resolution, labels, matches)
    if best is None:
        zero = np.zeros(n, dtype=np.int64)
        return Grouping(zero, zero, 1, 1.0, 0.0, (0.0,))
    stability, resolution, labels, matches = best
    return Grouping(labels, labels, 1, resolution, stability, tuple(matches.tolist()))
