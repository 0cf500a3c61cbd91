"""Which language a text is written in: English, French, another one, or not to be known.

Three witnesses, cheapest first:

1. **Letters and little words.** A text of five words or more nearly always holds articles,
   pronouns and prepositions. Those of English and French are counted, and those of languages that
   share them with French (Spanish, Portuguese, Italian) or that no detector on the shelf knows
   (Haitian Creole, Punjabi and Hindi in Latin letters, Inuktitut, Cree, Innu). Where one language
   leads clearly the answer is certain and costs microseconds.
2. **lingua** (n-gram models that come in the wheel), on English and French alone, for the rest;
   on a dozen widely spoken languages more when neither language's little words are there.
3. **The page's language**, for texts too short for either ("Bon service", "Parking").

The page's language, or the one a file declares, is a prior, not the verdict: people answer in
French on English pages, and some answers are half in each, which ``mixed`` takes apart. But a third
language overrides it only by strong evidence, its script, its little words or a whole sentence:
terms of a trade ("Taux de mortalité par suicide") look Catalan or Latin to a model.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from analysis.pipeline.config import Config
from analysis.pipeline.types import Language

from .little_words import BOTH, NEUTRAL, Heard, hear, is_foreign_script
from .ngram_models import french_confidence, outside
from .normalise import clean, fold

_FRENCH_LETTERS = frozenset("éèêëàâçîïôùûœÉÈÊËÀÂÇÎÏÔÙÛŒ")
# Spellings that neither language has: q without u, doubled a, i and u, hk, tsh, glottal stops...
_STRANGE = re.compile(
    r"q(?!u)|aa|ii|uu|jj|kk|hk|wk|tsh|iyi|uiu|iau|[bcdfghjklmnpqrstvwxz]{6}|[^\W\d_]:[^\W\d_]|"
    r"[^\W\d_]{2}'[^\W\d_]{3}|nhk|nkw"
)
# Latin letters that neither language writes; one may be in a name.
_ALIEN = re.compile("[áãåäìíòóõøöúñßýþð\u0100-\u0151\u0154-\u024f\u1e00-\u1eff]")
_ENDINGS = re.compile(
    r"(?:tions?|ments?|ness|ings?|able|ible|[ae]nces?|iques?|aires?|eurs?|euses?|ites?|ity|ism|"
    r"isme|ives?|ifs?|als?|elles?|ed|ers?|es|ez|ly|ous|ages?|ologie|ogy)$"
)


@dataclass(frozen=True, slots=True)
class Detected:
    """The language and how sure we are, in [0, 1]."""

    language: Language
    confidence: float


def detect(text: str, prior: Language | None = None, *, config: Config | None = None) -> Detected:
    """The language of ``text``.

    ``prior`` is the language of the page it was written on or the one its file declares (OTHER for
    a third one), or None. Never raises; a text without
    letters is UNDETERMINED with confidence 0.
    """
    config = config or Config()
    if not any(map(str.isalpha, text)):
        return Detected(Language.UNDETERMINED, 0.0)
    if is_foreign_script(text):
        return Detected(Language.OTHER, 1.0)
    heard = hear(text)
    certain = heard.certain
    n = len(heard.tokens)
    if certain is Language.OTHER:
        return Detected(certain, min(1.0, 0.6 + heard.other / n))
    if certain is not None:
        return Detected(certain, min(1.0, 0.7 + max(heard.english, heard.french) / n))
    if prior is Language.OTHER:
        return Detected(Language.OTHER, 0.5)
    official = prior if prior in (Language.EN, Language.FR) else None
    if not _can_be_told(text, heard):
        if official is None:
            return Detected(Language.UNDETERMINED, 0.0)
        return Detected(official, 0.5)
    short = len(text.strip()) < config.language_short_characters or n < 4
    if n >= 3 and _is_unlike_both(text, heard, declared=official is not None):
        return Detected(Language.OTHER, 0.7)
    # Two English little words and no French one are English; Spanish has French-looking ones.
    english_only = heard.english >= 2 and heard.french == 0
    few = max(heard.english, heard.french) < 0.25 * n and not english_only
    foreign = few or heard.other >= max(2, heard.english, heard.french)
    if not short and foreign and not (n < _SENTENCE and _may_be(text, heard, official)):
        sure = outside(text, n)
        if sure is not None:
            return Detected(Language.OTHER, sure)
    return _of_two(text, heard, official, short, config)


def _of_two(
    text: str, heard: Heard, official: Language | None, short: bool, config: Config
) -> Detected:
    """English or French, by the models, the little words and, where short, the page."""
    said = min(max(french_confidence(text), 1e-4), 1 - 1e-4)
    logit = math.log(said / (1 - said)) + 0.9 * (heard.french - heard.english)
    if short and not _FRENCH_LETTERS.isdisjoint(text):
        logit += 1.0
    if heard.is_english_with_names:
        logit -= 0.9 * heard.french + 2.0
    if official is not None:
        page = _PAGE_SHORT if short else _PAGE_LONG
        logit += page if official is Language.FR else -page
    # A thousand little words more of one language: as sure as can be, and no further.
    confidence = 1 / (1 + math.exp(-max(-_SUREST, min(_SUREST, logit))))
    best = Language.FR if confidence >= 0.5 else Language.EN
    sure = max(confidence, 1 - confidence)
    if official is None and sure < config.language_minimum_confidence:
        return Detected(Language.UNDETERMINED, sure)
    return Detected(best, sure)


# How much the page counts beside the models, in logits: four to one for a few words ("Trop
# compliqué" is French on an English page, "Long" is not to be known), two to one for more.
_PAGE_SHORT = 1.4
_PAGE_LONG = 0.7
# Words from which a model may say that a text is not in the language it was declared in.
_SENTENCE = 8
# How sure the model of the two languages must be for fewer words to be in the declared one.
_LIKE_DECLARED = 0.8
# Beyond it a number of floating point has no exponential.
_SUREST = 700.0


def _may_be(text: str, heard: Heard, declared: Language | None) -> bool:
    """Whether a few words look like the language they were declared in, of the two."""
    if declared is None or heard.foreign >= 2:
        return False
    french = french_confidence(text)
    return (french if declared is Language.FR else 1 - french) >= _LIKE_DECLARED


def _can_be_told(text: str, heard: Heard) -> bool:
    """False when every word is a code, an acronym, or the same in both languages."""
    if heard.english or heard.french:
        return True
    telling = [
        token
        for token in heard.tokens
        if len(token) > 1 and token.isalpha() and token not in NEUTRAL and token not in BOTH
    ]
    if not telling:
        return False
    return not (len(telling) == 1 and len(telling[0]) <= 5 and telling[0].upper() in text)


def _is_unlike_both(text: str, heard: Heard, *, declared: bool) -> bool:
    """Words spelled as neither language spells, and (nearly) no little word of either.

    Languages of the land are known to no detector: Inuktitut in Latin letters, Cree, Innu, Mohawk.
    Their words are long and full of letters in an order that English and French do not have. Length
    alone does not speak against a language that was ``declared``.
    """
    n = len(heard.tokens)
    if max(heard.english, heard.french) > 0.15 * n:
        return False
    if n >= 4 and len(_ALIEN.findall(text.lower())) >= 2:
        return True
    # Names of programs ("QTabWidget") are spelled like no word of any language.
    plain = [fold(word) for word in clean(text).split() if word[1:].islower()]
    strange = sum(1 for word in plain if _STRANGE.search(word) is not None)
    if strange >= max(2, 0.3 * len(plain)):
        return True
    long = sum(map(len, heard.tokens)) >= 9 * n
    return long and not declared and not any(_ENDINGS.search(token) for token in heard.tokens)
