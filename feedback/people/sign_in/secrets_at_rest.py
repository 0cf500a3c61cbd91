"""Secrets of the second step, as they lie in the database and in its backups: encrypted.

Whoever reads a copy of the tables must not be able to make somebody's codes. The key is derived
from CONSULT_RECEIPT_KEY, which is in no database and is kept for years; SECRET_KEY is rotated, and
with it every app would have to be set up anew.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

INFO: Final = b"feedback.people.second_factor"


class Unreadable(Exception):  # noqa: N818 (named for what happened)
    """It was encrypted with another key, or is not as it was written. It opens nothing."""


def secret_encrypt(text: str) -> str:
    return _fernet(settings.CONSULT_RECEIPT_KEY).encrypt(text.encode()).decode()


def secret_decrypt(encrypted: str) -> str:
    """Raises Unreadable; also for what lies there in the clear, which we did not write."""
    try:
        return _fernet(settings.CONSULT_RECEIPT_KEY).decrypt(encrypted.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


@lru_cache(maxsize=2)
def _fernet(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=INFO).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
