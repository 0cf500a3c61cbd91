"""Codes of the pipeline in words, and small things a desk says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language, gettext

from analysis.reasons import Why
from analysis.review import wording

register = template.Library()


@register.filter
def words(code: str, kind: str) -> str:
    """``{{ level|words:"LEVELS" }}``: the wording of a code; kinds are the tables of wording.py."""
    return wording.worded(getattr(wording, kind), code)


@register.filter
def reason(judged: Mapping[str, Any]) -> str:
    """``{{ run.confidence|reason }}``: why, in words; nothing where nothing was judged."""
    return Why(**judged["why"]).said_in(_language()) if judged else ""


@register.filter
def in_language(of_both: object, name: str) -> str:
    """``{{ theme|in_language:"includes" }}``: ``includes_fr`` in French, ``includes_en`` else."""
    return str(getattr(of_both, f"{name}_{_language()}"))


def _language() -> str:
    return "fr" if (get_language() or "en").startswith("fr") else "en"


@register.filter
def language_name(code: str) -> str:
    """What a person calls the language of a passage."""
    names = {"en": gettext("English"), "fr": gettext("French"), "und": gettext("unclear")}
    return names.get(code, gettext("other language"))


@register.filter
def lang_tag(code: str) -> str:
    """The ``lang`` of a quote: nothing where the language is unknown."""
    return code if code in ("en", "fr") else ""


@register.filter
def item(mapping: Mapping[str, Any], key: str) -> Any:
    """``{{ counts|item:code }}``."""
    return mapping.get(key, "")
