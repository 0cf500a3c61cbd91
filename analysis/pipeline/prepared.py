"""The stages before anything is compared in meaning: from documents to distinct passages.

prepare    language, no-answer bucket, personal information
campaigns  letters that share most of their words
passages   long answers cut into ideas; equal passages become one node with a weight
"""

from __future__ import annotations

import hashlib
import json
import time
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from .checkpoint import Stage, StageStore, pack, unpack
from .config import Config
from .reading import campaigns, privacy
from .reading.documents import DocumentError, corpus_digest, document_of, readable
from .reading.normalise import key
from .reading.texts import Cut, ToCut, cut_all, read_all
from .types import Document, Language, Reason
from .vectors.cache import VectorCache
from .vectors.embedder import Embedder
from .vectors.embedding import embedder_named

STAGES: tuple[str, ...] = (
    "prepare",
    "campaigns",
    "passages",
    "embed",
    "group",
    "describe",
    "judge",
)

# Share of the whole run each stage takes, measured on 2,000 texts of 54 words.
_SHARE = {
    "prepare": 0.15,
    "campaigns": 0.05,
    "passages": 0.05,
    "embed": 0.4,
    "group": 0.25,
    "describe": 0.07,
    "judge": 0.03,
}
# Bumped when the meaning of a checkpoint changes: an old one is then made again.
FORMAT = 8

LANGUAGES = tuple(Language)
_REASONS = tuple(Reason)
_KINDS = tuple(privacy.PLACEHOLDERS)

Progress = Callable[[str, float], None]


@dataclass(slots=True)
class Passages:
    """Passages of analysed documents, in order of document and start.

    ``copy_of`` is the passage of the letter's representative whose theme this one shares, or -1.
    ``node`` numbers the distinct texts; copies have -1.
    """

    document: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    language: NDArray[np.int64]
    copy_of: NDArray[np.int64]
    node: NDArray[np.int64]


