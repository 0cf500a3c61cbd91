"""Why something is not done about a review, in a sentence for whoever wanted it.

They are kinds of ``PermissionDenied``: Wagtail's own screens turn that into a refusal.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class ReviewRefused(PermissionDenied):
    """Nothing was done. ``str()`` says why, in the active language."""


class MovedOn(ReviewRefused):
    """Somebody else was first: it no longer stands as it did on the person's screen."""


class ChangedMeanwhile(ReviewRefused):
    """The words are no longer those that the person read."""


class NobodyApproves(ReviewRefused):
    """Nobody in the department could say yes: it would wait for ever."""


class OwnWords(ReviewRefused):
    """The person wrote them, and somebody else may say yes."""


class CommentMissing(ReviewRefused):
    """What is to be changed was not said."""
