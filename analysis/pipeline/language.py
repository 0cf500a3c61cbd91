"""Which language a text is written in: English, French, another one, or not to be known.

Three witnesses, cheapest first:

1. **Letters and little words.** A text of five words or more nearly always holds articles,
   pronouns and prepositions that exist in one of the two languages only. Where they agree by a
   clear margin the answer is certain and costs microseconds.
2. **lingua** (n-gram models that come in the wheel), on English and French alone, for the rest;
   on a dozen widely spoken languages more when neither language's little words are there.
3. **The page's language**, for texts too short for either ("Bon service", "Parking").

The page's language is a prior, never the verdict: people answer in French on English pages.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .config import Config
from .normalise import WORD, clean, fold, listed, split_elisions
from .types import Language

# Little words of one language that are not words of the other (accents folded). Words that both
# have ("on", "a", "me", "son", "but", "or", "pour", "plus") are left out on purpose.
_EN = listed(
    """
    the and of to is it that this was for you are with be have not they were from your which would
    there their been has had when who will what if we can my our should could how than them then
    these those she he his her its just because about into over after more most very some any all
    only where why do does did don doesn didn isn wasn aren won wouldn shouldn couldn i'm i've im
    ive an at by so as i up out being also too much many every each need needs want wants people
    get got make made website page please thank thanks no yes good bad long time wait waiting
    through while during without within between before again never always really other another
    against same own such both few her him us you're it's that's there's
    """
)
_FR = listed(
    """
    le la les des du un une et est que qui dans pour sur avec pas je il elle nous vous ils elles
    ce cette ces cet au aux ne se sa ses mes mon ma leur leurs notre votre nos vos etait etaient
    sont etre avoir ete fait faire peut peuvent tres trop aussi mais ou donc car ni comme si tout
    tous toute toutes plus moins bien meme quand parce sans sous entre vers chez depuis pendant
    apres avant encore toujours jamais rien personne beaucoup peu j'ai c'est n'est qu'il jai cest
    ca cela celui celle ceux dont afin ainsi alors aucun aucune autre autres autant chaque d'un
    d'une faut doit doivent devrait devraient serait seraient veut veux gens oui non bon bonne
    merci attente temps service aide lors puis y en de leurs lui moi toi eux voir dire suis sommes
    etes ont avons avez avait avaient aller quoi quel quelle quels quelles lorsque puisque
    pourquoi comment combien
    """
)
_SHARED = _EN & _FR | frozenset(
    ("me", "on", "a", "son", "but", "or", "plus", "service", "no", "si")
)
_EN -= _SHARED
_FR -= _SHARED
# One-letter elisions count as French little words: l'accueil, d'attente, qu'on.
_ELIDED = frozenset(("l", "d", "j", "qu", "n", "c"))
_FRENCH_LETTERS = frozenset("éèêëàâçîïôùûœÉÈÊËÀÂÇÎÏÔÙÛŒ")

# Languages asked about when neither English nor French little words are there. The first dozen of
# Canada's other home languages that lingua knows and that are written in Latin letters; the others
# (Chinese, Punjabi, Arabic, Tamil, Inuktitut syllabics...) are told by their script.
_OTHERS = (
    "SPANISH",
    "PORTUGUESE",
    "ITALIAN",
    "GERMAN",
    "DUTCH",
    "POLISH",
    "TAGALOG",
    "VIETNAMESE",
    "SOMALI",
    "ROMANIAN",
    "TURKISH",
    "LATIN",
)


@dataclass(frozen=True, slots=True)
class Detected:
    """The language and how sure we are, in [0, 1]."""

    language: Language
    confidence: float


@lru_cache(maxsize=1)
def _two() -> Any:
    from lingua import Language as Known
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(Known.ENGLISH, Known.FRENCH).build()


@lru_cache(maxsize=2)
def _many(*, quick: bool) -> Any:
    from lingua import Language as Known
    from lingua import LanguageDetectorBuilder

    languages = [getattr(Known, name) for name in ("ENGLISH", "FRENCH", *_OTHERS)]
    builder = LanguageDetectorBuilder.from_languages(*languages)
    return (builder.with_low_accuracy_mode() if quick else builder).build()


def _is_foreign_script(text: str) -> bool:
    """True when at least half of the letters are not Latin ones."""
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 2 or text.isascii():
        return False
    foreign = sum(1 for c in letters if ord(c) > 0x24F and "LATIN" not in unicodedata.name(c, ""))
    return foreign * 2 >= len(letters)


def _little_words(text: str) -> tuple[int, int, int]:
    """(number of words, English little words, French little words), elisions split."""
    plain = clean(text)
    english = french = 0
    tokens = WORD.findall(fold(split_elisions(plain)))
    for token in tokens:
        if token in _EN:
            english += 1
        elif token in _FR or token in _ELIDED:
            french += 1
    return len(tokens), english, french


def detect(text: str, prior: Language | None = None, *, config: Config | None = None) -> Detected:
    """The language of ``text``.

    ``prior`` is the language of the page it was written on, or None. Never raises; a text without
    letters is UNDETERMINED with confidence 0.
    """
    config = config or Config()
    letters = sum(1 for c in text if c.isalpha())
    if letters == 0:
        return Detected(Language.UNDETERMINED, 0.0)
    if _is_foreign_script(text):
        return Detected(Language.OTHER, 1.0)
    n, english, french = _little_words(text)
    accents = sum(1 for c in text if c in _FRENCH_LETTERS)
    if n >= 3 and abs(english - french) >= 2 and max(english, french) >= 3 * min(english, french):
        # A Spanish text has a few words in common with French ("de", "la", "que"): certain only
        # when little words are as frequent as they are in running text.
        chosen = Language.EN if english > french else Language.FR
        share = max(english, french) / n
        if share >= 0.3 and (chosen is Language.EN or _not_romance(text, french)):
            return Detected(chosen, min(1.0, 0.7 + share))
    short = len(text.strip()) < config.language_short_characters or n < 4
    # Two English little words and no French one are English; Spanish has French-looking ones.
    if not short and max(english, french) / n < 0.25 and not (english >= 2 and french == 0):
        other = _outside(text, n)
        if other is not None:
            return other
    if not short and n >= 6 and not _not_romance(text, french):
        other = _outside(text, n)
        if other is not None:
            return other
    official = prior if prior in (Language.EN, Language.FR) else None
    if short and english != french and (official is None or abs(english - french) >= 2):
        return Detected(Language.EN if english > french else Language.FR, 0.75)
    if short and accents and official is not Language.EN:
        return Detected(Language.FR, 0.75)
    if short and official is not None:
        return Detected(official, 0.5)
    confidence = _french_confidence(text)
    if english > french:
        confidence *= 0.6
    elif french > english:
        confidence = 1 - (1 - confidence) * 0.6
    best = Language.FR if confidence >= 0.5 else Language.EN
    sure = max(confidence, 1 - confidence)
    if sure >= config.language_minimum_confidence:
        return Detected(best, sure)
    if official is not None:
        return Detected(official, 0.5)
    return Detected(Language.UNDETERMINED, sure)


def _french_confidence(text: str) -> float:
    from lingua import Language as Known

    value: float = _two().compute_language_confidence(text[:1000], Known.FRENCH)
    return value


# Frequent words of Spanish, Portuguese and Italian that French does not have.
_ROMANCE = listed(
    """
    el los las una y por con para es muy pero mas como esta este lo del al su yo mi nao uma os um
    o da do em com sao muito ao che di il per sono della non gli anche questo piu ho nel dei e
    """
)


def _not_romance(text: str, french: int) -> bool:
    tokens = WORD.findall(fold(clean(text)))
    foreign = sum(1 for token in tokens if token in _ROMANCE and token not in _FR)
    return foreign * 2 < max(french, 1)


def _outside(text: str, n: int) -> Detected | None:
    """OTHER when a dozen more languages are asked and one of them clearly wins, else None.

    Three-letter models are asked first: they load at once. They take jargon for a language one
    time in thirty, so the full models, six seconds to load, confirm what they suspect.
    """
    found = _foreign(text, n, quick=True)
    return None if found is None else _foreign(text, n, quick=False)


def _foreign(text: str, n: int, *, quick: bool) -> Detected | None:
    from lingua import Language as Known

    values = _many(quick=quick).compute_language_confidence_values(text[:600])
    best = values[0]
    if best.language in (Known.ENGLISH, Known.FRENCH):
        return None
    official = sum(v.value for v in values if v.language in (Known.ENGLISH, Known.FRENCH))
    # Names and jargon look foreign: ask for more certainty of a shorter text.
    if best.value >= (0.9 if n < 8 else 0.6) and official < 0.1:
        return Detected(Language.OTHER, float(best.value))
    return None
