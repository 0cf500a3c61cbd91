"""A text that breaks a step costs itself only; a vector made once is never made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from analysis.pipeline import (
    Config,
    Document,
    FileCache,
    MemoryCache,
    Reason,
    Result,
    analyse,
    embed_cached,
    embedder_named,
    result_to_json,
    texts_to_embed,
    vector_key,
)
from analysis.pipeline.reading import privacy, splitting
from analysis.pipeline.vectors.embedder import Vectors
from tests.analysis.pipeline import corpus

POISON = "This text breaks whatever reads it."


class Counting:
    """The default embedder, counting the texts it is given."""

    def __init__(self) -> None:
        self._embedder = embedder_named(Config().embedder)
        self.name = self._embedder.name
        self.version = self._embedder.version
        self.digest = self._embedder.digest
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return self._embedder.embed(texts)


class Store(dict[str, bytes]):
    def load(self, stage: str) -> bytes | None:
        return self.get(stage)

    def save(self, stage: str, payload: bytes) -> None:
        self[stage] = payload


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return corpus.documents()


@pytest.fixture(scope="module")
def result(documents: list[Document]) -> Result:
    return analyse(documents)


def with_poison(documents: list[Document]) -> list[Document]:
    return [*documents, Document("poison", POISON)]


def assert_only_poison_is_set_aside(found: Result, without: Result) -> None:
    rows = [row for row in found.assignments if row.document_id == "poison"]
    assert [(row.reason, row.theme, row.text) for row in rows] == [(Reason.NOT_PROCESSED, None, "")]
    assert set(found.set_aside) == {"poison"}
    assert found.metrics["documents_could_not_be_processed"] == 1
    assert [t.name_en for t in found.themes] == [t.name_en for t in without.themes]
    others = [row for row in found.assignments if row.document_id != "poison"]
    assert others == list(without.assignments)


@pytest.mark.parametrize(
    ("module", "function"), [(privacy, "find"), (splitting, "split")], ids=["prepare", "passages"]
)
def test_a_text_that_breaks_a_step_is_set_aside_and_the_run_goes_on(
    documents: list[Document],
    result: Result,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    function: str,
) -> None:
    work = getattr(module, function)

    def breaks(text: str, *rest: object) -> object:
        if text == POISON:
            raise ValueError(text)
        return work(text, *rest)

    monkeypatch.setattr(module, function, breaks)
    found = analyse(with_poison(documents))
    assert_only_poison_is_set_aside(found, result)
    # What went wrong is named; the words of the answer are in no message.
    assert found.set_aside == {"poison": "ValueError"}


def test_a_document_set_aside_by_the_caller_is_touched_by_no_step(
    documents: list[Document], result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = privacy.find

    def find(text: str) -> object:
        assert text != POISON
        return read(text)

    monkeypatch.setattr(privacy, "find", find)
    found = analyse(with_poison(documents), set_aside={"poison": "killed", "withdrawn": "killed"})
    assert_only_poison_is_set_aside(found, result)
    assert found.set_aside == {"poison": "killed"}
    assert POISON not in texts_to_embed(with_poison(documents), set_aside={"poison": "killed"})


def test_a_checkpoint_made_before_a_document_was_set_aside_is_not_used(
    documents: list[Document],
) -> None:
    store = Store()
    texts = texts_to_embed(with_poison(documents), store=store)
    assert POISON in texts
    assert POISON not in texts_to_embed(
        with_poison(documents), store=store, set_aside={"poison": "x"}
    )


def test_vectors_in_the_cache_are_not_made_again_and_change_nothing(
    documents: list[Document], result: Result
) -> None:
    cache, store, embedder = MemoryCache(), Store(), Counting()
    texts = texts_to_embed(documents, store=store, embedder=embedder)
    assert list(store) == ["prepare", "campaigns", "passages"]
    assert embedder.seen == []
    # As workers would: in pieces, in any order.
    for start in reversed(range(0, len(texts), 7)):
        embed_cached(texts[start : start + 7], embedder, cache)
    assert sorted(embedder.seen) == sorted(texts)
    embedder.seen.clear()
    found = analyse(documents, store=store, embedder=embedder, cache=cache)
    assert not set(embedder.seen) & set(texts)
    assert result_to_json(found) == result_to_json(result)


class Recording(MemoryCache):
    def put(self, vectors: Mapping[bytes, np.ndarray]) -> None:
        super().put(vectors)
        self.puts = getattr(self, "puts", 0) + len(vectors)


def test_only_texts_the_cache_does_not_know_are_embedded(documents: list[Document]) -> None:
    cache, embedder = Recording(), Counting()
    texts = [d.text for d in documents[:10]]
    first = embed_cached(texts[:6], embedder, cache)
    again = embed_cached(texts, embedder, cache)
    assert embedder.seen == texts
    assert cache.puts == 10
    assert np.array_equal(first, again[:6])


def test_keys_differ_by_text_and_by_every_part_of_the_embedder() -> None:
    embedder = Counting()
    keys = {vector_key(embedder, "a"), vector_key(embedder, "b")}
    for part in ("name", "version", "digest"):
        other = Counting()
        setattr(other, part, "other")
        keys.add(vector_key(other, "a"))
    assert len(keys) == 5
    assert all(len(key) == 32 for key in keys)


def test_a_file_keeps_vectors_between_processes(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "vectors.sqlite"
    rows = {bytes([i % 256, i // 256]) * 16: np.arange(4, dtype=np.float16) + i for i in range(700)}
    FileCache(path).put(rows)
    FileCache(path).put(rows)
    found = FileCache(path).get([*rows, b"unknown"])
    assert found.keys() == rows.keys()
    assert all(np.array_equal(found[key], rows[key]) for key in rows)
