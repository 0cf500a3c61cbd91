"""How alike an answer is to the examples: as a whole, sentence by sentence, and in its words."""

from __future__ import annotations

import numpy as np

from analysis.pipeline import Config, embedder_named
from analysis.pipeline.assigning.kernel import PassageKernel

EMBEDDER = embedder_named(Config().embedder)
EXAMPLES = [
    "The parking lot is always full.",
    "Nobody answers the telephone.",
    "The clerk was kind to me.",
    "Il n'y a jamais de place où se garer.",
]


def kernel(texts: list[str]) -> PassageKernel:
    return PassageKernel(texts, EMBEDDER.embed(texts), EMBEDDER)


def against(known: PassageKernel, texts: list[str]) -> np.ndarray:
    return known.against(texts, EMBEDDER.embed(texts))


def test_a_passage_is_most_alike_to_itself_and_the_kernel_is_one() -> None:
    both = [*EXAMPLES, "The parking lot is full. Nobody answers the telephone."]
    known = kernel(both)
    found = known.among()
    assert np.allclose(found, against(known, both), atol=1e-6)
    assert np.allclose(found, found.T, atol=1e-5)
    assert (found.argmax(axis=1) == np.arange(len(both))).all()
    assert np.linalg.eigvalsh(found).min() > -1e-4


def test_an_answer_on_two_subjects_is_alike_to_both_and_not_to_a_third() -> None:
    asked = "The parking is full every day. Nobody picks up the telephone."
    parking, telephone, kind, french = against(kernel(EXAMPLES), [asked])[0].tolist()
    assert min(parking, telephone, french) > kind + 0.05


def test_company_changes_nothing_and_texts_without_a_word_are_read() -> None:
    known = kernel(EXAMPLES)
    texts = ["Where can I park?", "The line was busy. I gave up.", "!!!"]
    together = against(known, texts)
    alone = np.vstack([against(known, [text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-6)
    assert np.isfinite(against(kernel(["12", "!!!"]), texts)).all()
