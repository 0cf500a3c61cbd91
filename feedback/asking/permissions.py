"""Who may do what with an engagement: asked of the one table, by whose it is and how it stands."""

from __future__ import annotations

from feedback.asking.life import MOVES, EngagementStatus
from feedback.asking.models import Engagement
from feedback.people.models import Anyone
from feedback.people.permissions import Scope, may
from feedback.people.table import Action, State


def scope_of(engagement: Engagement) -> Scope:
    """Whose it is, and whether somebody has said yes to the public."""
    state = State.APPROVED if engagement.is_approved else State.PREPARED
    return Scope(engagement.department, state)


def may_read(user: Anyone, engagement: Engagement) -> bool:
    """Whether the person may open its words, dates and questions, whoever may change them now."""
    return may(user, Action.READ, scope_of(engagement))


def may_change(user: Anyone, engagement: Engagement) -> bool:
    """Whether the person may change its words, dates and questions as it stands now."""
    return may(user, Action.CHANGE, scope_of(engagement))


def may_translate(user: Anyone, engagement: Engagement) -> bool:
    """Whether the person may change its words as it stands now, and perhaps nothing else."""
    return may(user, Action.TRANSLATE, scope_of(engagement))


def may_move(user: Anyone, engagement: Engagement, to: EngagementStatus | str) -> bool:
    """Whether the person may bring the engagement to that status, if it can go there at all."""
    leading = [move for move in MOVES if move.to == to]
    # From where it stands; where no move leads there, whoever brings others there.
    actions = {move.action for move in leading if move.origin == engagement.status} or {
        move.action for move in leading
    }
    return any(may(user, action, scope_of(engagement)) for action in actions)
