"""A run in pieces: what other processes can do for the one that puts it together.

A piece is made again from its document, so that whoever shares out the work hands on where the
words are, never the words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version

from analysis.pipeline.checkpoint import FORMAT
from analysis.pipeline.config import Config
from analysis.pipeline.types import Document, Language, Reading

from . import campaigns, privacy
from .courtesies import without_courtesies
from .documents import readable
from .passages import Passages
from .prepare import LANGUAGES, ReadDocuments
from .texts import cut, is_too_long, read


@dataclass(frozen=True, slots=True)
class PassageToEmbed:
    """One distinct passage: where it is first found, and its words with what is private masked.

    ``start`` and ``end`` count characters of the document as given; so do those of ``hidden``, the
    private stretches that touch it (start, end, kind). ``text`` is without the forms of courtesy
    around it.
    """

    document_id: str
    start: int
    end: int
    language: Language
    hidden: tuple[tuple[int, int, str], ...]
    text: str


def passages_with_places(read: ReadDocuments, passages: Passages) -> list[PassageToEmbed]:
    """The distinct passages in their order, each with where it is first found."""
    found = []
    for row, text in zip(passages.distinct.row.tolist(), passages.distinct.text, strict=True):
        document = int(passages.document[row])
        start, end = int(passages.start[row]), int(passages.end[row])
        found.append(
            PassageToEmbed(
                document_id=read.documents[document].id,
                start=start,
                end=end,
                language=LANGUAGES[passages.language[row]],
                hidden=tuple(
                    (item.start, item.end, item.kind)
                    for item in read.hidden_in(document, start, end)
                ),
                text=text,
            )
        )
    return found


def passage_text(
    document: Document,
    start: int,
    end: int,
    language: Language,
    hidden: Iterable[tuple[int, int, str]],
) -> str:
    """The ``text`` of a PassageToEmbed, from its document and its place."""
    found = [privacy.Found(*place) for place in hidden]
    return without_courtesies(privacy.apply(readable(document).text, found, language, start, end))


def documents_read(documents: Iterable[Document], config: Config) -> list[Reading]:
    """All that the stages before embedding do to one document alone, for each of these.

    Raises whatever a stage raises: documents that come back break none of them.
    """
    documents = [readable(document) for document in documents]
    texts = [document.text for document in documents if not is_too_long(document.text)]
    campaigns.shingles_of(texts, config.campaign_shingle_words)
    readings = []
    for document in documents:
        language, reason, found = read(document, config)
        pieces = cut(document.text, language, None, config) if reason is None else []
        readings.append(
            Reading(
                language,
                reason,
                tuple((item.start, item.end, item.kind) for item in found),
                tuple((start, end, own) for start, end, own, _ in pieces),
            )
        )
    return readings


def reading_key(config: Config) -> str:
    """What a reading depends on besides the document: settings and versions.

    Readings made under another key are not to be used.
    """
    parts = [FORMAT, config.deciding(), version("lingua-language-detector")]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
