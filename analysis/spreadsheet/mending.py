"""Texts as they were before an export dressed or damaged them: HTML, and letters read wrongly.

Only what a program put there is taken away. A person's own "<3" or "R&D" stays.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

from ftfy import fix_encoding
from ftfy.badness import is_bad

# What editors of formatted text write; anything else between < and > may be somebody's words.
_LINE = r"br|p|div|li|ul|ol|tr|table|tbody|h[1-6]|blockquote"
_INLINE = r"span|b|i|u|s|em|strong|small|sub|sup|font|a|td|th|strike|o:p"
_BREAK = re.compile(rf"<(?:{_LINE})(?:\s[^<>]*)?/?>|</(?:{_LINE})\s*>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_INLINE})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|([a-zA-Z][a-zA-Z0-9]{1,31}));")
# How Excel writes a line end that it does not know.
_RETURN = re.compile(r"_x000[dD]_\n?")
_MANY_LINES = re.compile(r"[ \t]*\n\s*\n\s*")
# Without one of these no letter was read wrongly: UTF-8 taken for Windows-1252, Mac or DOS.
_SUSPECT = re.compile("[ÃÂÅâï√├]")
# A letter lost for good: "l'?cole", "h?pital", "caf\ufffd", "Ã?cole".
_LOST = re.compile(r"\ufffd|Ã\?|[^\W\d_]\?[a-z\u00e0-\u00ff]|(?<=['\u2019])\?[a-z]")
_ADDRESS = re.compile(r"\S*(?:://|www\.)\S*")


def mended(text: str) -> str:
    """``text`` without markup, each letter what it was; itself where there is nothing to do."""
    return letters_mended(without_markup(text))


def without_markup(text: str) -> str:
    """``text`` without HTML's tags and entities. A tag that breaks a line leaves one."""
    if "_x000" in text:
        text = _RETURN.sub("\n", text)
    if "&" in text:
        # Twice, since a form may escape what was escaped.
        text = _ENTITY.sub(_character, _ENTITY.sub(_character, text))
    if "<" not in text or ">" not in text:
        return text
    plain = _TAG.sub("", _BREAK.sub("\n", text))
    return text if plain == text else _MANY_LINES.sub("\n", plain).strip()


def _character(match: re.Match[str]) -> str:
    name = match.group(1)
    return html.unescape(match.group()) if name is None or f"{name};" in html5 else match.group()


def letters_mended(text: str) -> str:
    """``text`` with "Ã©" read as the "é" it was."""
    return fix_encoding(text) if _is_misread(text) else text


def is_damaged(text: str) -> bool:
    """Whether letters of ``text`` are lost, and nothing here can say which they were."""
    if "?" not in text and text.isascii():
        return False
    return _is_misread(text) or _LOST.search(_ADDRESS.sub(" ", text)) is not None


def _is_misread(text: str) -> bool:
    return not text.isascii() and _SUSPECT.search(text) is not None and bool(is_bad(text))
