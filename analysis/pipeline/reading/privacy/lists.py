"""The lists of masking, read from the files beside this one; ``lists.txt`` says what each is."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ..word_lists import listed, phrases, sections

_HERE = Path(__file__).resolve().parent
_LISTS = sections(_HERE / "lists.txt")


def _words(name: str) -> frozenset[str]:
    return listed(_LISTS[name])


def _phrases(name: str) -> tuple[str, ...]:
    return phrases(_LISTS[name])


NUMBER_CUES: dict[str, tuple[str, ...]] = {
    name.removeprefix("number cues: "): _phrases(name)
    for name in _LISTS
    if name.startswith("number cues: ")
}
FILLERS = _words("fillers")
NUMBER_WORDS = _words("number words")
NAME_CUES = _phrases("name cues")
SELF_CUES = _phrases("self cues")
SIGN_OFFS = _phrases("sign offs")
TITLES = _words("titles")
RANKS = _words("ranks")
PROGRAMS = _words("programs")
ANYBODY = _words("anybody")
COMPOUNDS: dict[str, frozenset[str]] = {
    name.removeprefix("compounds: "): _words(name)
    for name in _LISTS
    if name.startswith("compounds: ")
}
SHORT_TITLES = _words("short titles")
RELATIONS = _words("relations")
OWNERS = _words("owners")
ROLES = _words("roles")
TOWARDS = _phrases("towards")
DOES = _words("does")
OFFICES = _words("offices")
THINGS = _words("things")
PLACE_ENDS = _words("place ends")
PLACE_ENDS_TOO = _words("place ends too")
BEFORE_PLACE = _words("before place")
PLACES = _words("places")
SURNAMES_TOO = _words("surnames too")
ELIDED_NAMES = _words("elided names")
LABELS = _words("labels")
WORDS_TOO = _words("words too")
NOUNS_TOO = _words("nouns too")
SAYS = _words("says")
BEFORE_PERSON = _words("before person")
VOICES = _words("voices")
GREETINGS = _words("greetings")
BEFORE_THINGS = _words("before things")
DESKS = _words("desks")
TO_DESKS = _words("to desks")
PLACE_BEFORE = _words("place before")
PARTICLES = _words("particles")
_ELIDERS = _words("eliders")
MONTHS = _words("months")
NUMBER_NAMES = _words("number names")
DIGIT_NAMES = _words("digit names")


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Little words of both languages, which no name holds."""
    return _words("stop words")


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Words that are in the dictionary: no names, unless beside one."""
    return listed(sections(_HERE / "words.txt")[""])


@lru_cache(maxsize=1)
def _names() -> dict[str, frozenset[str]]:
    return {name: listed(text) for name, text in sections(_HERE / "names.txt").items()}


def given_names() -> frozenset[str]:
    """Given names that are nothing else."""
    return _names()["given"]


def given_names_or_words() -> frozenset[str]:
    """Given names that are common words or places too (Grace, May, Victoria)."""
    return _names()["given, also a word or a place"]


def family_names() -> frozenset[str]:
    """Family names that are nothing else."""
    return _names()["family"]


def family_names_or_words() -> frozenset[str]:
    """Family names that are common words or places too (Young, Rice)."""
    return _names()["family, also a word or a place"]
