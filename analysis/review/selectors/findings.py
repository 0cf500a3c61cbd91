"""The numbers of one question as frozen values: whole for staff, and what may be published.

Everything is counted over what stands at the moment of asking: a withdrawn response has left with
its passages. Counts are of respondents (one answer to one question is one person), never of
mentions; a sub-theme's respondents are among its parent's, and a merged theme's among its
target's.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from analysis.figures.disclosure import Disclosed, FindingSplit, People, disclose
from analysis.review.enums import ThemeStatus
from analysis.review.models import AnalysisRun, Assignment, CandidateTheme, Theme
from analysis.review.selectors.crossings import splits_to_publish
from analysis.review.selectors.letters import campaigns_of
from analysis.review.selectors.members import (
    OFFICIAL,
    by_language,
    lineage,
    theme_members,
    written_languages,
)
from analysis.review.selectors.quotes import choose, told_of_themes
from analysis.review.selectors.runs import run_shown
from analysis.review.selectors.unthemed import reasons_unthemed
from feedback.answering.models import Response
from feedback.answering.selectors.answers import corpus_for
from feedback.asking.models import Question, Questionnaire
from feedback.people.models import Department

QUOTES_A_LANGUAGE = 3


@dataclass(frozen=True, slots=True)
class FindingTheme:
    """One accepted theme and who spoke of it.

    ``parent`` is the code of the theme above, or None; parents come before their children, top
    themes by number of respondents, largest first. ``share`` is ``respondents`` over the number of
    respondents who wrote a comment, in [0, 1]. ``by_language`` counts respondents by the language
    they wrote in ("en", "fr"; "other" where neither). ``in_letters`` of the respondents sent a
    letter of a campaign. ``quote_ids`` are passages that show the theme, best first, both languages
    where there are both; read them with ``quotes.quotes_by_id``.
    """

    code: str
    parent: str | None
    name_en: str
    name_fr: str
    definition_en: str
    definition_fr: str
    respondents: int
    share: float
    by_language: dict[str, int]
    in_letters: int
    quote_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FindingCampaign:
    """A letter many people sent: ``letters`` of them stand. ``text`` is one, masked."""

    code: str
    letters: int
    by_language: dict[str, int]
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known about one question: who answered, in which themes, how it was found.

    Whole figures, for staff. What may leave the department is ``told``, with the themes of
    ``splits``: small groups are in neither.

    ``responses`` counts standing responses to the engagement, ``with_text`` those that answered
    this question in words; ``in_themes`` + the values of ``unthemed`` = ``with_text``.
    ``unthemed`` keys: a ``Reason`` of the pipeline, "dismissed" (people set it aside),
    "not_reviewed" (proposed by the machine, no person has decided yet) or "not_analysed" (arrived
    after the run). ``languages`` counts responses by the language of the form, ``channels`` by how
    they came, ``with_text_languages`` those with text by the language they wrote in: the base for
    ``FindingTheme.by_language``.
    ``confidence`` is {"level", "reason_en", "reason_fr", "stability"}; empty without a run, as are
    ``versions`` and ``config``; ``run_id`` is then None. ``splits`` are the themes ``told`` beside
    closed questions.
    """

    question_id: int
    responses: int
    with_text: int
    in_themes: int
    languages: dict[str, int]
    with_text_languages: dict[str, int]
    channels: dict[str, int]
    first_at: datetime | None
    last_at: datetime | None
    themes: tuple[FindingTheme, ...]
    unthemed: dict[str, int]
    campaigns: tuple[FindingCampaign, ...]
    run_id: int | None
    run_finished_at: datetime | None
    corpus_digest: str
    told: Disclosed
    confidence: dict[str, object] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    config: dict[str, object] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    masked: dict[str, int] = field(default_factory=dict)
    splits: tuple[FindingSplit, ...] = ()

    @property
    def letters(self) -> int:
        """How many of the standing answers are letters of a campaign."""
        return sum(campaign.letters for campaign in self.campaigns)


def themes_not_named(question: Question) -> list[Theme]:
    """Themes of the codebook that still carry the machine's stand-in for a name in a language.

    A proposal set aside before anybody named it, then brought back.
    """
    candidates = CandidateTheme.objects.filter(
        theme__question=question, theme__status=ThemeStatus.ACCEPTED
    ).exclude(unnamed=[])
    found = {
        candidate.theme.pk: candidate.theme
        for candidate in candidates.select_related("theme")
        if candidate.theme is not None
        and any(
            getattr(candidate.theme, f"name_{language}") == getattr(candidate, f"name_{language}")
            for language in candidate.unnamed
        )
    }
    return [found[pk] for pk in sorted(found)]


