"""The answer where there is not enough to group, or hardly."""

from __future__ import annotations

from analysis.pipeline.config import Config
from analysis.pipeline.types import Confidence, Level
from analysis.reasons import Why


def not_enough(passages: int, config: Config) -> Confidence:
    """The answer when there are too few passages to group."""
    why = Why("too_few_passages", {"passages": passages, "least": config.minimum_passages})
    return Confidence(Level.NONE, why)


def only_read() -> Confidence:
    """The answer where nobody asked for groups."""
    return Confidence(Level.NOT_ASKED, Why("only_read"))


def not_separate(stability: float, config: Config, *, groups: int) -> Confidence:
    """The answer when the ``groups`` found in the texts are hardly better than chance."""
    return Confidence(Level.NONE, Why(_wrong(stability, config, groups)), stability)


def reading_aid(stability: float, config: Config, *, groups: int) -> Confidence:
    """The same where there are enough answers to show the groups all the same."""
    return Confidence(Level.LOW, Why(_AID[_wrong(stability, config, groups)]), stability)


def _wrong(stability: float, config: Config, groups: int) -> str:
    if groups < 2:
        return "no_groups"
    return (
        "groups_do_not_come_back" if stability < config.minimum_stability else "groups_hardly_apart"
    )


# What is wrong, said of groups that are shown nevertheless.
_AID = {
    "no_groups": "aid_no_groups",
    "groups_do_not_come_back": "aid_groups_do_not_come_back",
    "groups_hardly_apart": "aid_groups_hardly_apart",
}
