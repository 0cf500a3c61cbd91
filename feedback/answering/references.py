"""The reference number on a receipt, and the code that takes a response back.

A reference is read aloud on the phone and copied by hand: 23 signs without vowels (no words) and
without pairs that look alike, eight drawn by the operating system's generator and a ninth that
tells a slip of the pen. 23 is prime and the weights differ, so the ninth sign finds every single
wrong sign and every two that changed places.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

ALPHABET = "234679CDFGHJKMNPQRTVWXY"
DRAWN = 8
CODE_DIGITS = 12


def new_reference() -> str:
    """A fresh reference in groups, for example ``K7M2-9QXR-C``. One in 78 billion."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(DRAWN))
    return _in_groups(drawn + _check_sign(drawn))


def normalised_reference(typed: str) -> str | None:
    """What a person typed, as it is stored; None if it cannot be a reference of ours."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(signs) != DRAWN + 1 or any(sign not in ALPHABET for sign in signs):
        return None
    if _check_sign(signs[:DRAWN]) != signs[DRAWN]:
        return None
    return _in_groups(signs)


def withdrawal_code(receipt_key: UUID) -> str:
    """The secret of one receipt, as ``1234 5678 9012``.

    Made from the receipt's key and a key that is in no database (RFC 2104 HMAC-SHA-256, taken as
    a number modulo 10^12): the receipt can show it again, a stolen database cannot.
    """
    key = settings.CONSULT_RECEIPT_KEY
    if not key:
        raise ImproperlyConfigured("CONSULT_RECEIPT_KEY is empty")
    digest = hmac.digest(key.encode(), b"withdrawal:" + receipt_key.bytes, hashlib.sha256)
    digits = f"{int.from_bytes(digest, 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
    return f"{digits[:4]} {digits[4:8]} {digits[8:]}"


def is_withdrawal_code(typed: str, receipt_key: UUID) -> bool:
    """Whether the digits typed are that receipt's code, in time that does not tell how many."""
    digits = "".join(sign for sign in typed if sign in "0123456789")
    expected = withdrawal_code(receipt_key).replace(" ", "")
    return hmac.compare_digest(digits, expected)


def _check_sign(drawn: str) -> str:
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(drawn, start=1))
    # The ninth sign's own weight is -1: the sum of all nine is a multiple of 23.
    return ALPHABET[total % len(ALPHABET)]


def _in_groups(signs: str) -> str:
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"
