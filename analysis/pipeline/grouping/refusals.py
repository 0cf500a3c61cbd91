"""The answer where there is not enough to group."""

from __future__ import annotations

from analysis.pipeline.config import Config
from analysis.pipeline.types import Confidence, Level
from analysis.reasons import Why


def not_enough(passages: int, config: Config) -> Confidence:
    """The answer when there are too few passages to group."""
    why = Why("too_few_passages", {"passages": passages, "least": config.minimum_passages})
    return Confidence(Level.NONE, why)


def not_separate(stability: float, config: Config, *, groups: int) -> Confidence:
    """The answer when the ``groups`` found in the texts are hardly better than chance."""
    if groups < 2:
        why = Why("no_groups")
    elif stability < config.minimum_stability:
        why = Why("groups_do_not_come_back")
    else:
        why = Why("groups_hardly_apart")
    return Confidence(Level.NONE, why, stability)
