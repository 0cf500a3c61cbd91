"""What people decide about the codebook of a question.

Every decision is one transaction that holds the question's row, so that two reviewers of the same
question take turns; it writes a ReviewEvent, which the database keeps for ever, and never changes
what a run said. A decision about a theme states the version it was made on: a second reviewer who
decided on an older one is told so and nothing is overwritten.

Events keep names, codes and ids, never anyone's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.review.enums import ReviewAction, Source, ThemeStatus
from analysis.review.models import Assignment, CandidateTheme, Passage, ReviewEvent, Theme
from analysis.review.selectors.members import standing_theme
from feedback.asking.models import Question
from feedback.people.models import User

NAME_LENGTH = 120
NO_NAMES: Mapping[str, str] = MappingProxyType({"name_en": "", "name_fr": ""})
# What a person says of a passage that belongs to no theme; the pipeline's own word for it.
FITS_NO_THEME = "fits_no_theme"


class ReviewRefused(Exception):  # noqa: N818 (named for what happened)
    """The decision makes no sense; the message is for the person who made it."""


class ReviewConflict(ReviewRefused):
    """Someone else decided in the meantime; the message says what the page shows now."""


class NamesMissing(ReviewRefused):
    """A text is missing in one of the two languages; ``fields`` are the names of the columns."""

    def __init__(self, fields: list[str], message: str) -> None:
        self.fields = fields
        super().__init__(message)


# --- Proposals of the machine ------------------------------------------------------------------


def candidate_accept(
    *, candidate: CandidateTheme, user: User, name_en: str = "", name_fr: str = ""
) -> Theme:
    """Make the proposal a theme of the codebook, with its passages and those of its parts.

    A name given replaces the machine's; where the machine found none in a language, one must be
    given (NamesMissing). A passage that is in another theme already stays there; one in the theme
    this proposal is a part of, or in a dismissed one, comes along. Raises ReviewConflict where it
    was decided already.
    """
    given = {"name_en": " ".join(name_en.split()), "name_fr": " ".join(name_fr.split())}
    missing = [f"name_{language}" for language in candidate.unnamed]
    _check_names({column: name for column, name in given.items() if name or column in missing})
    with _codebook(candidate.run.question_id):
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
    with _codebook(questions.pop()):
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
    with _codebook(candidate.run.question_id):
        candidate = _undecided(candidate)
        theme = candidate.resembles
        if theme is None or theme.status != ThemeStatus.DISMISSED:
            theme = _theme_of(candidate, user, ThemeStatus.DISMISSED)
        placed = 0 if candidate.parent_code else _place(candidate, theme)
        _decide(candidate, theme)
        _record(
            theme, user, ReviewAction.DISMISS, {}, {**_names(theme), "placed": placed}, candidate
        )
        return theme


def _accept(candidate: CandidateTheme, user: User, given: Mapping[str, str] = NO_NAMES) -> Theme:
    theme = _theme_of(candidate, user, ThemeStatus.ACCEPTED, given)
    placed = _place(candidate, theme)
    _decide(candidate, theme)
    after = {**_names(theme), "placed": placed}
    if not candidate.parent_code:
        parts = Theme.objects.filter(
            candidates__run=candidate.run,
            candidates__parent_code=candidate.code,
            status=ThemeStatus.ACCEPTED,
            parent__isnull=True,
        ).exclude(pk=theme.pk)
        after["children"] = sorted(parts.values_list("code", flat=True).distinct())
        Theme.objects.filter(pk__in=list(parts.values_list("pk", flat=True))).update(parent=theme)
    _record(theme, user, ReviewAction.ACCEPT, {}, after, candidate)
    return theme


def _absorb(candidate: CandidateTheme, into: Theme, user: User, action: ReviewAction) -> Theme:
    question_id = candidate.run.question_id
    with _codebook(question_id):
        candidate = _undecided(candidate)
        theme = _standing(into.pk, question_id)
        placed = _place(candidate, theme)
        _decide(candidate, theme)
        names = {"name_en": candidate.name_en, "name_fr": candidate.name_fr}
        _record(theme, user, action, {}, {"proposal": names, "placed": placed}, candidate)
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
        code=_next_code(candidate.run.question_id),
        name_en=given["name_en"] or candidate.name_en or candidate.name_fr,
        name_fr=given["name_fr"] or candidate.name_fr or candidate.name_en,
        definition_en=candidate.description_en,
        definition_fr=candidate.description_fr,
        parent=_theme_above(candidate) if status == ThemeStatus.ACCEPTED else None,
        status=status,
        created_by=user,
    )


def _next_code(question_id: int) -> str:
    """C1, C2, ... No row of the codebook is ever deleted, so no code comes twice."""
    return f"C{Theme.objects.filter(question_id=question_id).count() + 1}"


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
    theme = standing_theme(above.theme, _themes(candidate.run.question_id))
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


# --- Themes of the codebook --------------------------------------------------------------------


def theme_rename(*, theme: Theme, name_en: str, name_fr: str, version: int, user: User) -> Theme:
    """Give a theme its name in both languages. Raises NamesMissing where one is empty or long."""
    names = {"name_en": " ".join(name_en.split()), "name_fr": " ".join(name_fr.split())}
    _check_names(names)
    return _edit(theme, names, version, user, ReviewAction.RENAME)


def _check_names(names: Mapping[str, str]) -> None:
    missing = [column for column, name in names.items() if not name]
    if missing:
        raise NamesMissing(missing, _("Name the theme in both languages."))
    long = [column for column, name in names.items() if len(name) > NAME_LENGTH]
    if long:
        raise NamesMissing(
            long,
            ngettext(
                "A name has at most %(n)d character.",
                "A name has at most %(n)d characters.",
                NAME_LENGTH,
            )
            % {"n": NAME_LENGTH},
        )


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
    with _codebook(theme.question_id):
        theme = _current(theme, version)
        target = _standing(into.pk, theme.question_id)
        if target.pk == theme.pk:
            raise ReviewRefused(_("A theme cannot be merged into itself."))
        if target.parent_id == theme.pk:
            raise ReviewRefused(
                _("“%(name)s” is a part of this theme. Merge the part into the theme instead.")
                % {"name": target.name}
            )
        before = _names(theme)
        children = list(theme.children.values_list("code", flat=True))
        theme.children.update(parent=target.parent or target)
        theme.status = ThemeStatus.MERGED
        theme.merged_into = target
        theme.parent = None
        _save(theme, ["status", "merged_into", "parent"])
        _record(
            theme, user, ReviewAction.MERGE, before, {"into": target.code, "children": children}
        )
        return target


def theme_dismiss(*, theme: Theme, version: int, user: User) -> Theme:
    """Take a theme out of the codebook, to be recognised should a run propose it again.

    The parts of a theme that is dismissed become themes of their own.
    """
    with _codebook(theme.question_id):
        theme = _current(theme, version)
        before = _names(theme)
        children = list(theme.children.values_list("code", flat=True))
        theme.children.update(parent=None)
        theme.status = ThemeStatus.DISMISSED
        theme.parent = None
        _save(theme, ["status", "parent"])
        _record(theme, user, ReviewAction.DISMISS, before, {"children": children})
        return theme


def theme_restore(*, theme: Theme, version: int, user: User) -> Theme:
    """Bring a dismissed or merged theme back as a theme of its own, with the passages it kept."""
    with _codebook(theme.question_id):
        theme = _fresh(theme, version)
        if theme.status == ThemeStatus.ACCEPTED:
            raise ReviewRefused(_("This theme is in the codebook already."))
        before = _names(theme)
        theme.status = ThemeStatus.ACCEPTED
        theme.merged_into = None
        _save(theme, ["status", "merged_into"])
        _record(theme, user, ReviewAction.RESTORE, before, _names(theme))
        return theme


def passage_move(*, passage: Passage, into: Theme | None, user: User) -> Assignment:
    """Put one passage where it belongs; None: in no theme. No run and no acceptance undoes it."""
    question_id = passage.answer.question_id
    with _codebook(question_id):
        target = None if into is None else _standing(into.pk, question_id)
        row = Assignment.objects.in_codebook().filter(passage=passage).first()
        was = row.theme if row is not None else None
        if row is None:
            row = Assignment(passage=passage, is_main=True)
        elif was == target and row.source == Source.HUMAN:
            return row
        row.theme = target
        row.source = Source.HUMAN
        row.decided_by = user
        row.run = None
        row.reason = "" if target is not None else FITS_NO_THEME
        # A person is certain.
        row.score = 1.0
        row.save()
        ReviewEvent.objects.create(
            question_id=question_id,
            theme=target or was,
            actor=user,
            action=ReviewAction.MOVE,
            before={"passage": passage.pk, "theme": was.code if was else None},
            after={"passage": passage.pk, "theme": target.code if target else None},
        )
        return row


def _edit(
    theme: Theme, texts: dict[str, str], version: int, user: User, action: ReviewAction
) -> Theme:
    with _codebook(theme.question_id):
        theme = _current(theme, version)
        changed = {column: text for column, text in texts.items() if getattr(theme, column) != text}
        if not changed:
            return theme
        before = {column: getattr(theme, column) for column in changed}
        for column, text in changed.items():
            setattr(theme, column, text)
        _save(theme, list(changed))
        _record(theme, user, action, before, changed)
        return theme


# --- Holding, reading, recording ---------------------------------------------------------------


@contextmanager
def _codebook(question_id: int) -> Iterator[None]:
    """One transaction in which no one else decides on this question. Citizens do not wait for it:
    storing an answer needs only that the question's key does not change."""
    with transaction.atomic():
        Question.objects.select_for_update(no_key=True).get(pk=question_id)
        yield


