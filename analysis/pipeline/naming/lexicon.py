"""The words of a text: where each stands, what kind it is, and what groups its forms.

Closed classes are lists (``stopwords_en.txt``, ``stopwords_fr.txt``); everything else about a word
is counted, see ``vocabulary``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nltk.stem.snowball import SnowballStemmer

from analysis.pipeline.reading.normalise import clean, composed, fold
from analysis.pipeline.reading.word_lists import sections
from analysis.pipeline.types import Language

if TYPE_CHECKING:
    from collections.abc import Iterator


_HERE = Path(__file__).resolve().parent
# A word with its inner apostrophes and hyphens; "C++", "C#" and ".NET" keep what names them.
_TOKEN = re.compile(r"\.?[^\W_]+(?:['&-][^\W_]+)*[+#]{0,2}")
# What stands before the apostrophe of an elision; "aujourd'hui" is one word.
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu)'(?=\w)", re.IGNORECASE)
# What ends a sentence or opens a quotation: the capital after it says nothing.
_BEGINS = frozenset('.!?\n:;|«"(-•')
# What masking leaves behind. It must never reach a name. What has an @ in it is looked for once,
# from where it begins: from each of its letters anew would take the square of their number.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)\S+@\S+", re.IGNORECASE)
PLACEHOLDER = re.compile(r"\[[^\[\]]{1,60}(?:removed|retirée?s?)\]")
_POSSESSIVE = re.compile(r"'s?$")
_UPPER_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The closed words of one language, read from ``stopwords_*.txt``."""

    function: frozenset[str]
    verb: frozenset[str]
    ambiguous: frozenset[str]
    weak: frozenset[str]
    capital: frozenset[str]
    title: frozenset[str]
    initialism: frozenset[str]


@lru_cache(maxsize=4)
def lexicon(language: Language) -> Lexicon:
    """The lists for English or French. KeyError for any other language."""
    name = {Language.EN: "en", Language.FR: "fr"}[language]
    found = sections(_HERE / f"stopwords_{name}.txt")
    parts = {part: set(found[part].split()) for part in Lexicon.__slots__}
    for part in ("function", "verb"):
        # Many type without accents: "etais" is no more a subject than "étais".
        parts[part].update([fold(word) for word in parts[part]])
    return Lexicon(**{part: frozenset(parts[part]) for part in Lexicon.__slots__})


@lru_cache(maxsize=4)
def _stemmer(language: Language) -> SnowballStemmer:
    return SnowballStemmer({Language.EN: "english", Language.FR: "french"}[language])


# Where the stemmer joins two subjects or parts one.
_ROOTS = {
    Language.EN: {
        "buses": "bus",
        "housing": "housing",
        "licence": "licens",
        "licences": "licens",
        "parking": "parking",
        "training": "training",
    },
    Language.FR: {"station": "stations", "stations": "stations"},
}


@lru_cache(maxsize=200_000)
def stem(word: str, language: Language) -> str:
    """What groups the forms of a word: ``formulaires`` and ``formulaire`` are one."""
    plain = _POSSESSIVE.sub("", word) if language is Language.EN else word
    root = _ROOTS[language].get(plain) or str(_stemmer(language).stem(plain))
    # Many type without accents: "pole emploi" is "pôle emploi", shown as most people wrote it.
    return fold(root) if language is Language.FR else root


class Token(NamedTuple):
    """A word in its text: lower case, as written, and where (in the cleaned text)."""

    low: str
    written: str
    start: int
    end: int
    first: bool  # first word of a sentence: its capital says nothing


class Segment(NamedTuple):
    """Words with nothing but spaces and elisions between them: no phrase crosses its ends."""

    text: str
    tokens: tuple[Token, ...]
    shouted: bool  # too many capitals to learn from


# A passage is read for its theme, for the part of the theme it is in, and for the quotes of both.
@lru_cache(maxsize=16_384)
def segments(text: str, language: Language) -> tuple[Segment, ...]:
    """Cut ``text`` at punctuation, line ends and masked stretches."""
    plain = clean(composed(text, "NFC"))
    # Looked for only where they can be: the patterns are slow on plain text.
    if "[" in plain:
        plain = PLACEHOLDER.sub(lambda m: "|" * len(m.group()), plain)
    if "@" in plain or "://" in plain or "www." in plain.lower():
        plain = _ADDRESS.sub(lambda m: "|" * len(m.group()), plain)
    french = language is Language.FR
    runs: list[list[Token]] = []
    run: list[Token] = []
    words = upper = before = 0
    first = True
    for match in _TOKEN.finditer(plain):
        a, b = match.span()
        if (between := plain[before:a]) != " ":
            between = between.strip(" ")
            if between and run:
                runs.append(run)
                run = []
            if before:
                first = bool(between) and not _BEGINS.isdisjoint(between)
        else:
            first = before == 0
        written = match.group()
        before = b
        while french and "'" in written and (elided := _ELIDED.match(written)):
            # "l'eau" is two words with nothing between.
            part = written[: elided.end() - 1]
            upper += part[0].isupper()
            words += 1
            run.append(_token(part.lower(), part, a, a + len(part), first))
            written, a, first = written[elided.end() :], a + elided.end(), False
        upper += written[0].isupper()
        words += 1
        run.append(_token(written.lower(), written, a, b, first))
    if run:
        runs.append(run)
    # All capitals, or Capitals On Each Word as in a title: their case says nothing about names.
    shouted = words > 2 and upper / words > _UPPER_SHARE
    return tuple(Segment(plain, tuple(each), shouted) for each in runs)


def _token(low: str, written: str, start: int, end: int, first: bool) -> Token:
    # One is made of every word of every text: this is twice as fast as Token(...).
    return tuple.__new__(Token, (low, written, start, end, first))


def roots(text: str, language: Language) -> Iterator[str]:
    """The stems of the content words of ``text``, in order, repeated as often as they occur."""
    lex = lexicon(language)
    for piece in segments(text, language):
        for token in piece.tokens:
            low = token.low
            if low not in lex.function and (low.isalpha() or any(c.isalpha() for c in low)):
                yield stem(low, language)
