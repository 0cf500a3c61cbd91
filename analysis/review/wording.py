"""The pipeline's one-word verdicts, in words for people. Pure values in, sentences out.

The pipeline knows nothing of Django; what it says in codes gets its wording here, once.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Why an answer or a passage is in no theme (`Reason`, and the reasons of `Findings`).
REASONS: dict[str, Promise] = {
    "no_substantive_answer": _("said nothing that can be grouped, such as “n/a”"),
    "declined_to_answer": _("wrote that they have nothing to say or do not know"),
    "looks_like_a_test": _("looks like a test of the form: read it before you leave it out"),
    "could_not_be_read": _("could not be read"),
    "could_not_be_processed": _("could not be processed"),
    "too_long": _("too long to be read as one answer"),
    "other_language": _("in another language"),
    "fits_no_theme": _("fits no theme"),
    "too_short_to_tell": _("too short to tell"),
    "not_enough_to_group": _("not enough to group"),
    "read_not_grouped": _("read, not grouped"),
    "dismissed": _("in a theme set aside by reviewers"),
    "not_reviewed": _("in a proposal not reviewed yet"),
    "not_analysed": _("arrived after the run"),
}

# What a reviewer should look at before accepting a proposal (`Warning`); the reason comes with it.
WARNING_NAMES: dict[str, Promise] = {
    "overlaps": pgettext_lazy("a proposal that", "overlaps"),
    "tiny": pgettext_lazy("a proposal that is", "tiny"),
    "vague": pgettext_lazy("a proposal that is", "vague"),
    "one_language": pgettext_lazy("a proposal in", "one language"),
    "catch_all": pgettext_lazy("a proposal that is a", "catch-all"),
    "unnamed": pgettext_lazy("a proposal that", "needs a name"),
    "covers_little": pgettext_lazy("a proposal that", "name covers little"),
}

# How far a result can be relied on (`Level`).
LEVELS: dict[str, Promise] = {
    "high": pgettext_lazy("confidence", "High"),
    "moderate": pgettext_lazy("confidence", "Moderate"),
    "low": pgettext_lazy("confidence", "Low"),
    "not_enough_to_group": pgettext_lazy("confidence", "Not enough to group"),
    "read_not_grouped": pgettext_lazy("confidence", "Read, not grouped"),
}

# What a run is doing, in its own order (`STAGES`).
STAGES: dict[str, Promise] = {
    "read": _("reading the answers one by one"),
    "prepare": _("reading the answers and masking personal information"),
    "campaigns": _("looking for form letters"),
    "passages": _("cutting long answers into passages"),
    "embed": _("placing each passage by what it means"),
    "group": _("grouping the passages"),
    "describe": _("naming the groups in both languages"),
    "judge": _("testing how stable the groups are"),
}

# Metrics a reader may want; the others are shown by their own name.
METRICS: dict[str, Promise] = {
    "documents": _("Answers"),
    "documents_analysed": _("Answers with something to group"),
    "documents_themed": _("Answers in a group"),
    "documents_could_not_be_processed": _("Answers that could not be processed"),
    "documents_too_long": _("Answers too long to be read"),
    "passages_placed": _("New passages in themes of the codebook"),
    "emergent": _("New proposals made of what fits no theme"),
    "letters_joined": _("New answers that are a known letter"),
    "documents_no_substantive_answer": _("Answers that said nothing to group"),
    "documents_declined_to_answer": _("Answers by people with nothing to say, or who do not know"),
    "documents_looks_like_a_test": _("Answers that look like a test of the form"),
    "documents_could_not_be_read": _("Answers that could not be read"),
    "documents_other_language": _("Answers in another language"),
    "documents_fits_no_theme": _("Answers that fit no theme"),
    "documents_too_short_to_tell": _("Answers too short to tell"),
    "documents_not_enough_to_group": _("Answers that were too few to group"),
    "documents_read_not_grouped": _("Answers that were read and not grouped"),
    "sampled_passages": _("Different passages the groups were found on"),
    "level_that_fits": _("Level the answers support (1: groups, 2: their parts)"),
    "passages": _("Passages with something to group"),
    "passages_distinct": _("Different passages among them"),
    "campaigns": _("Form letters"),
    "documents_in_campaigns": _("Answers that are a form letter"),
    "themes": _("Groups"),
    "sub_themes": _("Parts of groups"),
    "stability": _("Stability when a fifth of the answers is left out (0 to 1)"),
    "separation": _("Separation of the groups (-1 to 1)"),
    "separation_by_chance": _("Separation of as many groups in texts without themes"),
    "language_nmi": _("How much language alone explains the groups (0 is best)"),
    "language_nmi_chance": _("The same by chance"),
    "language_gap": _("How much nearer the two languages were brought (0: nothing to correct)"),
    "second_share": _("What the second language model counted for (0: not used)"),
    "share_unthemed": _("Share of answers in no group"),
    "npmi_en": _("Coherence of the English keywords (NPMI)"),
    "npmi_fr": _("Coherence of the French keywords (NPMI)"),
}


def worded(words: dict[str, Promise], code: str) -> str:
    """The words for a code; the code itself where a later version says something new."""
    return str(words.get(code, code))
