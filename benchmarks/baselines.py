"""The methods people would use instead, on the same texts and the same vectors.

LDA, NMF and k-means are told the true number of labels, which nobody has in practice; BERTopic
(Grootendorst 2022, arXiv 2203.05794) runs with its defaults and finds its own number. The texts it
throws away count as one group, as its users see them.

BERTopic is not a dependency of the product: ``make bench-setup`` makes an environment that has it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, PCA, LatentDirichletAllocation
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import normalize

from analysis.pipeline.naming import lexicon

Labels = NDArray[np.int64]
Vectors = NDArray[np.float32]

SEED = 42


def _stop_words() -> list[str]:
    """English and French function words: the counting methods are lost without them."""
    folder = Path(lexicon.__file__).parent
    lines = [
        line
        for language in ("en", "fr")
        for line in (folder / f"stopwords_{language}.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith(("#", "["))
    ]
    return sorted({word for line in lines for word in line.split() if word.isalpha()})


def _tfidf(texts: Sequence[str]) -> NDArray[np.float64]:
    minimum = 2 if len(texts) >= 200 else 1
    vectoriser = TfidfVectorizer(stop_words=_stop_words(), min_df=minimum, sublinear_tf=True)
    return vectoriser.fit_transform(texts)


def lda(texts: Sequence[str], languages: Sequence[str], vectors: Vectors, k: int) -> Labels:
    """Latent Dirichlet allocation of word counts; the heaviest topic of each text."""
    counts = CountVectorizer(stop_words=_stop_words(), min_df=2).fit_transform(texts)
    model = LatentDirichletAllocation(k, random_state=SEED, learning_method="batch", max_iter=20)
    return model.fit_transform(counts).argmax(axis=1)


def nmf(texts: Sequence[str], languages: Sequence[str], vectors: Vectors, k: int) -> Labels:
    """Non-negative factors of tf-idf; the heaviest of each text."""
    weights = _tfidf(texts)
    k = min(k, *weights.shape)
    return NMF(k, random_state=SEED, init="nndsvda", max_iter=300).fit_transform(weights).argmax(1)


def kmeans_tfidf(
    texts: Sequence[str], languages: Sequence[str], vectors: Vectors, k: int
) -> Labels:
    """k-means of tf-idf rows."""
    return KMeans(k, n_init=10, random_state=SEED).fit_predict(_tfidf(texts))


def kmeans_vectors(
    texts: Sequence[str], languages: Sequence[str], vectors: Vectors, k: int
) -> Labels:
    """k-means of the sentence vectors."""
    return KMeans(k, n_init=10, random_state=SEED).fit_predict(vectors)


def kmeans_centred(
    texts: Sequence[str], languages: Sequence[str], vectors: Vectors, k: int
) -> Labels:
    """k-means of 64 principal components after subtracting each language's mean."""
    rows = vectors.astype(np.float32, copy=True)
    codes = np.asarray(languages)
    for code in set(languages):
        rows[codes == code] -= rows[codes == code].mean(axis=0)
    rows = normalize(rows)
    if min(rows.shape) > 64:
        rows = normalize(PCA(64, random_state=SEED).fit_transform(rows))
    return KMeans(k, n_init=10, random_state=SEED).fit_predict(rows)


def bertopic(texts: Sequence[str], languages: Sequence[str], vectors: Vectors, k: int) -> Labels:
    """BERTopic with its defaults, over the same vectors, not told ``k``; -1 is what it drops."""
    from bertopic import BERTopic
    from umap import UMAP

    # Its own default UMAP, with the seed without which two runs differ.
    umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            topics, _ = BERTopic(umap_model=umap).fit_transform(list(texts), vectors)
        except (TypeError, ValueError):  # too few texts for it to find any group
            return np.full(len(texts), -1, dtype=np.int64)
    return np.asarray(topics, dtype=np.int64)


METHODS: dict[str, Callable[[Sequence[str], Sequence[str], Vectors, int], Labels]] = {
    "lda": lda,
    "nmf": nmf,
    "kmeans_tfidf": kmeans_tfidf,
    "kmeans_vectors": kmeans_vectors,
    "kmeans_centred": kmeans_centred,
}
if find_spec("bertopic") is not None:
    METHODS["bertopic"] = bertopic
