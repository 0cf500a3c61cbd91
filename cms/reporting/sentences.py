"""What the numbers of a report say, in words, in the active language.

Each sentence names its base: a share is always of somebody. Nothing here judges or explains.
"""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from analysis.figures.charts import format_count, format_range, format_share
from analysis.figures.disclosure import OTHERS
from cms.reporting.numbers import Numbers, Share, ThemeNumbers, day
from feedback.asking.enums import Channel, Sampling
from feedback.dates import date_range, is_french, long_date

# Why an answer is in no theme: the pipeline's reasons, and those of `selectors.unthemed`.
REASONS = {
    "no_substantive_answer": gettext_lazy("no answer in it (“n/a”, “thanks”)"),
    "declined_to_answer": gettext_lazy("nothing to say, or no opinion (“nothing to add”)"),
    "looks_like_a_test": gettext_lazy("a test of the form"),
    "could_not_be_read": gettext_lazy("could not be read"),
    "could_not_be_processed": gettext_lazy("could not be processed"),
    "too_long": gettext_lazy("too long to be read as one answer"),
    "other_language": gettext_lazy("written in another language"),
    "fits_no_theme": gettext_lazy("about something few others wrote about"),
    "too_short_to_tell": gettext_lazy("a few words, too short to tell"),
    "not_enough_to_group": gettext_lazy("too few answers to group"),
    "read_not_grouped": gettext_lazy("not put into a theme"),
    "dismissed": gettext_lazy("off topic, set aside by the reviewers"),
    "not_reviewed": gettext_lazy("in a group that reviewers did not take up"),
    "not_analysed": gettext_lazy("arrived after the analysis"),
    OTHERS: gettext_lazy("for other reasons"),
}
IN_WORDS = {
    "en": ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"),
    "fr": ("Aucun", "Un", "Deux", "Trois", "Quatre", "Cinq", "Six", "Sept", "Huit", "Neuf"),
}
LEVELS = {
    "high": gettext_lazy("High"),
    "moderate": gettext_lazy("Moderate"),
    "low": gettext_lazy("Low"),
}


def language() -> str:
    return "fr" if is_french() else "en"


def count(n: int) -> str:
    return format_count(n, language())


def percent(share: Share) -> str:
    return format_share(share.share, language())


def theme_percent(numbers: Numbers, theme: ThemeNumbers) -> str:
    """`41%`, or `at least 87%` of nearly everyone; a dash of nobody."""
    share = numbers.share(theme)
    if share is None:
        return "–"
    if theme.is_at_least:
        return gettext("at least %(share)s") % {"share": percent(share)}
    return percent(share)


def title(numbers: Numbers) -> str:
    """The finding as the title: the largest theme."""
    if not numbers.top_themes:
        return gettext("What we heard")
    name = numbers.top_themes[0].name(language())
    return gettext("What we heard: %(theme)s first") % {"theme": lower_first(name)}


def lower_first(text: str) -> str:
    """`Waiting times`, `L'attente` as they stand inside a sentence; abbreviations stay."""
    if len(text) > 1 and text[0].isupper() and (text[1].islower() or text[1] in "'’"):
        return text[0].lower() + text[1:]
    return text


def lead(numbers: Numbers) -> str:
    """The largest theme, the next, and of how many people."""
    themes = numbers.top_themes
    if not themes:
        return ngettext(
            "%(n)s person wrote a comment. No subject came up often enough to be named.",
            "%(n)s people wrote a comment. No subject came up often enough to be named.",
            numbers.with_text,
        ) % {"n": count(numbers.with_text)}
    words = {
        "theme": themes[0].name(language()),
        "share": theme_percent(numbers, themes[0]),
        "n": count(numbers.with_text),
    }
    said = (
        gettext(
            "Most often, people wrote about this: %(theme)s (%(share)s of the %(n)s who wrote a "
            "comment)."
        )
        % words
    )
    if len(themes) > 1:
        said += " " + gettext("Next: %(theme)s (%(share)s).") % {
            "theme": themes[1].name(language()),
            "share": theme_percent(numbers, themes[1]),
        }
    return said


def window(numbers: Numbers) -> str:
    first, last = day(numbers.opened_on), day(numbers.closed_on)
    first, last = first or day(numbers.first_on), last or day(numbers.last_on)
    if first is None or last is None:
        return ""
    return date_range(first, last)


def chart_heading(numbers: Numbers) -> str:
    n = len(numbers.top_themes)
    # Zero to nine stand in words in prose, in both languages.
    words = IN_WORDS[language()]
    return ngettext(
        "%(themes)s theme, by share of the %(n)s people who wrote a comment",
        "%(themes)s themes, by share of the %(n)s people who wrote a comment",
        n,
    ) % {"themes": words[n] if n < len(words) else count(n), "n": count(numbers.with_text)}


