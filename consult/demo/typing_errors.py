"""Slips of the fingers, put into hand-written texts by chance: what real comments are full of."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from typing import Final

# Ordinary misspellings, as people make them. Only words that occur in the demo's comments matter.
_MISSPELT: Final[dict[str, dict[str, str]]] = {
    "en": {
        "receive": "recieve",
        "received": "recieved",
        "appointment": "appointement",
        "separate": "seperate",
        "definitely": "definately",
        "different": "diffrent",
        "people": "poeple",
        "because": "becuase",
        "their": "thier",
        "disconnected": "disconected",
        "accommodate": "accomodate",
        "waiting": "waitting",
        "address": "adress",
        "government": "goverment",
        "really": "realy",
        "there": "ther",
        "the": "teh",
        "too": "to",
        "you're": "your",
    },
    "fr": {
        "toujours": "toujour",
        "adresse": "addresse",
        "quelqu'un": "quelquun",
        "personne": "persone",
        "attendre": "atendre",
        "attendu": "atendu",
        "rappeler": "rapeler",
        "langage": "language",
        "parce que": "parceque",
        "c'est": "cest",
        "c'était": "sétait",
        "comptoir": "contoir",
        "numéro": "numero",
        "français": "francais",
        "téléphone": "telephone",
        "gouvernement": "gouvernemant",
        "beaucoup": "beaucoups",
        "ces": "ses",
        "quand": "quant",
    },
}


def mistyped(
    text: str, language: str, rng: random.Random, *, share: float = 0.3, is_letter: bool = False
) -> str:
    """The text with one or two slips, or, more often than not, as it was.

    ``share`` of texts have any. Nobody writes a letter to a minister without capitals.
    """
    if rng.random() >= share:
        return text
    slips: list[Callable[[str, str, random.Random], str]] = [_misspell, _swap]
    if not is_letter:
        slips += [_lower, _no_stop]
    if language == "fr":
        slips += [_no_accents, _no_accents, _no_cedilla]
    else:
        slips += [_no_apostrophes, _no_apostrophes, _drop]
    for slip in rng.sample(slips, rng.choice((1, 1, 2))):
        text = slip(text, language, rng)
    return text


def _misspell(text: str, language: str, rng: random.Random) -> str:
    words = _MISSPELT[language]
    found = [word for word in words if re.search(rf"\b{re.escape(word)}\b", text)]
    if not found:
        return text
    word = rng.choice(found)
    return re.sub(rf"\b{re.escape(word)}\b", words[word], text, count=1)


def _long_words(text: str) -> list[re.Match[str]]:
    # Not names, numbers or words in capitals: a slip there would say something else.
    return list(re.finditer(r"(?<![\w-])[a-zà-ÿ]{6,}(?![\w-])", text))


def _swap(text: str, language: str, rng: random.Random) -> str:
    """Two neighbouring letters the wrong way round."""
    found = _long_words(text)
    if not found:
        return text
    match = rng.choice(found)
    at = match.start() + rng.randrange(1, len(match.group()) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _drop(text: str, language: str, rng: random.Random) -> str:
    """One letter missing."""
    found = _long_words(text)
    if not found:
        return text
    match = rng.choice(found)
    at = match.start() + rng.randrange(2, len(match.group()) - 1)
    return text[:at] + text[at + 1 :]


def _lower(text: str, language: str, rng: random.Random) -> str:
    """Written without capitals at the start of sentences, as on a phone."""
    return re.sub(
        r"(^|[.!?]\s|\n)([A-ZÀ-Ý])(?=[a-zà-ÿ])", lambda m: m.group(1) + m.group(2).lower(), text
    )


def _no_stop(text: str, language: str, rng: random.Random) -> str:
    return text[:-1] if text.endswith(".") and not text.endswith("..") else text + "!"


def _no_apostrophes(text: str, language: str, rng: random.Random) -> str:
    """dont, cant, its."""
    return re.sub(r"(?<=[a-z])'(?=(?:t|s|re|ve|ll|d|m)\b)", "", text)


def _no_accents(text: str, language: str, rng: random.Random) -> str:
    """Typed on a keyboard set to English."""
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c)))


def _no_cedilla(text: str, language: str, rng: random.Random) -> str:
    return text.replace("ç", "c").replace("Ç", "C").replace("œ", "oe")
