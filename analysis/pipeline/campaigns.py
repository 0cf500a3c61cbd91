"""Letters: answers that share most of their words, put together and counted.

An organised letter is sent a thousand times, with a greeting added, a sentence dropped, paragraphs
moved. One copy is analysed and carries the weight of all; what people added of their own is kept.

Two texts are the same letter when at least half of the shorter one's three-word shingles are in
the other (containment, as Yang and Callan 2005 do for rule-making comments; Jaccard similarity
loses the people who added most). Candidates come from MinHash (Broder 1997); every pair is then
checked on the real shingles. Groups are stars: each copy is compared with the centre of its group,
never only with another copy, so that a chain of half-similar letters does not become one letter.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .config import Config
from .normalise import WORD, key

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Letters:
    """Groups of indices, largest first, then by first index. Each has its centre first."""

    groups: tuple[tuple[int, ...], ...]


def shingles(text: str, n: int) -> frozenset[int]:
    """Hashes of the n-word shingles of ``text``; empty when it has fewer than n words."""
    tokens = [zlib.crc32(word.encode()) for word in WORD.findall(key(text))]
    return frozenset(hash_shingles(np.asarray(tokens, dtype=np.uint64), n).tolist())


def hash_shingles(tokens: Hashes, n: int) -> Hashes:
    """The distinct hashes of every run of n tokens, sorted. Same in every process."""
    if len(tokens) < n:
        return np.zeros(0, dtype=np.uint64)
    mixed = np.zeros(len(tokens) - n + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for offset in range(n):
            mixed = (
                mixed * np.uint64(0x9E3779B97F4A7C15)
                + tokens[offset : len(tokens) - n + 1 + offset]
            )
            mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(32)
    return np.unique(mixed)


def find(texts: Sequence[str], config: Config) -> Letters:
    """Letters among ``texts`` (masked or not), as groups of indices of at least
    ``campaign_minimum_size``.

    The order of ``texts`` does not change who is with whom as long as it is the same set.
    """
    # Exact copies first (after normalising): one of each is compared.
    by_key: dict[str, list[int]] = defaultdict(list)
    keys = [key(text) for text in texts]
    for index, normal in enumerate(keys):
        by_key[normal].append(index)
    distinct = sorted(by_key)
    vocabulary: dict[str, int] = {}
    rows: list[Hashes] = []
    for normal in distinct:
        tokens = []
        for word in normal.split(" "):
            value = vocabulary.get(word)
            if value is None:
                value = vocabulary[word] = zlib.crc32(word.encode())
            tokens.append(value)
        rows.append(
            hash_shingles(np.asarray(tokens, dtype=np.uint64), config.campaign_shingle_words)
        )
    long = [i for i, row in enumerate(rows) if len(row) >= config.campaign_minimum_shingles]
    stars = _stars([rows[i] for i in long], [len(by_key[distinct[i]]) for i in long], config)
    groups: list[tuple[int, ...]] = []
    for star in stars:
        members = [index for i in star for index in by_key[distinct[long[i]]]]
        if len(members) >= config.campaign_minimum_size:
            centre = by_key[distinct[long[star[0]]]][0]
            groups.append((centre, *sorted(index for index in members if index != centre)))
    groups.sort(key=lambda group: (-len(group), keys[group[0]]))
    return Letters(tuple(groups))


def _stars(rows: list[Hashes], weights: list[int], config: Config) -> list[list[int]]:
    """Groups of rows, each with its centre first; rows alone are groups of one."""
    n = len(rows)
    if n == 0:
        return []
    matrix = _incidence(rows)
    sizes = np.asarray([len(row) for row in rows])
    first, second = _candidates(rows, config)
    if len(first):
        shared = _overlap(matrix, first, second)
        keep = shared >= _needed(np.minimum(sizes[first], sizes[second]), config)
        first, second = first[keep], second[keep]
    graph = sparse.coo_matrix((np.ones(len(first)), (first, second)), shape=(n, n))
    _, component = sparse.csgraph.connected_components(graph, directed=False)
    members: dict[int, list[int]] = defaultdict(list)
    for i, c in enumerate(component.tolist()):
        members[c].append(i)
    degree = np.bincount(first, minlength=n) + np.bincount(second, minlength=n)
    stars: list[list[int]] = []
    for group in members.values():
        left = group
        while left:
            if len(left) == 1:
                stars.append(left)
                break
            centre = max(left, key=lambda i: (weights[i] + degree[i], sizes[i], -i))
            others = np.asarray([i for i in left if i != centre])
            shared = np.asarray((matrix[others] @ matrix[centre].T).todense()).ravel()
            near = shared >= _needed(np.minimum(sizes[others], sizes[centre]), config)
            stars.append([centre, *others[near].tolist()])
            left = others[~near].tolist()
    return stars


def _needed(shorter: NDArray[np.int64], config: Config) -> NDArray[np.float64]:
    """Shingles two texts must share, from the size of the shorter one.

    ``campaign_containment`` of a text of 20 shingles or more; rising to four fifths of the shortest
    ones, because people who ask the same short question use the same few words.
    """
    least = config.campaign_minimum_shingles
    short = np.clip((20 - shorter) / max(20 - least, 1), 0.0, 1.0)
    share = config.campaign_containment + (0.8 - config.campaign_containment) * short
    needed: NDArray[np.float64] = np.maximum(share, config.campaign_containment) * shorter
    return needed


def _incidence(rows: list[Hashes]) -> sparse.csr_matrix:
    """Texts by shingles, ones where a text has a shingle."""
    lengths = np.asarray([len(row) for row in rows])
    values = np.concatenate(rows) if len(rows) else np.zeros(0, dtype=np.uint64)
    _, columns = np.unique(values, return_inverse=True)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return sparse.csr_matrix(
        (np.ones(len(values), dtype=np.float32), columns, starts),
        shape=(len(rows), int(columns.max(initial=-1)) + 1),
    )


def _overlap(
    matrix: sparse.csr_matrix, first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Shingles shared by each pair, in blocks so that memory stays flat."""
    parts = [
        np.asarray(
            matrix[first[start : start + 20_000]]
            .multiply(matrix[second[start : start + 20_000]])
            .sum(axis=1)
        ).ravel()
        for start in range(0, len(first), 20_000)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def _candidates(rows: list[Hashes], config: Config) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of rows that agree in several MinHash values, each pair once."""
    n = len(rows)
    generator = np.random.default_rng(20_05)
    signature = np.empty((n, config.campaign_permutations), dtype=np.uint64)
    values = np.concatenate(rows)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])[:-1]])
    with np.errstate(over="ignore"):
        for column in range(config.campaign_permutations):
            a = np.uint64(generator.integers(1, 1 << 63) | 1)
            b = np.uint64(generator.integers(0, 1 << 63))
            permuted = (values * a + b) ^ ((values * a + b) >> np.uint64(31))
            signature[:, column] = np.minimum.reduceat(permuted * a, starts)
    codes: list[NDArray[np.int64]] = []
    for column in range(config.campaign_permutations):
        order = np.argsort(signature[:, column], kind="stable")
        ordered = signature[order, column]
        same = ordered[1:] == ordered[:-1]
        if not same.any():
            continue
        # Each bucket's first row is paired with all others, and each row with the next one.
        head = np.maximum.accumulate(np.where(np.concatenate([[True], ~same]), np.arange(n), 0))
        at = np.flatnonzero(same) + 1
        for left in (order[head[at]], order[at - 1]):
            low, high = np.minimum(left, order[at]), np.maximum(left, order[at])
            codes.append(np.unique(low.astype(np.int64) * n + high))
    if not codes:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty
    pairs = np.unique(np.concatenate(codes))
    first, second = pairs // n, pairs % n
    return first, second


def pair_counts(groups: Sequence[Sequence[int]]) -> int:
    """How many pairs of texts the groups put together."""
    return sum(len(group) * (len(group) - 1) // 2 for group in groups)


def weights_of(letters: Letters, n: int) -> Counter[int]:
    """Texts each index stands for: the size of its letter for a centre, 1 otherwise."""
    weight = Counter(dict.fromkeys(range(n), 1))
    for group in letters.groups:
        weight[group[0]] = len(group)
    return weight