def _fresh(theme: Theme, version: int) -> Theme:
    current = Theme.objects.select_related("parent").get(pk=theme.pk)
    if current.version != version:
        raise ReviewConflict(
            _(
                "Someone has changed “%(name)s” since you opened it. "
                "The page now shows their version; yours was not saved."
            )
            % {"name": current.name}
        )
    return current


def _current(theme: Theme, version: int) -> Theme:
    current = _fresh(theme, version)
    if current.status != ThemeStatus.ACCEPTED:
        raise ReviewRefused(_("This theme is not in the codebook. Restore it first."))
    return current


def _standing(theme_id: int, question_id: int) -> Theme:
    target = (
        Theme.objects.select_related("parent").filter(pk=theme_id, question_id=question_id).first()
    )
    if target is None or target.status != ThemeStatus.ACCEPTED:
        raise ReviewRefused(_("Choose a theme that is in the codebook of this question."))
    return target


def _themes(question_id: int) -> dict[int, Theme]:
    return {theme.pk: theme for theme in Theme.objects.filter(question_id=question_id)}


def _save(theme: Theme, columns: list[str]) -> None:
    theme.version += 1
    theme.save(update_fields=[*columns, "version"])


def _names(theme: Theme) -> dict[str, Any]:
    return {
        "name_en": theme.name_en,
        "name_fr": theme.name_fr,
        "status": theme.status,
        "parent": theme.parent.code if theme.parent is not None else None,
    }


def _record(
    theme: Theme,
    user: User,
    action: ReviewAction,
    before: dict[str, Any],
    after: dict[str, Any],
    candidate: CandidateTheme | None = None,
) -> None:
    ReviewEvent.objects.create(
        question_id=theme.question_id,
        theme=theme,
        candidate=candidate,
        actor=user,
        action=action,
        before=before,
        after=after,
    )
