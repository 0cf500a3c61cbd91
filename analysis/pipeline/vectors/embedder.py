"""What an embedder is: a name, a version, a digest of its weights, and texts in, vectors out.

Vectors of two embedders are never compared: name, version and digest are part of a run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


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


class NoEmbedder:
    """In place of one where answers are read and nothing is grouped: it needs no model."""

    name = "none"
    version = ""
    digest = ""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Raises EmbedderError: nothing was to be placed by what it means."""
        raise EmbedderError("Nothing is embedded without an embedder.")


def unit(vectors: Vectors) -> Vectors:
    """Rows of length one; a zero row stays zero."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    result: Vectors = vectors / np.maximum(lengths, 1e-12)[:, None].astype(np.float32)
    return result


def file_digest(path: Path) -> str:
    """sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
