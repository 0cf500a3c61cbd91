"""The letters among the documents of a run; ``campaigns`` has the method."""

from __future__ import annotations

from analysis.pipeline.checkpoint import ALONE, Stage, Step
from analysis.pipeline.config import Config
from analysis.pipeline.types import Repeat

from . import campaigns
from .campaigns import Letters
from .prepare import ReadDocuments


def find_letters(read: ReadDocuments, config: Config, *, step: Step = ALONE) -> Letters:
    """Letters and repeats among the documents that are analysed, as groups of their numbers."""
    stage = step.keep(lambda: _found(read, config))
    values = stage.values
    return Letters(tuple(map(tuple, values["groups"])), tuple(map(tuple, values["repeats"])))


def _found(read: ReadDocuments, config: Config) -> Stage:
    texts = [read.documents[i].text for i in read.analysed]
    letters = campaigns.find(texts, config)
    spoken = [read.languages[i].value for i in read.analysed]
    repeats = campaigns.find_repeats(texts, spoken, letters)
    numbered = {
        name: [[read.analysed[i] for i in group] for group in groups]
        for name, groups in (("groups", letters.groups), ("repeats", repeats))
    }
    return Stage({}, numbered)


def repeats_of(read: ReadDocuments, letters: Letters) -> tuple[Repeat, ...]:
    """The answers that several people gave in the same words, with their words masked."""
    found = []
    for group in letters.repeats:
        first = group[0]
        text, language = read.documents[first].text, read.languages[first]
        shown = read.shown(first, 0, len(text), language).strip()
        ids = tuple(read.documents[i].id for i in group)
        found.append(Repeat(ids[0], shown, language, ids))
    return tuple(found)
