"""Telephone numbers by their shape, and dictated figure by figure."""

from __future__ import annotations

import re

import phonenumbers

from . import lists
from .found import Found
from .tokens import Tokens
from .units import counts

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
TOLL_FREE = re.compile(r"8(?:00|33|44|55|66|77|88)")
# Names of figures in a row that make a number.
SPELLED = 7


def phones(tokens: Tokens) -> list[Found]:
    """Telephone numbers that are somebody's, with their extensions."""
    text = tokens.folded
    spans: list[tuple[int, int]] = []
    public: set[int] = set()
    for pattern in (_PHONE, _BARE_PHONE, _FRENCH_PHONE, _ABROAD, _SEVEN):
        for match in pattern.finditer(text):
            a, b = match.span()
            digits = "".join(filter(str.isdigit, match.group()))
            national = digits[-10:] if len(digits) == 10 or digits[0] == "1" else ""
            if TOLL_FREE.match(national):
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
