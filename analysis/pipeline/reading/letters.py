"""The letters among the documents of a run; ``campaigns`` has the method."""

from __future__ import annotations

from analysis.pipeline.checkpoint import ALONE, Stage, Step
from analysis.pipeline.config import Config

from . import campaigns
from .campaigns import Letters
from .prepare import ReadDocuments


def find_letters(read: ReadDocuments, config: Config, *, step: Step = ALONE) -> Letters:
    """Letters among the documents that are analysed, as groups of their numbers."""
    stage = step.keep(lambda: _found(read, config))
    return Letters(tuple(map(tuple, stage.values["groups"])))


def _found(read: ReadDocuments, config: Config) -> Stage:
    letters = campaigns.find([read.documents[i].text for i in read.analysed], config)
    return Stage({}, {"groups": [[read.analysed[i] for i in g] for g in letters.groups]})
