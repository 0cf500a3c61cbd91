"""How far apart two languages stand that speak of the same, and when that is corrected.

Where both languages speak of the same subjects, a passage has as many of its near neighbours in
each as that language has passages. Where its own language stands nearer, the gap between the two is
measured in similarity, and neighbours in the other language are brought nearer by it. Words count
within one language only and widen the gap, so they do not count there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.pipeline.config import Config
from analysis.pipeline.types import OFFICIAL_LANGUAGES, Language
from analysis.pipeline.vectors.embedder import Vectors

from .neighbours import even_rows, principal

# A gap below this is none: translations, and other texts on the same subjects, have .00; news in
# two languages .07 and .08.
_LEAST = 0.03
# A gap above this is one of subjects, which nothing should close: motions in English beside a
# consultation in French have .21.
_MOST = 0.15
# Rows on which the gap is measured, and of how many others.
_ROWS = 500
_FEWEST = 10


def language_gap(meaning: Vectors, languages: Sequence[Language], config: Config) -> float:
    """What similarity to a passage of the other language lacks, 0.0 where nothing is to correct.

    For each passage, the similarity of the last of its neighbours in its own language less that of
    the last of as many in the other as go with it; the mean, each language counting by its size.
    """
    codes = np.asarray([language.value for language in languages])
    some = even_rows(len(codes))
    codes = codes[some]
    spoken = [np.flatnonzero(codes == language.value) for language in OFFICIAL_LANGUAGES]
    both = sum(map(len, spoken))
    k = min(config.neighbours, max(6, both // 10))
    if min(map(len, spoken)) < max(_FEWEST, k):
        return 0.0
    rows = principal(meaning[some], config.dimensions)
    found: list[np.floating] = []
    for own, other in (spoken, spoken[::-1]):
        few = own[:: max(1, -(-both // _ROWS))]
        near = max(1, min(k - 1, round(k * len(own) / both)))
        mine = rows[few] @ rows[own].T
        # The nearest of one's own language is oneself.
        last = -np.partition(-mine, near, axis=1)[:, near]
        across = -np.partition(-(rows[few] @ rows[other].T), k - near - 1, axis=1)[:, k - near - 1]
        found.extend(last - across)
    gap = float(np.mean(found))
    return gap if _LEAST <= gap <= _MOST else 0.0


def sides(languages: Sequence[Language], gap: float) -> Vectors:
    """(n,) what stands for the side of each passage, 0 for none.

    The product of two is half the gap on the same side and its opposite across.
    """
    values = dict(zip(OFFICIAL_LANGUAGES, (1.0, -1.0), strict=True))
    return np.asarray(
        [np.sqrt(gap / 2) * values.get(language, 0.0) for language in languages], dtype=np.float32
    )
