"""What every decision has in common: the codebook held, the version seen, the event kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.review.enums import ReviewAction, ThemeStatus
from analysis.review.models import CandidateTheme, ReviewEvent, Theme
from feedback.asking.models import Question
from feedback.people.models import User

NAME_LENGTH = 120


class ReviewRefused(Exception):  # noqa: N818 (named for what happened)
    """The decision makes no sense; the message is for the person who made it."""


class ReviewConflict(ReviewRefused):
    """Someone else decided in the meantime; the message says what the page shows now."""


class NamesMissing(ReviewRefused):
    """A text is missing in one of the two languages; ``fields`` are the names of the columns."""

    def __init__(self, fields: list[str], message: str) -> None:
        self.fields = fields
        super().__init__(message)


def names_check(names: Mapping[str, str]) -> None:
    """Raises NamesMissing where a name is empty, or longer than its column."""
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


def both_check(texts: Mapping[str, str]) -> None:
    """Raises NamesMissing where a text (`definition_en`, `definition_fr`) lacks its other half."""
    other = {"en": "fr", "fr": "en"}
    missing = [
        column
        for column, text in texts.items()
        if not text and texts[f"{column[:-2]}{other[column[-2:]]}"]
    ]
    if missing:
        raise NamesMissing(missing, _("Write it in both languages, or in neither."))


def one_line(text: str) -> str:
    """A name as it is kept: on one line, and without the one character no database takes."""
    return " ".join(text.replace("\0", "").split())


def paragraph(text: str) -> str:
    """A definition as it is kept."""
    return text.replace("\0", "").strip()


def next_code(question_id: int) -> str:
    """C1, C2, ... No row of the codebook is ever deleted, so no code comes twice."""
    return f"C{Theme.objects.filter(question_id=question_id).count() + 1}"


@contextmanager
def codebook_held(question_id: int) -> Iterator[None]:
    """One transaction in which no one else decides on this question. Citizens do not wait for it:
    storing an answer needs only that the question's key does not change."""
    with transaction.atomic():
        Question.objects.select_for_update(no_key=True).get(pk=question_id)
        yield


def theme_as_seen(theme: Theme, version: int) -> Theme:
    """The theme as it is now. Raises ReviewConflict where that is not the version decided on."""
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


def accepted_as_seen(theme: Theme, version: int) -> Theme:
    """As above. Raises ReviewRefused where the theme is not in the codebook."""
    current = theme_as_seen(theme, version)
    if current.status != ThemeStatus.ACCEPTED:
        raise ReviewRefused(_("This theme is not in the codebook. Restore it first."))
    return current


def accepted_theme(theme_id: int, question_id: int) -> Theme:
    """A theme of this question that passages may go to. Raises ReviewRefused for any other."""
    target = (
        Theme.objects.select_related("parent").filter(pk=theme_id, question_id=question_id).first()
    )
    if target is None or target.status != ThemeStatus.ACCEPTED:
        raise ReviewRefused(_("Choose a theme that is in the codebook of this question."))
    return target


def theme_save(theme: Theme, columns: list[str]) -> None:
    """Save these columns; whoever saw the theme before decides on an older version."""
    theme.version += 1
    theme.save(update_fields=[*columns, "version"])


def names_of(theme: Theme) -> dict[str, Any]:
    """What an event keeps of a theme."""
    return {
        "name_en": theme.name_en,
        "name_fr": theme.name_fr,
        "status": theme.status,
        "parent": theme.parent.code if theme.parent is not None else None,
    }


def record(
    theme: Theme,
    user: User,
    action: ReviewAction,
    before: dict[str, Any],
    after: dict[str, Any],
    candidate: CandidateTheme | None = None,
) -> None:
    """Write the event of a decision about a theme."""
    ReviewEvent.objects.create(
        question_id=theme.question_id,
        theme=theme,
        candidate=candidate,
        actor=user,
        action=action,
        before=before,
        after=after,
    )