def chart_description(numbers: Numbers) -> str:
    """The chart for those who do not see it; the table has every number."""
    parts = [
        f"{theme.name(language())} {theme_percent(numbers, theme)}"
        for theme in numbers.rows
        if numbers.share(theme) is not None
    ]
    return gettext("Share of people who wrote about each theme: %(list)s.") % {
        "list": "; ".join(parts)
    }


def theme_sentence(numbers: Numbers, theme: ThemeNumbers) -> SafeString:
    """How many people, of how many."""
    share = numbers.share(theme)
    assert share is not None  # noqa: S101
    words = {"n": count(theme.n), "base": count(share.base), "share": percent(share)}
    if theme.is_at_least:
        who = gettext("At least %(n)s of %(base)s people (%(share)s)") % words
    else:
        who = (
            ngettext(
                "%(n)s of %(base)s people (%(share)s)",
                "%(n)s of %(base)s people (%(share)s)",
                theme.n,
            )
            % words
        )
    rest = ngettext(
        "who wrote a comment wrote about this.", "who wrote a comment wrote about this.", theme.n
    )
    return format_html("<strong>{}</strong> {}", who, rest)


def said_of(numbers: Numbers, code: str) -> str:
    """What the report says of how many wrote about a theme; nothing of one it does not know."""
    theme, joined = numbers.theme(code), numbers.joined_theme(code)
    if theme is not None:
        return theme_sentence(numbers, theme)
    return joined_sentence(numbers) if joined is not None else ""


def joined_sentence(numbers: Numbers) -> str:
    """Why a theme that is written about has no number."""
    if numbers.others is None:
        return gettext(
            "How many people wrote about this is not published, so that no small group can be "
            "recognized."
        )
    return gettext(
        "How many people wrote about this is not published, so that no small group can be "
        "recognized. They are counted under “%(others)s”."
    ) % {"others": numbers.others.name(language())}


def interval_sentence(numbers: Numbers, theme: ThemeNumbers) -> str:
    """How far the share could move by chance alone, for whoever wants to compare."""
    if theme.is_at_least:
        return ""
    share = numbers.share(theme)
    assert share is not None  # noqa: S101
    return gettext("95%% confidence interval: %(range)s.") % {
        "range": format_range(share.low, share.high, language())
    }


def comparison_sentences(numbers: Numbers, theme: ThemeNumbers) -> list[str]:
    """The two languages side by side, and whether chance alone would do it."""
    said = numbers.comparison(theme)
    if said is None:
        return [_too_few(numbers, theme)]
    words = {
        "en": format_share(said.english.share, language()),
        "fr": format_share(said.french.share, language()),
        "en_n": count(said.english.n),
        "fr_n": count(said.french.n),
        "en_base": count(said.english.base),
        "fr_base": count(said.french.base),
    }
    split = gettext(
        "Of those who wrote in English, %(en)s (%(en_n)s of %(en_base)s); of those who wrote in "
        "French, %(fr)s (%(fr_n)s of %(fr_base)s)."
    )
    low, high = sorted((abs(said.low), abs(said.high)))
    if said.is_clear:
        verdict = gettext(
            "The difference is larger than chance alone would make it: between %(low)s and "
            "%(high)s percentage points."
        ) % {"low": points(low), "high": points(high)}
    else:
        verdict = gettext("Chance alone could make a difference of this size.")
    return [split % words, verdict]


def points(share: float) -> str:
    """A difference of shares in percentage points, without a sign: `12`."""
    return count(round(abs(share) * 100))


def _too_few(numbers: Numbers, theme: ThemeNumbers) -> str:
    if not theme.by_language:
        return gettext("The numbers by language are too small to be published.")
    return gettext(
        "%(en_n)s of them wrote in English, %(fr_n)s in French. Too few people wrote in one of "
        "the languages (%(en_base)s in English, %(fr_base)s in French) to compare the two."
    ) % {
        "en_n": count(theme.by_language.get("en", 0)),
        "fr_n": count(theme.by_language.get("fr", 0)),
        "en_base": count(numbers.with_text_languages.get("en", 0)),
        "fr_base": count(numbers.with_text_languages.get("fr", 0)),
    }


def letters_sentence(numbers: Numbers, theme: ThemeNumbers) -> str:
    """What a theme would be without the letters of campaigns; nothing where there are none."""
    without = numbers.share_without_letters(theme)
    if not theme.in_letters or without is None:
        return ""
    return ngettext(
        "%(letters)s of them sent a letter of a campaign. Without letters: %(n)s of %(base)s "
        "(%(share)s).",
        "%(letters)s of them sent letters of a campaign. Without letters: %(n)s of %(base)s "
        "(%(share)s).",
        theme.in_letters,
    ) % {
        "letters": count(theme.in_letters),
        "n": count(without.n),
        "base": count(without.base),
        "share": percent(without),
    }


