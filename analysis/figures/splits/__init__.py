"""How the people of a theme answered a closed question, beside everyone else who answered it.

Pure counting and arithmetic; nothing here knows of texts. A split describes who wrote about a theme
and says nothing of why: those who rate low may write about a theme for many reasons.

    from analysis.figures.splits.comparing import split

    values = values_of(column)                       # or Value(code, name_en, name_fr, points=...)
    found = split(themes={"T1": ids}, answers={id: code}, values=values, everyone=ids)
    found.theme("T1").verdict                         # and split_words.sentence(found, theme, "en")

Where every value has points the question is a rating: themes are then compared by the rank and the
mean of the ratings; otherwise by how often each value was chosen. Each theme is compared with those
who did *not* write about it (two groups that share nobody), and the difference is told against all
answers, which is that difference times the share of people outside the theme.

Sources: share, Wilson (1927), JASA 22:209; difference of shares, Newcombe (1998), Stat. Med.
17:873, method 10; test of a share, Fisher's exact test; ranks, Brunner and Munzel (2000),
Biometrical J. 42:17, and Mann and Whitney (1947), Ann. Math. Stat. 18:50, and where one group lies
wholly above the other Newcombe (2006), Stat. Med. 25:559, method 5; means, Welch (1947), Biometrika
34:28; many comparisons, Holm (1979), Scand. J. Stat. 6:65.

Here are the values alone, which cost nothing to import; ``comparing`` brings numpy and scipy.
"""

from analysis.figures.splits.found import (
    Cell,
    Rating,
    Rules,
    Split,
    Tally,
    ThemeSplit,
    Verdict,
)
from analysis.figures.splits.values import MOST_VALUES, NotClosed, Value, values_of

__all__ = [
    "MOST_VALUES",
    "Cell",
    "NotClosed",
    "Rating",
    "Rules",
    "Split",
    "Tally",
    "ThemeSplit",
    "Value",
    "Verdict",
    "values_of",
]
