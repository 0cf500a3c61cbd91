"""From vectors to a graph of passages that share their neighbours.

1. Subtract each language's mean: what all French texts have in common is being French, and that
   must not decide. Means of few texts are noise and are pulled towards the common one.
2. Beside meaning, a share of word-likeness (tf-idf of 3-5 characters, reduced by SVD) *within* a
   language: it helps where a consultation has one narrow subject. Where there are two languages,
   each one's mean is subtracted here too.
3. Keep the main directions, and find k nearest neighbours by cosine, exact, in blocks.
4. Weight of an edge: the Jaccard similarity of the two neighbourhoods (Jarvis and Patrick 1973).
   Two passages that know the same passages belong together; hubs and outliers lose their weight.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import eigh
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.pipeline.config import Config
from analysis.pipeline.reading.normalise import clean, split_elisions
from analysis.pipeline.types import OFFICIAL_LANGUAGES, Language
from analysis.pipeline.vectors.embedder import Vectors, unit
from analysis.pipeline.workers import spread_where_cheap

# Texts of a language whose mean is trusted as much as the mean of all texts.
_PRIOR_TEXTS = 20
_BLOCK = 1024
# Texts of each language from which two processes read them in less time than one.
_SPREAD_FROM = 2_000
# Columns whose maximum is taken together when the nearest are looked for, and how many times as
# many as are wanted may be left to sort.
_GROUP = 16
_CROWD = 64
# Two passages that share one neighbour of fifteen share it by chance.
_MINIMUM_JACCARD = 1 / 15
# The directions that matter are found on this many rows: more change no neighbour.
_BASIS_ROWS = 5_000
# Different runs of letters kept, the most common first.
_LETTER_RUNS = 50_000
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Graph:
    """An undirected weighted graph: each edge once, ``first < second``; weights in (0, 1]."""

    n: int
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    weight: NDArray[np.float64]


def centre(vectors: Vectors, languages: Sequence[Language]) -> Vectors:
    """(n, d) unit rows after subtracting the mean of each row's language.

    Texts of undetermined language lose the mean of all texts.
    """
    codes = np.asarray([language.value for language in languages])
    centred = vectors.astype(np.float32, copy=True)
    if not len(centred):
        return centred
    overall = vectors.mean(axis=0, dtype=np.float64)
    for code in sorted(set(codes.tolist())):
        here = codes == code
        if code in OFFICIAL_LANGUAGES:
            own = vectors[here].sum(axis=0, dtype=np.float64)
            mean = (own + _PRIOR_TEXTS * overall) / (int(here.sum()) + _PRIOR_TEXTS)
        else:
            mean = overall
        centred[here] -= mean.astype(np.float32)
    return unit(centred)


def features(
    meaning: Vectors, texts: Sequence[str], languages: Sequence[Language], config: Config
) -> Vectors:
    """Centred ``meaning`` and, within a language, words: (n, d + e) float32 rows.

    Their dot product is ``cosine + lexical_share * tf-idf cosine`` for two texts of one language
    and ``cosine`` for two of different ones. Where there are two languages, words are centred as
    meaning is: all texts of one are alike in being written in it.
    """
    if config.lexical_share == 0:
        return meaning
    blocks = [meaning]
    codes = np.asarray([language.value for language in languages])
    spoken = [np.flatnonzero(codes == language.value) for language in OFFICIAL_LANGUAGES]
    pieces = [([texts[i] for i in rows.tolist()], config) for rows in spoken]
    both = min(map(len, spoken)) >= _SPREAD_FROM
    found = list(spread_where_cheap(_word_likeness, pieces, config.processes, enough=both))
    two = all(words is not None for words in found)
    for rows, words in zip(spoken, found, strict=True):
        if words is not None:
            if two:
                words = unit(words - words.mean(axis=0))
            block = np.zeros((len(texts), words.shape[1]), dtype=np.float32)
            block[rows] = words * np.float32(np.sqrt(config.lexical_share))
            blocks.append(block)
    return np.hstack(blocks)


def _word_likeness(piece: tuple[Sequence[str], Config]) -> Vectors | None:
    """(n, e) unit rows whose dot product is near the tf-idf cosine of runs of 3 to 5 letters.

    None where nothing occurs twice. Runs are counted once for each different word, not for each
    text, which gives the same counts at a quarter of the time; the plane to which they are reduced
    is found on at most ``_BASIS_ROWS`` texts. The start of that search is fixed, whatever the seed.
    """
    texts, config = piece
    if len(texts) < 10:
        return None
    counts = letter_runs(texts)
    common = np.bincount(counts.indices, minlength=counts.shape[1])
    frequent = np.flatnonzero(common >= 2)
    if len(frequent) > _LETTER_RUNS:
        frequent = np.sort(frequent[np.argsort(-common[frequent], kind="stable")[:_LETTER_RUNS]])
    dimensions = min(config.lexical_dimensions, len(frequent) - 1, len(texts) - 1)
    if dimensions < 2:
        return None
    matrix = TfidfTransformer(sublinear_tf=True).fit_transform(counts[:, frequent])
    reduced = (
        TruncatedSVD(dimensions, n_iter=2, random_state=0)
        .fit(matrix[even_rows(len(texts))])
        .transform(matrix)
    )
    return unit(reduced.astype(np.float32))


def letter_runs(texts: Sequence[str]) -> sparse.csr_matrix:
    """(n, r) counts of the runs of 3 to 5 letters inside the words of each text."""
    numbers: dict[str, int] = {}
    inside: list[int] = []
    ends = [0]
    for text in texts:
        inside += [numbers.setdefault(word, len(numbers)) for word in _WORD.findall(_plain(text))]
        ends.append(len(inside))
    words = sparse.csr_matrix(
        (np.ones(len(inside), dtype=np.float32), np.asarray(inside, dtype=np.int32), ends),
        shape=(len(texts), len(numbers)),
    )
    runs: dict[str, int] = {}
    inside, ends = [], [0]
    for word in numbers:
        padded = f" {word} "
        for length in range(3, 6):
            inside += [
                runs.setdefault(padded[start : start + length], len(runs))
                for start in range(max(1, len(padded) - length + 1))
            ]
            if len(padded) <= length:
                break
        ends.append(len(inside))
    parts = sparse.csr_matrix(
        (np.ones(len(inside), dtype=np.float32), np.asarray(inside, dtype=np.int32), ends),
        shape=(len(numbers), len(runs)),
    )
    counts = (words @ parts).tocsr()
    counts.sum_duplicates()
    return counts


def _plain(text: str) -> str:
    return split_elisions(clean(text)).lower()


def even_rows(n: int) -> NDArray[np.int64]:
    """At most ``_BASIS_ROWS`` of n rows, evenly spaced."""
    return np.linspace(0, n - 1, min(n, _BASIS_ROWS)).astype(np.int64)


def principal(rows: Vectors, dimensions: int) -> Vectors:
    """(n, <= dimensions) unit rows: the directions in which the rows say most.

    Found on at most ``_BASIS_ROWS`` rows. Fewer columns make less noise between near neighbours,
    and every later step costs in proportion.
    """
    if dimensions >= min(rows.shape):
        return unit(rows)
    some = rows[even_rows(len(rows))].astype(np.float64)
    last = rows.shape[1] - 1
    _, directions = eigh(some.T @ some, subset_by_index=(last - dimensions + 1, last))
    return unit(rows @ directions.astype(np.float32))


def nearest(
    rows: Vectors, k: int, *, processes: int = 1, sides: Vectors | None = None
) -> NDArray[np.int32]:
    """(n, k) indices of each row's k nearest other rows by dot product, nearest first.

    With ``sides`` (n,) the product of two rows' sides is taken away from their similarity: rows of
    opposite sides come nearer.

    Exact, O(n²) time, O(n) memory. Equal similarities are ordered by index. ``processes`` share
    the work of many rows; 0 means one for each core.
    """
    n = len(rows)
    sought = rows
    if sides is not None:
        rows, sought = np.column_stack([rows, -sides]), np.column_stack([rows, sides])
    k = min(k, n - 1)
    if k <= 0:
        return np.empty((n, 0), dtype=np.int32)
    step = _BLOCK * max(1, n // (4 * _BLOCK))
    pieces = [(rows, sought, start, min(start + step, n), k) for start in range(0, n, step)]
    many = n >= 4 * _SPREAD_FROM
    return np.concatenate(list(spread_where_cheap(_nearest, pieces, processes, enough=many)))


def _nearest(piece: tuple[Vectors, Vectors, int, int, int]) -> NDArray[np.int32]:
    """The neighbour lists, among those sought, of the rows from one number to another."""
    rows, sought, begin, end, k = piece
    result = np.empty((end - begin, k), dtype=np.int32)
    for start in range(begin, end, _BLOCK):
        block = rows[start : min(start + _BLOCK, end)] @ sought.T
        here = np.arange(len(block))
        block[here, start + here] = -np.inf
        result[start - begin : start - begin + len(block)] = _largest(block, k)
    return result


def _largest(block: Vectors, k: int) -> NDArray[np.int64]:
    """(b, k) columns of the k largest values of each row, largest first; ties by column.

    The k-th largest of the maxima of groups of columns is a floor for the k-th largest value: few
    columns are over it, and only those are sorted. Four times as fast as partitioning whole rows.
    """
    b, n = block.shape
    groups = n // _GROUP
    if groups < 2 * k:
        return np.argsort(-block, axis=1, kind="stable")[:, :k]
    # Column c is in group c modulo the number of groups: maxima of whole stretches at a time.
    maxima = block[:, :groups].copy()
    for turn in range(1, _GROUP):
        np.maximum(maxima, block[:, turn * groups : (turn + 1) * groups], out=maxima)
    floor = np.partition(maxima, groups - k, axis=1)[:, groups - k]
    over = block >= floor[:, None]
    counts = np.count_nonzero(over, axis=1)
    found = np.empty((b, k), dtype=np.int64)
    # Where all are alike, all are at the floor: such rows are sorted one by one.
    crowded = counts > _CROWD * k
    for alike in np.flatnonzero(crowded).tolist():
        found[alike] = np.argsort(-block[alike], kind="stable")[:k]
    over[crowded] = False
    row, column = np.nonzero(over)
    order = np.lexsort((column, -block[row, column], row))
    begins = np.cumsum(np.where(crowded, 0, counts)) - counts
    plain = np.flatnonzero(~crowded)
    found[plain] = column[order[begins[plain, None] + np.arange(k)]]
    return found


def shared_neighbours(neighbours: NDArray[np.int32], ks: Sequence[int]) -> Graph:
    """The graph of (n, >= max(ks)) neighbour lists: mean of the Jaccard weights at each k.

    Short lists see the fine grain, long ones the broad; their mean needs no choice between them
    and was better than any single k on the evaluation sets.
    """
    n = len(neighbours)
    total: sparse.csr_matrix | None = None
    for k in ks:
        one = _jaccard(neighbours[:, :k])
        total = one if total is None else total + one
    if total is None or total.nnz == 0:
        empty = np.zeros(0, dtype=np.int64)
        return Graph(n, empty, empty, np.zeros(0))
    total = total.tocsr()
    total.sort_indices()
    edges = total.tocoo()
    return Graph(
        n,
        edges.row.astype(np.int64),
        edges.col.astype(np.int64),
        np.round(edges.data / len(ks), 9),
    )


def _jaccard(neighbours: NDArray[np.int32]) -> sparse.csr_matrix:
    """Upper triangle of the Jaccard similarity of neighbourhoods, where one knows the other."""
    n, k = neighbours.shape
    if n == 0 or k == 0:
        return sparse.csr_matrix((n, n))
    ones = np.ones(n * k, dtype=np.float32)
    lists = sparse.csr_matrix((ones, neighbours.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    lists = (lists + sparse.eye(n, format="csr", dtype=np.float32)).tocsr()
    lists.data[:] = 1.0
    adjacent = sparse.triu(lists + lists.T, 1).tocoo()
    first, second = adjacent.row, adjacent.col
    shared = np.concatenate(
        [
            np.asarray(
                lists[first[s : s + 100_000]].multiply(lists[second[s : s + 100_000]]).sum(axis=1)
            ).ravel()
            for s in range(0, max(len(first), 1), 100_000)
        ]
    )
    weight = shared / (2 * (k + 1) - shared)
    keep = weight > _MINIMUM_JACCARD
    return sparse.csr_matrix(
        (weight[keep].astype(np.float64), (first[keep], second[keep])), shape=(n, n)
    )
