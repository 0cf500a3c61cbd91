"""How far a result can be relied on, from what was measured on it.

No number here needs to be known by a reader: each confidence carries its reason.
"""

from __future__ import annotations

from analysis.pipeline.types import Confidence, Level
from analysis.reasons import Why

# Below this share of its members that come back when a fifth of the texts is left out, a theme is
# not sure, however alike.
_FAIRLY_STABLE = 0.5
# How alike a theme's passages are, times the share of it that comes back: 1 for a theme as alike as
# the average one of the run of which all comes back. With stability weighing less (a half, added)
# the step from moderate to high was not there for top themes alone; see docs/method.md.
_LOOSE = 0.7
_ALIKE = 1.0
# What comes back of all themes of a run together (adjusted Rand). Of seven collections of 400 to
# 900 unrelated sentences that stand _FAIRLY_APART five come back less, and no real question that
# does.
_CHANGES_LITTLE = 0.65
# Texts in a theme below which nothing measured on it is worth a "high".
_SOLID_SIZE = 10
# Separation beyond that of a corpus without themes: titles and bank questions have .15 to .27, an
# open question .04 to .08, unrelated sentences .05 at most.
_FAIRLY_APART = 0.04
_WELL_APART = 0.1
# A name that a smaller share of the answers say is not what the theme is about.
LITTLE = 1 / 3
_ONE_LANGUAGE = {"en": "theme_all_in_english", "fr": "theme_all_in_french"}


# Different passages below which a corpus is small: its themes are for reading, not for counting.
SMALL = 50


def theme_confidence(
    size: int,
    stability: float,
    likeness: float,
    *,
    one_language: str | None = None,
    is_aid: bool = False,
    is_small: bool = False,
    covered: tuple[int, int] | None = None,
) -> Confidence:
    """Confidence in one theme, with what holds it back.

    ``size`` in different texts; ``stability`` is the share of the theme that comes back in [0, 1];
    ``likeness`` how alike its passages are, 1 for the mean of the run; ``one_language`` the only
    language in which it was said where the corpus has both; ``covered`` how many answers say what
    the theme's names say, and of how many. Of a run that is no more than an aid for reading
    (``is_aid``) nothing is surer than low, of a small corpus (``is_small``) than moderate.
    """
    values = {"size": size, "percent": round(100 * stability), "alike": round(100 * likeness)}
    sure = likeness * stability
    if size < 5:
        level, why = Level.LOW, Why("few_different_texts", {"size": size})
    elif is_aid:
        level, why = Level.LOW, Why("theme_of_an_aid", {"size": size})
    elif stability < _FAIRLY_STABLE:
        level, why = Level.LOW, Why("theme_seldom_back", values)
    elif covered is not None and covered[0] < LITTLE * covered[1]:
        said = values | {"says": covered[0], "of": covered[1]}
        level, why = Level.LOW, Why("theme_name_covers_little", said)
    elif sure < _LOOSE:
        code = "theme_loose" if likeness < 1 else "theme_seldom_back"
        level, why = Level.LOW, Why(code, values)
    elif one_language is not None:
        level, why = Level.MODERATE, Why(_ONE_LANGUAGE[one_language], values)
    elif sure < _ALIKE:
        level, why = Level.MODERATE, Why("theme_fairly_alike", values)
    elif size < _SOLID_SIZE or is_small:
        level, why = Level.MODERATE, Why("theme_small", values)
    else:
        level, why = Level.HIGH, Why("theme_alike", values)
    return Confidence(level, why, stability)


def run_confidence(
    stability: float,
    beyond_chance: float,
    *,
    unthemed: float,
    leak: float,
    gap: float = 0.0,
    passages: int,
    both_languages: bool,
) -> Confidence:
    """Confidence in the whole result, with its weakest side named first.

    ``beyond_chance`` is how much further apart the themes stand than those of a corpus without
    themes; ``leak`` how much more they follow the language than chance would have it; ``gap`` by
    how much the languages had to be brought nearer.
    """
    agreement = round(100 * stability)
    if leak > 0.15:
        level, why = Level.LOW, Why("follow_the_language")
    elif unthemed > 0.3:
        level, why = Level.LOW, Why("many_in_no_theme", {"percent": round(100 * unthemed)})
    elif passages < SMALL:
        level, why = Level.LOW, Why("few_passages", {"passages": passages})
    elif stability < _CHANGES_LITTLE:
        level, why = Level.LOW, Why("themes_change", {"percent": agreement})
    elif beyond_chance < _FAIRLY_APART:
        level, why = Level.LOW, Why("themes_hardly_apart", {"percent": agreement})
    elif gap > 0:
        values = {"passages": passages, "percent": agreement}
        level, why = Level.MODERATE, Why("languages_brought_nearer", values)
    elif stability < 0.75 or beyond_chance < _WELL_APART or passages < 200:
        values = {"passages": passages, "percent": agreement}
        level, why = Level.MODERATE, Why("themes_similar", values)
    else:
        code = "themes_well_apart_in_both" if both_languages else "themes_well_apart"
        level, why = Level.HIGH, Why(code, {"passages": passages, "percent": agreement})
    return Confidence(level, why, stability)
