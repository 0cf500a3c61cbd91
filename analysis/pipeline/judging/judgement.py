"""What is to be thought of a run's themes: what was measured on them, and one word for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.pipeline.checkpoint import ALONE, Stage, Step
from analysis.pipeline.config import Config
from analysis.pipeline.grouping.clusters import Measures
from analysis.pipeline.grouping.themes import Themes
from analysis.pipeline.reading.campaigns import Letters
from analysis.pipeline.reading.passages import Passages
from analysis.pipeline.reading.prepare import LANGUAGES, ReadDocuments
from analysis.pipeline.types import Confidence, Language, Reason

from . import measures
from .confidence import run_confidence

# Texts of a language whose coherence is measured; more change no digit that is shown.
_COHERENT = 20_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """Plain numbers by name, and how far the whole can be relied on."""

    metrics: Mapping[str, float]
    confidence: Confidence

    def to_stage(self) -> Stage:
        """The judgement as a checkpoint keeps it."""
        confidence = self.confidence.to_values()
        return Stage({}, {"metrics": dict(self.metrics), "confidence": confidence})

    @classmethod
    def from_stage(cls, stage: Stage) -> Judgement:
        """What ``to_stage`` gave."""
        return cls(stage.values["metrics"], Confidence.from_values(stage.values["confidence"]))


def judge_themes(
    read: ReadDocuments,
    letters: Letters,
    passages: Passages,
    themes: Themes,
    measured: Measures,
    config: Config,
    *,
    step: Step = ALONE,
) -> Judgement:
    """How many, how stable, how far apart, how mixed in language; see ``docs/method.md``."""
    stage = step.keep(lambda: judged(read, letters, passages, themes, measured, config).to_stage())
    return Judgement.from_stage(stage)


def judged(
    read: ReadDocuments,
    letters: Letters,
    passages: Passages,
    themes: Themes,
    measured: Measures,
    config: Config,
) -> Judgement:
    """The work of ``judge_themes``."""
    own = passages.copy_of < 0
    texts = [passages.text[i] for i in np.flatnonzero(own).tolist()]
    labels = themes.top[own]
    languages = [LANGUAGES[code] for code in passages.language[own]]
    mixing, chance = measures.language_mixing(labels, languages, config.seed)
    themed = len(set(passages.document[themes.top >= 0].tolist()))
    unthemed = 1 - themed / len(read.analysed) if read.analysed else 0.0
    metrics: dict[str, float] = {
        "documents": len(read.documents),
        "documents_analysed": len(read.analysed),
        "documents_themed": themed,
        "passages": len(passages),
        "passages_distinct": len(passages.distinct.text),
        "campaigns": len(letters.groups),
        "documents_in_campaigns": sum(map(len, letters.groups)),
        "themes": sum(1 for parent in themes.parent_of.values() if parent is None),
        "sub_themes": sum(1 for parent in themes.parent_of.values() if parent is not None),
        "level_that_fits": measured.fits,
        "stability": measured.stability,
        "separation": measured.separation,
        "separation_by_chance": measured.by_chance,
        "language_nmi": mixing,
        "language_nmi_chance": chance,
        "language_gap": measured.gap,
        "share_unthemed": unthemed,
        "sampled_passages": measured.sampled,
    }
    for reason in Reason:
        metrics[f"documents_{reason.value}"] = sum(r is reason for r in read.reasons)
    for language in (Language.EN, Language.FR):
        here = [i for i, value in enumerate(languages) if value is language][:_COHERENT]
        npmi = measures.coherence([texts[i] for i in here], labels[here])
        if npmi is not None:
            metrics[f"npmi_{language.value}"] = npmi
    confidence = (
        measured.refusal
        or measured.aid
        or run_confidence(
            measured.stability,
            measured.separation - measured.by_chance,
            unthemed=unthemed,
            leak=mixing - chance,
            gap=measured.gap,
            passages=len(passages.distinct.text),
            both_languages=both_languages(read),
        )
    )
    return Judgement({name: round(float(value), 6) for name, value in metrics.items()}, confidence)


def both_languages(read: ReadDocuments) -> bool:
    """Whether each official language has at least a tenth of the analysed texts."""
    counts = Counter(read.languages[i] for i in read.analysed)
    return min(counts[Language.EN], counts[Language.FR]) >= 0.1 * max(1, len(read.analysed))
