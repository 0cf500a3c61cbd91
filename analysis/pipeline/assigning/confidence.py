"""How far what was assigned to a codebook can be relied on, in words, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.pipeline.types import Confidence, Level


def candidate_confidence(size: int) -> Confidence:
    return Confidence(
        Level.LOW,
        f"A candidate: {size} texts that fit no theme and resemble each other. Read them before "
        "making it a theme.",
        f"Thème hors grille\u00a0: {size} textes qui ne correspondent à aucun thème et qui se "
        "ressemblent. Lisez-les avant d'en faire un thème.",
    )


def assigned_confidence(size: int, sure: float, *, checked: bool) -> Confidence:
    """Confidence in what was put in a theme, from its size and the mean probability in [0, 1].

    Without examples to check against (``checked``) probabilities come from other corpora, where
    they were off by 0.1 to 0.2: that is never worth a "high".
    """
    if size < 5:
        return Confidence(
            Level.LOW,
            f"Only {size} texts: too few to say more than that the subject was raised.",
            f"Seulement {size} textes\u00a0: on peut dire que le sujet a été soulevé, rien de "
            "plus.",
        )
    level = Level.LOW
    if sure >= 0.5:
        level = Level.HIGH if sure >= 0.7 and checked else Level.MODERATE
    share = round(100 * sure)
    return Confidence(
        level,
        f"{size} texts; on average the chance that a person would put them here is estimated at "
        f"{share}%.",
        f"{size} textes; la probabilité qu'une personne les classe ici est estimée en moyenne à "
        f"{share}\u00a0%.",
    )


def codebook_confidence(metrics: Mapping[str, float], unfit: float) -> Confidence:
    share = round(100 * unfit)
    agreement = metrics.get("held_out_f1")
    if unfit > 0.3:
        return Confidence(
            Level.LOW,
            f"{share}% of the texts fit no theme of the codebook: read them before concluding.",
            f"{share}\u00a0% des textes ne correspondent à aucun thème de la grille\u00a0: "
            "lisez-les avant de conclure.",
        )
    if agreement is None:
        return Confidence(
            Level.LOW,
            "Assigned by the meaning of names and definitions, without enough examples to check "
            "against: read the quotes of each theme, or confirm some examples and run it again.",
            "Classement d'après le sens des noms et des définitions, sans assez d'exemples pour le "
            "vérifier\u00a0: lisez les citations de chaque thème, ou confirmez quelques exemples "
            "et relancez l'analyse.",
        )
    percent = round(100 * agreement)
    level = Level.HIGH if agreement >= 0.75 else Level.MODERATE if agreement >= 0.5 else Level.LOW
    count = round(metrics["examples"])
    return Confidence(
        level,
        f"Examples left out of training were put where people put them with an F1 of {percent}% "
        f"({count} examples); two people agree at about 75%.",
        f"Les exemples mis de côté lors de l'apprentissage ont été classés comme l'avaient fait "
        f"les personnes, avec une mesure F1 de {percent}\u00a0% ({count} exemples); deux personnes "
        "s'accordent à environ 75\u00a0%.",
    )
