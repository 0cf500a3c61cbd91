"""Vectors kept by the text they were made from, so that no text is embedded twice.

A key is the sha256 of the embedder's name, version and digest and of the text: vectors of two
embedders can never be taken for one another, and nobody can read a text back from its key.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .embedder import Embedder

Vector = NDArray[np.float16]


class VectorCache(Protocol):
    """Where vectors are kept between runs: a table, a file, a dictionary."""

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Vector]:
        """The vectors known of those asked for; an unknown key is simply absent."""
        ...

    def put(self, vectors: Mapping[bytes, Vector]) -> None:
        """Keep these. Putting a key again changes nothing: its vector is always the same."""
        ...


def vector_key(embedder: Embedder, text: str) -> bytes:
    """The 32 bytes under which the vector of ``text`` is kept."""
    digest = hashlib.sha256()
    for part in (embedder.name, embedder.version, embedder.digest, text):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.digest()


class MemoryCache:
    """Vectors kept while the process lives."""

    def __init__(self) -> None:
        self._vectors: dict[bytes, Vector] = {}

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Vector]:
        return {key: self._vectors[key] for key in keys if key in self._vectors}

    def put(self, vectors: Mapping[bytes, Vector]) -> None:
        self._vectors.update(vectors)


class FileCache:
    """Vectors kept in one SQLite file, for a notebook or the command line.

    Several processes may use the same file; a half-written batch is never seen.
    """

    _ASKED_AT_ONCE = 500  # SQLite's oldest limit on parameters is 999.

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._open()) as file, file:
            file.execute(
                "CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, value BLOB NOT NULL) "
                "WITHOUT ROWID"
            )

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=60)

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Vector]:
        found: dict[bytes, Vector] = {}
        with closing(self._open()) as file:
            for start in range(0, len(keys), self._ASKED_AT_ONCE):
                some = keys[start : start + self._ASKED_AT_ONCE]
                marks = ",".join("?" * len(some))
                query = f"SELECT key, value FROM vector WHERE key IN ({marks})"  # noqa: S608
                rows = file.execute(query, some)
                found.update((key, np.frombuffer(value, dtype="<f2")) for key, value in rows)
        return found

    def put(self, vectors: Mapping[bytes, Vector]) -> None:
        with closing(self._open()) as file, file:
            file.executemany(
                "INSERT OR IGNORE INTO vector VALUES (?, ?)",
                ((key, vector.astype("<f2").tobytes()) for key, vector in vectors.items()),
            )
