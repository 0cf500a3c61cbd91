"""A passage put where a person says it belongs."""

from __future__ import annotations

from analysis.review.enums import ReviewAction, Source
from analysis.review.models import Assignment, Passage, ReviewEvent, Theme
from analysis.review.services.codebook.decisions import accepted_theme, codebook_held
from feedback.people.models import User

# What a person says of a passage that belongs to no theme; the pipeline's own word for it.
FITS_NO_THEME = "fits_no_theme"


def passage_move(*, passage: Passage, into: Theme | None, user: User) -> Assignment:
    """Put one passage where it belongs; None: in no theme. No run and no acceptance undoes it."""
    question_id = passage.answer.question_id
    with codebook_held(question_id):
        target = None if into is None else accepted_theme(into.pk, question_id)
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
