"""What comes back of themes and their parts when a share of the answers is left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from analysis.pipeline.config import Config
from analysis.pipeline.workers import spread_where_cheap

from .partitions import Labels
from .space import Space, without
from .ward import cut

# Passages from which several processes resample in less time than one.
_SPREAD_FROM = 2_000


def _left(answers: Labels, config: Config) -> list[NDArray[np.int64]]:
    """The passages that are left without a share of the answers, ``resamples`` times: the same
    ones every time.
    """
    kinds, answer = np.unique(answers, return_inverse=True)
    number = max(2, round(len(kinds) * config.resample_share))
    found = []
    for turn in range(config.resamples):
        chosen = np.zeros(len(kinds), dtype=bool)
        chosen[np.random.default_rng([0, turn]).permutation(len(kinds))[:number]] = True
        found.append(np.flatnonzero(chosen[answer]))
    return found


@dataclass(frozen=True, slots=True)
class Doubt:
    """What came back when answers were left out: of the level, of each theme, of the themes that
    have parts, and of each part. Shares in [0, 1].
    """

    agreement: float
    themes: NDArray[np.float64]
    split: dict[int, float]
    parts: dict[int, NDArray[np.float64]]


def doubted(
    space: Space, labels: Labels, number: int, parts: dict[int, Labels], config: Config
) -> Doubt:
    """How well themes and parts come back when a share of the answers is left out.

    The mean adjusted Rand index of the level, and of the parts of each theme that has some; for
    each theme and part the mean of its best match.
    """
    pieces = [(space, kept, labels, number, parts, config) for kept in _left(space.answers, config)]
    many = len(labels) >= _SPREAD_FROM
    doubts = list(spread_where_cheap(_doubt, pieces, config.processes, enough=many))
    turns = max(len(doubts), 1)
    themes = np.zeros(int(labels.max(initial=-1)) + 1)
    return Doubt(
        sum(doubt.agreement for doubt in doubts) / turns,
        sum((doubt.themes for doubt in doubts), themes) / turns,
        {theme: sum(doubt.split[theme] for doubt in doubts) / turns for theme in parts},
        {
            theme: sum((d.parts[theme] for d in doubts), np.zeros(int(own.max()) + 1)) / turns
            for theme, own in parts.items()
        },
    )


def _doubt(
    piece: tuple[Space, NDArray[np.int64], Labels, int, dict[int, Labels], Config],
) -> Doubt:
    """What comes back where only some passages are left."""
    space, kept, labels, number, parts, config = piece
    smooth = without(space, kept, config)
    found, before = cut(smooth, number), labels[kept]
    inside = before >= 0
    split: dict[int, float] = {}
    of_parts: dict[int, NDArray[np.float64]] = {}
    for theme, own in parts.items():
        everyone = np.full(len(labels), -1, dtype=np.int64)
        everyone[labels == theme] = own
        mine = np.flatnonzero(before == theme)
        count = int(own.max()) + 1
        again = cut(smooth[mine], count)
        split[theme] = float(adjusted_rand_score(everyone[kept[mine]], again))
        of_parts[theme] = _matches(everyone[kept[mine]], again, count)
    return Doubt(
        float(adjusted_rand_score(before[inside], found[inside])),
        _matches(before, found, int(labels.max(initial=-1)) + 1),
        split,
        of_parts,
    )


def _matches(before: Labels, found: Labels, count: int) -> NDArray[np.float64]:
    """(count,) Jaccard similarity of each label of ``before`` with the group most like it.

    Hennig 2007, "Cluster-wise assessment of cluster stability".
    """
    inside = before >= 0
    table = np.zeros((count, int(found.max(initial=0)) + 1))
    np.add.at(table, (before[inside], found[inside]), 1)
    union = table.sum(axis=1, keepdims=True) + np.bincount(found)[None, :] - table
    result: NDArray[np.float64] = (table / np.maximum(union, 1)).max(axis=1)
    return result
