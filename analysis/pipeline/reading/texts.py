"""What is done to each text by itself, in any process: read it, cut it into passages.

A text on which this fails is set aside with the name of the error, never its message, which may
quote the text. The others go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TypeVar

from analysis.pipeline.config import Config
from analysis.pipeline.types import Document, Language, Reading, Reason
from analysis.pipeline.workers import can_fork, spread

from . import campaigns, privacy, splitting, substance
from .language import detect
from .mixed import official_in
from .ngram_models import load
from .normalise import count_words

Span = tuple[int, int]
# Language, why not to analyse it, what to hide.
Seen = tuple[Language, Reason | None, Sequence[privacy.Found]]
# Start, end, language, and which of its letter's passages it repeats, or -1.
Cut = tuple[int, int, Language, int]
# One text to cut: its words, its language, and the letter it is a copy of.
ToCut = tuple[str, Language, str | None]

# Texts of one piece of work, and below how many a second process costs more than it saves.
_BLOCK = 250
_POOL_OVER = 2_000
_POOL_OVER_SLOW = 30_000

# What one answer may be. A long brief has thirty pages: 16,000 words, 90,000 characters. Beyond it
# a file was pasted into a cell, and the time of a whole run would go to one text. Characters and
# words are counted, never seconds: what is set aside here is set aside on every machine. Texts of
# many short words cost the most for their length, hence both.
MOST_CHARACTERS = 100_000
MOST_WORDS = 25_000

Item = TypeVar("Item")


def is_too_long(text: str) -> bool:
    """Whether ``text`` is more than one answer can be."""
    return len(text) > MOST_CHARACTERS or (
        len(text) > MOST_WORDS and count_words(text) > MOST_WORDS
    )


def read(document: Document, config: Config) -> Seen:
    """What is seen at the first reading of one text; of one that is too long, nothing."""
    if is_too_long(document.text):
        return document.language or Language.UNDETERMINED, Reason.TOO_LONG, ()
    reason = substance.without_substance(document.text)
    language = (
        substance.refused_in(document.text) if reason is Reason.DECLINED else None
    ) or detect(document.text, document.language, config=config).language
    if language is Language.OTHER:
        # Half in Punjabi, half in English: the English half is read.
        language = official_in(document.text) or language
    if reason is None and language is Language.OTHER:
        reason = Reason.OTHER_LANGUAGE
    found = privacy.find(document.text) if config.mask_personal_information else ()
    return language, reason, found


def read_all(documents: Sequence[Document], config: Config) -> Iterator[Seen | str]:
    """``read`` of each, in order; the name of the error where it failed."""
    unread = [document for document in documents if document.reading is None]
    pieces = [(block, config) for block in _blocks(unread)]
    done = chain.from_iterable(spread(_read_block, pieces, _processes(unread, config)))
    for document in documents:
        yield next(done) if document.reading is None else _seen(document.reading)


def _seen(reading: Reading) -> Seen:
    return reading.language, reading.reason, [privacy.Found(*place) for place in reading.hidden]


def _read_block(piece: tuple[Sequence[Document], Config]) -> list[Seen | str]:
    documents, config = piece
    found: list[Seen | str] = []
    for document in documents:
        try:
            found.append(read(document, config))
        except Exception as error:  # one text may not stop a consultation
            found.append(type(error).__name__)
    return found


def cut(text: str, language: Language, letter: str | None, config: Config) -> list[Cut]:
    """The passages of one text, each with its own language.

    In a copy of a letter what the person added is a passage of its own, with source -1.
    """
    spans = splitting.split(text, config)
    centre = None
    if letter is not None:
        centre = _letter(letter, config)
        spans = _around_additions(text, spans, centre.known)
    found: list[Cut] = []
    for start, end in spans:
        own = language
        if len(spans) > 1:
            own = detect(text[start:end], language, config=config).language
        source = -1 if centre is None else _copied(text[start:end], centre)
        found.append((start, end, own, source))
    return found


def cut_all(texts: Sequence[ToCut | list[Cut]], config: Config) -> Iterator[list[Cut] | str]:
    """``cut`` of each, in order; the name of the error where it failed. What is a list is cut."""
    whole = [text for text in texts if isinstance(text, tuple)]
    pieces = [(block, config) for block in _blocks(whole)]
    done = chain.from_iterable(spread(_cut_block, pieces, _processes(whole, config)))
    for text in texts:
        yield next(done) if isinstance(text, tuple) else text


def _cut_block(piece: tuple[Sequence[ToCut], Config]) -> list[list[Cut] | str]:
    texts, config = piece
    found: list[list[Cut] | str] = []
    for text, language, letter in texts:
        try:
            found.append(cut(text, language, letter, config))
        except Exception as error:  # one text may not stop a consultation
            found.append(type(error).__name__)
    return found


def _blocks(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    return (items[start : start + _BLOCK] for start in range(0, len(items), _BLOCK))


def _processes(items: Sequence[object], config: Config) -> int:
    if len(items) < (_POOL_OVER if can_fork() else _POOL_OVER_SLOW):
        return 1
    load()
    return config.processes


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter's two-word shingles, and its passages (by number) that hold each of them."""

    known: frozenset[int]
    passages: int
    holding: Mapping[int, Sequence[int]]


# A shingle in more passages of one letter than this tells none of them apart: the first are enough.
_HELD = 50


@lru_cache(maxsize=64)
def _letter(text: str, config: Config) -> _Letter:
    try:
        spans = splitting.split(text, config)
    except Exception:  # the letter itself is set aside; its copies stand alone
        spans = []
    holding: dict[int, list[int]] = {}
    for number, (start, end) in enumerate(spans):
        for shingle in campaigns.shingles(text[start:end], 2):
            held = holding.setdefault(shingle, [])
            if len(held) < _HELD:
                held.append(number)
    return _Letter(campaigns.shingles(text, 2), len(spans), holding)


def _around_additions(text: str, spans: list[Span], known: frozenset[int]) -> list[Span]:
    """``spans`` cut so that what a person added to a letter is a passage of its own.

    A run of sentences is an addition when less than a third of its two-word shingles are in the
    letter and it has at least eight words.
    """
    result: list[Span] = []
    for start, end in spans:
        parts: list[tuple[int, int, bool]] = []
        for a, b in splitting.sentences(text[start:end]):
            own = campaigns.shingles(text[start + a : start + b], 2)
            new = bool(own) and len(own & known) < len(own) / 3
            if parts and parts[-1][2] == new:
                parts[-1] = (parts[-1][0], start + b, new)
            else:
                parts.append((start + a, start + b, new))
        large = {p for p in parts if p[2] and count_words(text[p[0] : p[1]]) >= 8}
        if not large or len(parts) == 1:
            result.append((start, end))
            continue
        merged: list[tuple[int, int, bool]] = []
        for part in parts:
            new = part in large
            if merged and merged[-1][2] == new:
                merged[-1] = (merged[-1][0], part[1], new)
            else:
                merged.append((part[0], part[1], new))
        result.extend((a, b) for a, b, _ in merged)
    return result


def _copied(piece: str, letter: _Letter) -> int:
    """Which passage of the letter ``piece`` repeats, or -1 when it is the person's own."""
    own = campaigns.shingles(piece, 2)
    if not own:
        return 0 if letter.passages else -1
    shared = own & letter.holding.keys()
    if len(shared) < len(own) / 3:
        return -1
    counts = Counter(number for shingle in shared for number in letter.holding[shingle])
    return min(counts, key=lambda number: (-counts[number], number))
