"""Stage 1: documents to distinct passages in their language, personal information masked."""

from .campaigns import Letters
from .documents import Corpus, DocumentError, corpus_digest, corpus_of
from .letters import find_letters
from .passages import DistinctPassages, Passages, cut_passages
from .pieces import PassageToEmbed, documents_read, passage_text, reading_key
from .prepare import LANGUAGES, ReadDocuments, read_documents

__all__ = [
    "LANGUAGES",
    "Corpus",
    "DistinctPassages",
    "DocumentError",
    "Letters",
    "PassageToEmbed",
    "Passages",
    "ReadDocuments",
    "corpus_digest",
    "corpus_of",
    "cut_passages",
    "documents_read",
    "find_letters",
    "passage_text",
    "read_documents",
    "reading_key",
]
