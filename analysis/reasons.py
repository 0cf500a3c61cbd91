"""Why something is judged as it is: a code and values, which one table words in both languages.

Codes and values are what is kept: whoever renames a code moves the runs that hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.catalogue import gettext_noop as _
from analysis.catalogue import translations


@dataclass(frozen=True, slots=True)
class Why:
    """A code of ``SENTENCES`` and the values its sentence is given.

    Values are plain: counts, shares in per cent, and names as ``{"en": ..., "fr": ...}``.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def said_in(self, language: str) -> str:
        """The sentence in ``en`` or ``fr``. Raises KeyError where the table lacks the code."""
        values = {
            name: value[language] if isinstance(value, Mapping) else value
            for name, value in self.values.items()
        }
        return translations(language).gettext(SENTENCES[self.code]).format(**values)


SENTENCES: Mapping[str, str] = {
    "too_few_passages": _(
        "Not enough to group. Different passages with something to read: {passages}, where at "
        "least {least} are needed. Every text is listed."
    ),
    "only_read": _("Read and not grouped, as it was asked. Every text is listed."),
    "no_groups": _(
        "Not enough to group: the texts have too little in common, and they do not fall into "
        "groups at all. Every text is listed."
    ),
    "groups_do_not_come_back": _(
        "Not enough to group: the texts have too little in common, and groups made from them do "
        "not come back when some texts are left out. Every text is listed."
    ),
    "groups_hardly_apart": _(
        "Not enough to group: the texts have too little in common, and groups made from them "
        "stand hardly further apart than chance would put them. Every text is listed."
    ),
    "aid_no_groups": _(
        "A reading aid, not a finding: the texts do not fall into groups by themselves. Those "
        "most alike are shown together."
    ),
    "aid_groups_do_not_come_back": _(
        "A reading aid, not a finding: the texts have little in common, and these groups do not "
        "come back when some texts are left out."
    ),
    "aid_groups_hardly_apart": _(
        "A reading aid, not a finding: the texts have little in common, and these groups stand "
        "hardly further apart than chance would put them."
    ),
    "follow_the_language": _(
        "The themes follow the language of the texts more than what they say: compare the English "
        "and French quotes of each theme before relying on it."
    ),
    "languages_brought_nearer": _(
        "{passages} passages; themes are similar ({percent}% agreement) when a fifth of the texts "
        "is left out. The texts followed their language more than their subject: this was "
        "measured and corrected by bringing the two languages nearer. Compare the English and "
        "French quotes of each theme."
    ),
    "many_in_no_theme": _("{percent}% of the texts are in no theme: read them before concluding."),
    "few_passages": _("Only {passages} passages: take the themes as a reading aid, not as counts."),
    "themes_change": _(
        "Themes change noticeably ({percent}% agreement) when a fifth of the texts is left out: "
        "the subjects run into each other. Merge those that say the same."
    ),
    "themes_hardly_apart": _(
        "The same themes come back ({percent}% agreement) when a fifth of the texts is left out, "
        "but they stand hardly further apart than chance would put them: people said much the "
        "same, or much that is unrelated."
    ),
    "themes_similar": _(
        "{passages} passages; themes are similar ({percent}% agreement) when a fifth of the texts "
        "is left out. Their edges may move: review names and borders."
    ),
    "themes_well_apart": _(
        "{passages} passages; the themes stand well apart and come back ({percent}% agreement) "
        "when a fifth of the texts is left out."
    ),
    "themes_well_apart_in_both": _(
        "{passages} passages; the themes stand well apart and come back ({percent}% agreement) "
        "when a fifth of the texts is left out. English and French are in the same themes."
    ),
    "many_fit_no_theme": _(
        "{percent}% of the texts fit no theme of the codebook: read them before concluding."
    ),
    "unchecked": _(
        "Assigned by the meaning of names and definitions, without enough examples to check "
        "against: read the quotes of each theme, or confirm some examples and run it again."
    ),
    "checked": _(
        "Examples left out of training were put where people put them with an F1 of {percent}% "
        "({examples} examples); two people agree at about 75%."
    ),
    "few_texts": _("Texts: only {size}, too few to say more than that the subject was raised."),
    "few_different_texts": _(
        "Different texts: only {size}, too few to say more than that the subject was raised."
    ),
    "theme_seldom_back": _(
        "{size} different texts, but only {percent}% of the theme comes back when a fifth of the "
        "texts is left out: it may be part of a neighbour, or hold two subjects."
    ),
    "theme_all_in_english": _(
        "{size} different texts, all in English: check that the other language does not say it in "
        "other words. {percent}% of the theme comes back when a fifth of the texts is left out."
    ),
    "theme_all_in_french": _(
        "{size} different texts, all in French: check that the other language does not say it in "
        "other words. {percent}% of the theme comes back when a fifth of the texts is left out."
    ),
    "theme_fairly_alike": _(
        "{size} different texts; {percent}% of the theme comes back when a fifth of the texts is "
        "left out. Read the quotes at its border."
    ),
    "theme_small": _(
        "{size} different texts; {percent}% of the theme comes back when a fifth of the texts is "
        "left out, but so small a theme can change with a few texts more."
    ),
    "theme_alike": _(
        "{size} different texts that are more alike than in the average theme here; "
        "{percent}% of the theme comes back when a fifth of the texts is left out."
    ),
    "theme_loose": _(
        "{size} different texts that are less alike than in the average theme here: it may hold "
        "several subjects. {percent}% of the theme comes back when a fifth of the texts is left "
        "out."
    ),
    "theme_of_an_aid": _(
        "{size} different texts, put together to be read together: the groups of this run are "
        "hardly better than chance."
    ),
    "candidate": _(
        "A candidate: {size} texts that fit no theme and resemble each other. Read them before "
        "making it a theme."
    ),
    "assigned": _(
        "{size} texts; on average the chance that a person would put them here is estimated at "
        "{percent}%."
    ),
    "covers_in_english": _(
        "The English name covers {says} of {of} answers in English: that many say what it says."
    ),
    "covers_in_french": _(
        "The French name covers {says} of {of} answers in French: that many say what it says."
    ),
    "covers_little_in_english": _(
        "Its English name covers only {says} of {of} answers in English: read the others before "
        "you use it, or give it another name."
    ),
    "covers_little_in_french": _(
        "Its French name covers only {says} of {of} answers in French: read the others before you "
        "use it, or give it another name."
    ),
    "theme_name_covers_little": _(
        "{size} different texts; {percent}% of the theme comes back when a fifth of the texts is "
        "left out, but answers that say what its name says are only {says} of {of}."
    ),
    "name_by_model": _(
        "Its names were proposed by the generative model {model}. They were taken because more "
        "answers say what they say, in both languages, than say the names made of people's words."
    ),
    "names_by_model": _(
        "The generative model {model} was asked for names. Themes it was asked about: {asked}; "
        "themes with the names it proposed, because more answers say them in both languages: "
        "{taken}. All other names are made of people's words."
    ),
    "model_not_asked": _(
        "The generative model {model} was not asked for names, because no address of it is set. "
        "All names are made of people's words."
    ),
    "model_nothing_to_ask": _(
        "The generative model {model} was not asked for names: a name of its is taken only where "
        "it can be measured in both languages and covers more than the name there is, and no theme "
        "is like that."
    ),
    "model_unreachable": _("The generative model {model} could not be reached, at least once."),
    "model_too_slow": _("The generative model {model} did not answer in time, at least once."),
    "model_refused": _("The server of the generative model {model} refused, at least once."),
    "model_no_sense": _(
        "What the generative model {model} answered was not what it was asked for, at least once."
    ),
    "nobody": _("Nobody spoke of this."),
    "shares_texts": _(
        "{percent}% of the texts in this theme or in “{name}” are in both: consider merging them."
    ),
    "shares_meaning": _(
        "Its name and keywords say nearly the same as “{name}”: merge them, or say how they differ."
    ),
    "shares_border": _(
        "Most of its passages could as well be in “{name}”: read both before accepting either."
    ),
    "tiny": _(
        "Different texts: only {n}, where a theme should have at least {least}. It is an example "
        "rather than a theme."
    ),
    "seldom_back": _(
        "Only {percent}% of it comes back when a fifth of the texts is left out: read it before "
        "naming it."
    ),
    "no_words_of_its_own": _(
        "No words set it apart from the other themes: its name is general. Give it a more precise "
        "name."
    ),
    "holds_much": _(
        "It holds {percent}% of all texts: it may be several subjects. Look at its parts."
    ),
    "few_in_english": _(
        "Only {n} of {size} wrote of it in English, in which {percent}% of all texts are: look "
        "for the same thing said there in other words."
    ),
    "few_in_french": _(
        "Only {n} of {size} wrote of it in French, in which {percent}% of all texts are: look for "
        "the same thing said there in other words."
    ),
    "none_in_english": _(
        "Nobody wrote of it in English, in which {percent}% of all texts are: look for the same "
        "thing said there in other words."
    ),
    "none_in_french": _(
        "Nobody wrote of it in French, in which {percent}% of all texts are: look for the same "
        "thing said there in other words."
    ),
    "unnamed_in_english": _(
        "No words were found in English to name it: a person must give it a name."
    ),
    "unnamed_in_french": _(
        "No words were found in French to name it: a person must give it a name."
    ),
}
