"""Personal information in what people write: find it, and show a placeholder instead.

Finds email addresses, telephone numbers, social insurance numbers, payment cards, provincial
health cards (RAMQ, OHIP and other numbers named as such), passports, postal codes, street
addresses in English and French order, dates of birth, internet addresses of machines, and names
people give for themselves or others after a cue ("my name is", "je m'appelle", "Mme").

Finding too much is a fault too: the patterns in use elsewhere in government hide "120 000 000 $".
So a number is personal only with the right check digit *and* either the right grouping or a word
beside it that says what it is, and never beside a currency or a unit.

There is no model of names here: a person who writes about a clerk by first name alone is found by
the human who reviews quotes, not by this module.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import phonenumbers
from stdnum import luhn
from stdnum.ca import sin

from .normalise import clean, listed
from .types import Language

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
}


@dataclass(frozen=True, slots=True)
class Found:
    """One stretch of personal information: offsets in the text as given, and its kind."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with placeholders, and where they came from."""

    text: str
    found: tuple[Found, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many of each kind were hidden."""
        return Counter(item.kind for item in self.found)


# Money, units and years beside a number say that it counts something.
_UNIT_AFTER = re.compile(
    r"\s*(?:\$|€|£|%|k\$|M\$|G\$|CAD|dollars?|millions?|milliards?|billions?|personnes?|people|"
    r"citizens?|citoyens?|habitants?|logements?|homes?|households?|ménages?|emplois?|jobs?|km|m²|"
    r"tonnes?|tons?|hectares?|acres?|litres?|votes?|cents?|de\s+(?:dollars|personnes|citoyens|"
    r"gens|canadiens)|canadi(?:an|en)s?)(?!\w)",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(r"(?:\$|€|£|CAD|USD)\s*$")

_EMAIL = re.compile(
    r"[A-Za-z0-9À-ÿ._%+'-]{1,64}\s?(?:@|\(at\)|\[at\]|\(arobase\))\s?"
    r"[A-Za-z0-9À-ÿ-]{1,63}(?:\s?(?:\.|\(dot\)|\[dot\]|\(point\))\s?[A-Za-z0-9-]{2,63}){1,4}",
    re.IGNORECASE,
)
_LOOSE_EMAIL = re.compile(
    r"\b[A-Za-z0-9._-]{2,64}\s*@\s*[A-Za-z0-9-]{2,63}\s*[.,]\s*(?:com|ca|org|net|gc|qc|on)\b"
    r"(?:\s*[.,]\s*ca\b)?",
    re.IGNORECASE,
)
_NINE = re.compile(r"(?<![\d$€£.,-])(\d{3})([ .-]?)(\d{3})\2(\d{3})(?![\d])(?!\s\d{3}(?!\d))")
_SIN_WORDS = re.compile(
    r"\b(?:s\.?i\.?n\.?|n\.?a\.?s\.?|social\s+insurance|assurance[\s-]+sociale)(?!\w)",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<![\d-])(?:\d[ -]?){12,18}\d(?![\d])")
_RAMQ = re.compile(r"\b([A-Z]{4})[ -]?(\d{2})(\d{2})[ -]?(\d{2})[ -]?(\d{2})\b", re.IGNORECASE)
_OHIP = re.compile(r"(?<![\d-])(\d{4})([ -])(\d{3})\2(\d{3})(?:[ -]?([A-Z]{2})\b)?(?![\d])")
_HEALTH_WORDS = re.compile(
    r"\b(?:health\s+(?:card|number|insurance|plan)|carte\s+(?:santé|soleil|d'assurance[\s-]maladie)|"
    r"assurance[\s-]+maladie|ohip|ramq|care\s+card|phn|mcp|msi|ahcip|nam)\b",
    re.IGNORECASE,
)
_HEALTH_NUMBER = re.compile(r"(?<![\d-])\d(?:[ -]?\d){7,11}(?:[ -]?[A-Z]{2}\b)?(?!\d)")
_PASSPORT = re.compile(r"\b(?:[A-Z]{2}\s?\d{6}|[A-Z]\d{6}[A-Z]{2})\b", re.IGNORECASE)
_PASSPORT_WORDS = re.compile(r"\bpass(?:port|eport)s?\b", re.IGNORECASE)
# Canada Post: D F I O Q U are never used, W and Z never begin.
_POSTAL = re.compile(
    r"\b[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d\b", re.IGNORECASE
)
_IP = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")

_EN_STREETS = (
    r"street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|crescent|cres|court|crt|lane|ln|way|"
    r"terrace|place|pl|highway|hwy|parkway|pkwy|circle|cir|square|trail|line|concession|sideroad"
)
_FR_STREETS = (
    r"rue|avenue|av|boulevard|boul|bd|chemin|ch|route|rte|rang|place|allée|impasse|montée|côte|"
    r"croissant|promenade|prom|terrasse|autoroute|ruelle|carré|square"
)
_UNIT = (
    r"(?:\s*,?\s*(?:apt|apartment|unit|suite|app|appartement|bureau|bur|#)\.?\s*#?\s*\d+[A-Za-z]?)?"
)
_NAME_WORD = r"[A-ZÀ-Ý0-9][\w'’.-]*"
# 123 Main Street, 45B King St. W., apt. 4
_EN_ADDRESS = re.compile(
    rf"\b\d{{1,6}}[A-Za-z]?(?:-\d{{1,6}})?,?\s+(?:{_NAME_WORD}\s+){{1,4}}(?i:{_EN_STREETS})\b\.?"
    rf"(?:\s+(?:[NSEW]\b|[NS][EW]\b|North|South|East|West)\.?)?(?i:{_UNIT})"
)
# 123, rue Principale; 4-120, boul. René-Lévesque Est, app. 4
_FR_ADDRESS = re.compile(
    rf"\b\d{{1,6}}[A-Za-z]?(?:-\d{{1,6}})?(?:\s*,\s*|\s+)(?i:{_FR_STREETS})\b\.?\s+"
    rf"(?:(?i:de\s+la|des|de|du|d'|l'|la|le|les|saint|sainte|st|ste)[\s-]?)*{_NAME_WORD}"
    rf"(?:[\s-]+(?:{_NAME_WORD}|de|la|du|des)){{0,4}}?"
    rf"(?:\s+(?:Est|Ouest|Nord|Sud|[EONS]\.))?(?i:{_UNIT})"
)
_PO_BOX = re.compile(
    r"\b(?:P\.?\s?O\.?\s+Box|C\.\s?P\.|case\s+postale)\s*#?\s*\d{1,6}\b", re.IGNORECASE
)

_MONTHS = (
    r"jan(?:uary|vier)?|feb(?:ruary)?|f[ée]v(?:rier)?|mar(?:ch|s)?|apr(?:il)?|avr(?:il)?|may|mai|"
    r"june?|juin|july?|juil(?:let)?|aug(?:ust)?|ao[uû]t|sept?(?:ember|embre)?|oct(?:ober|obre)?|"
    r"nov(?:ember|embre)?|d[ée]c(?:ember|embre)?"
)
_DATE = (
    rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}|"
    rf"(?:{_MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|"
    rf"\d{{1,2}}(?:er|st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})\.?,?\s+\d{{4}})"
)
_BIRTH = re.compile(
    rf"\b(?:born(?:\s+on)?|date\s+of\s+birth|birth\s*date|d\.?o\.?b\.?|birthday(?:\s+is)?|"
    rf"née?\s+le|date\s+de\s+naissance|ddn|naissance)\s*(?:is|est|était|was|:|=)?\s*(?:le\s+|on\s+)?({_DATE})",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\b(?:file|case|client|account|application|claim|uci|dossier|compte|demande|client(?:e)?|iuc|pri|"
    r"cidp|permis|licen[cs]e)\s*(?:number|numbers|no|num|id|numéro|n°|nº|#|:|is|est)?"
    r"(?:\s*(?:number|no\.?|numéro|n°|nº|#|:|is|est|le)){0,3}\s*"
    r"((?:[A-Z]{1,4}[- ]?)?\d[\dA-Z-]{5,18})(?![\w$%])",
    re.IGNORECASE,
)

_PERSON = (
    r"[A-ZÀ-Ý][a-zà-ÿ'’]+(?:-[A-ZÀ-Ý][a-zà-ÿ'’]+)*(?:\s+(?:(?:de|du|van|von|le|la|St|Mc|Mac|O')\s*)?"
    r"[A-ZÀ-Ý][a-zà-ÿ'’]*\.?(?:-[A-ZÀ-Ý][a-zà-ÿ'’]+)*){0,3}"
)
_SELF = re.compile(
    rf"(?i:\b(?:my\s+name\s+is|my\s+name's|name\s*:|signed\s*[:,]|je\s+m'appelle|je\s+me\s+nomme|"
    rf"mon\s+nom\s+est|mon\s+nom\s*:|nom\s*:|je\s+me\s+prénomme|signé(?:e)?\s*[:,]))\s*"
    rf"(?P<name>{_PERSON}|[a-zà-ÿ]{{2,20}}\s+[a-zà-ÿ'-]{{2,20}}(?=\s*(?:[,.;!]|and\b|et\b|$)))"
)
_TITLE = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Mme|Mlle|Mgr|Madame|Monsieur|M\.)\.?\s+(?P<name>{_PERSON})"
)
# "Madame la ministre", "Mr. Speaker" name an office, not a person.
_OFFICES = listed(
    """
    Minister Ministre Speaker President Présidente Président Chair Premier Mayor Maire Deputy
    Director Directrice Directeur La Le Prime Secretary
    """
)


_DIGIT = re.compile(r"\d")
_PHONE_DIGITS = 10  # with the area code


def find(text: str) -> tuple[Found, ...]:
    """Personal information in ``text``: spans in it, in order, without overlap."""
    plain = clean(text)
    candidates: list[Found] = []
    has_digit = _DIGIT.search(plain) is not None
    if "@" in plain or "(at" in plain or "[at" in plain or "(arobase" in plain:
        candidates += _matches(plain, _EMAIL, "email")
        candidates += _matches(plain, _LOOSE_EMAIL, "email")
    candidates += _matches(plain, _SELF, "name", group="name")
    candidates += [
        item
        for item in _matches(plain, _TITLE, "name", group="name")
        if plain[item.start : item.end].split()[0] not in _OFFICES
    ]
    if has_digit:
        candidates += _numbers(plain)
    return _without_overlap(candidates)


def _matches(
    text: str,
    pattern: re.Pattern[str],
    kind: str,
    *,
    group: int | str = 0,
    where: Callable[[re.Match[str]], bool] | None = None,
) -> list[Found]:
    return [
        Found(match.start(group), match.end(group), kind)
        for match in pattern.finditer(text)
        if where is None or where(match)
    ]


def _numbers(text: str) -> list[Found]:
    """Everything with a digit in it, the most specific first."""
    found = _matches(text, _CARD, "card", where=lambda m: _is_card(text, m))
    found += _matches(text, _RAMQ, "health_card", where=_is_ramq)
    found += _matches(
        text,
        _OHIP,
        "health_card",
        where=lambda m: (
            m.group(4) is not None
            or (_near(text, m.start(), m.end(), _HEALTH_WORDS) and not _counts(text, m))
        ),
    )
    found += _matches(
        text,
        _HEALTH_NUMBER,
        "health_card",
        where=lambda m: _near(text, m.start(), m.end(), _HEALTH_WORDS, 40) and not _counts(text, m),
    )
    found += _matches(text, _NINE, "sin", where=lambda m: _is_sin(text, m))
    found += _matches(
        text,
        _PASSPORT,
        "passport",
        where=lambda m: (
            len(re.sub(r"\s", "", m.group())) == 9
            or _near(text, m.start(), m.end(), _PASSPORT_WORDS)
        ),
    )
    found += _matches(text, _BIRTH, "birth_date", group=1)
    found += _matches(text, _POSTAL, "postal_code")
    found += _matches(text, _EN_ADDRESS, "address", where=lambda m: not _is_count(m.group()))
    found += _matches(text, _FR_ADDRESS, "address")
    found += _matches(text, _PO_BOX, "address")
    found += _matches(text, _IP, "ip_address", where=_is_ip)
    found += _matches(text, _FILE, "file_number", group=1)
    # The matcher is slow, and `_is_phone` takes no fewer digits.
    if len(_DIGIT.findall(text)) >= _PHONE_DIGITS:
        found += [
            Found(match.start, match.end, "phone")
            for match in phonenumbers.PhoneNumberMatcher(text, "CA")
            if _is_phone(text, match.start, match.end)
        ]
    return found


def _counts(text: str, match: re.Match[str]) -> bool:
    """Whether a unit or a currency says that the number counts something."""
    return bool(
        _UNIT_AFTER.match(text, match.end()) or _MONEY_BEFORE.search(text[: match.start()][-8:])
    )


def _near(text: str, start: int, end: int, words: re.Pattern[str], reach: int = 60) -> bool:
    return words.search(text[max(0, start - reach) : end + 30]) is not None


def _is_sin(text: str, match: re.Match[str]) -> bool:
    """A SIN: a check digit that holds, no unit, and either written in threes or named as a SIN.

    Digits alone pass the check one time in ten. Numbers beginning with 0 or 8 were never given
    to a person, except in the textbook example, so they need the word as well.
    """
    digits = match.group(1) + match.group(3) + match.group(4)
    if _counts(text, match) or not luhn.is_valid(digits):
        return False
    if _near(text, match.start(), match.end(), _SIN_WORDS):
        return True
    # A thousands separator is a space or a point; round numbers are amounts.
    if digits.endswith("000"):
        return False
    return match.group(2) in (" ", "-") and bool(sin.is_valid(digits) or digits.startswith("0"))


def _is_card(text: str, match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match.group())
    return (
        13 <= len(digits) <= 19
        and digits[0] in "23456"
        and len(set(digits)) > 1
        and luhn.is_valid(digits)
        and not _counts(text, match)
    )


def _is_ramq(match: re.Match[str]) -> bool:
    """Letters, then a date of birth: month 01-12, or 51-62 on a woman's card."""
    month, day = int(match.group(3)), int(match.group(4))
    return (1 <= month <= 12 or 51 <= month <= 62) and 1 <= day <= 31


def _is_ip(match: re.Match[str]) -> bool:
    parts = [int(part) for part in match.group().split(".")]
    # 1.2.3.4 is as likely the number of a section.
    return all(part <= 255 for part in parts) and sum(part > 9 for part in parts) >= 2


def _is_phone(text: str, start: int, end: int) -> bool:
    digits = re.sub(r"\D", "", text[start:end])
    if len(digits) < _PHONE_DIGITS:
        return False
    # Toll-free lines belong to offices: hiding them hides what people complain about.
    national = digits[-10:] if len(digits) == 10 or digits.startswith("1") else digits
    if re.match(r"8(?:00|33|44|55|66|77|88)", national):
        return False
    return not _UNIT_AFTER.match(text, end) and not _MONEY_BEFORE.search(
        text[max(0, start - 8) : start]
    )


_COUNTED = re.compile(
    r"^\d+\s+(?:Canadian|First|Nation|Official|Federal|Service|Public)", re.IGNORECASE
)


def _is_count(text: str) -> bool:
    return _COUNTED.match(text) is not None


def _without_overlap(candidates: Iterable[Found]) -> tuple[Found, ...]:
    """Earlier patterns win over later ones where they overlap; the union of both is hidden."""
    kept: list[Found] = []
    for item in candidates:
        if item.start >= item.end:
            continue
        clash = [k for k in kept if item.start < k.end and k.start < item.end]
        if clash:
            merged = Found(
                min(item.start, *(k.start for k in clash)),
                max(item.end, *(k.end for k in clash)),
                clash[0].kind,
            )
            kept = [k for k in kept if k not in clash]
            kept.append(merged)
        else:
            kept.append(item)
    return tuple(sorted(kept, key=lambda item: item.start))


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
