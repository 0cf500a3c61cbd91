"""How far groups stand apart, and how far they would by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.pipeline.config import Config
from analysis.pipeline.vectors.embedder import Vectors

from .partitions import Labels
from .space import Space, space_of
from .ward import cut

# Rows on which silhouettes are taken.
_SILHOUETTE_ROWS = 1_500
# Corpora without themes drawn to know what chance does, and their most rows.
_SHAPELESS = 2
_SHAPELESS_ROWS = 600


def modularity(links: sparse.csr_matrix, labels: Labels) -> float:
    """Share of the weight that lies inside groups, less what chance would put there."""
    member = sparse.csr_matrix(
        (np.ones(len(labels), dtype=np.float32), (labels, np.arange(len(labels)))),
        shape=(int(labels.max(initial=-1)) + 1, len(labels)),
    )
    between = (member @ links @ member.T).toarray().astype(np.float64)
    total = max(float(between.sum()), 1e-12)
    return float(np.trace(between) / total - ((between.sum(axis=1) / total) ** 2).sum())


@dataclass(frozen=True, slots=True)
class Silhouettes:
    """Silhouettes on a fixed, even choice of rows: similarities are taken once for all levels.

    A row is compared with rows of other answers only: ``same`` marks those of its own, itself among
    them, whose similarity is put to 0.
    """

    chosen: NDArray[np.int64]
    similar: Vectors
    same: sparse.csr_matrix

    @classmethod
    def of(cls, rows: Vectors, answers: Labels) -> Silhouettes:
        chosen = np.linspace(0, len(rows) - 1, min(len(rows), _SILHOUETTE_ROWS)).astype(np.int64)
        own = np.unique(answers[chosen], return_inverse=True)[1]
        member = sparse.csr_matrix(
            (np.ones(len(own), dtype=np.float32), (np.arange(len(own)), own))
        )
        same = (member @ member.T).tocsr()
        similar = rows[chosen] @ rows[chosen].T
        similar[same.nonzero()] = 0
        return cls(chosen, similar, same)

    def __call__(self, labels: Labels) -> float:
        """Mean silhouette by cosine, in [-1, 1]; 0 for one group. Who has no company counts 0."""
        inside = np.flatnonzero(labels[self.chosen] >= 0)
        kinds, own = np.unique(labels[self.chosen[inside]], return_inverse=True)
        if len(kinds) < 2:
            return 0.0
        here = np.arange(len(inside))
        member = np.zeros((len(inside), len(kinds)), dtype=np.float32)
        member[here, own] = 1
        similar, same = self.similar, self.same
        if len(inside) < len(self.chosen):
            similar, same = similar[inside][:, inside], same[inside][:, inside]
        counts = member.sum(axis=0) - same @ member
        distance = np.where(counts > 0, 1 - (similar @ member) / np.maximum(counts, 1), np.inf)
        mine = distance[here, own]
        distance[here, own] = np.inf
        nearest_other = distance.min(axis=1)
        known = np.isfinite(mine) & np.isfinite(nearest_other)
        mine, nearest_other = mine[known], nearest_other[known]
        value = (nearest_other - mine) / np.maximum(np.maximum(nearest_other, mine), 1e-9)
        return float(value.sum() / len(inside))


def by_chance(space: Space, number: int, config: Config) -> float:
    """Mean separation of as many groups in corpora that have the same spread but no themes.

    Rows drawn from one normal cloud with the corpus's own covariance, grouped the same way: near
    neighbours, and groups of them, are found in anything (Sarle 1983; Liu et al. 2008, "Statistical
    significance of clustering").
    """
    spread = space.rows.T @ space.rows / len(space.rows)
    values, directions = np.linalg.eigh(spread.astype(np.float64))
    axes = (directions * np.sqrt(np.maximum(values, 0))).T
    n = min(len(space.rows), _SHAPELESS_ROWS)
    found: list[float] = []
    for turn in range(_SHAPELESS):
        drawn = np.random.default_rng([0, turn]).standard_normal((n, len(values))) @ axes
        cloud = space_of(drawn.astype(np.float32), np.arange(n), config)
        labels = cut(cloud.smooth, min(number, n // 2))
        found.append(Silhouettes.of(cloud.rows, cloud.answers)(labels))
    return float(np.mean(found))
