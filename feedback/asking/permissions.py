"""Who may do what with an engagement: roles in its department, and how it stands."""

from __future__ import annotations

from feedback.asking.enums import EngagementStatus
from feedback.asking.models import Engagement
from feedback.people.enums import Role
from feedback.people.permissions import has_role, roles_in, type_of_user

# Which roles may bring an engagement to a status. Saying yes to the public is not an editor's.
MOVERS: dict[EngagementStatus, frozenset[Role]] = {
    EngagementStatus.DRAFT: frozenset({Role.EDITOR, Role.PUBLISHER}),
    EngagementStatus.IN_REVIEW: frozenset({Role.EDITOR, Role.PUBLISHER}),
    EngagementStatus.APPROVED: frozenset({Role.PUBLISHER}),
    EngagementStatus.OUTCOME_PUBLISHED: frozenset({Role.PUBLISHER}),
    EngagementStatus.NO_REPORT_EXPECTED: frozenset({Role.PUBLISHER}),
    EngagementStatus.WITHDRAWN: frozenset({Role.PUBLISHER}),
}


def may_see(user: type_of_user, engagement: Engagement) -> bool:
    """Whether the person works in the department that asks. To all others it does not exist."""
    return bool(roles_in(user, engagement.department))


def may_read(user: type_of_user, engagement: Engagement) -> bool:
    """Whether the person may open its words, dates and questions, whoever may change them now.

    A publisher reads them before saying yes.
    """
    return has_role(user, engagement.department, Role.EDITOR, Role.PUBLISHER)


def may_change(user: type_of_user, engagement: Engagement) -> bool:
    """Whether the person may change its words, dates and questions as it stands now.

    Editors until it is approved; from then on publishers, because whoever said yes to the public
    said yes to these words.
    """
    role = Role.PUBLISHER if engagement.is_approved else Role.EDITOR
    return has_role(user, engagement.department, role)


def may_move(user: type_of_user, engagement: Engagement, to: EngagementStatus | str) -> bool:
    """Whether the person may bring the engagement to that status, if it can go there at all."""
    return has_role(user, engagement.department, *MOVERS[EngagementStatus(to)])
