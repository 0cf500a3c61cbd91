"""What people decide about the codebook of a question.

Every decision is one transaction that holds the question's row, so that two reviewers of the same
question take turns; it writes a ReviewEvent, which the database keeps for ever, and never changes
what a run said. A decision about a theme states the version it was made on: a second reviewer who
decided on an older one is told so and nothing is overwritten.

Events keep names, codes and ids, never anyone's words.
"""

from analysis.review.services.codebook.candidates import (
    candidate_accept,
    candidate_dismiss,
    candidate_merge,
    candidates_accept,
    theme_update_from,
)
from analysis.review.services.codebook.decisions import NamesMissing, ReviewConflict, ReviewRefused
from analysis.review.services.codebook.passages import passages_move
from analysis.review.services.codebook.themes import (
    theme_create,
    theme_define,
    theme_delete,
    theme_dismiss,
    theme_merge,
    theme_rename,
    theme_restore,
)

__all__ = [
    "NamesMissing",
    "ReviewConflict",
    "ReviewRefused",
    "candidate_accept",
    "candidate_dismiss",
    "candidate_merge",
    "candidates_accept",
    "passages_move",
    "theme_create",
    "theme_define",
    "theme_delete",
    "theme_dismiss",
    "theme_merge",
    "theme_rename",
    "theme_restore",
    "theme_update_from",
]
