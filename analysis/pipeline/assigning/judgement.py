"""What is to be thought of a run against a codebook, and its themes under the codebook's names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from analysis.pipeline.checkpoint import ALONE, Step
from analysis.pipeline.config import Config
from analysis.pipeline.grouping.clusters import Measures
from analysis.pipeline.grouping.themes import Themes
from analysis.pipeline.judging.judgement import Judgement, judged
from analysis.pipeline.reading.campaigns import Letters
from analysis.pipeline.reading.passages import Passages
from analysis.pipeline.reading.prepare import ReadDocuments
from analysis.pipeline.types import Confidence, Level, ThemeProposal
from analysis.reasons import Why

from .codebook import Codebook, FrameTheme
from .confidence import assigned_confidence, candidate_confidence, codebook_confidence

# What is measured on groups that were found says nothing of themes that were given.
_OF_GROUPS = ("stability", "separation", "separation_by_chance", "sampled_passages")


def judge_assignments(
    read: ReadDocuments,
    letters: Letters,
    passages: Passages,
    themes: Themes,
    measured: Measures,
    codebook: Codebook,
    of_matcher: Mapping[str, float],
    config: Config,
    *,
    step: Step = ALONE,
) -> Judgement:
    """How many texts fit the codebook, and how far that can be relied on.

    ``of_matcher`` is what is known of the matcher's quality, by name.
    """

    def judgement() -> Judgement:
        whole = judged(read, letters, passages, themes, measured, config)
        metrics = {name: value for name, value in whole.metrics.items() if name not in _OF_GROUPS}
        metrics["themes"] = len(codebook.themes)
        metrics["emergent_themes"] = len(themes.emergent)
        metrics["examples"] = len(codebook.examples)
        metrics |= {name: round(value, 6) for name, value in of_matcher.items()}
        # The documents in which no passage fits a theme of the codebook.
        inside = np.isin(themes.leaf, np.arange(len(codebook.codes)))
        fitting = len(set(passages.document[inside].tolist()))
        unfit = len(read.analysed) - fitting
        metrics["documents_fits_no_theme"] = unfit
        share = unfit / len(read.analysed) if read.analysed else 0.0
        return Judgement(metrics, codebook_confidence(metrics, share))

    return Judgement.from_stage(step.keep(lambda: judgement().to_stage()))


def as_candidates(proposed: Sequence[ThemeProposal], themes: Themes) -> tuple[ThemeProposal, ...]:
    """The proposals, those made of what fits no given theme marked as candidates."""
    return tuple(
        replace(proposal, emergent=True, confidence=candidate_confidence(proposal.size))
        if proposal.code in themes.emergent
        else proposal
        for proposal in proposed
    )


def under_codebook(
    proposed: Sequence[ThemeProposal], themes: Themes, codebook: Codebook, *, checked: bool
) -> tuple[ThemeProposal, ...]:
    """The codebook's themes in its order, also those nobody spoke of, then the candidates.

    ``checked`` says whether there were examples to check the matcher against.
    """
    found = {proposal.code: proposal for proposal in as_candidates(proposed, themes)}
    named = []
    for number, theme in enumerate(codebook.themes):
        proposal = found.get(theme.code)
        if proposal is not None:
            own = themes.score[themes.leaf == number]
            sure = float(own.mean()) if len(own) else 0.0
            confidence = assigned_confidence(proposal.size, sure, checked=checked)
            proposal = replace(proposal, confidence=confidence)
        named.append(_named(theme, proposal))
    return (*named, *(found[code] for code in themes.emergent))


def _named(theme: FrameTheme, found: ThemeProposal | None) -> ThemeProposal:
    """What was found of a theme, under the names and definitions of the codebook."""
    name_en = theme.name_en or theme.name_fr or (found.name_en if found else theme.code)
    name_fr = theme.name_fr or theme.name_en or (found.name_fr if found else theme.code)
    if found is None:
        return ThemeProposal(
            code=theme.code,
            name_en=name_en,
            name_fr=name_fr,
            description_en=theme.definition_en,
            description_fr=theme.definition_fr,
            keywords_en=(),
            keywords_fr=(),
            size=0,
            passages=0,
            languages={},
            confidence=Confidence(Level.NONE, Why("nobody")),
            quotes=(),
        )
    return replace(
        found,
        name_en=name_en,
        name_fr=name_fr,
        description_en=theme.definition_en or found.description_en,
        description_fr=theme.definition_fr or found.description_fr,
    )
