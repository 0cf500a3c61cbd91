"""The kinds of question: one file each, found by being here.

A kind is a module of this package with a ``KIND``; its drawing is the template
``answering/kinds/<code>.html``. Nothing else in the program knows which kinds there are: it asks
the kind of the question it has, or the querysets that ask all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from feedback.asking.kinds.base import Kind

if TYPE_CHECKING:
    from feedback.asking.models import Question

__all__ = ["KINDS", "Kind", "codes_where", "kind_choices", "kind_of"]


def _found() -> dict[str, Kind]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    kinds = [module.KIND for module in modules if hasattr(module, "KIND")]
    return {kind.code: kind for kind in sorted(kinds, key=lambda kind: kind.place)}


# By the code that a question stores, in the order they are offered to who writes questions.
KINDS: dict[str, Kind] = _found()


def kind_of(question: Question) -> Kind:
    """The kind of this question. Raises KeyError for a code that is none."""
    return KINDS[question.kind]


def kind_choices() -> list[tuple[str, Promise]]:
    """Codes and labels, for the column that stores the code."""
    return [(code, kind.label) for code, kind in KINDS.items()]


def codes_where(is_wanted: Callable[[Kind], bool]) -> list[str]:
    """The codes of the kinds of which something holds, for a query."""
    return [code for code, kind in KINDS.items() if is_wanted(kind)]
