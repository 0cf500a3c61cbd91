"""Who may do what with an engagement: asked of the one table, by whose it is and how it stands."""

from __future__ import annotations

from django.db.models import Q

from feedback.approval.people import may_do
from feedback.approval.selectors import step_under_way
from feedback.asking.life import MOVES, UNDER_REVIEW, EngagementStatus
from feedback.asking.models import Engagement
from feedback.asking.querysets import EngagementQuerySet
from feedback.people.models import Anyone
from feedback.people.permissions import Scope, is_administrator, may, reach_of
from feedback.people.table import Action, State


def scope_of(engagement: Engagement) -> Scope:
    """Whose it is, with whom it is shared, and whether somebody has said yes to the public."""
    return Scope(
        engagement.department,
        State.APPROVED if engagement.is_approved else State.PREPARED,
        engagement.pk,
        engagement.partner_departments.all() if engagement.pk else None,
    )


def engagements_where(user: Anyone, *actions: Action) -> EngagementQuerySet:
    """Those with which the person may do one of these, in one state or another: of her departments,
    those in which alone she holds a role, and what is shared with her departments."""
    everything = Engagement.objects.all()
    if is_administrator(user):
        return everything
    reach = reach_of(user, *actions)
    # Who works in a department answers for those that have gone into it.
    shared = Engagement.partner_departments.through.objects.filter(
        Q(department__in=reach.partners) | Q(department__successor__in=reach.partners)
    )
    found = (
        Q(department__in=reach.departments)
        | Q(department__successor__in=reach.departments)
        | Q(pk__in=shared.values("engagement_id"))
    )
    for department, engagement in reach.engagements:
        found |= Q(pk=engagement) & (Q(department=department) | Q(department__successor=department))
    return everything.filter(found)


def may_read(user: Anyone, engagement: Engagement) -> bool:
    """Whether the person may open its words, dates and questions, whoever may change them now."""
    return may(user, Action.READ, scope_of(engagement))


def may_change(user: Anyone, engagement: Engagement) -> bool:
    """Whether the person may change its words, dates and questions as it stands now."""
    return may(user, Action.CHANGE, scope_of(engagement)) and not is_held_from(user, engagement)


def is_held_from(user: Anyone, engagement: Engagement) -> bool:
    """Whether others are reading it in review: until they have answered, nobody else writes."""
    if engagement.status not in UNDER_REVIEW:
        return False
    step = step_under_way(engagement)
    return step is not None and not may_do(user, engagement, step)


def may_translate(user: Anyone, engagement: Engagement) -> bool:
    """Whether the person may change its words as it stands now, and perhaps nothing else."""
    return may(user, Action.TRANSLATE, scope_of(engagement)) and not is_held_from(user, engagement)


def may_move(user: Anyone, engagement: Engagement, to: EngagementStatus | str) -> bool:
    """Whether the person may bring the engagement to that status, if it can go there at all."""
    leading = [move for move in MOVES if move.to == to]
    # From where it stands; where no move leads there, whoever brings others there.
    actions = {move.action for move in leading if move.origin == engagement.status} or {
        move.action for move in leading
    }
    return any(may(user, action, scope_of(engagement)) for action in actions)
