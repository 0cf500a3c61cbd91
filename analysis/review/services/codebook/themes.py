"""Themes of the codebook: named, defined, merged, set aside, brought back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from analysis.review.enums import ReviewAction, Source, ThemeStatus
from analysis.review.models import Passage, Theme
from analysis.review.selectors.members import is_empty
from analysis.review.services.codebook.decisions import (
    NamesMissing,
    ReviewRefused,
    accepted_as_seen,
    accepted_theme,
    both_check,
    codebook_held,
    names_check,
    names_of,
    next_code,
    one_line,
    paragraph,
    record,
    theme_as_seen,
    theme_save,
)
from analysis.review.services.codebook.passages import Seen, move
from feedback.asking.models import Question
from feedback.people.models import User


def theme_create(
    *,
    question: Question,
    name_en: str,
    name_fr: str,
    user: User,
    definition_en: str = "",
    definition_fr: str = "",
    passages: Sequence[Passage] = (),
    seen: Seen | None = None,
) -> Theme:
    """Make a theme by hand, whether or not anything was grouped, and put ``passages`` into it.

    Raises NamesMissing where a name is empty, long or another theme's already, and ReviewConflict
    where a passage is no longer where the person had ``seen`` it; then no theme is made.
    """
    names = {"name_en": one_line(name_en), "name_fr": one_line(name_fr)}
    names_check(names)
    texts = {
        "definition_en": paragraph(definition_en),
        "definition_fr": paragraph(definition_fr),
    }
    both_check(texts)
    with codebook_held(question.pk):
        _refuse_taken(question, names)
        theme = Theme.objects.create(
            question=question,
            code=next_code(question.pk),
            **names,
            **texts,
            origin=Source.HUMAN,
            created_by=user,
        )
        moved = move(passages, theme, user, seen) if passages else 0
        record(theme, user, ReviewAction.CREATE, {}, {**names_of(theme), "placed": moved})
        return theme


def theme_delete(*, theme: Theme, version: int, user: User) -> Theme:
    """Take back a theme that was made by hand and holds nothing: no list shows it any more.

    Raises ReviewRefused where it holds passages or parts, or was proposed by the software.
    """
    with codebook_held(theme.question_id):
        theme = accepted_as_seen(theme, version)
        if theme.origin != Source.HUMAN or not is_empty(theme):
            raise ReviewRefused(
                _("Only a theme that was made by hand and holds no passage is deleted.")
            )
        before = names_of(theme)
        theme.status = ThemeStatus.DELETED
        theme.parent = None
        theme_save(theme, ["status", "parent"])
        record(theme, user, ReviewAction.DELETE, before, {"status": theme.status})
        return theme


def _refuse_taken(question: Question, names: Mapping[str, str]) -> None:
    """Two themes of one name cannot be told apart; and a form may be sent twice."""
    same = Q()
    for column, name in names.items():
        same |= Q(**{f"{column}__iexact": name})
    there = Theme.objects.filter(same, question=question, status=ThemeStatus.ACCEPTED).first()
    if there is None:
        return
    taken = [
        column for column, name in names.items() if getattr(there, column).lower() == name.lower()
    ]
    raise NamesMissing(
        taken or list(names),
        _(
            "There is a theme called “%(name)s” already. Put the passages into it, or choose "
            "another name."
        )
        % {"name": there.name},
    )


def theme_rename(*, theme: Theme, name_en: str, name_fr: str, version: int, user: User) -> Theme:
    """Give a theme its name in both languages. Raises NamesMissing where one is empty or long."""
    names = {"name_en": one_line(name_en), "name_fr": one_line(name_fr)}
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
        "definition_en": paragraph(definition_en),
        "definition_fr": paragraph(definition_fr),
        "includes_en": paragraph(includes_en),
        "includes_fr": paragraph(includes_fr),
        "excludes_en": paragraph(excludes_en),
        "excludes_fr": paragraph(excludes_fr),
    }
    both_check(texts)
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
        if theme.status == ThemeStatus.DELETED:
            raise ReviewRefused(_("This theme was deleted. Make it again."))
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