def findings_for(question: Question) -> Findings:
    """The numbers of one question as they stand now.

    Reads each row of the question once and keeps ids, not texts: about a quarter of a second for
    ten thousand answers.
    """
    run = run_shown(question)
    counts = Response.objects.standing().filter(engagement=_engagement_id(question)).counts()
    forms, moments = {}, []
    for document in corpus_for(question):
        forms[document.answer_id] = document.language
        moments.append(document.received_at)
    written = {**forms, **written_languages(question)}
    letters = {
        code: [answer for answer in answers if answer in forms]
        for code, answers in campaigns_of(run).items()
    }
    letters = {code: answers for code, answers in letters.items() if len(answers) > 1}
    in_letters = {answer for answers in letters.values() for answer in answers}

    themes = {t.pk: t for t in Theme.objects.filter(question=question).select_related("parent")}
    members = theme_members(question, themes)
    accepted = [t for t in themes.values() if t.status == ThemeStatus.ACCEPTED]
    quotes = _quotes(question, themes, letters)
    in_themes = {answer for theme in accepted for answer in members[theme.pk].answers}

    def finding(theme: Theme) -> FindingTheme:
        answers = members[theme.pk].answers
        return FindingTheme(
            code=theme.code,
            parent=theme.parent.code if theme.parent is not None else None,
            name_en=theme.name_en,
            name_fr=theme.name_fr,
            definition_en=theme.definition_en,
            definition_fr=theme.definition_fr,
            respondents=len(answers),
            share=len(answers) / len(forms) if forms else 0.0,
            by_language=by_language(answers, written),
            in_letters=len(answers & in_letters),
            quote_ids=quotes.get(theme.pk, ()),
        )

    def largest_first(theme: Theme) -> tuple[int, int]:
        return -len(members[theme.pk].answers), theme.pk

    ordered = [
        finding(theme)
        for top in sorted((t for t in accepted if t.parent_id is None), key=largest_first)
        for theme in [
            top,
            *sorted((t for t in accepted if t.parent_id == top.pk), key=largest_first),
        ]
    ]
    languages: dict[str, int] = {}
    channels: dict[str, int] = {}
    for (language, channel), n in counts.items():
        languages[language] = languages.get(language, 0) + n
        channels[channel] = channels.get(channel, 0) + n
    reasons = reasons_unthemed(question, set(forms) - in_themes)
    smallest = _department(question).smallest_cell
    tops = [t for t in sorted(accepted, key=largest_first) if t.parent_id is None]
    spoken = {answer: written[answer] for answer in forms}
    told = disclose(
        People(
            wrote=spoken,
            forms=forms,
            themes={theme.code: members[theme.pk].answers for theme in tops},
            parts={
                top.code: {
                    theme.code: members[theme.pk].answers
                    for theme in accepted
                    if theme.parent_id == top.pk
                }
                for top in tops
            },
            campaigns=letters,
            reasons=reasons,
            languages=languages,
            channels=channels,
        ),
        smallest=smallest,
    )
    return Findings(
        question_id=question.pk,
        responses=sum(counts.values()),
        with_text=len(forms),
        in_themes=len(in_themes),
        languages=languages,
        with_text_languages=by_language(forms, written),
        channels=channels,
        first_at=min(moments, default=None),
        last_at=max(moments, default=None),
        themes=tuple(ordered),
        unthemed=dict(Counter(reasons.values())),
        campaigns=_campaigns(letters, run, written),
        run_id=run.pk if run else None,
        run_finished_at=run.finished_at if run else None,
        corpus_digest=run.corpus_digest if run else "",
        told=told,
        confidence=run.confidence if run else {},
        versions=run.versions if run else {},
        config=run.config if run else {},
        metrics=run.metrics if run else {},
        masked=run.masked if run else {},
        splits=splits_to_publish(
            question,
            {theme.code: members[theme.pk].answers for theme in tops},
            spoken,
            in_letters,
            told=told,
        ),
    )


def _engagement_id(question: Question) -> int:
    engagement_id: int = Questionnaire.objects.values_list("engagement_id", flat=True).get(
        pk=question.questionnaire_id
    )
    return engagement_id


def _department(question: Question) -> Department:
    department: Department = Department.objects.get(
        engagements__questionnaire=question.questionnaire_id
    )
    return department


def _quotes(
    question: Question, themes: dict[int, Theme], letters: dict[str, list[int]]
) -> dict[int, tuple[int, ...]]:
    """Passages that show each theme, as the desk does: both languages in turn."""
    voices = {answer: code for code, answers in letters.items() for answer in answers}
    members: dict[int, list[tuple[int, int, str]]] = {}
    for theme_id, passage, answer, language in (
        Assignment.objects.in_codebook()
        .filter(theme__question=question, passage__language__in=OFFICIAL)
        .order_by("-score", "pk")
        .values_list("theme_id", "passage_id", "passage__answer_id", "passage__language")
    ):
        for theme in lineage(themes[theme_id], themes):
            members.setdefault(theme.pk, []).append((passage, answer, language))
    told = told_of_themes(question.pk, themes)
    return {
        pk: choose(rows, told.get(pk, ()), voices, most=QUOTES_A_LANGUAGE).in_turn
        for pk, rows in members.items()
    }


def _campaigns(
    letters: dict[str, list[int]], run: AnalysisRun | None, written: dict[int, str]
) -> tuple[FindingCampaign, ...]:
    representatives = {c["code"]: c["representative"] for c in (run.campaigns if run else [])}
    shown = {
        code: representatives[code] if representatives[code] in answers else answers[0]
        for code, answers in letters.items()
    }
    texts: dict[int, list[str]] = {}
    for answer, text in (
        Assignment.objects.of_machine()
        .filter(run=run, passage__answer_id__in=shown.values())
        .order_by("passage__answer_id", "passage__start")
        .values_list("passage__answer_id", "passage__text")
    ):
        texts.setdefault(answer, []).append(text)
    campaigns = [
        FindingCampaign(
            code=code,
            letters=len(answers),
            by_language=by_language(answers, written),
            text=" ".join(texts.get(shown[code], ())),
            language=written.get(shown[code], "und"),
        )
        for code, answers in letters.items()
    ]
    return tuple(sorted(campaigns, key=lambda campaign: (-campaign.letters, campaign.code)))
