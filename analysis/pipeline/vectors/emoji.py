"""What an emoji means, in words: no encoder here was trained on pictures, but they have names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

# Skin tones and the marks that join or dress an emoji say nothing of their own.
_SILENT = frozenset(
    chr(code) for code in (*range(0x1F3FB, 0x1F400), 0xFE0E, 0xFE0F, 0x200D, 0x20E3)
)
_PICTURES = {"So", "Sk", "Sm"}
# Unicode's own words for what a picture looks like, which are no part of what is meant.
_LOOKS = {"SIGN", "SYMBOL", "HEAVY", "BLACK", "WHITE", "WITH", "FACE", "EMOJI"}


def in_words(text: str) -> str:
    """The names of the emoji of a text that has nothing else; any other text as it is."""
    if text.isascii() or any(map(str.isalnum, text)):
        return text
    names = list(dict.fromkeys(_names(text)))
    return " ".join(names) if names else text


def _names(text: str) -> Iterator[str]:
    for character in text:
        if character in _SILENT or unicodedata.category(character) not in _PICTURES:
            continue
        words = unicodedata.name(character, "").split()
        said = [word for word in words if word not in _LOOKS] or words
        yield " ".join(said).lower()
