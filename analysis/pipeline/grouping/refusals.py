"""The answer where there is not enough to group, or hardly."""

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
    return Confidence(Level.NONE, Why(_wrong(stability, config, groups)), stability)


def reading_aid(stability: float, config: Config, *, groups: int) -> Confidence:
    """The same where there are enough answers to show the groups all the same."""
    why = Why(f"aid_{_wrong(stability, config, groups)}")
    return Confidence(Level.LOW, why, stability)


def _wrong(stability: float, config: Config, groups: int) -> str:
    if groups < 2:
        return "no_groups"
    return (
        "groups_do_not_come_back" if stability < config.minimum_stability else "groups_hardly_apart"
    )
