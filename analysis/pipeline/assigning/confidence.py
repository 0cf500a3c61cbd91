"""How far what was assigned to a codebook can be relied on, and why."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.pipeline.types import Confidence, Level
from analysis.reasons import Why


def candidate_confidence(size: int) -> Confidence:
    return Confidence(Level.LOW, Why("candidate", {"size": size}))


def assigned_confidence(size: int, sure: float, *, checked: bool) -> Confidence:
    """Confidence in what was put in a theme, from its size and the mean probability in [0, 1].

    Without examples to check against (``checked``) probabilities come from other corpora, where
    they were off by 0.1 to 0.2: that is never worth a "high".
    """
    if size < 5:
        return Confidence(Level.LOW, Why("few_texts", {"size": size}))
    level = Level.LOW
    if sure >= 0.5:
        level = Level.HIGH if sure >= 0.7 and checked else Level.MODERATE
    return Confidence(level, Why("assigned", {"size": size, "percent": round(100 * sure)}))


def codebook_confidence(metrics: Mapping[str, float], unfit: float) -> Confidence:
    agreement = metrics.get("held_out_f1")
    if unfit > 0.3:
        return Confidence(Level.LOW, Why("many_fit_no_theme", {"percent": round(100 * unfit)}))
    if agreement is None:
        return Confidence(Level.LOW, Why("unchecked"))
    level = Level.HIGH if agreement >= 0.75 else Level.MODERATE if agreement >= 0.5 else Level.LOW
    examples = round(metrics["examples"])
    return Confidence(
        level, Why("checked", {"percent": round(100 * agreement), "examples": examples})
    )
