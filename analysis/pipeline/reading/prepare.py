"""Each document by itself: its language, whether it says anything, what is private in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from analysis.pipeline.checkpoint import ALONE, Stage, Step
from analysis.pipeline.config import Config
from analysis.pipeline.types import Document, Language, Reason

from . import privacy
from .documents import Corpus
from .mostly_other import misread
from .texts import read_all

LANGUAGES = tuple(Language)
_REASONS = tuple(Reason)
_KINDS = tuple(privacy.PLACEHOLDERS)


@dataclass(frozen=True, slots=True)
class ReadDocuments:
    """The documents of a corpus in order of their id, and what was found in each.

    ``languages`` and ``reasons`` have one entry a document; a reason says why it is not analysed.
    ``hidden`` maps a document's number to its private stretches, in order. ``set_aside`` (id: why)
    are those the machine stumbled on, never in the words of the text. ``analysed`` numbers the
    documents without a reason, ascending. ``counted`` is the language each counts in once it is
    cut: that of its first passage in an official language, else its own.
    """

    documents: Sequence[Document]
    languages: Sequence[Language]
    reasons: Sequence[Reason | None]
    hidden: Mapping[int, Sequence[privacy.Found]]
    set_aside: Mapping[str, str]
    counted: Sequence[Language] = ()
    analysed: Sequence[int] = field(init=False)

    def __post_init__(self) -> None:
        analysed = [number for number, reason in enumerate(self.reasons) if reason is None]
        object.__setattr__(self, "analysed", analysed)

    @property
    def masked(self) -> dict[str, int]:
        """How many private stretches of each kind there are."""
        return dict(Counter(item.kind for items in self.hidden.values() for item in items))

    def hidden_in(self, document: int, start: int, end: int) -> Sequence[privacy.Found]:
        """The private stretches of a document that touch a passage of it, in order."""
        found = self.hidden.get(document, ())
        first = bisect_right(found, start, key=lambda item: item.end)
        return found[first : bisect_left(found, end, first, key=lambda item: item.start)]

    def shown(self, document: int, start: int, end: int, language: Language) -> str:
        """The words of a passage with what is private in them masked, in its language."""
        found = self.hidden_in(document, start, end)
        text = self.documents[document].text
        return privacy.apply(text, found, language, start, end) if found else text[start:end]

    def count_languages(self, documents: Iterable[int]) -> dict[str, int]:
        """How many of these documents are in each language, in order of its code."""
        counted = self.counted or self.languages
        return dict(sorted(Counter(counted[i].value for i in documents).items()))

    def after_cutting(self, failed: Mapping[str, str]) -> ReadDocuments:
        """The same, without the ``failed`` (id: why) and without readings, which are used up."""
        return replace(
            self,
            documents=[
                document if document.reading is None else replace(document, reading=None)
                for document in self.documents
            ],
            reasons=[
                Reason.NOT_PROCESSED if reason is None and document.id in failed else reason
                for document, reason in zip(self.documents, self.reasons, strict=True)
            ],
            set_aside={**self.set_aside, **failed},
        )


def read_documents(
    corpus: Corpus,
    config: Config,
    *,
    set_aside: Mapping[str, str] | None = None,
    step: Step = ALONE,
) -> ReadDocuments:
    """Read every document of the corpus; those ``set_aside`` (id: why) are not touched.

    A document that brings its ``reading`` is not read again. One on which reading fails is set
    aside with the name of the error.
    """
    known = corpus.known(set_aside)
    stage = step.keep(lambda: _found(corpus.documents, known, config, step))
    hidden: dict[int, list[privacy.Found]] = defaultdict(list)
    for index, start, end, kind in stage.arrays["found"].tolist():
        hidden[index].append(privacy.Found(start, end, _KINDS[kind]))
    reasons = [None if code < 0 else _REASONS[code] for code in stage.arrays["reasons"]]
    return ReadDocuments(
        corpus.documents,
        [LANGUAGES[code] for code in stage.arrays["languages"]],
        reasons,
        dict(hidden),
        known
        | stage.values["failed"]
        | {
            document.id: reason.value
            for document, reason in zip(corpus.documents, reasons, strict=True)
            if reason is Reason.TOO_LONG
        },
    )


def _found(
    documents: Sequence[Document], set_aside: Mapping[str, str], config: Config, step: Step
) -> Stage:
    n = len(documents)
    languages = np.full(n, LANGUAGES.index(Language.UNDETERMINED), dtype=np.int8)
    reasons = np.full(n, _REASONS.index(Reason.NOT_PROCESSED), dtype=np.int8)
    spans: list[tuple[int, int, int, int]] = []
    failed: dict[str, str] = {}
    given = [i for i, document in enumerate(documents) if document.id not in set_aside]
    found = zip(given, read_all([documents[i] for i in given], config), strict=True)
    for turn, (index, seen) in enumerate(found):
        if isinstance(seen, str):
            failed[documents[index].id] = seen
            continue
        language, reason, hidden = seen
        languages[index] = LANGUAGES.index(language)
        reasons[index] = -1 if reason is None else _REASONS.index(reason)
        spans += [(index, f.start, f.end, _KINDS.index(f.kind)) for f in hidden]
        if turn % 200 == 0:
            step.report(turn / n)
    others = misread(
        documents,
        [LANGUAGES[code] for code in languages.tolist()],
        [None if code < 0 else _REASONS[code] for code in reasons.tolist()],
    )
    languages[others] = LANGUAGES.index(Language.OTHER)
    reasons[others] = _REASONS.index(Reason.OTHER_LANGUAGE)
    table = np.asarray(spans, dtype=np.int64).reshape(-1, 4)
    return Stage({"languages": languages, "reasons": reasons, "found": table}, {"failed": failed})
