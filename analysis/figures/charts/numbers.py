"""Numbers as a reader of each official language expects them.

English: ``1,234``, ``20%``, ``3.7``. Canadian French: ``1 234``, ``20 %``, ``3,7``, with a
no-break space (U+00A0) so that a number never wraps. Halves round away from zero, as people do
by hand, and a share that is not zero is never shown as zero.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from analysis.catalogue import translations

if TYPE_CHECKING:
    from analysis.figures.intervals import Interval

NBSP = "\u00a0"
MINUS = "\u2212"
LANGUAGES = ("en", "fr")


def check_language(language: str) -> str:
    """Return ``"en"`` or ``"fr"``; ValueError for anything else (never a silent default)."""
    plain = str(language)
    if plain not in LANGUAGES:
        raise ValueError(f"language must be 'en' or 'fr', not {plain!r}")
    return plain


def format_count(count: int, language: str) -> str:
    """``1,234`` or ``1 234``."""
    grouped = f"{count:,}"
    return grouped if check_language(language) == "en" else grouped.replace(",", NBSP)


def format_n(count: int, language: str) -> str:
    """``n = 1,234`` or ``n = 1 234``, which never breaks at the end of a line."""
    return f"n{NBSP}={NBSP}{format_count(count, language)}"


def format_decimal(value: float, language: str, *, digits: int = 1) -> str:
    """``3.7`` or ``3,7``, with exactly ``digits`` figures after the mark."""
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{exact:,f}"
    if check_language(language) == "en":
        return text
    return text.replace(",", NBSP).replace(".", ",")


def format_share(share: float, language: str, *, digits: int = 0) -> str:
    """A share in [0, 1] as ``20%`` or ``20 %``.

    What would round to nothing though somebody said it reads ``<1%``; what would round to
    everything though somebody did not reads ``>99%``.
    """
    percent = share * 100
    step = 10.0**-digits
    sign = ""
    if 0 < percent < step / 2:
        sign, percent = "<", step
    elif 100 - step / 2 <= percent < 100:
        sign, percent = ">", 100 - step
    number = format_decimal(percent, language, digits=digits)
    if check_language(language) == "en":
        return f"{sign}{number}%"
    return f"{sign + NBSP if sign else ''}{number}{NBSP}%"


def format_range(low: float, high: float, language: str, *, digits: int = 0) -> str:
    """An interval of shares: ``37% to 45%`` or ``de 37 % à 45 %``."""
    first, last = (format_share(x, language, digits=digits) for x in (low, high))
    return translations(language).gettext("{low} to {high}").format(low=first, high=last)


def signed(value: float, language: str, *, digits: int = 0) -> str:
    """``+12`` or ``−12``; plain ``0`` where it rounds to nothing."""
    plain = format_decimal(abs(value), language, digits=digits)
    if not any(figure in plain for figure in "123456789"):
        return plain
    return f"{'+' if value > 0 else MINUS}{plain}"


def signed_range(found: Interval, language: str, *, factor: float = 1, digits: int = 0) -> str:
    """``−18 to −4`` or ``de −18 à −4``."""
    low, high = (signed(end * factor, language, digits=digits) for end in (found.low, found.high))
    return translations(language).gettext("{low} to {high}").format(low=low, high=high)


def format_gap(found: Interval | None, language: str, *, factor: float, digits: int) -> str:
    """``+12 (+4 to +20)``, or a dash where nothing may be said."""
    if found is None:
        return "–"
    value = signed(found.estimate * factor, language, digits=digits)
    return f"{value} ({signed_range(found, language, factor=factor, digits=digits)})"
