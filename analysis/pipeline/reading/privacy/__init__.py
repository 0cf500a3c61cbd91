"""Personal information in what people write: find it, and show a placeholder instead.

Finds email addresses, telephone numbers, social insurance numbers, payment cards and accounts,
health cards, passports, driver's licences and plates, files and client numbers, postal codes,
street addresses in English and French order, dates of birth, internet addresses of machines,
accounts on networks, and names: after a cue ("my name is", "Cordialement,", "mon fils"), and by
themselves where lists of names know them.

Finding too much is a fault too, since what is hidden cannot be read for its theme: ``shapes``,
``addresses`` and ``people`` say what each rule asks for. ``benchmarks/privacy.py`` measures both.

Whatever the text, the cost is proportional to its length: it is cut into tokens once, and each rule
looks from a token at a fixed number of neighbours (``tokens``); patterns repeat nothing without a
bound. Offsets are of the text as it was given, which is never changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from analysis.pipeline.types import Language

from . import addresses, announced, lists, online, phones, shapes
from .cues import cues, may_begin, tree
from .found import Found, without_overlap
from .people import People
from .tokens import Tokens

__all__ = ["PLACEHOLDERS", "Found", "Masked", "apply", "find", "mask", "placeholder"]

# What stands in the place of what was hidden, in the language of the text around it.
PLACEHOLDERS: dict[str, tuple[str, str]] = {
    "email": ("[email removed]", "[courriel retiré]"),
    "phone": ("[phone number removed]", "[numéro de téléphone retiré]"),
    "sin": ("[social insurance number removed]", "[numéro d'assurance sociale retiré]"),
    "card": ("[card number removed]", "[numéro de carte retiré]"),
    "health_card": ("[health card number removed]", "[numéro de carte santé retiré]"),
    "passport": ("[passport number removed]", "[numéro de passeport retiré]"),
    "postal_code": ("[postal code removed]", "[code postal retiré]"),
    "address": ("[address removed]", "[adresse retirée]"),
    "birth_date": ("[date of birth removed]", "[date de naissance retirée]"),
    "ip_address": ("[IP address removed]", "[adresse IP retirée]"),
    "file_number": ("[file number removed]", "[numéro de dossier retiré]"),
    "name": ("[name removed]", "[nom retiré]"),
    "driver_licence": ("[driver's licence removed]", "[permis de conduire retiré]"),
    "licence_plate": ("[licence plate removed]", "[plaque d'immatriculation retirée]"),
    "bank_account": ("[bank account removed]", "[compte bancaire retiré]"),
    "account": ("[online account removed]", "[compte en ligne retiré]"),
}


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with placeholders, and where they came from."""

    text: str
    found: tuple[Found, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many of each kind were hidden."""
        return Counter(item.kind for item in self.found)


# What a word may begin or be, as bits: a cue, a title, a relation, a role, a given name, the name
# of a figure.
_CUE, _TITLE, _RELATION, _ROLE, _GIVEN, _FIGURE = (1 << bit for bit in range(6))
_DIGIT = re.compile(r"[0-9]")
_NAMING = _TITLE | _RELATION | _ROLE | _GIVEN


@lru_cache(maxsize=1)
def _telling() -> dict[str, int]:
    """The words at which a rule begins; most words of a text are none of them."""
    bits: dict[str, int] = {}
    for bit, words in (
        (_CUE, tree()),
        (_TITLE, lists.TITLES),
        (_RELATION, lists.RELATIONS),
        (_ROLE, lists.ROLES),
        (_GIVEN, lists.given_names()),
        (_FIGURE, lists.DIGIT_NAMES),
    ):
        for word in words:
            bits[word] = bits.get(word, 0) | bit
    return bits


def find(text: str) -> tuple[Found, ...]:
    """Personal information in ``text``: spans in it, in order, without overlap."""
    tokens = Tokens(text)
    telling = _telling()
    known = {i: telling[word] for i, word in enumerate(tokens.words) if word in telling}
    has_digit = _DIGIT.search(tokens.folded) is not None
    found = online.addresses(tokens)
    if has_digit:
        found += shapes.by_shape(tokens)
    names: list[tuple[int, int]] = []
    people = People(tokens)
    for first, bits in known.items():
        if not bits & _CUE or not may_begin(tokens, first):
            continue
        for last, kind in cues(tokens, first):
            if kind not in lists.NUMBER_CUES:
                name = people.after(first, last, kind)
                if name is not None:
                    names.append(name)
            elif has_digit or kind == "birth_date":
                found += _numbers(tokens, first, last, kind)
    if has_digit:
        found += addresses.addresses(tokens)
    if has_digit or sum(bits & _FIGURE != 0 for bits in known.values()) >= phones.SPELLED:
        found += phones.spelled(tokens)
    names += _names(people, known)
    if "-" in tokens.plain or "\n" in tokens.plain:
        names += filter(None, map(people.dashed, range(max(1, len(tokens) - 5), len(tokens))))
    found += [Found(tokens.starts[a], tokens.ends[b], "name") for a, b in names]
    return tuple(
        Found(tokens.place(item.start), tokens.place(item.end), item.kind)
        for item in without_overlap(found)
    )


def _numbers(tokens: Tokens, first: int, last: int, kind: str) -> list[Found]:
    """The number that the cue from ``first`` to ``last`` speaks of, after it or before."""
    number = announced.after_cue(tokens, last, kind)
    if number is None and kind != "birth_date":
        number = announced.before_cue(tokens, first, kind)
    if number is None:
        return []
    return [phones.extended(tokens, number) if kind == "phone" else number]


def _names(people: People, known: dict[int, int]) -> list[tuple[int, int]]:
    """Names that titles, relations, roles or nothing at all announce."""
    found: list[tuple[int, int]] = []
    after = -1
    capitals = set(people.tokens.capitals)
    for i in sorted(known.keys() | capitals):
        bits, name = known.get(i, 0), None
        if not bits & _NAMING and not (i + 1 in capitals or people.goes_on(i)):
            name = people.at_the_desk(i) if i in capitals else None
            if name is not None:
                found.append(name)
            continue
        if bits & _TITLE:
            name = people.titled(i)
        if name is None and bits & _RELATION:
            name = people.related(i)
        if name is None and bits & _ROLE:
            name = people.employed(i)
        if name is None and i > after:
            name = people.alone(i)
        if name is not None:
            found.append(name)
            after = max(after, name[1])
    return found


def placeholder(kind: str, language: Language) -> str:
    """The words shown in place of that kind, French in a French text, English in any other."""
    english, french = PLACEHOLDERS[kind]
    return french if language is Language.FR else english


def mask(text: str, language: Language = Language.UNDETERMINED) -> Masked:
    """``text`` with placeholders in its language. Without findings the text is unchanged."""
    found = find(text)
    return Masked(apply(text, found, language), found)


def apply(
    text: str, found: Iterable[Found], language: Language, start: int = 0, end: int | None = None
) -> str:
    """``text[start:end]`` with every finding that touches it replaced.

    Offsets are of the whole text. A finding cut by an edge is replaced whole: half a telephone
    number is still one.
    """
    stop = len(text) if end is None else end
    parts: list[str] = []
    at = start
    for item in found:
        if item.end <= start or item.start >= stop:
            continue
        parts.append(text[at : max(at, item.start)])
        parts.append(placeholder(item.kind, language))
        at = max(at, item.end)
    if at < stop:
        parts.append(text[at:stop])
    return "".join(parts)
