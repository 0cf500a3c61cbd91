"""What n-gram models say of a text's language: lingua's, which come in its wheel."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

# Languages asked about when neither English nor French little words are there. The first dozen of
# Canada's other home languages that lingua knows and that are written in Latin letters; the others
# (Chinese, Punjabi, Arabic, Tamil, Inuktitut syllabics...) are told by their script.
_ASKED = (
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


def load() -> None:
    """Read the models now, so that processes started after this share them."""
    french_confidence("bonjour")
    _many()


@lru_cache(maxsize=1)
def _two() -> Any:
    from lingua import Language as Known
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(Known.ENGLISH, Known.FRENCH).build()


@lru_cache(maxsize=1)
def _many() -> Any:
    from lingua import Language as Known
    from lingua import LanguageDetectorBuilder

    languages = [getattr(Known, name) for name in ("ENGLISH", "FRENCH", *_ASKED)]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()


@lru_cache(maxsize=len(_ASKED))
def _three(third: Any) -> Any:
    from lingua import Language as Known
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(Known.ENGLISH, Known.FRENCH, third).build()


def french_confidence(text: str) -> float:
    from lingua import Language as Known

    value: float = _two().compute_language_confidence(text[:1000], Known.FRENCH)
    return value


def outside(text: str, n: int) -> float | None:
    """How sure it is that one of a dozen more languages is spoken, where one clearly wins.

    ``n`` counts the words of the text.

    Three-letter models of all are asked first: they load at once. They take jargon for a language
    one time in thirty, so the full model of the one they suspect confirms it beside English and
    French: jargon reached .88 there, a sentence of another language .97 and more.
    """
    from lingua import Language as Known

    values = _many().compute_language_confidence_values(text[:600])
    best = values[0]
    official = sum(v.value for v in values if v.language in (Known.ENGLISH, Known.FRENCH))
    if best.language in (Known.ENGLISH, Known.FRENCH) or official >= 0.1:
        return None
    # Names and jargon look foreign: ask for more certainty of a shorter text.
    if best.value < (0.8 if n < 8 else 0.6):
        return None
    sure = float(_three(best.language).compute_language_confidence(text[:600], best.language))
    return sure if sure >= 0.95 else None
