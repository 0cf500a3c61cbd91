"""Sets of responses and answers, named once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from feedback.answering.models import Answer, Response  # noqa: F401


class ResponseQuerySet(models.QuerySet["Response"]):
    """Responses, with and without the ones taken back."""

    def standing(self) -> ResponseQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def counts(self) -> dict[tuple[str, str], int]:
        """How many there are by language and channel; only pairs that occur."""
        rows = self.order_by().values_list("language", "channel").annotate(n=models.Count("pk"))
        return {(language, channel): n for language, channel, n in rows}


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Answers, read together with what their response says of them."""

    def standing(self) -> AnswerQuerySet:
        """Those of responses that were not withdrawn."""
        return self.filter(response__withdrawn_at__isnull=True)
