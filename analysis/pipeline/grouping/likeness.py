"""The order in which answers that are too few to group are read: those most alike side by side.

Average linkage over the cosine of their meaning, and of all orders of its leaves the one in which
neighbours are nearest (Bar-Joseph, Gifford and Jaakkola 2001).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import leaves_list, linkage

from analysis.pipeline.reading.passages import Passages
from analysis.pipeline.reading.prepare import ReadDocuments

from .neighbours import centre


def by_likeness(
    read: ReadDocuments, passages: Passages, vectors: NDArray[np.float16]
) -> tuple[str, ...]:
    """The ids of the documents analysed. ``vectors`` (n, d) are of the distinct passages.

    A document stands where its first passage does; one with none of its own comes last.
    """
    n = len(vectors)
    order = np.arange(n)
    if n > 2:
        rows = centre(vectors.astype(np.float32), passages.distinct.language)
        order = leaves_list(linkage(rows, "average", metric="cosine", optimal_ordering=n <= 2_000))
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    source = np.where(passages.copy_of >= 0, passages.copy_of, np.arange(len(passages)))
    node = passages.node[source]
    first: dict[int, int] = {}
    for document, own in zip(passages.document.tolist(), node.tolist(), strict=True):
        if own >= 0:
            first.setdefault(document, int(place[own]))
    ranked = sorted(read.analysed, key=lambda i: (first.get(i, n), i))
    return tuple(read.documents[i].id for i in ranked)
