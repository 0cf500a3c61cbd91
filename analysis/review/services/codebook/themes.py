"""Themes of the codebook: named, defined, merged, set aside, brought back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from analysis.review.enums import ReviewAction, ThemeStatus
from analysis.review.models import Theme
from analysis.review.services.codebook.decisions import (
    NamesMissing,
    ReviewRefused,
    accepted_as_seen,
    accepted_theme,
    codebook_held,
    names_check,
    names_of,
    record,
    theme_as_seen,
    theme_save,
)
from feedback.people.models import User


def theme_rename(*, theme: Theme, name_en: str, name_fr: str, version: int, user: User) -> Theme:
    """Give a theme its name in both languages. Raises NamesMissing where one is empty or long."""
    names = {"name_en": " ".join(name_en.split()), "name_fr": " ".join(name_fr.split())}
    names_check(names)
    return _edit(theme, names, version, user, ReviewAction.RENAME)


def theme_define(
    *,
    theme: Theme,
    definition_en: str,
    definition_fr: str,
    version: int,
    user: User,
    includes_en: str = "",
    includes_fr: str = "",
    excludes_en: str = "",
    excludes_fr: str = "",
) -> Theme:
    """Say what a theme means, holds and leaves out; each in both languages or in neither."""
    texts = {
        "definition_en": definition_en.strip(),
        "definition_fr": definition_fr.strip(),
        "includes_en": includes_en.strip(),
        "includes_fr": includes_fr.strip(),
        "excludes_en": excludes_en.strip(),
        "excludes_fr": excludes_fr.strip(),
    }
    missing = [
        column
        for kind in ("definition", "includes", "excludes")
        for column, other in (
            (f"{kind}_en", f"{kind}_fr"),
            (f"{kind}_fr", f"{kind}_en"),
        )
        if not texts[column] and texts[other]
    ]
    if missing:
        raise NamesMissing(missing, _("Write it in both languages, or in neither."))
    return _edit(theme, texts, version, user, ReviewAction.DEFINE)


def theme_merge(*, theme: Theme, into: Theme, version: int, user: User) -> Theme:
    """Let a theme and its parts go into another one. Its passages keep where they came from."""
    with codebook_held(theme.question_id):
        theme = accepted_as_seen(theme, version)
        target = accepted_theme(into.pk, theme.question_id)
        if target.pk == theme.pk:
            raise ReviewRefused(_("A theme cannot be merged into itself."))
        if target.parent_id == theme.pk:
            raise ReviewRefused(
                _("“%(name)s” is a part of this theme. Merge the part into the theme instead.")
                % {"name": target.name}
            )
        before = names_of(theme)
        children = list(theme.children.values_list("code", flat=True))
        theme.children.update(parent=target.parent or target)
        theme.status = ThemeStatus.MERGED
        theme.merged_into = target
        theme.parent = None
        theme_save(theme, ["status", "merged_into", "parent"])
        record(theme, user, ReviewAction.MERGE, before, {"into": target.code, "children": children})
        return target


def theme_dismiss(*, theme: Theme, version: int, user: User) -> Theme:
    """Take a theme out of the codebook, to be recognised should a run propose it again.

    The parts of a theme that is dismissed become themes of their own.
    """
    with codebook_held(theme.question_id):
        theme = accepted_as_seen(theme, version)
        before = names_of(theme)
        children = list(theme.children.values_list("code", flat=True))
        theme.children.update(parent=None)
        theme.status = ThemeStatus.DISMISSED
        theme.parent = None
        theme_save(theme, ["status", "parent"])
        record(theme, user, ReviewAction.DISMISS, before, {"children": children})
        return theme


def theme_restore(*, theme: Theme, version: int, user: User) -> Theme:
    """Bring a dismissed or merged theme back as a theme of its own, with the passages it kept."""
    with codebook_held(theme.question_id):
        theme = theme_as_seen(theme, version)
        if theme.status == ThemeStatus.ACCEPTED:
            raise ReviewRefused(_("This theme is in the codebook already."))
        before = names_of(theme)
        theme.status = ThemeStatus.ACCEPTED
        theme.merged_into = None
        theme_save(theme, ["status", "merged_into"])
        record(theme, user, ReviewAction.RESTORE, before, names_of(theme))
        return theme


def _edit(
    theme: Theme, texts: dict[str, str], version: int, user: User, action: ReviewAction
) -> Theme:
    with codebook_held(theme.question_id):
        theme = accepted_as_seen(theme, version)
        changed = {column: text for column, text in texts.items() if getattr(theme, column) != text}
        if not changed:
            return theme
        before = {column: getattr(theme, column) for column in changed}
        for column, text in changed.items():
            setattr(theme, column, text)
        theme_save(theme, list(changed))
        record(theme, user, action, before, changed)
        return theme
