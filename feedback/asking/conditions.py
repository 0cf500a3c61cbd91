"""What must hold for a move, and which room knows.

The table of moves names conditions. A room that knows whether one holds says so at start-up, in
its ``AppConfig.ready``; a name that nobody answers is an error of the system checks, and refuses
the move whatever happens.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from feedback.asking import life
from feedback.asking.life import Move
from feedback.asking.models import Engagement

# Raises a kind of ``MoveRefused`` where it does not hold. ``version_seen``: of the questionnaire on
# the screen the person decided from, where there was one.
Answer = Callable[[Engagement, int | None], None]

_answers: dict[str, Answer] = {}


def register_condition(name: str, answer: Answer) -> None:
    """For ``AppConfig.ready``. One room answers a name."""
    if _answers.setdefault(name, answer) is not answer:
        raise ImproperlyConfigured(f"two rooms answer the condition {name!r}")


def require_conditions(move: Move, engagement: Engagement, version_seen: int | None) -> None:
    """Raises a kind of ``MoveRefused`` for the first that does not hold."""
    for name in move.conditions:
        _answers[name](engagement, version_seen)


@register()
def conditions_answered(**_kwargs: Any) -> list[CheckMessage]:
    """https://docs.djangoproject.com/en/5.2/topics/checks/"""
    return [
        Error(
            f"No room answers {name!r}, which the move {move.origin} → {move.to} asks for.",
            hint="Register it in AppConfig.ready: feedback.asking.conditions.register_condition.",
            id="asking.E001",
        )
        for move in life.MOVES
        for name in move.conditions
        if name not in _answers
    ]
