"""What a department may publish of its counts, and what would give small groups away.

Pure, and the one door: every table, chart, page, file, alternative text and stored number that is
published is made of what is let through here. `disclose` tells a report, `disclose_split` its
themes beside another question, `total_told` and `shares_told` the page of an engagement. Staff read
the whole figures, which never pass here; so does whoever runs the spreadsheet tool on a file of
their own.

A *group* is some of the people who answered, told apart by what is published: by theme, part of a
theme, language, letter, channel, reason, another answer, or any sum or difference of those. No
group of fewer people than the department's smallest cell can be told from the rest:

- a small theme is counted with the next smallest as "other themes" until they reach the cell, and
  so are those in no theme where they are few; what is left over is empty or no small group;
- where fewer than the cell are *outside* a theme, it is published as "at least";
- a division of a theme (English and French, letters and own words, answers to another question) is
  shown where each of its counts and what it leaves of the whole are large enough, and hidden with
  as many others as an attacker would need to work it out (complementary suppression, found by the
  bounds that linear programming gives him, as Statistics Canada's audits do);
- zero is treated as any small count, so that what is hidden may also be nobody. The exception is
  letters: copies of one letter say the same, and are in the same themes.

Sources: Cox (1995), JASA 90:1453, on complementary suppression; Fischetti and Salazar-González
(2001), Management Science 47:1008, on auditing it by linear programming.
"""

from analysis.figures.disclosure.audit import Row
from analysis.figures.disclosure.counts import (
    OTHERS,
    SMALLEST_BASE,
    protect,
    shares_told,
    together,
    total_told,
    whole_told,
)
from analysis.figures.disclosure.divisions import OFFICIAL
from analysis.figures.disclosure.people import Disclosed, People, Told
from analysis.figures.disclosure.report import disclose
from analysis.figures.disclosure.splits import (
    FindingCell,
    FindingSplit,
    FindingThemeSplit,
    disclose_split,
)
from analysis.figures.disclosure.tables import Table, protect_table

__all__ = [
    "OFFICIAL",
    "OTHERS",
    "SMALLEST_BASE",
    "Disclosed",
    "FindingCell",
    "FindingSplit",
    "FindingThemeSplit",
    "People",
    "Row",
    "Table",
    "Told",
    "disclose",
    "disclose_split",
    "protect",
    "protect_table",
    "shares_told",
    "together",
    "total_told",
    "whole_told",
]
