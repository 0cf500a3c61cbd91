"""The picture of a result: a sample of its passages by theme; ``layout`` has the method."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.reading.passages import Passages
from analysis.pipeline.reading.prepare import LANGUAGES, ReadDocuments
from analysis.pipeline.types import MapPoint, MapTheme, PassageMap

from . import layout, neighbours
from .themes import Themes


def draw_map(
    read: ReadDocuments,
    passages: Passages,
    vectors: NDArray[np.float16],
    themes: Themes,
    *,
    seed: int,
) -> PassageMap | None:
    """A sample of the distinct passages and their themes on a plane; None without themes."""
    rows = passages.distinct.row
    tops = themes.top[rows] if len(rows) else rows
    if not (tops >= 0).any():
        return None
    shown = layout.chosen(tops, seed)
    spoken = [passages.distinct.language[i] for i in shown.tolist()]
    meaning = neighbours.centre(vectors[shown].astype(np.float32), spoken)
    labels, sizes = np.unique(tops[tops >= 0], return_counts=True)
    spots = layout.place(meaning, tops[shown], sizes.astype(np.float64), seed)
    code = {}
    for row in rows[shown].tolist():
        leaf = themes.code_of_leaf[int(themes.leaf[row])]
        code[int(themes.top[row])] = themes.parent_of[leaf] or leaf
    points = tuple(
        MapPoint(
            document_id=read.documents[passages.document[row]].id,
            start=int(passages.start[row]),
            language=LANGUAGES[passages.language[row]],
            theme=code[top],
            x=round(x, 4),
            y=round(y, 4),
        )
        for row, top, (x, y) in zip(
            rows[shown].tolist(), tops[shown].tolist(), spots.points.tolist(), strict=True
        )
    )
    discs = [
        MapTheme(code[label], round(x, 4), round(y, 4), round(radius, 4), n)
        for label, n, (x, y), radius in zip(
            labels.tolist(),
            sizes.tolist(),
            spots.centres.tolist(),
            spots.radii.tolist(),
            strict=True,
        )
    ]
    discs.sort(key=lambda disc: (-disc.passages, disc.code))
    return PassageMap(round(spots.height, 4), tuple(discs), points)
