"""A text as the rules of masking read it: words and figures, and what stands between two.

Made once for a text, in time linear in its length. The rules look from one token at a fixed number
of its neighbours, and at no more than ``_GAP`` characters between two; none of them searches. So
they cost the same for each token, whatever the text is made of.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property

# Between two tokens more than this is a break; a rule never needs to see it whole.
_GAP = 6
# Letters, or figures; "K1A" is three. A mark that stands by itself belongs to no word.
_TOKEN = re.compile(r"[^\W\d_]+|[0-9]+")
# A letter and the mark after it, as some keyboards and files write é. One mark: a second is noise.
_MARKED = re.compile(r"[A-Za-z][\u0300-\u036f]")
_PLAIN_MARK = {"’": "'", "‘": "'", "ʼ": "'", "′": "'", "´": "'", "`": "'", "“": '"', "”": '"'}


class _Plain(dict[int, str]):
    """Each character with its odd forms made plain: one for one, so that no offset moves.

    Spaces of any width and signs without any are a space, dashes of any length a hyphen, figures
    and Latin letters of any width those of the keyboard.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        plain = _PLAIN_MARK.get(char, char)
        if category == "Nd":
            plain = str(unicodedata.decimal(char))
        elif category in ("Zs", "Cf") or char in "\t\x00":
            plain = " "
        elif category == "Pd" or char == "−":
            plain = "-"
        elif 0xFF01 <= code <= 0xFF5E:
            plain = chr(code - 0xFEE0)
        self[code] = plain
        return plain


class _Folded(dict[int, str]):
    """Each character in lower case without its accent, one for one: œ is o."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        base = unicodedata.normalize("NFKD", char.lower())[:1] or char
        self[code] = folded = {"œ": "o", "æ": "a", "ø": "o", "ł": "l"}.get(base, base.lower()[:1])
        return folded


_PLAIN, _FOLDED = _Plain(), _Folded()


class Tokens:
    """The tokens of one text.

    ``words`` are folded (lower case, no accents), one for each token; ``starts`` and ``ends`` are
    offsets in ``plain``. ``place`` gives those of the text as it was typed.
    """

    __slots__ = ("__dict__", "_places", "ends", "folded", "plain", "starts", "words")

    def __init__(self, text: str) -> None:
        self._places: list[int] | None = None
        if text.isascii():
            self.plain = text.translate({9: " ", 0: " "}) if "\t" in text else text
            self.folded = self.plain.lower()
        else:
            if _MARKED.search(text):
                text, self._places = _composed(text)
            self.plain = text.translate(_PLAIN)
            self.folded = self.plain.translate(_FOLDED)
        spans = [match.span() for match in _TOKEN.finditer(self.folded)]
        folded = self.folded
        self.starts = [a for a, _ in spans]
        self.ends = [b for _, b in spans]
        self.words = [folded[a:b] for a, b in spans]

    def __len__(self) -> int:
        return len(self.words)

    def gap(self, i: int) -> str:
        """What stands after token ``i``, to the next token or the end; "\\n\\n" where it is long.

        The start of the text is the gap after -1.
        """
        start = self.ends[i] if i >= 0 else 0
        end = self.starts[i + 1] if i + 1 < len(self.words) else len(self.plain)
        return self.plain[start:end] if end - start <= _GAP else "\n\n"

    def written(self, i: int) -> str:
        """Token ``i`` with its capitals and accents."""
        return self.plain[self.starts[i] : self.ends[i]]

    def word(self, i: int) -> str:
        """Token ``i`` folded; empty outside the text."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def is_capital(self, i: int) -> bool:
        """Whether token ``i`` begins with a capital that says something."""
        return self.plain[self.starts[i]].isupper()

    @cached_property
    def capitals(self) -> list[int]:
        """The tokens that begin with a capital."""
        plain = self.plain
        return [i for i, start in enumerate(self.starts) if plain[start].isupper()]

    @cached_property
    def is_shouted(self) -> bool:
        """Whether capitals say nothing: hardly a small letter in the text."""
        if 2 * len(self.capitals) <= len(self.words):
            return False
        small = sum(map(str.islower, self.plain))
        large = sum(map(str.isupper, self.plain))
        return large > 3 * small

    def place(self, offset: int) -> int:
        """An offset in ``plain`` as one of the text as it was given."""
        return offset if self._places is None else self._places[offset]


def _composed(text: str) -> tuple[str, list[int]]:
    """``text`` with letters and their marks as one character, and where each character was.

    By hand, pair by pair: the standard composition sorts runs of marks, which is quadratic.
    """
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for match in _MARKED.finditer(text):
        one = unicodedata.normalize("NFC", match.group())
        if len(one) != 1:
            continue
        a, b = match.span()
        parts += (text[at:a], one)
        places.extend(range(at, a + 1))
        at = b
    parts.append(text[at:])
    places.extend(range(at, len(text) + 1))
    return "".join(parts), places
