"""What was asked and what was answered, one module an entity."""

from feedback.models.changes import EngagementChange
from feedback.models.departments import Department, Membership
from feedback.models.engagements import Engagement, EngagementEvent, EngagementTally
from feedback.models.outbox import OutboxMessage
from feedback.models.questionnaires import (
    Choice,
    Question,
    Questionnaire,
    QuestionnaireWording,
)
from feedback.models.responses import Answer, Response

__all__ = [
    "Answer",
    "Choice",
    "Department",
    "Engagement",
    "EngagementChange",
    "EngagementEvent",
    "EngagementTally",
    "Membership",
    "OutboxMessage",
    "Question",
    "Questionnaire",
    "QuestionnaireWording",
    "Response",
]
