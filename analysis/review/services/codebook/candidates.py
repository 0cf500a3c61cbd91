"""Proposals of the machine: accepted, merged into a theme, set aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _

from analysis.review.enums import ReviewAction, Source, ThemeStatus
from analysis.review.models import Assignment, CandidateTheme, Theme
from analysis.review.selectors.members import standing_theme
from analysis.review.services.codebook.decisions import (
    ReviewConflict,
    ReviewRefused,
    accepted_theme,
    codebook_held,
    names_check,
    names_of,
    next_code,
    one_line,
    record,
)
from feedback.people.models import User

NO_NAMES: Mapping[str, str] = MappingProxyType({"name_en": "", "name_fr": ""})


def candidate_accept(
    *, candidate: CandidateTheme, user: User, name_en: str = "", name_fr: str = ""
) -> Theme:
    """Make the proposal a theme of the codebook, with its passages and those of its parts.

    A name given replaces the machine's; where the machine found none in a language, one must be
    given (NamesMissing). A passage that is in another theme already stays there; one in the theme
    this proposal is a part of, or in a dismissed one, comes along. Raises ReviewConflict where it
    was decided already.
    """
    given = {"name_en": one_line(name_en), "name_fr": one_line(name_fr)}
    missing = [f"name_{language}" for language in candidate.unnamed]
    names_check({column: name for column, name in given.items() if name or column in missing})
    with codebook_held(candidate.run.question_id):
        return _accept(_undecided(candidate), user, given)


def candidates_accept(*, candidates: Iterable[CandidateTheme], user: User) -> list[Theme]:
    """Accept several at once, themes before their parts.

    Those decided already are left alone, and so are those without a name in one language: a person
    names them first.
    """
    chosen = sorted(candidates, key=lambda c: (bool(c.parent_code), c.rank))
    if not chosen:
        return []
    questions = {candidate.run.question_id for candidate in chosen}
    if len(questions) != 1:
        raise ReviewRefused(
            _("Proposals of different questions are accepted one question at a time.")
        )
    with codebook_held(questions.pop()):
        fresh = CandidateTheme.objects.in_bulk([candidate.pk for candidate in chosen])
        return [
            _accept(fresh[candidate.pk], user)
            for candidate in chosen
            if fresh[candidate.pk].theme_id is None and not fresh[candidate.pk].unnamed
        ]


def candidate_merge(*, candidate: CandidateTheme, into: Theme, user: User) -> Theme:
    """Add the proposal's passages to a theme that is there."""
    return _absorb(candidate, into, user, ReviewAction.MERGE)


def theme_update_from(*, theme: Theme, candidate: CandidateTheme, user: User) -> Theme:
    """Bring a theme up to date with what a later run found of it. Nothing leaves the theme."""
    return _absorb(candidate, theme, user, ReviewAction.UPDATE)


def candidate_dismiss(*, candidate: CandidateTheme, user: User) -> Theme:
    """Set the proposal aside, so that it is recognised when a later run makes it again.

    The passages of a part that is dismissed stay with the theme it is a part of.
    """
    with codebook_held(candidate.run.question_id):
        candidate = _undecided(candidate)
        theme = candidate.resembles
        if theme is None or theme.status != ThemeStatus.DISMISSED:
            theme = _theme_of(candidate, user, ThemeStatus.DISMISSED)
        placed = 0 if candidate.parent_code else _place(candidate, theme)
        _decide(candidate, theme)
        record(
            theme, user, ReviewAction.DISMISS, {}, {**names_of(theme), "placed": placed}, candidate
        )
        return theme


def _accept(candidate: CandidateTheme, user: User, given: Mapping[str, str] = NO_NAMES) -> Theme:
    theme = _theme_of(candidate, user, ThemeStatus.ACCEPTED, given)
    placed = _place(candidate, theme)
    _decide(candidate, theme)
    after = {**names_of(theme), "placed": placed}
    if not candidate.parent_code:
        parts = Theme.objects.filter(
            candidates__run=candidate.run,
            candidates__parent_code=candidate.code,
            status=ThemeStatus.ACCEPTED,
            parent__isnull=True,
        ).exclude(pk=theme.pk)
        after["children"] = sorted(parts.values_list("code", flat=True).distinct())
        Theme.objects.filter(pk__in=list(parts.values_list("pk", flat=True))).update(parent=theme)
    record(theme, user, ReviewAction.ACCEPT, {}, after, candidate)
    return theme


