"""Free-text answers in English and French to themes, on this machine alone.

    from analysis.pipeline import FileCache, analyse
    result = analyse(frame["comment"], cache=FileCache("vectors.sqlite"))
    themes, places = pandas.DataFrame(result.themes), pandas.DataFrame(result.assignments)

``frame`` is a pandas data frame here; a list of texts or of ``Document`` does as well. With the
cache the second analysis of the same comments embeds nothing.

Pure functions and frozen values; nothing here knows of a web site or a database.
"""

from .assigning.codebook import Codebook, CodebookError, Example, FrameTheme
from .assigning.state import StateError, ThemeState
from .checkpoint import StageStore
from .config import Config, ConfigError
from .given import Extension, assign_codebook, extend
from .naming.proposed import Asked, Namer, NamerFault
from .naming.served import NamerError, ServedNamer
from .reading.documents import DocumentError, corpus_digest
from .reading.pieces import documents_read, passage_text, reading_key
from .result_json import result_to_json
from .run import analyse, analyse_and_keep, passages_to_embed, texts_to_embed
from .types import (
    OFFICIAL_LANGUAGES,
    Caution,
    Confidence,
    Description,
    Document,
    Group,
    GroupPassage,
    Language,
    LetterCampaign,
    Level,
    PassageAssignment,
    Quote,
    Reading,
    Reason,
    Result,
    ThemeProposal,
    Warning,  # noqa: A004 - the field's word for it
)
from .vectors.cache import FileCache, MemoryCache, VectorCache, vector_key
from .vectors.embedder import Embedder, EmbedderError
from .vectors.embedding import embed_cached, embedder_named
from .vectors.use import UseEmbedder
from .walk import STAGES

__all__ = [
    "OFFICIAL_LANGUAGES",
    "STAGES",
    "Asked",
    "Caution",
    "Codebook",
    "CodebookError",
    "Confidence",
    "Config",
    "ConfigError",
    "Description",
    "Document",
    "DocumentError",
    "Embedder",
    "EmbedderError",
    "Example",
    "Extension",
    "FileCache",
    "FrameTheme",
    "Group",
    "GroupPassage",
    "Language",
    "LetterCampaign",
    "Level",
    "MemoryCache",
    "Namer",
    "NamerError",
    "NamerFault",
    "PassageAssignment",
    "Quote",
    "Reading",
    "Reason",
    "Result",
    "ServedNamer",
    "StageStore",
    "StateError",
    "ThemeProposal",
    "ThemeState",
    "UseEmbedder",
    "VectorCache",
    "Warning",
    "analyse",
    "analyse_and_keep",
    "assign_codebook",
    "corpus_digest",
    "documents_read",
    "embed_cached",
    "embedder_named",
    "extend",
    "passage_text",
    "passages_to_embed",
    "reading_key",
    "result_to_json",
    "texts_to_embed",
    "vector_key",
]
