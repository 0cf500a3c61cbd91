"""Passages put where a person says they belong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import ngettext

from analysis.review.enums import ReviewAction, Source
from analysis.review.models import Assignment, Passage, ReviewEvent, Theme
from analysis.review.services.codebook.decisions import (
    ReviewConflict,
    accepted_theme,
    codebook_held,
)
from feedback.people.models import User

# What a person says of a passage that belongs to no theme; the pipeline's own word for it.
FITS_NO_THEME = "fits_no_theme"
# Where a person saw each passage, by its id: the id of a theme, or None for no theme.
Seen = Mapping[int, int | None]


def passages_move(
    *, passages: Sequence[Passage], into: Theme | None, user: User, seen: Seen | None = None
) -> int:
    """Put passages of one question where they belong; None: in no theme. Returns how many moved.

    No run and no acceptance undoes it. Raises ReviewConflict where one is no longer where the
    person had ``seen`` it: then none is moved.
    """
    if not passages:
        return 0
    with codebook_held(passages[0].answer.question_id):
        return move(passages, into, user, seen)


def move(
    passages: Sequence[Passage], into: Theme | None, user: User, seen: Seen | None = None
) -> int:
    """The work of ``passages_move``, while the codebook is held."""
    question_id = passages[0].answer.question_id
    target = None if into is None else accepted_theme(into.pk, question_id)
    held = {
        row.passage_id: row
        for row in Assignment.objects.in_codebook()
        .filter(passage__in=passages)
        .select_related("theme")
    }
    _refuse_moved(passages, held, seen or {})
    new, changed, events = [], [], []
    for passage in passages:
        row = held.get(passage.pk)
        was = row.theme if row is not None else None
        if row is None:
            row = Assignment(passage=passage, is_main=True)
            new.append(row)
        elif was == target and row.source == Source.HUMAN:
            continue
        else:
            changed.append(row)
        row.theme = target
        row.source = Source.HUMAN
        row.decided_by = user
        row.run = None
        row.reason = "" if target is not None else FITS_NO_THEME
        # A person is certain.
        row.score = 1.0
        events.append(
            ReviewEvent(
                question_id=question_id,
                theme=target or was,
                actor=user,
                action=ReviewAction.MOVE,
                before={"passage": passage.pk, "theme": was.code if was else None},
                after={"passage": passage.pk, "theme": target.code if target else None},
            )
        )
    Assignment.objects.bulk_create(new, batch_size=2_000)
    Assignment.objects.bulk_update(
        changed, ["theme", "source", "decided_by", "run", "reason", "score"], batch_size=2_000
    )
    ReviewEvent.objects.bulk_create(events, batch_size=2_000)
    return len(events)


def _refuse_moved(passages: Sequence[Passage], held: Mapping[int, Assignment], seen: Seen) -> None:
    elsewhere = [
        passage
        for passage in passages
        if passage.pk in seen
        and seen[passage.pk] != (held[passage.pk].theme_id if passage.pk in held else None)
    ]
    if elsewhere:
        raise ReviewConflict(
            ngettext(
                "Someone has moved %(n)d of these passages since you opened the page. Nothing was "
                "changed; the page now shows where it is.",
                "Someone has moved %(n)d of these passages since you opened the page. Nothing was "
                "changed; the page now shows where they are.",
                len(elsewhere),
            )
            % {"n": len(elsewhere)}
        )
