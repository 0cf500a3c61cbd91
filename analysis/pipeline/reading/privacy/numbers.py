"""Numbers that say who somebody is: by the word beside them, or by their own shape.

Finding too much is a fault too: "120 000 000 $" is no telephone number. So without a word that
says what it is, a number needs the right check digit or grouping, and is never beside a currency
or a unit. With such a word the shape need only be possible: a SIN with one digit wrong is that of
somebody.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import phonenumbers
from stdnum import luhn
from stdnum.ca import sin

from ..word_lists import listed
from . import lists
from .dates import date_at
from .found import Found
from .tokens import Tokens

# Money, units and years beside a number say that it counts something.
_UNIT_AFTER = re.compile(
    r" {0,3}(?:\$|€|£|%|k\$|m\$|g\$|cad|dollars?|millions?|milliards?|billions?|personnes?|people|"
    r"citizens?|citoyens?|habitants?|logements?|homes?|households?|menages?|emplois?|jobs?|km|m²|"
    r"tonnes?|tons?|hectares?|acres?|litres?|votes?|cents?|clients?|files?|dossiers|cases?|"
    r"applications?|demandes|applicants?|canadi(?:an|en)s?|years?|ans|jours|days|respondents?|"
    r"signatures?|visits?|visites?|students?|etudiants|families|familles|residents?|eleves|"
    r"de {1,3}(?:dollars|personnes|citoyens|gens|canadiens))(?!\w)"
)
_MONEY_BEFORE = re.compile(r"(?:[$€£]|cad|usd) {0,3}$")
# What may stand between a cue and its number besides fillers.
_BETWEEN = frozenset(" :#.,()=-'\"/*\n°º>_")
# From a cue to its number, in words.
_REACH = 7
_LONGEST_CODE = 26
_IN_NUMBERS = frozenset(
    (
        "",
        " ",
        "-",
        ".",
        "/",
        "  ",
        "   ",
        " - ",
        "--",
        "_",
        " _ ",
        " . ",
        " / ",
        "·",
        " · ",
        "•",
        "- ",
        " -",
    )
)

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
_PHONE = re.compile(
    r"(?<![0-9$€£])(?<![0-9][.,-])(?:\+?1[ .-]{0,3})?"
    r"(?:\( ?[2-9][0-9]{2} ?\)[ .-]{0,3}|[2-9][0-9]{2}(?: - |[ ./-]{1,2}))"
    r"[2-9][0-9]{2}(?: - |[ .-]{1,2})[0-9]{2}[ .-]?[0-9]{2}(?![0-9])|"
    r"(?<![0-9$€£])\([2-9][0-9]{2}\) ?[2-9][0-9]{6}(?![0-9])"
)
_BARE_PHONE = re.compile(r"(?<![^\W_])(?<![$€£.,+-])1?[2-9][0-9]{2}[2-9][0-9]{6}(?![0-9])")
_FRENCH_PHONE = re.compile(r"(?<![0-9$€£.,-])0[1-9](?:[ .-][0-9]{2}){4}(?![0-9]| [0-9])")
_ABROAD = re.compile(r"(?:\+|(?<![0-9])011[ -])[1-9][0-9]{0,2}(?:[ .()-]{0,2}[0-9]){6,13}(?![0-9])")
_SEVEN = re.compile(r"(?<![0-9$€£.,+-])[2-9][0-9]{2}[ .-][0-9]{4}(?![0-9-])")
_EXTENSION = re.compile(
    r"[ ,(]{0,3}(?:extension|ext|x|poste|post|local|p|#)[ .:#]{0,3}[0-9]{1,6}(?![0-9])"
)
# Lines that anyone may call belong to offices: hiding them hides what people complain about.
_TOLL_FREE = re.compile(r"8(?:00|33|44|55|66|77|88)")
_IP4 = re.compile(r"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9]|\.[0-9])")
_IP6 = re.compile(
    r"(?<![\w:])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){2,6}(?::[0-9a-f]{1,4}){1,5})(?![\w:])"
)
_NUMBERED = listed("section sections version article articles s art clause paragraph v no")
# A date, a year or years: of the number of a file, but also of anything else.
_DATE_LIKE = re.compile(
    r"(?:19|20)[0-9]{2}(?:[-/. ]{1,3}(?:(?:19|20)[0-9]{2}|[0-9]{1,2})){0,2}|"
    r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{2}|[0-9]{4})"
)
# Forms are numbered too: IMM 5257, RC 66.
_LONGEST_FORM = 5
_FORMS = listed("imm rc isp pptc gst cit t form formulaire tpz sc nfl")


@dataclass(frozen=True, slots=True)
class Code:
    """Figures, and letters among them, written as one number: its tokens and what they hold."""

    first: int
    last: int
    digits: str
    letters: str


def code_at(tokens: Tokens, first: int, *, plate: bool = False) -> Code | None:
    """The number that begins with token ``first``; None where there is none."""
    words, n = tokens.words, len(tokens)
    last, length = first, len(words[first])
    digits = letters = ""
    at = first
    while True:
        word = words[at]
        if word.isdigit():
            digits += word
        else:
            letters += word
        last = at
        at += 1
        if at == n:
            break
        gap, word = tokens.gap(last), words[at]
        length += len(gap) + len(word)
        if length > _LONGEST_CODE and len(words[last]) < _LONGEST_CODE:
            break
        if word.isdigit():
            if gap not in _IN_NUMBERS:
                break
        elif len(word) > 4 or gap not in ("", "-", " ", " - ", "."):
            break
        elif gap in (" ", " - ", "."):
            # "AB 123 456", "1234 567 890 AB": capitals of their own, or figures go on after them.
            written = tokens.written(at)
            if word in lists.stop_words() and not (plate and written.isupper()):
                break
            if plate and letters and not written.isupper():
                if not (len(letters) == 1 and len(digits) == 2 and len(word) == 3):
                    break
            goes_on = at + 1 < n and words[at + 1].isdigit() and tokens.gap(at) in ("", " ", "-")
            if (
                not (plate or written.isupper() or (goes_on and not digits))
                or len(word) > 3 + plate
            ):
                break
    return Code(first, last, digits, letters) if digits else None


def _may_begin(tokens: Tokens, at: int) -> bool:
    word = tokens.words[at]
    if word.isdigit():
        return True
    return (
        (len(word) <= 4 or (len(word) == 5 and tokens.gap(at) == "-"))
        and tokens.word(at + 1).isdigit()
        and tokens.gap(at) in ("", " ", "-", " - ")
        and (
            tokens.gap(at) in ("", "-")
            or word in _PREFIXES
            or (word not in lists.FILLERS and word not in lists.stop_words())
        )
    )


def _sin(code: Code, named: bool) -> bool:
    return 8 <= len(code.digits) <= 10 and not code.letters


def _health(code: Code, named: bool) -> bool:
    # Manitoba numbers families in six figures.
    return (6 if named else 8) <= len(code.digits) <= 12 and len(code.letters) <= 4


def _passport(code: Code, named: bool) -> bool:
    return 6 <= len(code.digits) <= 9 and len(code.letters) <= 4


def _licence(code: Code, named: bool) -> bool:
    return 5 <= len(code.digits) <= 15 and len(code.letters) <= 5


def _plate(code: Code, named: bool) -> bool:
    n, letters = len(code.digits), len(code.letters)
    return (n >= 1 and letters >= 1 and 5 <= n + letters <= 8) or (letters == 0 and 5 <= n <= 7)


def _card(code: Code, named: bool) -> bool:
    return 12 <= len(code.digits) <= 19 and not code.letters


def _account(code: Code, named: bool) -> bool:
    return 5 <= len(code.digits) <= 24 and len(code.letters) <= 6


def _file(code: Code, named: bool) -> bool:
    n, letters = len(code.digits), len(code.letters)
    if letters > 6 or (code.letters in _FORMS and n <= _LONGEST_FORM):
        return False
    return 4 <= n <= 20 if named else 6 <= n <= 20 or (n >= 5 and letters >= 1)


def _phone(code: Code, named: bool) -> bool:
    national = code.digits.removeprefix("1") if len(code.digits) == 11 else code.digits
    return (
        7 <= len(code.digits) <= 15
        and not code.letters
        and not (len(national) == 10 and _TOLL_FREE.match(national))
    )


_POSSIBLE: dict[str, Callable[[Code, bool], bool]] = {
    "sin": _sin,
    "health_card": _health,
    "passport": _passport,
    "driver_licence": _licence,
    "licence_plate": _plate,
    "card": _card,
    "bank_account": _account,
    "file_number": _file,
    "phone": _phone,
}
# Provinces, and how numbers begin.
_PREFIXES = listed("nb ns qc ab sk mb pe nl yt nt nu bc")
_ABBREVIATED = listed("no num nr tel cell nbr acct ref soc ins lic")
_GLUED = listed("is est it no nr")
# Words that mean much else.
_LOOSE = frozenset(("file_number", "bank_account"))


def after_cue(tokens: Tokens, last: int, kind: str) -> Found | None:
    """The number announced by the cue that ends with token ``last``."""
    n = len(tokens)
    fillers = lists.NUMBER_WORDS if kind in _LOOSE else lists.FILLERS
    named = tokens.words[last] in lists.NUMBER_WORDS or tokens.words[last] == "id"
    at = last + 1
    for _ in range(_REACH):
        if at >= n:
            return None
        gap, word = tokens.gap(at - 1), tokens.words[at]
        if not _BETWEEN.issuperset(gap):
            return None
        if "#" in gap or ":" in gap or "°" in gap or "º" in gap:
            named = True
        if kind == "birth_date":
            end = date_at(tokens, at, year=False)
            if end is not None:
                return Found(tokens.starts[at], tokens.ends[end], kind)
        elif word in _GLUED and tokens.gap(at) == "":
            at += 1  # "my SIN is046…"
            continue
        elif _may_begin(tokens, at):
            code = code_at(tokens, at, plate=kind == "licence_plate")
            return _announced(tokens, code, kind, named) if code else None
        born_in = kind == "birth_date" and tokens.words[at - 1] in ("in", "a", "at")
        if word not in fillers and not born_in:
            return None
        if (
            ". " in gap
            and len(tokens.words[at - 1]) > 1
            and tokens.words[at - 1] not in _ABBREVIATED
        ):
            return None  # the sentence ended
        named = named or word in lists.NUMBER_WORDS
        at += 1
    return None


def _announced(tokens: Tokens, code: Code, kind: str, named: bool) -> Found | None:
    start, end = tokens.starts[code.first], tokens.ends[code.last]
    if not _POSSIBLE[kind](code, named) or counts(tokens, start, end):
        return None
    if _DATE_LIKE.fullmatch(tokens.folded, start, end):
        return None
    return Found(start, end, kind)


_BACK = listed(
    "is was est are were sont etait my mon ma the le la l her his son sa as comme for pour c ce it"
    " s card carte number numero no de d home work cell which that voici"
)


def before_cue(tokens: Tokens, first: int, kind: str) -> Found | None:
    """The number that the cue beginning with token ``first`` says something of: "… is my SIN"."""
    at, links = first - 1, ""
    for _ in range(5):
        if at < 0:
            return None
        gap = tokens.gap(at)
        if gap in (" (", ", ", " - ", " / "):
            links += gap
        elif gap not in (" ", "'", "  "):
            return None
        if tokens.words[at] not in _BACK:
            break
        links += tokens.words[at] + " "
        at -= 1
    else:
        return None
    if not any(link in links for link in ("is ", "was ", "est ", "as ", "comme ", " (")):
        return None
    last = at
    if not (tokens.words[last].isdigit() or tokens.word(last - 1).isdigit()):
        return None
    while at > 0 and last - at < 8:
        gap, word = tokens.gap(at - 1), tokens.words[at - 1]
        if (word.isdigit() and gap in ("", " ", "-", ".", " - ")) or (
            not word.isdigit() and len(word) <= 4 and gap in ("", "-")
        ):
            at -= 1
        else:
            break
    code = code_at(tokens, at, plate=kind == "licence_plate")
    return _announced(tokens, code, kind, True) if code is not None and code.last >= last else None


def counts(tokens: Tokens, start: int, end: int) -> bool:
    """Whether a unit or a currency says that the number counts something."""
    return bool(
        _UNIT_AFTER.match(tokens.folded, end)
        or _MONEY_BEFORE.search(tokens.folded[max(0, start - 8) : start])
    )


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
            if match.group()[:3].lower() not in _FORMS:
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
    found += _phones(tokens)
    return found


def _phones(tokens: Tokens) -> list[Found]:
    text = tokens.folded
    spans: list[tuple[int, int]] = []
    public: set[int] = set()
    for pattern in (_PHONE, _BARE_PHONE, _FRENCH_PHONE, _ABROAD, _SEVEN):
        for match in pattern.finditer(text):
            a, b = match.span()
            digits = "".join(filter(str.isdigit, match.group()))
            national = digits[-10:] if len(digits) == 10 or digits[0] == "1" else ""
            if _TOLL_FREE.match(national):
                public.add(b)
            if b in public or counts(tokens, a, b):
                continue
            if pattern is _BARE_PHONE and not _is_dialled(national):
                continue
            if pattern is _SEVEN and (match.group()[3] != "-" or not _is_local(text, a, b)):
                continue
            extension = _EXTENSION.match(text, b)
            spans.append((a, extension.end() if extension else b))
    return [Found(a, b, "phone") for a, b in spans]


def extended(tokens: Tokens, found: Found) -> Found:
    """A telephone number with its extension."""
    extension = _EXTENSION.match(tokens.folded, found.end)
    return Found(found.start, extension.end(), found.kind) if extension else found


def _is_local(text: str, start: int, end: int) -> bool:
    """Whether seven figures alone are dialled: not a range of years or pages, nor part of more."""
    return text[start : start + 3] != text[start + 4 : start + 7] and text[end : end + 1] != "$"


def _is_dialled(digits: str) -> bool:
    """Whether ten figures without a sign among them begin with an area code that is in use."""
    return len(digits) == 10 and phonenumbers.is_valid_number(
        phonenumbers.PhoneNumber(country_code=1, national_number=int(digits))
    )


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


# Names of figures in a row that make a number.
SPELLED = 7


def spelled(tokens: Tokens) -> list[Found]:
    """Telephone numbers dictated figure by figure: seven names of figures in a row."""
    found, first, n = [], -1, len(tokens)
    for i in range(n + 1):
        goes_on = i < n and (
            tokens.words[i] in lists.DIGIT_NAMES
            or (len(tokens.words[i]) == 1 and tokens.words[i].isdigit())
        )
        if goes_on and first >= 0 and tokens.gap(i - 1) not in (" ", "-", ", ", " - "):
            goes_on = False
        if goes_on:
            first = i if first < 0 else first
        elif first >= 0:
            if i - first >= SPELLED:
                found.append(Found(tokens.starts[first], tokens.ends[i - 1], "phone"))
            first = -1
    return found
