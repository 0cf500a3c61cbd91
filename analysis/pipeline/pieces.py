"""A run in pieces: what other processes can do for the one that puts it together.

A piece is made again from its document, so that whoever shares out the work hands on where the
words are, never the words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version

from threadpoolctl import threadpool_limits

from .checkpoint import StageStore
from .config import Config
from .prepared import FORMAT, LANGUAGES, Prepared, Progress, deciding
from .reading import campaigns, privacy
from .reading.documents import readable
from .reading.texts import cut, is_too_long, read
from .types import Document, Language, Reading
from .vectors.embedder import Embedder


@dataclass(frozen=True, slots=True)
class PassageToEmbed:
    """One distinct passage: where it is first found, and its words with what is private masked.

    ``start`` and ``end`` count characters of the document as given; so do those of ``hidden``, the
    private stretches that touch it (start, end, kind).
    """

    document_id: str
    start: int
    end: int
    language: Language
    hidden: tuple[tuple[int, int, str], ...]
    text: str


def passages_to_embed(
    documents: Iterable[Document],
    config: Config | None = None,
    *,
    progress: Progress | None = None,
    store: StageStore | None = None,
    embedder: Embedder | None = None,
    set_aside: Mapping[str, str] | None = None,
) -> list[PassageToEmbed]:
    """The passages ``analyse`` will want vectors of, in its order.

    Runs the stages before embedding. With a ``store``, ``analyse`` on the same documents,
    configuration and ``set_aside`` goes on from them; with its ``cache`` filled by
    ``embed_cached``, anywhere and in any pieces, it embeds nothing itself.
    """
    with threadpool_limits(limits=1):
        run = Prepared(documents, config or Config(), progress, store, embedder, None, set_aside)
        texts = run.to_embed()
        rows = run.passages
        return [
            PassageToEmbed(
                document_id=run.documents[rows.document[row]].id,
                start=int(rows.start[row]),
                end=int(rows.end[row]),
                language=LANGUAGES[rows.language[row]],
                hidden=tuple(
                    (item.start, item.end, item.kind)
                    for item in run.hidden_in(
                        int(rows.document[row]), int(rows.start[row]), int(rows.end[row])
                    )
                ),
                text=text,
            )
            for row, text in zip(run.node_row, texts, strict=True)
        ]


def passage_text(
    document: Document,
    start: int,
    end: int,
    language: Language,
    hidden: Iterable[tuple[int, int, str]],
) -> str:
    """The ``text`` of a PassageToEmbed, from its document and its place."""
    found = [privacy.Found(*place) for place in hidden]
    return privacy.apply(readable(document).text, found, language, start, end)


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
    parts = [FORMAT, deciding(config), version("lingua-language-detector")]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
