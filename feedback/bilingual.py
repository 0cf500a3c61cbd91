"""A pair of columns, one for each official language: ``text_en`` and ``text_fr``.

Read as ``text`` in the page's language; held together by constraints of the database.
"""

from __future__ import annotations

from django.db.models import CheckConstraint, Q, TextChoices
from django.utils.functional import Promise
from django.utils.translation import get_language

# A character that is seen: for PostgreSQL's regular expressions. Blanks of every kind, zero-width
# signs and byte-order marks alone are no text.
VISIBLE = r"[^[:space:]\u0085\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"


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


def says_both(column: str) -> Q:
    """Something that can be read stands in both languages."""
    return Q(**{f"{column}_en__regex": VISIBLE}) & Q(**{f"{column}_fr__regex": VISIBLE})


def in_both_languages(column: str, name: str, message: Promise | None = None) -> CheckConstraint:
    """The pair is never empty, nor blank, in either language."""
    return _constraint(says_both(column), name, message)


def in_both_or_neither(column: str, name: str, message: Promise | None = None) -> CheckConstraint:
    """The pair says something in both languages, or is empty in both."""
    return _constraint(
        Q(**{f"{column}_en": "", f"{column}_fr": ""}) | says_both(column), name, message
    )


def _constraint(condition: Q, name: str, message: Promise | None) -> CheckConstraint:
    if message is None:
        return CheckConstraint(condition=condition, name=name)
    return CheckConstraint(
        condition=condition,
        name=name,
        violation_error_message=message,  # type: ignore[arg-type]
    )


class Language(TextChoices):
    """The official languages. A label is the language's own name, in whatever page it stands."""

    EN = "en", "English"
    FR = "fr", "Français"