class Prepared:
    """A run up to its passages; each ``_<stage>`` method gives that stage's arrays and values."""

    def __init__(
        self,
        documents: Iterable[Document | str],
        config: Config,
        progress: Progress | None,
        store: StageStore | None,
        embedder: Embedder | None,
        cache: VectorCache | None = None,
        set_aside: Mapping[str, str] | None = None,
    ) -> None:
        self.config = config
        given = (document_of(number, document) for number, document in enumerate(documents))
        self.documents = sorted(map(readable, given), key=lambda document: document.id)
        for before, after in zip(self.documents, self.documents[1:], strict=False):
            if before.id == after.id:
                raise DocumentError(f"Two documents have the same id: {before.id!r}.")
        self.embedder = embedder or embedder_named(config.embedder)
        self.progress = progress
        self.store = store
        self.cache = cache
        # Known ids only: what was set aside may have been withdrawn since.
        reasons = set_aside or {}
        self.set_aside = {d.id: reasons[d.id] for d in self.documents if d.id in reasons}
        self.timings: dict[str, float] = {}
        self.corpus_digest = corpus_digest(self.documents)
        self.versions = _versions(self.embedder)
        self.digest = hashlib.sha256(
            json.dumps(
                [
                    FORMAT,
                    self.corpus_digest,
                    deciding(config),
                    self.versions,
                    sorted(self.set_aside),
                ],
                sort_keys=True,
            ).encode()
        ).hexdigest()
        self.stage = STAGES[0]

    # ---- the walk through the stages

    def to_embed(self) -> list[str]:
        self._prepared(self._do("prepare", self._prepare))
        self._grouped_letters(self._do("campaigns", self._campaigns))
        self._cut(self._do("passages", self._passages))
        return self.node_text

    def _do(self, name: str, work: Callable[[], Stage], *, kept: bool = True) -> Stage:
        self.stage = name
        began = time.perf_counter()
        self._report(0.0)
        store = self.store if kept else None
        stage = None if store is None else unpack(store.load(name), self.digest)
        if stage is None:
            stage = work()
            if store is not None:
                payload = pack(stage, self.digest)
                store.save(name, payload)
                # What a resumed run would read, so that both go on from the same values.
                stage = unpack(payload, self.digest) or stage
        self.timings[name] = round(time.perf_counter() - began, 3)
        self._report(1.0)
        return stage

    def _report(self, share: float) -> None:
        if self.progress is None:
            return
        done = sum(_SHARE[name] for name in STAGES[: STAGES.index(self.stage)])
        self.progress(self.stage, round(min(1.0, done + _SHARE[self.stage] * share), 4))

    # ---- prepare

    def _prepare(self) -> Stage:
        n = len(self.documents)
        languages = np.full(n, LANGUAGES.index(Language.UNDETERMINED), dtype=np.int8)
        reasons = np.full(n, _REASONS.index(Reason.NOT_PROCESSED), dtype=np.int8)
        spans: list[tuple[int, int, int, int]] = []
        failed: dict[str, str] = {}
        given = [
            i for i, document in enumerate(self.documents) if document.id not in self.set_aside
        ]
        found = zip(given, read_all([self.documents[i] for i in given], self.config), strict=True)
        for turn, (index, seen) in enumerate(found):
            if isinstance(seen, str):
                failed[self.documents[index].id] = seen
                continue
            language, reason, hidden = seen
            languages[index] = LANGUAGES.index(language)
            reasons[index] = -1 if reason is None else _REASONS.index(reason)
            spans += [(index, f.start, f.end, _KINDS.index(f.kind)) for f in hidden]
            if turn % 200 == 0:
                self._report(turn / n)
        table = np.asarray(spans, dtype=np.int64).reshape(-1, 4)
        return Stage(
            {"languages": languages, "reasons": reasons, "found": table}, {"failed": failed}
        )

    def _prepared(self, stage: Stage) -> None:
        self.languages = [LANGUAGES[code] for code in stage.arrays["languages"]]
        self.reasons: list[Reason | None] = [
            None if code < 0 else _REASONS[code] for code in stage.arrays["reasons"]
        ]
        self.found: dict[int, list[privacy.Found]] = defaultdict(list)
        for index, start, end, kind in stage.arrays["found"].tolist():
            self.found[index].append(privacy.Found(start, end, _KINDS[kind]))
        self.set_aside |= stage.values["failed"]
        for document, why in zip(self.documents, self.reasons, strict=True):
            if why is Reason.TOO_LONG:
                self.set_aside[document.id] = why.value
        self.masked = Counter(item.kind for items in self.found.values() for item in items)
        self.analysed = [i for i, reason in enumerate(self.reasons) if reason is None]

    def hidden_in(self, document: int, start: int, end: int) -> Sequence[privacy.Found]:
        """The private stretches of a document that touch a passage of it, in order."""
        found = self.found.get(document, [])
        first = bisect_right(found, start, key=lambda item: item.end)
        return found[first : bisect_left(found, end, first, key=lambda item: item.start)]

    def _masked(self, document: int, start: int, end: int, language: Language) -> str:
        found = self.hidden_in(document, start, end)
        text = self.documents[document].text
        if not found:
            return text[start:end]
        return privacy.apply(text, found, language, start, end)

    # ---- campaigns

    def _campaigns(self) -> Stage:
        texts = [self.documents[i].text for i in self.analysed]
        letters = campaigns.find(texts, self.config)
        return Stage({}, {"groups": [[self.analysed[i] for i in g] for g in letters.groups]})

    def _grouped_letters(self, stage: Stage) -> None:
        self.letters: list[list[int]] = stage.values["groups"]
        self.centre_of = {index: group[0] for group in self.letters for index in group[1:]}

    # ---- passages

    def _passages(self) -> Stage:
        rows: list[tuple[int, int, int, int]] = []  # document, start, end, language
        copy_of: list[int] = []
        own: dict[int, int] = {}  # the first row of each letter's centre
        # Letters before their copies, and those of one letter together: it is read once for all.
        order = [i for i in self.analysed if i not in self.centre_of]
        copies = [i for i in self.analysed if i in self.centre_of]
        order += sorted(copies, key=lambda i: (self.centre_of[i], i))
        centres = set(self.centre_of.values())
        texts = [self._to_cut(index) for index in order]
        failed: dict[str, str] = {}
        found = zip(order, cut_all(texts, self.config), strict=True)
        for turn, (index, pieces) in enumerate(found):
            if isinstance(pieces, str):
                failed[self.documents[index].id] = pieces
                continue
            if index in centres:
                own[index] = len(rows)
            for start, end, language, source in pieces:
                rows.append((index, start, end, LANGUAGES.index(language)))
                copy_of.append(source if source < 0 else own[self.centre_of[index]] + source)
            if turn % 500 == 0:
                self._report(turn / len(order))
        table = np.asarray(rows, dtype=np.int64).reshape(-1, 4)
        ordered = np.lexsort((table[:, 1], table[:, 0]))
        place = np.empty(len(ordered), dtype=np.int64)
        place[ordered] = np.arange(len(ordered))
        sources = np.asarray(copy_of, dtype=np.int64)[ordered]
        sources = (
            np.where(sources >= 0, place[np.maximum(sources, 0)], -1) if len(place) else sources
        )
        return Stage({"table": table[ordered], "copy_of": sources}, {"failed": failed})

    def _to_cut(self, index: int) -> ToCut | list[Cut]:
        centre, reading = self.centre_of.get(index), self.documents[index].reading
        if centre is None and reading is not None:
            return [(start, end, language, -1) for start, end, language in reading.passages]
        letter = None if centre is None else self.documents[centre].text
        return self.documents[index].text, self.languages[index], letter

    def _cut(self, stage: Stage) -> None:
        self.set_aside |= stage.values["failed"]
        for index in self.analysed:
            if self.documents[index].id in stage.values["failed"]:
                self.reasons[index] = Reason.NOT_PROCESSED
        self.analysed = [i for i, reason in enumerate(self.reasons) if reason is None]
        table = stage.arrays["table"]
        copy_of = stage.arrays["copy_of"]
        self.passage_text = [
            self._masked(d, s, e, LANGUAGES[code]) for d, s, e, code in table.tolist()
        ]
        # Equal passages are one node. Numbered in order of their normal form, so that the number
        # does not depend on which document came first. The language counts: after a letter that
        # no text holds, which sorts before all others.
        other = LANGUAGES.index(Language.OTHER)
        own = np.flatnonzero((copy_of < 0) & (table[:, 3] != other)).tolist()
        keys = [key(self.passage_text[row]) for row in own]
        own = [row for row, normal in zip(own, keys, strict=True) if normal]
        keys = [
            f"{normal}\0{table[row, 3]}"
            for row, normal in zip(own, filter(None, keys), strict=True)
        ]
        node = np.full(len(table), -1, dtype=np.int64)
        self.node_row: list[int] = []
        before = ""
        for at in sorted(range(len(keys)), key=keys.__getitem__):
            if keys[at] != before:
                before = keys[at]
                self.node_row.append(own[at])
            node[own[at]] = len(self.node_row) - 1
        self.passages = Passages(table[:, 0], table[:, 1], table[:, 2], table[:, 3], copy_of, node)
        self.node_text = [self.passage_text[row] for row in self.node_row]
        self.node_language = [LANGUAGES[table[row, 3]] for row in self.node_row]
        # All that readings say is in the stages now.
        self.documents = [
            document if document.reading is None else replace(document, reading=None)
            for document in self.documents
        ]


def deciding(config: Config) -> dict[str, object]:
    """The settings that can change a result; how many processes share the work cannot."""
    return {name: value for name, value in config.to_dict().items() if name != "processes"}


def _versions(embedder: Embedder) -> dict[str, str]:
    parts = ("numpy", "scipy", "scikit-learn", "nltk", "lingua-language-detector")
    found = {part: version(part) for part in parts}
    found["embedder"] = f"{embedder.name} {embedder.version} {embedder.digest}"
    return found
