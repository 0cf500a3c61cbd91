"""From clusters of distinct passages to themes of all passages, with their codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.config import Config
from analysis.pipeline.reading.passages import Passages

from .clusters import Clusters, Floats
from .partitions import Labels


@dataclass(frozen=True, slots=True)
class Themes:
    """The themes of p passages.

    ``leaf`` and ``top`` (p,) number the most specific theme of each and the one above it, -1 for
    none; ``code_of_leaf`` gives a leaf's code, or that of its top theme where it is shown whole.
    ``score``, ``border`` and ``centrality`` (p,) are in [0, 1]. By code: ``members`` (passages,
    ascending), ``parent_of`` (a code or None), ``stability_of`` in [0, 1]; ``likeness_of``, how
    alike its passages are, 1 for the mean of the run; empty where themes were given beforehand.

    Where the themes were given beforehand, ``emergent`` are the codes of those that were not, and
    ``also`` tells by passage which other themes it is in, with how sure that is.
    """

    leaf: Labels
    top: Labels
    score: Floats
    border: Floats
    centrality: Floats
    code_of_leaf: Mapping[int, str]
    parent_of: Mapping[str, str | None]
    stability_of: Mapping[str, float]
    members: Mapping[str, Labels]
    likeness_of: Mapping[str, float] = field(default_factory=dict)
    emergent: tuple[str, ...] = ()
    also: Mapping[int, Sequence[tuple[str, float]]] = field(default_factory=dict)

    def border_of(self, code: str) -> float:
        """How near the passages of a theme stand to others on average, in [0, 1]."""
        members = self.members[code]
        return float(np.mean(self.border[members])) if len(members) else 0.0


def of_passages(values: Floats, node: Labels) -> Floats:
    """(p,) the value of each passage's node; 0 for a passage that is no node."""
    found = values[np.maximum(node, 0)] if len(values) else np.zeros(len(node))
    result: Floats = np.where(node >= 0, found, 0.0)
    return result


def themes_of(clusters: Clusters, passages: Passages, config: Config) -> Themes:
    """The themes of all passages: copies follow their letter, small themes are none.

    Codes are given by size, the largest first.
    """
    node, parent = passages.node, clusters.parent
    leaf = np.where(node >= 0, clusters.leaf[np.maximum(node, 0)] if len(clusters.leaf) else -1, -1)
    score = of_passages(clusters.score, node)
    copied = passages.copy_of >= 0
    leaf[copied] = leaf[passages.copy_of[copied]]
    score[copied] = score[passages.copy_of[copied]]
    top = np.where(leaf >= 0, parent[np.maximum(leaf, 0)] if len(parent) else -1, -1)
    top_size = _sizes(top, passages)
    small = {t for t, size in top_size.items() if size < config.theme_minimum_size}
    if small:
        gone = np.isin(top, sorted(small))
        leaf[gone] = -1
        top[gone] = -1
    leaf_size = _sizes(leaf, passages)
    code_of_leaf: dict[int, str] = {}
    parent_of: dict[str, str | None] = {}
    stability_of: dict[str, float] = {}
    likeness_of: dict[str, float] = {}
    members: dict[str, NDArray[np.int64]] = {}
    ranked = sorted(set(top[top >= 0].tolist()), key=lambda t: (-top_size[t], t))
    for rank, number in enumerate(ranked, start=1):
        code = f"T{rank}"
        parent_of[code] = None
        members[code] = np.flatnonzero(top == number)
        stability_of[code] = float(clusters.top_stability[number])
        likeness_of[code] = float(clusters.top_likeness[number])
        leaves = [x for x in np.flatnonzero(parent == number).tolist() if leaf_size[x]]
        leaves.sort(key=lambda x: (-leaf_size[x], x))
        # What is in no part that is shown is in the whole.
        code_of_leaf.update(dict.fromkeys(leaves, code))
        shown = [x for x in leaves if leaf_size[x] >= config.theme_minimum_size]
        if len(shown) < 2:
            continue
        for part, own in enumerate(shown, start=1):
            child = f"{code}.{part}"
            code_of_leaf[own] = child
            parent_of[child] = code
            members[child] = np.flatnonzero(leaf == own)
            stability_of[child] = float(clusters.leaf_stability[own])
            likeness_of[child] = float(clusters.leaf_likeness[own])
    return Themes(
        leaf=leaf,
        top=top,
        score=score,
        border=of_passages(clusters.border, node),
        centrality=of_passages(clusters.centrality, node),
        code_of_leaf=code_of_leaf,
        parent_of=parent_of,
        stability_of=stability_of,
        members=members,
        likeness_of=likeness_of,
    )


def _sizes(labels: Labels, passages: Passages) -> Counter[int]:
    """The documents of each label from 0."""
    inside = labels >= 0
    n = int(passages.document.max(initial=0)) + 1
    pairs = np.unique(labels[inside] * n + passages.document[inside])
    return Counter((pairs // n).tolist())