def limits(numbers: Numbers) -> list[str]:
    """What may not be concluded from these numbers."""
    said = []
    if numbers.sampling == Sampling.OPEN:
        said.append(
            gettext(
                "Non-probability sample: people chose to answer. Percentages describe "
                "respondents, not all residents."
            )
        )
    elif numbers.sampling == Sampling.INVITED:
        said.append(
            gettext(
                "People were invited at random, but not all answered. Percentages describe those "
                "who wrote a comment."
            )
        )
    else:
        said.append(
            gettext(
                "Everyone in the group was asked, but not all answered. Percentages describe "
                "those who wrote a comment."
            )
        )
    if len(numbers.top_themes) > 1:
        said.append(
            gettext(
                "One person may write about several themes, so the shares may add up to more "
                "than the whole."
            )
        )
    said.append(
        gettext(
            "A consultation or a survey is not a vote: a subject few people raise can matter as "
            "much."
        )
    )
    return said


def unthemed(numbers: Numbers) -> str:
    n = numbers.unthemed_total
    if not n:
        return ""
    return ngettext(
        "The comment of %(n)s person is in no theme.",
        "The comments of %(n)s people are in no theme.",
        n,
    ) % {"n": count(n)}


def unthemed_reasons(numbers: Numbers) -> list[tuple[str, str]]:
    """(why, how many), most frequent first."""
    ordered = sorted(
        numbers.unthemed.items(), key=lambda item: (item[0] == OTHERS, -item[1], item[0])
    )
    return [(str(REASONS.get(reason, reason)), count(n)) for reason, n in ordered if n]


def channel_parts(numbers: Numbers) -> tuple[str, str, str]:
    """The channel most used: how many, its name, and the others in words."""
    ordered = sorted(numbers.channels.items(), key=lambda item: (-item[1], item[0]))
    ordered = [(channel, n) for channel, n in ordered if n]
    if not ordered:
        return "", "", ""
    ordered.sort(key=lambda item: item[0] == OTHERS)
    first, n = ordered[0]
    others = "; ".join(
        gettext("%(n)s %(channel)s") % {"n": count(m), "channel": lower_first(_channel(channel))}
        for channel, m in ordered[1:]
    )
    return count(n), lower_first(_channel(first)), others


def _channel(value: str) -> str:
    if value == OTHERS:
        return gettext("In other ways")
    return str(Channel(value).label)


def by_hand(numbers: Numbers, code: str) -> str:
    """That people made a theme; nothing of one that software proposed."""
    if not numbers.is_by_hand(code):
        return ""
    return gettext("People made this theme by hand: they read the comments and put them into it.")


def how_grouped(numbers: Numbers) -> str:
    """Who put the comments into themes, software or people."""
    made = {numbers.is_by_hand(code) for code in numbers.codes}
    if made == {True}:
        return gettext(
            "People read the comments and put them into themes by hand. No software grouped them."
        )
    said = gettext(
        "Analysis was assisted by software that groups similar comments, on our own servers. "
        "Findings were reviewed and validated by people."
    )
    if True in made:
        said += " " + gettext("Themes made by hand are marked as such.")
    return said


def method_rows(numbers: Numbers) -> list[tuple[str, str]]:
    """How it was done, so that it can be done again."""
    rows = [
        (gettext("Question"), numbers.question_fr if is_french() else numbers.question_en),
        (gettext("With a comment on this question"), count(numbers.with_text)),
    ]
    if numbers.responses is not None:
        rows.insert(1, (gettext("Responses"), count(numbers.responses)))
    if numbers.in_themes is not None:
        rows.append((gettext("In at least one theme"), count(numbers.in_themes)))
    level = str(numbers.confidence.get("level", ""))
    if level in LEVELS:
        reason = str(numbers.confidence.get(f"reason_{language()}", ""))
        rows.append((gettext("Confidence of the grouping"), f"{LEVELS[level]}. {reason}".strip()))
    for model, n in numbers.named_by.items():
        said = ngettext(
            "The name of {n} theme was proposed by the generative model {model}, at an address of "
            "the department's own, and accepted by people.",
            "The names of {n} themes were proposed by the generative model {model}, at an address "
            "of the department's own, and accepted by people.",
            n,
        )
        rows.append((gettext("Names of themes"), said.format(n=count(n), model=model)))
    run_on = day(numbers.run_on)
    if run_on is not None:
        rows.append((gettext("Analyzed on"), long_date(run_on)))
    if numbers.run_id is not None:
        rows.append((gettext("Number of the analysis"), str(numbers.run_id)))
    if numbers.corpus_digest:
        rows.append((gettext("Fingerprint of the answers"), numbers.corpus_digest[:16]))
    if numbers.masked:
        rows.append((gettext("Pieces of personal information masked"), count(numbers.masked)))
    return rows
