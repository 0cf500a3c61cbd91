"""Numbers that say who somebody is by their own shape, whatever stands beside them.

Finding too much is a fault too: "120 000 000 $" is no telephone number. So without a word that
says what it is, a number needs the right check digit or grouping, and is never beside a currency
or a unit. With such a word the shape need only be possible: a SIN with one digit wrong is that of
somebody.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from stdnum import luhn
from stdnum.ca import sin

from ..word_lists import listed
from .codes import FORMS
from .found import Found
from .phones import phones
from .tokens import Tokens
from .units import counts

_SEP = r"(?: ?- ?| {1,2}|\.)"
_NINE = re.compile(
    rf"(?<![0-9$€£.,-])([0-9]{{3}})({_SEP})([0-9]{{3}}){_SEP}([0-9]{{3}})"
    r"(?![0-9])(?! [0-9]{3}(?![0-9]))"
)
_CARD = re.compile(r"(?<![0-9-])(?:[0-9][ -]?){12,18}[0-9](?![0-9])")
_RAMQ = re.compile(
    r"(?<![^\W_])[a-z]{4}[ -]{0,2}([0-9]{2})([0-9]{2})[ -]{0,2}([0-9]{2})[ -]{0,2}"
    r"[0-9]{2}(?![^\W_])"
)
_OHIP = re.compile(r"(?<![0-9-])[0-9]{4}([ -])[0-9]{3}\1[0-9]{3}[ -]?[a-z]{2}(?![^\W_])")
_PASSPORT = re.compile(r"(?<![^\W_])[a-z][0-9]{6}[a-z]{2}(?![^\W_])")
# Ontario A1234-56789-01234, Quebec A1234-567890-12.
_LICENCE = re.compile(
    r"(?<![^\W_])[a-z][0-9]{4}[ -]{1,3}(?:[0-9]{5}[ -]{1,3}[0-9]{5}|"
    r"[0-9]{6}[ -]{1,3}[0-9]{2})(?![0-9])"
)
# Canada Post: D F I O Q U are never used, W and Z never begin. A letter O is typed for a nought.
_POSTAL = re.compile(
    r"(?<![^\W_])[abceghj-nprstvxy][0-9][abceghj-nprstv-z][ -]{0,2}"
    r"[0-9o][abceghj-nprstv-z][0-9o](?![^\W_])"
)
_PLATE = re.compile(
    r"(?<![^\W_-])(?:[A-Z]{4}[ -]?[0-9]{3}|[A-Z]{3}[ -][0-9]{3,4}|"
    r"[A-Z][0-9]{2}[ -][A-Z]{3})(?![^\W_]|-)"
)
_VEHICLES = listed(
    """
    car cars truck van suv vehicle vehicles motorcycle trailer minivan pickup parked driver towed
    auto autos voiture char vehicule vehicules camion moto remorque camionnette stationne
    stationnee conducteur chauffard remorque remorquee honda toyota ford hyundai mazda nissan
    """
)
_IP4 = re.compile(r"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9]|\.[0-9])")
_IP6 = re.compile(
    r"(?<![\w:])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){2,6}(?::[0-9a-f]{1,4}){1,5})(?![\w:])"
)
_NUMBERED = listed("section sections version article articles s art clause paragraph v no")
# Figures in a text below which no pattern can hold: a postal code or plate, and any other.
_FEWEST, _FEWEST_OF_OTHERS = 2, 4


def by_shape(tokens: Tokens) -> list[Found]:
    """Numbers that are personal whatever stands beside them, the most specific first."""
    text = tokens.folded
    found: list[Found] = []
    figures = sum(len(word) for word in tokens.words if word.isdigit())

    def add(pattern: re.Pattern[str], kind: str, where: Callable[[re.Match[str]], bool]) -> None:
        for match in pattern.finditer(text):
            if where(match) and not counts(tokens, *match.span()):
                found.append(Found(*match.span(), kind))

    if figures < _FEWEST:
        return found
    add(_POSTAL, "postal_code", lambda match: sum(map(str.isdigit, match.group())) >= 2)
    if _VEHICLES.intersection(tokens.words):
        for match in _PLATE.finditer(tokens.plain):
            if match.group()[:3].lower() not in FORMS:
                found.append(Found(*match.span(), "licence_plate"))
    if figures < _FEWEST_OF_OTHERS:
        return found
    add(_CARD, "card", _is_card)
    add(_RAMQ, "health_card", _is_ramq)
    add(_OHIP, "health_card", lambda match: True)
    add(_LICENCE, "driver_licence", lambda match: True)
    add(_NINE, "sin", _is_sin)
    add(_PASSPORT, "passport", lambda match: True)
    add(_IP4, "ip_address", lambda match: _is_ip(tokens, match))
    add(_IP6, "ip_address", lambda match: True)
    found += phones(tokens)
    return found


def _is_sin(match: re.Match[str]) -> bool:
    """A SIN without the word: a check digit that holds, written in threes.

    Digits alone pass the check one time in ten. Numbers beginning with 8 were never given to a
    person, nor with 0, except in the textbook example. A thousands separator is a space or a
    point, and round numbers are amounts.
    """
    digits = match.group(1) + match.group(3) + match.group(4)
    if not luhn.is_valid(digits) or digits.endswith("000") or "." in match.group(2):
        return False
    return bool(sin.is_valid(digits) or digits.startswith("0"))


def _is_card(match: re.Match[str]) -> bool:
    digits = "".join(filter(str.isdigit, match.group()))
    return (
        13 <= len(digits) <= 19
        and digits[0] in "23456"
        and len(set(digits)) > 1
        and luhn.is_valid(digits)
    )


def _is_ramq(match: re.Match[str]) -> bool:
    """Letters, then a date of birth: month 01-12, or 51-62 on a woman's card."""
    month, day = int(match.group(2)), int(match.group(3))
    return (1 <= month <= 12 or 51 <= month <= 62) and 1 <= day <= 31


def _is_ip(tokens: Tokens, match: re.Match[str]) -> bool:
    parts = [int(part) for part in match.group().split(".")]
    before = tokens.folded[max(0, match.start() - 12) : match.start()].split()
    if not all(part <= 255 for part in parts) or (before and before[-1].strip(".") in _NUMBERED):
        return False
    # 1.2.3.4 is as likely the number of a section, unless something says what it is.
    return sum(part > 9 for part in parts) >= 2 or "ip" in before
