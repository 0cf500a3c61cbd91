"""What fits no theme that was given is grouped by the rules of a whole run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.pipeline import Config, Document
from analysis.pipeline.assigning import Matches, match_passages, matching
from analysis.pipeline.reading import corpus_of, cut_passages, find_letters, read_documents
from tests.analysis.pipeline import corpus


def test_candidates_are_made_of_what_is_left_with_the_answers_it_is_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Passages of one answer resemble each other: whose they are decides what stands apart."""
    config = Config(processes=1)
    long = " ".join(document.text for document in corpus.documents()[:9])
    documents = [Document("a", long), *corpus.documents()[9:15]]
    read = read_documents(corpus_of(documents), config)
    letters = find_letters(read, config)
    read, passages = cut_passages(read, letters, config)
    distinct = passages.distinct
    real, given = matching.cluster, []

    def cluster(texts: Any, languages: Any, vectors: Any, answers: Any, config: Config) -> Any:
        given.append((texts, answers))
        return real(texts, languages, vectors, answers, config)

    monkeypatch.setattr(matching, "cluster", cluster)
    fits = np.asarray([[passages.document[row] != 0] for row in distinct.row])
    left = np.flatnonzero(~fits[:, 0])
    assert 2 < len(left) < len(fits)
    vectors = np.ones((len(fits), 4), dtype=np.float16)
    match_passages(passages, vectors, 1, lambda: Matches(fits.astype(np.float64), fits), config)
    [(texts, answers)] = given
    assert texts == [distinct.text[i] for i in left]
    assert answers.tolist() == [0] * len(left)
