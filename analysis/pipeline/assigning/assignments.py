"""Each passage of each document with its theme, or with the reason it has none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analysis.pipeline.grouping.short import SHORT
from analysis.pipeline.grouping.themes import Themes
from analysis.pipeline.reading.normalise import count_words
from analysis.pipeline.reading.passages import Passages
from analysis.pipeline.reading.prepare import LANGUAGES, ReadDocuments
from analysis.pipeline.types import Language, PassageAssignment, Reason


def assignments(
    read: ReadDocuments,
    passages: Passages,
    themes: Themes,
    *,
    otherwise: Reason = Reason.FITS_NO_THEME,
) -> tuple[PassageAssignment, ...]:
    """A row a passage in order of document and start, and one for each document without any.

    ``otherwise`` is why a passage in an official language is in no theme. A passage in several
    themes has a row for each, one after the other.
    """
    edges = np.searchsorted(passages.document, np.arange(len(read.documents) + 1)).tolist()
    found: list[PassageAssignment] = []
    for index in range(len(read.documents)):
        own = range(edges[index], edges[index + 1])
        if read.reasons[index] is not None or not own:
            found.append(_unassigned(read, index))
            continue
        main = _main(passages, themes, own)
        for row in own:
            assigned = _assigned(read, passages, themes, row, main=row == main, otherwise=otherwise)
            found.append(assigned)
            found += (
                replace(assigned, theme=code, main=False, score=score, reason=None)
                for code, score in themes.also.get(row, ())
            )
    return tuple(found)


def _unassigned(read: ReadDocuments, index: int) -> PassageAssignment:
    """A document that has no passages, whole, with its reason."""
    document, reason, language = read.documents[index], read.reasons[index], read.languages[index]
    stripped = document.text.strip()
    start = document.text.find(stripped) if stripped else 0
    end = start + len(stripped)
    # What was not read was not searched for personal information either.
    unread = reason in (Reason.NOT_PROCESSED, Reason.TOO_LONG)
    return PassageAssignment(
        document_id=document.id,
        start=start,
        end=end,
        text="" if unread else read.shown(index, start, end, language),
        language=language,
        theme=None,
        main=False,
        score=0.0,
        reason=reason or Reason.UNREADABLE,
    )


def _assigned(
    read: ReadDocuments,
    passages: Passages,
    themes: Themes,
    row: int,
    *,
    main: bool,
    otherwise: Reason,
) -> PassageAssignment:
    """One passage with its most specific theme."""
    leaf, language = int(themes.leaf[row]), LANGUAGES[passages.language[row]]
    theme = themes.code_of_leaf[leaf] if leaf >= 0 else None
    reason = None
    if theme is None:
        reason = otherwise
        if language is Language.OTHER:
            reason = Reason.OTHER_LANGUAGE
        elif passages.node[row] < 0 and passages.copy_of[row] < 0:
            # "Veuillez agréer, Madame, …", and nothing else.
            reason = Reason.NO_ANSWER
        elif (
            # Only where themes were found: what fits no given theme was never looked for.
            otherwise is Reason.FITS_NO_THEME
            and themes.likeness_of
            and count_words(passages.text[row]) <= SHORT
        ):
            reason = Reason.TOO_SHORT
    return PassageAssignment(
        document_id=read.documents[passages.document[row]].id,
        start=int(passages.start[row]),
        end=int(passages.end[row]),
        text=passages.text[row],
        language=language,
        theme=theme,
        main=main,
        score=float(themes.score[row]) if theme is not None else 0.0,
        reason=reason,
    )


def _main(passages: Passages, themes: Themes, rows: Sequence[int]) -> int | None:
    """The passage that stands for a document's main theme: the one most of its words are on."""
    if len(rows) == 1:
        return rows[0] if themes.leaf[rows[0]] >= 0 else None
    mine = [row for row in rows if themes.leaf[row] >= 0]
    # First the theme, then the part of it.
    for labels in (themes.top, themes.leaf):
        spoken: Counter[int] = Counter()
        for row in mine:
            length = count_words(passages.text[row])
            spoken[int(labels[row])] += round(1000 * length * (0.5 + themes.score[row]))
        most = max(spoken, key=lambda theme: (spoken[theme], -theme), default=-1)
        mine = [row for row in mine if labels[row] == most]
    return max(mine, key=lambda row: (themes.score[row], -row), default=None)