def _absorb(candidate: CandidateTheme, into: Theme, user: User, action: ReviewAction) -> Theme:
    question_id = candidate.run.question_id
    with codebook_held(question_id):
        candidate = _undecided(candidate)
        theme = accepted_theme(into.pk, question_id)
        placed = _place(candidate, theme)
        _decide(candidate, theme)
        names = {"name_en": candidate.name_en, "name_fr": candidate.name_fr}
        record(theme, user, action, {}, {"proposal": names, "placed": placed}, candidate)
        return theme


def _undecided(candidate: CandidateTheme) -> CandidateTheme:
    candidate = CandidateTheme.objects.select_related("run", "theme", "resembles").get(
        pk=candidate.pk
    )
    if candidate.theme is not None:
        raise ReviewConflict(
            _("Someone has decided on “%(name)s” already. The page now shows it.")
            % {"name": candidate.name}
        )
    return candidate


def _decide(candidate: CandidateTheme, theme: Theme) -> None:
    candidate.theme = theme
    candidate.save(update_fields=["theme"])


def _theme_of(
    candidate: CandidateTheme,
    user: User,
    status: ThemeStatus,
    given: Mapping[str, str] = NO_NAMES,
) -> Theme:
    return Theme.objects.create(
        question_id=candidate.run.question_id,
        code=next_code(candidate.run.question_id),
        name_en=given["name_en"] or candidate.name_en or candidate.name_fr,
        name_fr=given["name_fr"] or candidate.name_fr or candidate.name_en,
        definition_en=candidate.description_en,
        definition_fr=candidate.description_fr,
        parent=_theme_above(candidate) if status == ThemeStatus.ACCEPTED else None,
        status=status,
        origin=Source.MACHINE,
        created_by=user,
    )


def _theme_above(candidate: CandidateTheme) -> Theme | None:
    """The standing theme that the proposal above this one became; the codebook has two levels."""
    if not candidate.parent_code:
        return None
    above = (
        CandidateTheme.objects.filter(run=candidate.run, code=candidate.parent_code)
        .select_related("theme")
        .first()
    )
    if above is None or above.theme is None:
        return None
    themes = {each.pk: each for each in Theme.objects.filter(question=candidate.run.question_id)}
    theme = standing_theme(above.theme, themes)
    if theme is None:
        return None
    return theme.parent if theme.parent_id is not None else theme


def _place(candidate: CandidateTheme, theme: Theme) -> int:
    """Put the proposal's passages into the theme; returns how many. See ``candidate_accept``."""
    siblings = CandidateTheme.objects.filter(run=candidate.run).values_list("code", "parent_code")
    codes = {candidate.code}
    while more := {code for code, parent in siblings if parent in codes} - codes:
        codes |= more
    said = list(
        Assignment.objects.of_machine().filter(
            run=candidate.run, candidate__code__in=codes, candidate__run=candidate.run
        )
    )
    there = {
        row.passage_id: row
        for row in Assignment.objects.in_codebook()
        .filter(passage_id__in=[row.passage_id for row in said])
        .select_related("theme")
    }
    above = _theme_above(candidate)
    new, moved = [], []
    for row in said:
        held = there.get(row.passage_id)
        if held is None:
            new.append(
                Assignment(
                    passage_id=row.passage_id,
                    theme=theme,
                    run=candidate.run,
                    source=Source.MACHINE,
                    is_main=row.is_main,
                    score=row.score,
                )
            )
        elif held.theme is None or held.theme_id == theme.pk:
            # A person said that it is in no theme, or it is there already.
            continue
        elif held.theme.status == ThemeStatus.DISMISSED or (
            held.source == Source.MACHINE and above is not None and held.theme_id == above.pk
        ):
            held.theme = theme
            moved.append(held)
    Assignment.objects.bulk_create(new, batch_size=2_000)
    Assignment.objects.bulk_update(moved, ["theme"], batch_size=2_000)
    return len(new) + len(moved)
