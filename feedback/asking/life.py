"""The life of an engagement: its statuses, the phases the clock makes of them, the moves between.

This is the one place that lists statuses or phases: querysets, services and pages speak of the sets
named here, and the database's triggers say the same in SQL. A new status is a member of
`EngagementStatus`, its phase, the sets it belongs to and the moves that lead to it and away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.asking.enums import EngagementKind
from feedback.people.table import Action


class EngagementStatus(TextChoices):
    """What people decided about an engagement. Open and closed are not here: the clock says."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    OUTCOME_PUBLISHED = "outcome_published", _("Outcome published")
    NO_REPORT_EXPECTED = "no_report_expected", _("No report expected")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    def label_for(self, kind: str) -> str:
        """The label, as said of a consultation or of a survey: French tells them apart."""
        of_surveys = SURVEY_STATUSES if kind == EngagementKind.SURVEY else {}
        return str(of_surveys.get(self, self.label))


SURVEY_STATUSES: Final = {
    EngagementStatus.APPROVED: pgettext_lazy("survey", "Approved"),
    EngagementStatus.WITHDRAWN: pgettext_lazy("survey", "Withdrawn"),
}


class Phase(TextChoices):
    """Where an engagement stands at a given moment: its status and the clock together."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved, no dates yet")
    SCHEDULED = "scheduled", pgettext_lazy("consultation", "Planned")
    OPEN = "open", pgettext_lazy("consultation", "Open")
    CLOSED = "closed", pgettext_lazy("consultation", "Closed, analysis under way")
    OUTCOME_PUBLISHED = (
        "outcome_published",
        pgettext_lazy("consultation", "Closed, report available"),
    )
    NO_REPORT_EXPECTED = (
        "no_report_expected",
        pgettext_lazy("consultation", "Closed, no report expected"),
    )
    WITHDRAWN = "withdrawn", pgettext_lazy("consultation", "Not going forward")

    def label_for(self, kind: str) -> str:
        """The label, as said of a consultation or of a survey: French tells them apart."""
        of_surveys = SURVEY_PHASES if kind == EngagementKind.SURVEY else {}
        return str(of_surveys.get(self, self.label))

    @property
    def is_planned(self) -> bool:
        """Approved, and not open yet."""
        return self in PLANNED

    @property
    def is_scheduled(self) -> bool:
        """Planned, for a date."""
        return self is Phase.SCHEDULED

    @property
    def is_open(self) -> bool:
        """A new response is accepted."""
        return self is Phase.OPEN

    @property
    def is_closed(self) -> bool:
        """It ran to its closing date."""
        return self in CLOSED

    @property
    def awaits_outcome(self) -> bool:
        """Closed, and nobody has said yet what came of it."""
        return self in AWAITING_OUTCOME

    @property
    def is_reported(self) -> bool:
        """What came of it can be read."""
        return self is Phase.OUTCOME_PUBLISHED

    @property
    def is_unreported(self) -> bool:
        """Closed, and there is no report to read, or not yet."""
        return self in CLOSED and not self.is_reported

    @property
    def is_withdrawn(self) -> bool:
        """It does not go forward."""
        return self is Phase.WITHDRAWN

    @property
    def is_settled(self) -> bool:
        """Nothing more comes of it than what is said already."""
        return self in SETTLED

    @property
    def is_over(self) -> bool:
        """Nobody can answer any more."""
        return self in OVER


SURVEY_PHASES: Final = {
    Phase.APPROVED: pgettext_lazy("survey", "Approved, no dates yet"),
    Phase.SCHEDULED: pgettext_lazy("survey", "Planned"),
    Phase.OPEN: pgettext_lazy("survey", "Open"),
    Phase.CLOSED: pgettext_lazy("survey", "Closed, analysis under way"),
    Phase.OUTCOME_PUBLISHED: pgettext_lazy("survey", "Closed, report available"),
    Phase.NO_REPORT_EXPECTED: pgettext_lazy("survey", "Closed, no report expected"),
    Phase.WITHDRAWN: pgettext_lazy("survey", "Not going forward"),
}

# --- Sets, by name -----------------------------------------------------------------------------

# The phase that people decided; None: the clock moves it on.
PHASES: Final[dict[EngagementStatus, Phase | None]] = {
    EngagementStatus.DRAFT: Phase.DRAFT,
    EngagementStatus.IN_REVIEW: Phase.IN_REVIEW,
    EngagementStatus.APPROVED: None,
    EngagementStatus.OUTCOME_PUBLISHED: Phase.OUTCOME_PUBLISHED,
    EngagementStatus.NO_REPORT_EXPECTED: Phase.NO_REPORT_EXPECTED,
    EngagementStatus.WITHDRAWN: Phase.WITHDRAWN,
}
BY_THE_CLOCK: Final = frozenset(status for status, phase in PHASES.items() if phase is None)


def phase_at(
    moment: datetime, status: str, opens_at: datetime | None, closes_at: datetime | None
) -> Phase:
    """Where what stands so is at that moment. The window is half-open: at closes_at it is closed;
    without one it stays open."""
    decided = PHASES[EngagementStatus(status)]
    if decided is not None:
        return decided
    if opens_at is None:
        return Phase.APPROVED
    if moment < opens_at:
        return Phase.SCHEDULED
    if closes_at is not None and moment >= closes_at:
        return Phase.CLOSED
    return Phase.OPEN


# Somebody said yes to the public, at whatever time: it exists for them, and its words stand. Until
# then it is its authors' own. The triggers in this room's migration 0002 say the same in SQL.
PUBLIC: Final = frozenset(
    {
        EngagementStatus.APPROVED,
        EngagementStatus.OUTCOME_PUBLISHED,
        EngagementStatus.NO_REPORT_EXPECTED,
        EngagementStatus.WITHDRAWN,
    }
)

# Others read it, until they have answered.
UNDER_REVIEW: Final = frozenset({EngagementStatus.IN_REVIEW})
# Nothing is decided about it any more.
ENDED: Final = frozenset({EngagementStatus.WITHDRAWN})

PLANNED: Final = frozenset({Phase.APPROVED, Phase.SCHEDULED})
CLOSED: Final = frozenset({Phase.CLOSED, Phase.OUTCOME_PUBLISHED, Phase.NO_REPORT_EXPECTED})
AWAITING_OUTCOME: Final = frozenset({Phase.CLOSED})
OVER: Final = CLOSED | {Phase.WITHDRAWN}
SETTLED: Final = OVER - AWAITING_OUTCOME
# In this order staff find them; all others after.
FIRST_FOR_STAFF: Final = (Phase.OPEN, Phase.CLOSED, Phase.SCHEDULED)

# --- Moves -------------------------------------------------------------------------------------


class Condition(StrEnum):
    """What must hold for a move, by name; a room answers it (`feedback.asking.conditions`)."""

    QUESTIONNAIRE_READY = "questionnaire_ready"
    # In review, and only then, a review is under way (`feedback.approval`).
    REVIEW_BEGUN = "review_begun"
    REVIEW_OVER = "review_over"


@dataclass(frozen=True, slots=True)
class Move:
    """One way from a status to another: who may (`action`, by the table of `feedback.people`), what
    the button says, what must hold. ``phases``: only while it stands so; None: always."""

    origin: EngagementStatus
    to: EngagementStatus
    action: Action
    label: Promise
    phases: frozenset[Phase] | None = None
    needs_reason: bool = False
    conditions: tuple[Condition, ...] = ()

    @property
    def begins_review(self) -> bool:
        """Whether it is sent for review by it."""
        return Condition.REVIEW_BEGUN in self.conditions

    @property
    def is_of_review(self) -> bool:
        """Whether it follows from what people do in a review, and has no button of its own."""
        return not {Condition.REVIEW_BEGUN, Condition.REVIEW_OVER}.isdisjoint(self.conditions)


_S = EngagementStatus
_SEND = _("Send for review")
_WITHDRAW = _("Withdraw")
_OUTCOME = _("Mark the outcome as published")

# In the order of the buttons. The clock opens and closes an approved engagement: that is no move.
MOVES: Final = (
    Move(_S.DRAFT, _S.IN_REVIEW, Action.SUBMIT, _SEND, conditions=(Condition.REVIEW_BEGUN,)),
    Move(_S.DRAFT, _S.WITHDRAWN, Action.DECIDE, _WITHDRAW, needs_reason=True),
    Move(
        _S.IN_REVIEW,
        _S.APPROVED,
        Action.DECIDE,
        _("Approve"),
        conditions=(Condition.REVIEW_OVER, Condition.QUESTIONNAIRE_READY),
    ),
    Move(
        _S.IN_REVIEW,
        _S.DRAFT,
        Action.SUBMIT,
        _("Send back to draft"),
        conditions=(Condition.REVIEW_OVER,),
    ),
    Move(_S.IN_REVIEW, _S.WITHDRAWN, Action.DECIDE, _WITHDRAW, needs_reason=True),
    Move(
        _S.APPROVED,
        _S.IN_REVIEW,
        Action.SUBMIT,
        _SEND,
        PLANNED,
        conditions=(Condition.REVIEW_BEGUN,),
    ),
    Move(_S.APPROVED, _S.OUTCOME_PUBLISHED, Action.DECIDE, _OUTCOME, AWAITING_OUTCOME),
    Move(
        _S.APPROVED,
        _S.NO_REPORT_EXPECTED,
        Action.DECIDE,
        _("Close without a report"),
        AWAITING_OUTCOME,
    ),
    Move(_S.APPROVED, _S.WITHDRAWN, Action.DECIDE, _WITHDRAW, needs_reason=True),
    Move(_S.NO_REPORT_EXPECTED, _S.OUTCOME_PUBLISHED, Action.DECIDE, _OUTCOME),
)


def moves_from(status: str, phase: Phase) -> list[Move]:
    """Where it may go from there, in the order of the buttons."""
    return [
        move
        for move in MOVES
        if move.origin == status and (move.phases is None or phase in move.phases)
    ]
