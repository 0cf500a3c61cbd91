"""What several files of a run say alike: the pipeline's one-word values in words, and a few forms.

``language`` is ``en`` or ``fr`` everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.catalogue import translations

# Each language called by its own name.
OWN_NAMES = {"en": "English", "fr": "Français"}


def levels(language: str) -> dict[str, str]:
    """How far a result can be relied on (``Level``)."""
    _ = translations(language).gettext
    return {
        "high": _("High"),
        "moderate": _("Moderate"),
        "low": _("Low"),
        "not_enough_to_group": _("Not enough to group"),
        "read_not_grouped": _("Read, not grouped"),
    }


def reasons(language: str) -> dict[str, str]:
    """Why a comment is in no theme (``Reason``)."""
    _ = translations(language).gettext
    return {
        "no_substantive_answer": _("Empty, or nothing but “n/a” or “thanks”"),
        "declined_to_answer": _("Wrote that they have nothing to say, or do not know"),
        "looks_like_a_test": _("Looks like a test of the form: a proposal, read it"),
        "could_not_be_read": _("Could not be read"),
        "could_not_be_processed": _("Could not be processed"),
        "too_long": _("Too long to be read as one comment"),
        "other_language": _("In a language other than English or French"),
        "fits_no_theme": _("Fits no theme"),
        "too_short_to_tell": _("Too short to tell"),
        "not_enough_to_group": _("Not enough comments to group"),
        "read_not_grouped": _("Read, not grouped"),
    }


def verdicts(language: str) -> dict[str, str]:
    """What can be said of the answers of a theme's people (``Verdict``)."""
    _ = translations(language).gettext
    return {
        "too_few": _("too few to compare"),
        "like_others": _("like the others"),
        "lower": _("lower ratings"),
        "higher": _("higher ratings"),
        "different": _("answers differ"),
        "letters": _("differs only with the letters of campaigns"),
    }


def changes(language: str) -> dict[str, str]:
    """What became of a theme of an earlier run (``Change.kind``)."""
    _ = translations(language).gettext
    return {
        "stayed": _("kept its size"),
        "grew": _("grew"),
        "shrank": _("shrank"),
        "appeared": _("appeared"),
        "went": _("disappeared"),
    }


def languages(language: str) -> dict[str, str]:
    """What a comment is written in (``Language``)."""
    said = translations(language)
    return {
        "en": said.gettext("English"),
        "fr": said.gettext("French"),
        "other": said.pgettext("a language", "other"),
        "und": said.pgettext("a language", "undetermined"),
    }


def spoken_in(language: str) -> dict[str, str]:
    """Heads of what is said in each of the two languages."""
    _ = translations(language).gettext
    return {"en": _("In English"), "fr": _("In French")}


def outside_codebook(language: str) -> str:
    """What a candidate is beside the themes of a codebook."""
    _ = translations(language).gettext
    return _("Not in the codebook: a candidate made of what fits none of its themes.")


def limits(language: str) -> tuple[str, ...]:
    """What the numbers do not say."""
    _ = translations(language).gettext
    return (
        _(
            "Those who wrote are not a sample of the population: shares are of comments, and the "
            "intervals say nothing about people who did not write."
        ),
        _(
            "A theme's size is how many wrote about it, not how much it matters. Those who face "
            "barriers are often few."
        ),
        _(
            "Irony, spelling and very short texts mislead the method. Quotes are whole passages, "
            "exactly as written, with personal information hidden; hiding is not perfect, so read "
            "a quote before you publish it."
        ),
    )


def labelled(label: str, what: str, language: str) -> str:
    """``Waiting times: 12`` with the colon of the language."""
    return translations(language).gettext("{label}: {what}").format(label=label, what=what)


def quoted(name: str, language: str) -> str:
    """A name in the quotation marks of the language; a stand-in for one has its own."""
    if name.startswith(("“", "«")):
        return name
    return translations(language).gettext("“{name}”").format(name=name)


def listed(names: Sequence[str], language: str) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    if len(names) < 2:
        return "".join(names)
    said = translations(language).gettext("{first} and {last}")
    return said.format(first=", ".join(names[:-1]), last=names[-1])
