"""Why an answer is in no theme."""

from __future__ import annotations

from analysis.review.models import AnalysisRun, Assignment
from feedback.asking.models import Question

# Beside the pipeline's own reasons: people set its theme aside; proposed, and nobody has decided
# yet; arrived after the run.
DISMISSED = "dismissed"
NOT_REVIEWED = "not_reviewed"
NOT_ANALYSED = "not_analysed"


def reasons_unthemed(
    question: Question, run: AnalysisRun | None, answers: set[int]
) -> dict[int, str]:
    """Why each of these answers is in no standing theme: a pipeline `Reason` or one of ours."""
    reasons = dict.fromkeys(answers, NOT_ANALYSED)
    if run is not None:
        for answer, candidate, reason in (
            Assignment.objects.of_machine()
            .filter(run=run)
            .order_by("passage__answer_id", "passage__start")
            .values_list("passage__answer_id", "candidate_id", "reason")
        ):
            if answer not in reasons or reasons[answer] == NOT_REVIEWED:
                continue
            if candidate is not None:
                reasons[answer] = NOT_REVIEWED
            elif reasons[answer] == NOT_ANALYSED:
                reasons[answer] = reason
    # What a person said of an answer is said of it, whatever the machine proposes.
    for answer, reason in (
        Assignment.objects.in_codebook()
        .filter(passage__answer__question=question)
        .order_by("passage__answer_id", "passage__start")
        .values_list("passage__answer_id", "reason")
    ):
        if answer in reasons:
            # Without a reason it is in a theme, and no standing one, or it would not be asked for.
            reasons[answer] = reason or DISMISSED
    return reasons
