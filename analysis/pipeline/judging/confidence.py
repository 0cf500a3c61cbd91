"""How far a result can be relied on, in words, from what was measured on it.

No number here needs to be known by a reader: each confidence carries its reason in both languages.
"""

from __future__ import annotations

from analysis.pipeline.types import Confidence, Level

# Themes that come back in this share of their members when a fifth of the texts is left out.
_STABLE = 0.75
_FAIRLY_STABLE = 0.5
# The same for all themes of a run together (adjusted Rand). Of seven collections of 400 to 900
# unrelated sentences that stand _FAIRLY_APART five come back less, and no real question that does.
_CHANGES_LITTLE = 0.65
# Texts in a theme below which its stability is not worth a "high".
_SOLID_SIZE = 20
# Mean place of a theme's passages, from its middle (0) to its border with another (1), above which
# it is not told apart from that other.
_AT_THE_BORDER = 0.8
# Separation beyond that of a corpus without themes: titles and bank questions have .15 to .27, an
# open question .04 to .08, unrelated sentences .05 at most.
_FAIRLY_APART = 0.04
_WELL_APART = 0.1
_ONE_LANGUAGE = {
    "en": ("all in English", "tous en anglais"),
    "fr": ("all in French", "tous en français"),
}


def theme_confidence(
    size: int, stability: float, *, border: float = 0.0, one_language: str | None = None
) -> Confidence:
    """Confidence in one theme, with what holds it back.

    ``size`` in texts; ``stability`` is the share of the theme that comes back in [0, 1]; ``border``
    how near its passages stand to other themes in [0, 1]; ``one_language`` the only language in
    which it was said where the corpus has both.
    """
    share = round(100 * stability)
    if size < 5:
        return Confidence(
            Level.LOW,
            f"Only {size} texts: too few to say more than that the subject was raised.",
            f"Seulement {size} textes\u00a0: on peut dire que le sujet a été soulevé, rien de "
            "plus.",
            stability,
        )
    if stability < _FAIRLY_STABLE:
        return Confidence(
            Level.LOW,
            f"{size} texts, but only {share}% of the theme comes back when a fifth of the texts is "
            "left out: it may be part of a neighbour, or hold two subjects.",
            f"{size} textes, mais seulement {share}\u00a0% du thème réapparaît lorsqu'on retire un "
            "cinquième des textes\u00a0: il relève peut-être d'un thème voisin ou mêle deux "
            "sujets.",
            stability,
        )
    if one_language is not None:
        english, french = _ONE_LANGUAGE[one_language]
        return Confidence(
            Level.MODERATE,
            f"{size} texts, {english}: check that the other language does not say it in other "
            f"words. {share}% of the theme comes back when a fifth of the texts is left out.",
            f"{size} textes, {french}\u00a0: vérifiez que l'autre langue ne le dit pas autrement. "
            f"{share}\u00a0% du thème réapparaît lorsqu'on retire un cinquième des textes.",
            stability,
        )
    if stability < _STABLE or border > _AT_THE_BORDER:
        return Confidence(
            Level.MODERATE,
            f"{size} texts; {share}% of the theme comes back when a fifth of the texts is left "
            "out. Read the quotes at its border.",
            f"{size} textes; {share}\u00a0% du thème réapparaît lorsqu'on retire un cinquième des "
            "textes. Lisez les citations qui en marquent la limite.",
            stability,
        )
    if size < _SOLID_SIZE:
        return Confidence(
            Level.MODERATE,
            f"{size} texts; {share}% of the theme comes back when a fifth of the texts is left "
            "out, but so small a theme can change with a few texts more.",
            f"{size} textes; {share}\u00a0% du thème réapparaît lorsqu'on retire un cinquième des "
            "textes, mais un thème aussi petit peut changer avec quelques textes de plus.",
            stability,
        )
    return Confidence(
        Level.HIGH,
        f"{size} texts, and the theme comes back almost whole ({share}%) when a fifth of the "
        "texts is left out.",
        f"{size} textes, et le thème réapparaît presque entier ({share}\u00a0%) lorsqu'on "
        "retire un cinquième des textes.",
        stability,
    )


def run_confidence(
    stability: float,
    beyond_chance: float,
    *,
    unthemed: float,
    leak: float,
    passages: int,
    both_languages: bool,
) -> Confidence:
    """Confidence in the whole result, with its weakest side named first.

    ``beyond_chance`` is how much further apart the themes stand than those of a corpus without
    themes; ``leak`` how much more they follow the language than chance would have it.
    """
    share = round(100 * stability)
    if leak > 0.15:
        return Confidence(
            Level.LOW,
            "The themes follow the language of the texts more than what they say: compare the "
            "English and French quotes of each theme before relying on it.",
            "Les thèmes suivent la langue des textes plutôt que leur propos\u00a0: comparez les "
            "citations en français et en anglais de chaque thème avant de vous y fier.",
            stability,
        )
    if unthemed > 0.3:
        return Confidence(
            Level.LOW,
            f"{round(100 * unthemed)}% of the texts are in no theme: read them before concluding.",
            f"{round(100 * unthemed)}\u00a0% des textes ne relèvent d'aucun thème\u00a0: lisez-les "
            "avant de conclure.",
            stability,
        )
    if passages < 50:
        return Confidence(
            Level.LOW,
            f"Only {passages} passages: take the themes as a reading aid, not as counts.",
            f"Seulement {passages} passages\u00a0: voyez dans les thèmes une aide à la lecture, "
            "et non un décompte.",
            stability,
        )
    if stability < _CHANGES_LITTLE:
        return Confidence(
            Level.LOW,
            f"Themes change noticeably ({share}% agreement) when a fifth of the texts is left out: "
            "the subjects run into each other. Merge those that say the same.",
            f"Les thèmes changent sensiblement (concordance de {share}\u00a0%) lorsqu'on retire un "
            "cinquième des textes\u00a0: les sujets se confondent. Fusionnez ceux qui disent la "
            "même chose.",
            stability,
        )
    if beyond_chance < _FAIRLY_APART:
        return Confidence(
            Level.LOW,
            f"The same themes come back ({share}% agreement) when a fifth of the texts is left "
            "out, but they stand hardly further apart than chance would put them: people said "
            "much the same, or much that is unrelated.",
            f"Les mêmes thèmes réapparaissent (concordance de {share}\u00a0%) lorsqu'on retire un "
            "cinquième des textes, mais ils se distinguent à peine plus que ne le voudrait le "
            "hasard\u00a0: les gens ont dit à peu près la même chose, ou des choses sans rapport.",
            stability,
        )
    if stability < 0.75 or beyond_chance < _WELL_APART or passages < 200:
        return Confidence(
            Level.MODERATE,
            f"{passages} passages; themes are similar ({share}% agreement) when a fifth of the "
            "texts is left out. Their edges may move: review names and borders.",
            f"{passages} passages; les thèmes restent semblables (concordance de {share}\u00a0%) "
            "lorsqu'on retire un cinquième des textes. Leurs limites peuvent bouger\u00a0: "
            "vérifiez les noms et les cas limites.",
            stability,
        )
    alike = (" English and French are in the same themes.", " Les deux langues s'y côtoient.")
    return Confidence(
        Level.HIGH,
        f"{passages} passages; the themes stand well apart and come back ({share}% agreement) when "
        f"a fifth of the texts is left out.{alike[0] if both_languages else ''}",
        f"{passages} passages; les thèmes se distinguent nettement et réapparaissent (concordance "
        f"de {share}\u00a0%) lorsqu'on retire un cinquième des textes."
        f"{alike[1] if both_languages else ''}",
        stability,
    )
