"""Reading a pair of columns: ``text_en`` and ``text_fr`` as ``text`` in the page's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language


class InCurrentLanguage:
    """Descriptor that returns the column of the active language; English where none is active.

    ``label`` heads it in a list of the admin, which else makes a heading of its English name.

    >>> class Question: ...     text = InCurrentLanguage("text")
    """

    def __init__(self, name: str, label: str | Promise = "") -> None:
        self.name = name
        if label:
            self.short_description = label

    def __get__(self, instance: object | None, owner: type | None = None) -> str:
        if instance is None:
            return self  # type: ignore[return-value]
        language = (get_language() or "en")[:2]
        column = self.name + ("_fr" if language == "fr" else "_en")
        value: str = getattr(instance, column)
        return value
