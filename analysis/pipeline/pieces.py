"""A run in pieces: what other processes can do for the one that puts it together.

A piece is made again from its document, so that whoever shares out the work hands on where the
words are, never the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from . import campaigns, passages, privacy
from .checkpoint import StageStore
from .config import Config
from .documents import readable
from .embedders import Embedder
from .prepared import LANGUAGES, Prepared, Progress
from .reading import read
from .types import Document, Language


@dataclass(frozen=True, slots=True)
class PassageToEmbed:
    """One distinct passage: where it is first found, and its words with what is private masked.

    ``start`` and ``end`` count characters of the document as given.
    """

    document_id: str
    start: int
    end: int
    language: Language
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
                text=text,
            )
            for row, text in zip(run.node_row, texts, strict=True)
        ]


def passage_text(
    document: Document, start: int, end: int, language: Language, config: Config
) -> str:
    """The ``text`` of a PassageToEmbed, from its document and its place."""
    text = readable(document).text
    found = privacy.find(text) if config.mask_personal_information else ()
    return privacy.apply(text, found, language, start, end) if found else text[start:end]


def document_try(document: Document, config: Config) -> None:
    """Do to one document all that the stages before embedding do to one alone.

    Returns nothing: what matters is whether it comes back. Raises whatever a stage raises.
    """
    document = readable(document)
    read(document, config)
    passages.split(document.text, config)
    campaigns.shingles(document.text, config.campaign_shingle_words)
