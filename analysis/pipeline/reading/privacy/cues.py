"""Finding the phrases of ``lists`` in a text: one tree of words, a few steps from each token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import cast

from . import lists
from .tokens import Tokens

# Between two words of a phrase: "S.I.N.", "né(e) le", "driver's licence", "c/o".
_WITHIN = frozenset(" '.-/()")

Node = dict[str, "Node | tuple[str, ...]"]
_HERE = ""  # the place in a node of what its phrase announces; no token is empty


@lru_cache(maxsize=1)
def tree() -> Node:
    """The phrases as a tree of their words."""
    root: Node = {}
    tables: Mapping[str, Sequence[str]] = {
        **lists.NUMBER_CUES,
        "is named": lists.NAME_CUES,
        "self": lists.SELF_CUES,
        "sign-off": lists.SIGN_OFFS,
        "towards": lists.TOWARDS,
    }
    for announced, phrases in tables.items():
        for phrase in phrases:
            node = root
            for word in phrase.split():
                below = node.setdefault(word, {})
                node = cast(Node, below)
            before = cast(tuple[str, ...], node.get(_HERE, ()))
            node[_HERE] = (*before, announced)
    return root


def may_begin(tokens: Tokens, first: int) -> bool:
    """Whether token ``first``, which begins a phrase, is one, or goes on as one."""
    node = tree()[tokens.words[first]]
    return _HERE in node or tokens.word(first + 1) in node


def cues(tokens: Tokens, first: int) -> Iterator[tuple[int, str]]:
    """Of each phrase that begins with token ``first`` its last token and what it announces; of
    several that announce the same the longest."""
    words = tokens.words
    last = len(words) - 1
    at, node = first, tree().get(words[first])
    found: dict[str, int] = {}
    while isinstance(node, dict):
        here = node.get(_HERE)
        if isinstance(here, tuple):
            for announced in here:
                found[announced] = at
        if at == last or not _WITHIN.issuperset(tokens.gap(at)):
            break
        at += 1
        node = node.get(words[at])
    for announced, end in found.items():
        yield end, announced
