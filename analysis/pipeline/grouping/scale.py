"""Very large corpora: a codebook from a sample, everything else assigned to it in blocks.

Building the graph is quadratic; assigning is linear. Above ``scale_over_passages`` distinct
passages the graph is built on a sample in which each language keeps its share (a small one keeps
at least a fifth, or all it has), and every other passage goes to the theme its nearest prototypes
belong to. Memory is that of the vectors (float16) and one block.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans

from analysis.pipeline.config import Config
from analysis.pipeline.types import OFFICIAL_LANGUAGES, Language
from analysis.pipeline.vectors.embedder import Vectors, unit

from .partitions import Labels

_BLOCK = 8192
# Prototypes of one theme: enough for its shapes, few enough for a million texts.
_PROTOTYPES = 12
_MEMBERS_PER_PROTOTYPE = 25


def sample(languages: Sequence[Language], config: Config) -> NDArray[np.int64]:
    """Sorted indices of the sample. Passages are in a fixed order, so it is the same every time."""
    codes = np.asarray([language.value for language in languages])
    n = len(codes)
    if n <= config.scale_over_passages:
        return np.arange(n)
    generator = np.random.default_rng([config.seed, n])
    chosen: list[NDArray[np.int64]] = []
    for code in sorted(set(codes.tolist())):
        rows = np.flatnonzero(codes == code)
        wanted = round(config.scale_sample * len(rows) / n)
        if code in OFFICIAL_LANGUAGES:
            wanted = max(wanted, config.scale_sample // 5)
        chosen.append(generator.permutation(rows)[: min(wanted, len(rows))])
    return np.sort(np.concatenate(chosen))


def language_means(
    vectors: NDArray[np.float16], languages: Sequence[Language]
) -> dict[str, NDArray[np.float32]]:
    """The mean to subtract for each language, in blocks; see ``neighbours.centre``."""
    codes = np.asarray([language.value for language in languages])
    sums: dict[str, NDArray[np.float64]] = {}
    counts: dict[str, int] = {}
    for start in range(0, len(codes), _BLOCK):
        block = vectors[start : start + _BLOCK].astype(np.float64)
        here = codes[start : start + _BLOCK]
        for code in sorted(set(here.tolist())):
            mine = block[here == code]
            sums[code] = sums.get(code, np.zeros(block.shape[1])) + mine.sum(axis=0)
            counts[code] = counts.get(code, 0) + len(mine)
    overall = np.sum(list(sums.values()), axis=0) / max(sum(counts.values()), 1)
    means: dict[str, NDArray[np.float32]] = {"": overall.astype(np.float32)}
    for code, total in sums.items():
        mean = overall
        if code in OFFICIAL_LANGUAGES:
            mean = (total + 20 * overall) / (counts[code] + 20)
        means[code] = mean.astype(np.float32)
    return means


def prototypes(meaning: Vectors, labels: Labels) -> tuple[Vectors, Labels]:
    """A few typical points of each theme: (p, d) unit rows and the (p,) label of each.

    The start of the search for them is fixed: no seed moves a passage's score, nor by it the main
    theme of an answer.
    """
    points: list[Vectors] = []
    owners: list[int] = []
    for label in range(int(labels.max(initial=-1)) + 1):
        rows = meaning[labels == label]
        count = int(np.clip(len(rows) // _MEMBERS_PER_PROTOTYPE, 1, _PROTOTYPES))
        if count == 1:
            found = rows.mean(axis=0, keepdims=True)
        else:
            found = (
                MiniBatchKMeans(count, random_state=0, n_init=1, batch_size=2048)
                .fit(rows)
                .cluster_centers_
            )
        points.append(found.astype(np.float32))
        owners += [label] * count
    return unit(np.vstack(points)), np.asarray(owners, dtype=np.int64)


def assign_blocks(
    vectors: NDArray[np.float16],
    languages: Sequence[Language],
    means: dict[str, NDArray[np.float32]],
    points: Vectors,
    owners: Labels,
) -> tuple[Labels, NDArray[np.float32], NDArray[np.float32]]:
    """For every passage: the nearest label, its similarity, and that of the next other label."""
    n = len(vectors)
    labels = np.empty(n, dtype=np.int64)
    best = np.empty(n, dtype=np.float32)
    second = np.empty(n, dtype=np.float32)
    k = int(owners.max(initial=-1)) + 1
    order = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[order], np.arange(k))
    arranged = points[order].T.copy()
    codes = [language.value for language in languages]
    for start in range(0, n, _BLOCK):
        block = vectors[start : start + _BLOCK].astype(np.float32)
        block -= np.stack([means.get(c, means[""]) for c in codes[start : start + _BLOCK]])
        similar = unit(block) @ arranged
        by_label = np.maximum.reduceat(similar, starts, axis=1)
        here = np.arange(len(block))
        chosen = by_label.argmax(axis=1)
        labels[start : start + _BLOCK] = chosen
        best[start : start + _BLOCK] = by_label[here, chosen]
        by_label[here, chosen] = -1.0
        second[start : start + _BLOCK] = by_label.max(axis=1) if k > 1 else -1.0
    return labels, best, second
