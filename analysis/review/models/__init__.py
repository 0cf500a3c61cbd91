"""Runs of the machine and decisions of people, one module an entity."""

from analysis.review.models.passages import Assignment, Passage
from analysis.review.models.runs import (
    AnalysisRun,
    KeptVector,
    RunCheckpoint,
    RunChunk,
    RunState,
    SetAsideAnswer,
)
from analysis.review.models.themes import CandidateTheme, ReviewEvent, Theme

__all__ = [
    "AnalysisRun",
    "Assignment",
    "CandidateTheme",
    "KeptVector",
    "Passage",
    "ReviewEvent",
    "RunCheckpoint",
    "RunChunk",
    "RunState",
    "SetAsideAnswer",
    "Theme",
]
