"""The passages of a run: long answers cut into ideas, copies of letters known as copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.checkpoint import ALONE, Stage, Step
from analysis.pipeline.config import Config
from analysis.pipeline.types import OFFICIAL_LANGUAGES, Language

from .campaigns import Letters
from .courtesies import without_courtesies
from .normalise import key
from .prepare import LANGUAGES, ReadDocuments
from .texts import Cut, ToCut, cut_all


@dataclass(frozen=True, slots=True)
class DistinctPassages:
    """Passages that say the same in one language are one: the nodes that are embedded
    and grouped.

    In order of their normal form. ``row`` is the first passage of each, ``text`` its words with
    what is private masked, without the forms of courtesy around them.
    """

    row: NDArray[np.int64]
    text: Sequence[str]
    language: Sequence[Language]


@dataclass(frozen=True, slots=True)
class Passages:
    """Passages of analysed documents, in order of document and start.

    ``document``, ``start`` and ``end`` say where each is, ``language`` numbers ``LANGUAGES``.
    ``copy_of`` is the passage of the letter's representative whose theme this one shares, or -1.
    ``node`` numbers the ``distinct`` ones; copies, what is in no language we theme and what is a
    form of courtesy and nothing else have -1.
    ``text`` are the words with what is private masked.
    """

    document: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    language: NDArray[np.int64]
    copy_of: NDArray[np.int64]
    node: NDArray[np.int64]
    text: Sequence[str]
    distinct: DistinctPassages

    def __len__(self) -> int:
        return len(self.node)


def cut_passages(
    read: ReadDocuments, letters: Letters, config: Config, *, step: Step = ALONE
) -> tuple[ReadDocuments, Passages]:
    """The passages of the documents, and the documents without those that could not be cut."""
    stage = step.keep(lambda: _cut(read, letters, config, step))
    read = read.after_cutting(stage.values["failed"])
    table, copy_of = stage.arrays["table"], stage.arrays["copy_of"]
    text = [read.shown(d, s, e, LANGUAGES[code]) for d, s, e, code in table.tolist()]
    said = [without_courtesies(each) for each in text]
    node, row = _numbered(table[:, 3], copy_of, said)
    return replace(read, counted=_counted(read, table)), Passages(
        document=table[:, 0],
        start=table[:, 1],
        end=table[:, 2],
        language=table[:, 3],
        copy_of=copy_of,
        node=node,
        text=text,
        distinct=DistinctPassages(
            np.asarray(row, dtype=np.int64),
            [said[i] for i in row],
            [LANGUAGES[table[i, 3]] for i in row],
        ),
    )


def _counted(read: ReadDocuments, table: NDArray[np.int64]) -> list[Language]:
    """See ``ReadDocuments.counted``: so are answers counted wherever passages are what is kept."""
    counted = list(read.languages)
    official = table[np.isin(table[:, 3], [LANGUAGES.index(each) for each in OFFICIAL_LANGUAGES])]
    documents, first = np.unique(official[:, 0], return_index=True)
    for document, code in zip(documents.tolist(), official[first, 3].tolist(), strict=True):
        counted[document] = LANGUAGES[code]
    return counted


def _cut(read: ReadDocuments, letters: Letters, config: Config, step: Step) -> Stage:
    rows: list[tuple[int, int, int, int]] = []  # document, start, end, language
    copy_of: list[int] = []
    own: dict[int, int] = {}  # the first row of each letter's centre
    centre_of = letters.centre_of
    # Letters before their copies, and those of one letter together: it is read once for all.
    order = [i for i in read.analysed if i not in centre_of]
    copies = [i for i in read.analysed if i in centre_of]
    order += sorted(copies, key=lambda i: (centre_of[i], i))
    centres = set(centre_of.values())
    texts = [_to_cut(read, index, centre_of.get(index)) for index in order]
    failed: dict[str, str] = {}
    found = zip(order, cut_all(texts, config), strict=True)
    for turn, (index, pieces) in enumerate(found):
        if isinstance(pieces, str):
            failed[read.documents[index].id] = pieces
            continue
        if index in centres:
            own[index] = len(rows)
        for start, end, language, source in pieces:
            rows.append((index, start, end, LANGUAGES.index(language)))
            copy_of.append(source if source < 0 else own[centre_of[index]] + source)
        if turn % 500 == 0:
            step.report(turn / len(order))
    table = np.asarray(rows, dtype=np.int64).reshape(-1, 4)
    ordered = np.lexsort((table[:, 1], table[:, 0]))
    place = np.empty(len(ordered), dtype=np.int64)
    place[ordered] = np.arange(len(ordered))
    sources = np.asarray(copy_of, dtype=np.int64)[ordered]
    sources = np.where(sources >= 0, place[np.maximum(sources, 0)], -1) if len(place) else sources
    return Stage({"table": table[ordered], "copy_of": sources}, {"failed": failed})


def _to_cut(read: ReadDocuments, index: int, centre: int | None) -> ToCut | list[Cut]:
    document = read.documents[index]
    if centre is None and document.reading is not None:
        return [(start, end, language, -1) for start, end, language in document.reading.passages]
    letter = None if centre is None else read.documents[centre].text
    return document.text, read.languages[index], letter


def _numbered(
    languages: NDArray[np.int64], copy_of: NDArray[np.int64], text: Sequence[str]
) -> tuple[NDArray[np.int64], list[int]]:
    """The number of each passage among the distinct ones, and the first passage of each of those.

    Numbered in order of their normal form, so that the number does not depend on which document
    came first. The language counts: after a letter that no text holds, which sorts before all
    others.
    """
    other = LANGUAGES.index(Language.OTHER)
    own = np.flatnonzero((copy_of < 0) & (languages != other)).tolist()
    keys = [key(text[row]) for row in own]
    own = [row for row, normal in zip(own, keys, strict=True) if normal]
    keys = [
        f"{normal}\0{languages[row]}" for row, normal in zip(own, filter(None, keys), strict=True)
    ]
    node = np.full(len(languages), -1, dtype=np.int64)
    first: list[int] = []
    before = ""
    for at in sorted(range(len(keys)), key=keys.__getitem__):
        if keys[at] != before:
            before = keys[at]
            first.append(own[at])
        node[own[at]] = len(first) - 1
    return node, first
