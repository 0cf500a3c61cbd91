"""Which emails there are, and who knows what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from feedback.outbox.emails.words import Recipient, Words

__all__ = ["Kind", "Recipient", "email_kind_add", "kinds"]

# What is known of the ids an email was queued with; None: it is not to be sent any more.
Lookup = Callable[[Mapping[str, Any]], Recipient | None]


@dataclass(frozen=True, slots=True)
class Kind:
    words: Words
    lookup: Lookup


kinds: dict[str, Kind] = {}


def email_kind_add(name: str, words: Words, lookup: Lookup) -> None:
    """For ``AppConfig.ready``. ``name``: the file's, in this folder."""
    kinds[name] = Kind(words, lookup)
