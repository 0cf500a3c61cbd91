"""One form for texts that mean the same, without losing where each character came from.

Two kinds of normal form, never mixed up:

- ``clean`` changes nothing that moves an offset: same length, character for character, so a span
  found in it is a span of the original.
- ``key`` is for comparing (is this the same sentence?): NFKC, lower case, one space. It has no
  offsets.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

# Characters that look like a space or an apostrophe and are typed for one. One for one: offsets
# in the cleaned text are offsets in the original.
_SAME_LENGTH = str.maketrans(
    {
        "\u00a0": " ",
        "\u2007": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u3000": " ",
        "\t": " ",
        "\u2018": "'",
        "\u2019": "'",
        "\u02bc": "'",
        "\u2032": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u00ad": " ",
        "\u200b": " ",
        "\u200c": " ",
        "\u200d": " ",
        "\ufeff": " ",
        "\x00": " ",
    }
)

# A word: letters and digits of any script, with inner hyphens ("vis-à-vis", "e-mail").
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# French elision: l', d', j', qu', jusqu', lorsqu', puisqu', quoiqu', aujourd'hui is one word.
_ELISION = re.compile(
    r"\b(?!aujourd'hui\b)([cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu)'(?=\w)", re.IGNORECASE
)
_SPACES = re.compile(r"\s+")


# Marks that one letter may carry. More are no writing: Unicode's stream-safe form cuts here too
# (UAX 15).
_MOST_MARKS = 30
# Beyond it there is none.
_LAST_MARK = 0x1EA00


@lru_cache(maxsize=1)
def _run_of_marks() -> re.Pattern[str]:
    """A run of as many marks as a letter may carry; those that only decompose to marks count."""
    marks = [
        f"\\U{code:08x}"
        for code in range(0x300, 0x110000)
        if (code < _LAST_MARK or 0xFF00 <= code < 0x10000)
        and unicodedata.combining(unicodedata.normalize("NFKD", chr(code))[0])
    ]
    return re.compile(f"[{''.join(marks)}]{{{_MOST_MARKS}}}")


def composed(text: str, form: Literal["NFC", "NFKC"]) -> str:
    """``text`` in that normal form, in time linear in its length.

    The marks on a letter are put in order by moving each past the others, which takes the square of
    their number: a thousand on one letter, which nobody writes, are ordered by thirties.
    """
    if text.isascii():
        return text
    ends = [match.end() for match in _run_of_marks().finditer(text)]
    if not ends:
        return unicodedata.normalize(form, text)
    starts = [0, *ends]
    return "".join(
        unicodedata.normalize(form, text[start:end])
        for start, end in zip(starts, [*ends, len(text)], strict=True)
    )


def clean(text: str) -> str:
    """``text`` with odd spaces, apostrophes and invisible characters made plain.

    The length never changes, so offsets found in the result hold in ``text``.
    """
    if text.isascii() and "\t" not in text and "\x00" not in text:
        return text
    return text.translate(_SAME_LENGTH)


def split_elisions(text: str) -> str:
    """``l'école`` as ``l école``: the article is its own word. Same length as ``text``."""
    return _ELISION.sub(lambda match: match.group(1) + " ", text)


def words(text: str) -> list[str]:
    """The words of ``text`` in lower case, composed (NFC), accents kept, elisions split."""
    plain = split_elisions(clean(composed(text, "NFC")).lower())
    return WORD.findall(plain)


def count_words(text: str) -> int:
    """How many words a reader would count; elided articles are not counted apart."""
    return len(WORD.findall(text))


def key(text: str) -> str:
    """What two texts have in common when a person would call them the same text.

    NFKC, lower case, words only, single spaces. Punctuation and spacing do not count.
    """
    plain = clean(composed(text, "NFKC")).casefold()
    found = WORD.findall(plain)
    return " ".join(found) if found else _SPACES.sub(" ", plain).strip()


class _Folded(dict[int, str]):
    """What each character folds to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        plain = chr(code).casefold().replace("œ", "oe").replace("æ", "ae")
        decomposed = unicodedata.normalize("NFKD", plain)
        self[code] = folded = "".join(c for c in decomposed if not unicodedata.combining(c))
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    """``text`` in lower case without accents: é as e, œ as oe."""
    return text.lower() if text.isascii() else text.translate(_FOLDED)
