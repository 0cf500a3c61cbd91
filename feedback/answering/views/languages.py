"""The language of a page, and the same page in the other."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, override

OTHER = {"en": "fr", "fr": "en"}


def page_language() -> str:
    """That of the page asked for."""
    return "fr" if (get_language() or "en").startswith("fr") else "en"


def in_other_language(name: str, *args: Any) -> str:
    """The address of the same page in the other language."""
    with override(OTHER[page_language()]):
        return reverse(name, args=args)
