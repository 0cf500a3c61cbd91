"""What the little words of a text say of its language; ``little_words.txt`` has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from analysis.pipeline.types import Language

from .normalise import WORD, clean, fold
from .word_lists import listed, sections

_LISTS = sections(Path(__file__).resolve().parent / "little_words.txt")
_EN, _FR = listed(_LISTS["English"]), listed(_LISTS["French"])
_SHARED = _EN & _FR | listed(_LISTS["both, whatever the lists say"])
# One-letter elisions count as French little words: l'accueil, d'attente, qu'on.
_ELIDED = frozenset(("l", "d", "j", "qu", "n", "c"))
IN_NAMES = listed(_LISTS["in names"])
_OTHER = [listed(text) for name, text in _LISTS.items() if name.startswith("other: ")]
# Those of other languages alone; some are written like a word of ours ("war", "dans").
THIRD = frozenset().union(*_OTHER) - _EN - _FR - _SHARED
NEUTRAL = listed(_LISTS["in which nothing is heard"])
BOTH = listed(_LISTS["the same in both"])
# A letter of a script that is not the Latin one.
FOREIGN = re.compile("[^\\W\\d_\uff21-\uff5a\u0000-\u024f\u02b0-\u02ff\u1d00-\u1dbf\u1e00-\u1eff]")


def _witnesses() -> dict[str, tuple[int, ...]]:
    """For each little word the places in the count of the languages that have it.

    The last place counts words that neither English nor French has.
    """
    places: dict[str, list[int]] = {}
    others = (words - _EN - _SHARED for words in _OTHER)
    for place, words in enumerate((_EN - _SHARED, (_FR - _SHARED) | _ELIDED, *others)):
        for word in words:
            places.setdefault(word, []).append(place)
    for found in places.values():
        if found[0] > 1:
            found.append(_LANGUAGES)
    return {word: tuple(found) for word, found in places.items()}


_LANGUAGES = 2 + len(_OTHER)
_WITNESSES = _witnesses()


@dataclass(frozen=True, slots=True)
class Heard:
    """What the little words say. ``other`` is the most that one other language has of them,
    ``foreign`` counts those that are neither English nor French.
    """

    tokens: list[str]
    english: int
    french: int
    other: int
    foreign: int

    @property
    def is_english_with_names(self) -> bool:
        """English little words, and no French one but those that are in names."""
        if self.english < 2:
            return False
        names = sum(token in IN_NAMES for token in self.tokens)
        return self.french - names <= 0

    @property
    def certain(self) -> Language | None:
        """The language when it needs no model, else None."""
        n, best = len(self.tokens), max(self.english, self.french)
        if self.foreign and self.other > max(best, 1) and n >= 3 and self.other >= 0.2 * n:
            return Language.OTHER
        if n < 3 or abs(self.english - self.french) < 2 or best <= self.other:
            return None
        least = min(self.english, self.french)
        if best < 3 * least:
            return None
        # Certain when little words are as frequent as they are in running text, or fewer but of
        # this language alone.
        if best < 0.3 * n and (best < 3 or best < 0.12 * n or least or best < self.other + 2):
            return None
        return Language.EN if self.english > self.french else Language.FR


class _Plain(dict[int, str]):
    """Each character in lower case, without accents, an apostrophe as it is typed on a keyboard."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = fold(clean(chr(code)))
        return plain


_PLAIN = _Plain()


def hear(text: str) -> Heard:
    plain = text.lower() if text.isascii() else text.translate(_PLAIN)
    tokens = WORD.findall(plain)
    counts = [0] * (_LANGUAGES + 1)
    for token in tokens:
        for place in _WITNESSES.get(token, ()):
            counts[place] += 1
    if len(tokens) < 4 and "'" not in plain:
        # "N/A" is no elision.
        counts[1] -= sum(token in _ELIDED for token in tokens)
    return Heard(tokens, counts[0], counts[1], max(counts[2:_LANGUAGES]), counts[_LANGUAGES])


def is_foreign_script(text: str) -> bool:
    """True when at least half of the letters are not Latin ones."""
    if text.isascii() or FOREIGN.search(text) is None:
        return False
    letters = sum(map(str.isalpha, text))
    return letters >= 2 and len(FOREIGN.findall(text)) * 2 >= letters
