"""The apostrophe of our own words, set as in print.

Sources keep U+0027, which every keyboard has. This is the one place that sets U+2019, and it is
asked where words of ours leave their source: when a catalogue is compiled (``analysis.catalogue``),
and for the tables of words that are no messages. Always before anything is put into them: what a
respondent wrote or an editor typed never comes here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

_T = TypeVar("_T")

# Inside a tag an apostrophe is code. Elsewhere ours stand after a letter or what is put in its
# place: "n'a", "people's", "%(name)s's", "{name}'s". After a blank one would be a quotation mark.
_APOSTROPHE = re.compile(r"</?[A-Za-z][^<>]*>|(?<=[^\W_]|[)}»”])'")


def typographic(text: str) -> str:
    """``text`` with U+2019 for each apostrophe; twice is as once.

    >>> typographic("l'eau, people's")
    'l’eau, people’s'
    """
    return _APOSTROPHE.sub(lambda found: "\u2019" if found[0] == "'" else found[0], text)


def typographic_words(table: _T) -> _T:
    """A table of our words, however nested, with the apostrophe set in each."""
    said: Any = table
    if isinstance(said, str):
        said = typographic(said)
    elif isinstance(said, Mapping):
        said = {key: typographic_words(value) for key, value in said.items()}
    elif isinstance(said, (tuple, list)):
        said = type(said)(typographic_words(value) for value in said)
    words: _T = said
    return words
