"""Stage 2: distinct passages to vectors in one space for both languages."""

from .cache import FileCache, MemoryCache, VectorCache, vector_key
from .context import in_context
from .embedder import Embedder, EmbedderError, Vectors, unit
from .embedding import embed_all, embed_cached, embed_passages, embedder_named
from .second import counts_beside, side_by_side
from .translations import letter_campaigns, link_letters
from .use import UseEmbedder

__all__ = [
    "Embedder",
    "EmbedderError",
    "FileCache",
    "MemoryCache",
    "UseEmbedder",
    "VectorCache",
    "Vectors",
    "counts_beside",
    "embed_all",
    "embed_cached",
    "embed_passages",
    "embedder_named",
    "in_context",
    "letter_campaigns",
    "link_letters",
    "side_by_side",
    "unit",
    "vector_key",
]
