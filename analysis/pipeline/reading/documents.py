"""The texts of a run as it reads them, and what says that two runs read the same ones."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from analysis.pipeline.types import Document


class DocumentError(ValueError):
    """The documents cannot be analysed as given, for example two share an id."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents in order of their id, no two alike, and the ``corpus_digest`` of them."""

    documents: Sequence[Document]
    digest: str

    def known(self, set_aside: Mapping[str, str] | None) -> dict[str, str]:
        """``set_aside`` (id: why) of documents that are here; others may have been withdrawn."""
        reasons = set_aside or {}
        return {d.id: reasons[d.id] for d in self.documents if d.id in reasons}


def corpus_of(given: Iterable[Document | str]) -> Corpus:
    """The corpus of what was given, documents or texts alone, in any order.

    A text's id is its number from 0; a missing value is an empty text. Raises DocumentError when
    two share an id or one is no text.
    """
    documents = sorted(
        (readable(document_of(number, document)) for number, document in enumerate(given)),
        key=lambda document: document.id,
    )
    for before, after in pairwise(documents):
        if before.id == after.id:
            raise DocumentError(f"Two documents have the same id: {before.id!r}.")
    return Corpus(documents, corpus_digest(documents))


_SURROGATES = re.compile("[\ud800-\udfff]")


def document_of(number: int, given: Document | str | float | None) -> Document:
    """What was given as a Document. pandas writes a missing value as a number unlike itself."""
    if isinstance(given, Document):
        return given
    if isinstance(given, str):
        return Document(str(number), given)
    if given is None or given != given:
        return Document(str(number), "")
    raise DocumentError(f"Document {number} is no text but {type(given).__name__}.")


def readable(document: Document) -> Document:
    """The document with half characters, which no file can hold, replaced one for one."""
    if _SURROGATES.search(document.text) is None:
        return document
    return replace(document, text=_SURROGATES.sub("\ufffd", document.text))


def corpus_digest(documents: Sequence[Document]) -> str:
    """sha256 of ids, texts and prior languages, in order of id."""
    digest = hashlib.sha256()
    for document in documents:
        for part in (document.id, document.text, document.language or ""):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big"))
            digest.update(data)
    return digest.hexdigest()
