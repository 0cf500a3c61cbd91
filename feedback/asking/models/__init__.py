"""What is asked: engagements and their questionnaires, one module an entity."""

from feedback.asking.models.changes import EngagementChange
from feedback.asking.models.engagements import Engagement, EngagementEvent, EngagementTally
from feedback.asking.models.questionnaires import (
    Choice,
    Question,
    Questionnaire,
    QuestionnaireWording,
)

__all__ = [
    "Choice",
    "Engagement",
    "EngagementChange",
    "EngagementEvent",
    "EngagementTally",
    "Question",
    "Questionnaire",
    "QuestionnaireWording",
]
