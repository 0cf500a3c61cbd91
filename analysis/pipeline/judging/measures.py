"""What is measured on themes to know how far they can be relied on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import normalized_mutual_info_score

from analysis.pipeline.reading.normalise import words
from analysis.pipeline.types import Language


def language_mixing(
    labels: NDArray[np.int64], languages: Sequence[Language], seed: int
) -> tuple[float, float]:
    """(NMI of theme and language, the same for shuffled languages).

    The first alone cannot be read: a few themes and few texts share some information by chance.
    """
    codes = np.asarray([language.value for language in languages])
    inside = (labels >= 0) & np.isin(codes, [Language.EN.value, Language.FR.value])
    themes, codes = labels[inside], codes[inside]
    if len(set(codes.tolist())) < 2 or len(set(themes.tolist())) < 2:
        return 0.0, 0.0
    measured = float(normalized_mutual_info_score(codes, themes))
    generator = np.random.default_rng(seed)
    chance = [
        float(normalized_mutual_info_score(generator.permutation(codes), themes)) for _ in range(5)
    ]
    return measured, float(np.mean(chance))


def coherence(
    texts: Sequence[str], labels: NDArray[np.int64], *, top_words: int = 10
) -> float | None:
    """Mean NPMI of each theme's ten most typical words, in [-1, 1], over the texts given.

    One language at a time: English and French words never occur together, which is no fault.
    None when there is too little text. Bouma 2009; counts are of texts a word occurs in.
    """
    inside = np.flatnonzero(labels >= 0)
    if len(inside) < 20:
        return None
    vectoriser = CountVectorizer(
        tokenizer=words, token_pattern=None, lowercase=False, binary=True, min_df=3, max_df=0.25
    )
    try:
        matrix = (
            vectoriser.fit_transform([texts[i] for i in inside.tolist()]).astype(np.float64).tocsr()
        )
    except ValueError:
        return None
    n, chosen = matrix.shape[0], labels[inside]
    frequency = np.asarray(matrix.sum(axis=0)).ravel()
    scores: list[float] = []
    for label in np.unique(chosen):
        rows = matrix[chosen == label]
        if rows.shape[0] < 5:
            continue
        own = np.asarray(rows.sum(axis=0)).ravel()
        typical = own * np.log((own / rows.shape[0] + 1e-12) / (frequency / n))
        top = np.argsort(-typical, kind="stable")[:top_words]
        top = top[own[top] > 0]
        if len(top) < 2:
            continue
        together = (matrix[:, top].T @ matrix[:, top]).toarray() / n
        single = frequency[top] / n
        upper = np.triu_indices(len(top), 1)
        joint = together[upper]
        product = np.outer(single, single)[upper]
        with np.errstate(divide="ignore", invalid="ignore"):
            npmi = np.where(
                joint > 0, np.log(joint / product) / np.maximum(-np.log(joint), 1e-12), -1.0
            )
        scores.append(float(npmi.mean()))
    return float(np.mean(scores)) if scores else None
