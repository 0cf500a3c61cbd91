"""The answer where there is not enough to group, in words, in both languages."""

from __future__ import annotations

from analysis.pipeline.config import Config
from analysis.pipeline.types import Confidence, Level


def not_enough(passages: int, config: Config) -> Confidence:
    """The answer when there are too few passages to group."""
    return Confidence(
        Level.NONE,
        f"Not enough to group: {passages} different passages with something to read; at least "
        f"{config.minimum_passages} are needed. Every text is listed.",
        f"Données insuffisantes pour former des groupes\u00a0: {passages} passages différents à "
        f"lire, alors qu'il en faut au moins {config.minimum_passages}. Tous les textes sont "
        "présentés.",
        None,
    )


def not_separate(stability: float, config: Config, *, groups: int) -> Confidence:
    """The answer when the ``groups`` found in the texts are hardly better than chance."""
    if groups < 2:
        english = "they do not fall into groups at all"
        french = "ils ne se répartissent pas en groupes"
    elif stability < config.minimum_stability:
        english = "groups made from them do not come back when some texts are left out"
        french = "les groupes obtenus ne réapparaissent pas lorsqu'on retire une partie des textes"
    else:
        english = "groups made from them stand hardly further apart than chance would put them"
        french = "les groupes obtenus se distinguent à peine plus que ne le voudrait le hasard"
    return Confidence(
        Level.NONE,
        f"Not enough to group: the texts have too little in common, and {english}. Every text is "
        "listed.",
        "Données insuffisantes pour former des groupes\u00a0: les textes ont trop peu en commun, "
        f"et {french}. Tous les textes sont présentés.",
        stability,
    )
