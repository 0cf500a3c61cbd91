"""What a form held that we refuse: its words, so that nobody has to write them again.

Django refuses a form that is too large before it looks inside. Up to a bound it is read here, not
to do anything with it, but to put it back into the fields it came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from typing import Final
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError

# Bytes of a body, and fields in it, that are given back: three times what a form may have. Beyond,
# nobody has typed it.
MOST_BYTES: Final = 8 * 1024 * 1024
MOST_FIELDS: Final = 6_000
# What the public form calls its texts (feedback/asking/kinds/base.py); elsewhere a text is told by
# its length.
TEXT: Final = "t."
LONG: Final = 100
# What a page carries for us, and nobody typed.
_OURS: Final = frozenset({"csrfmiddlewaretoken", "opened", "next"})
_SECRET: Final = "password"  # noqa: S105 (part of a field's name)


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it was sent. ``is_text``: worth showing in a box of its own."""

    name: str
    value: str

    @property
    def is_text(self) -> bool:
        """Whether somebody wrote it."""
        return bool(self.value.strip()) and (
            self.name.startswith(TEXT) or len(self.value) > LONG or "\n" in self.value
        )

    @property
    def length(self) -> int:
        """Characters as people count them: a line end is one."""
        return len(self.value.replace("\r\n", "\n"))


def fields_in(request: HttpRequest) -> list[Field]:
    """The fields of a form that was refused unread, in order; none where they cannot be had.

    None of more than ``MOST_BYTES`` or ``MOST_FIELDS``, of files, or of passwords.
    """
    try:
        body = _body(request)
    except (OSError, UnreadablePostError):
        return []
    pairs: Iterator[tuple[str, str]] = iter(())
    if _is_multipart(request):
        pairs = _multipart(request, body)
    elif _is_encoded(request):
        pairs = _encoded(body)
    found: list[Field] = []
    for name, value in pairs:
        if len(found) >= MOST_FIELDS:
            return []
        if _SECRET not in name.lower():
            found.append(Field(name, value))
    return found


def words_in(request: HttpRequest) -> list[Field]:
    """What a member of staff typed into a form that was read and refused: her role was taken away
    while she wrote, or the thing was. Short words, codes and numbers are no loss."""
    user = getattr(request, "user", None)
    if request.method != "POST" or user is None or not user.is_authenticated:
        return []
    return [
        field
        for name, values in request.POST.lists()
        for field in (Field(name, str(value)) for value in values)
        if _SECRET not in name.lower()
        and name not in _OURS
        and (field.is_text or " " in field.value.strip())
    ]


def is_too_large(request: HttpRequest) -> bool:
    """Whether Django would refuse the form, asked before a view or the database has worked on it.

    Forms with files are larger, and Django refuses those in the middle of reading them. None of the
    public's has files: sent as if it had, it is too large like any other.
    """
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if request.method != "POST" or _length(request) <= most:
        return False
    is_public = request.path_info.startswith(("/en/", "/fr/"))
    return _is_encoded(request) or (is_public and _is_multipart(request))


def _length(request: HttpRequest) -> int:
    """How many bytes the body has, as the server was told."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(length) if length.isascii() and length.isdigit() else 0


def _is_encoded(request: HttpRequest) -> bool:
    return request.content_type == "application/x-www-form-urlencoded"


def _is_multipart(request: HttpRequest) -> bool:
    return request.content_type == "multipart/form-data"


def _body(request: HttpRequest) -> bytes:
    known = request.__dict__.get("_body")
    if isinstance(known, bytes):
        return known if len(known) <= MOST_BYTES else b""
    length = _length(request)
    # Half of a form, put back as the whole, would take away what was in the other half.
    if request._read_started or not 0 < length <= MOST_BYTES:  # type: ignore[attr-defined]
        return b""
    return request.read(length)


def _encoded(body: bytes) -> Iterator[tuple[str, str]]:
    if not body or body.count(b"&") >= MOST_FIELDS:
        return
    for piece in body.decode("ascii", "replace").split("&"):
        name, _, value = piece.partition("=")
        if name:
            yield unquote_plus(name, errors="replace"), unquote_plus(value, errors="replace")


def _multipart(request: HttpRequest, body: bytes) -> Iterator[tuple[str, str]]:
    head = f"Content-Type: {request.META.get('CONTENT_TYPE', '')}\r\n\r\n"
    message = BytesParser(policy=policy.HTTP).parsebytes(head.encode("latin-1", "replace") + body)
    if not message.is_multipart():
        return
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str) and part.get_filename() is None:
            content = part.get_payload(decode=True)
            yield name, content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
