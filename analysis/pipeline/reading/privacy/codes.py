"""Numbers with letters among them, and what each kind of number may look like once it is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..word_lists import listed
from . import lists
from .phones import TOLL_FREE
from .tokens import Tokens

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
# Forms are numbered too: IMM 5257, RC 66.
_LONGEST_FORM = 5
FORMS = listed("imm rc isp pptc gst cit t form formulaire tpz sc nfl")


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
    if letters > 6 or (code.letters in FORMS and n <= _LONGEST_FORM):
        return False
    return 4 <= n <= 20 if named else 6 <= n <= 20 or (n >= 5 and letters >= 1)


def _phone(code: Code, named: bool) -> bool:
    national = code.digits.removeprefix("1") if len(code.digits) == 11 else code.digits
    return (
        7 <= len(code.digits) <= 15
        and not code.letters
        and not (len(national) == 10 and TOLL_FREE.match(national))
    )


POSSIBLE: dict[str, Callable[[Code, bool], bool]] = {
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
