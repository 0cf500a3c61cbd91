"""Fill a database with the demo, through the doors everyone else uses.

Engagements, answers, pages: each is made if it is not there yet, and what is there is left alone.
Answers go in by `response_submit`; the themes are what the pipeline finds in them, accepted and
then named by what their passages say, as an analyst does; the report is drafted from those and
published in both languages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any, Final, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Site

from analysis.review.enums import RunStatus
from analysis.review.models import AnalysisRun, CandidateTheme, Passage, Theme
from analysis.review.selectors.members import candidate_members
from analysis.review.services.codebook import candidate_accept, candidates_accept, theme_rename
from analysis.review.services.queue import run_request
from analysis.review.services.runs import run_execute
from cms.pages.models import ConsultationPage, HomePage, SiteSettings, SurveyPage
from cms.pages.services.site import site_prepare
from cms.publishing.selectors import Pair
from cms.publishing.services.pairs import pair_create, pair_publish
from cms.reporting.models import FindingsPage
from cms.reporting.numbers import Numbers
from cms.reporting.sentences import IN_WORDS, lower_first
from cms.reporting.services import FindingsNotReady, findings_draft
from consult.demo import content
from consult.demo.content import LANGUAGES, Calendar, DemoAnswer, DemoResponse, Language
from consult.demo.staff import roles_ensure
from feedback.answering.services.responses import response_submit
from feedback.answering.services.tallies import engagement_tally_refresh
from feedback.approval.selectors import review_for
from feedback.approval.services.reviews import review_agree, review_send
from feedback.asking.answers import AnswerInput
from feedback.asking.enums import EngagementKind
from feedback.asking.models import Choice, Engagement, Question, Questionnaire
from feedback.people.models import Department, User

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Plan:
    """One engagement of the demo: its data files, its department, its page."""

    name: str
    reference_number: str
    kind: EngagementKind
    department: str
    partner: str | None
    page: type[ConsultationPage] | type[SurveyPage]


PLANS: Final = (
    _Plan(
        "open",
        "dgol-2026-02",
        EngagementKind.CONSULTATION,
        "dgol-gnlo",
        "dsp-msp",
        ConsultationPage,
    ),
    _Plan("closed", "spb-2026-01", EngagementKind.CONSULTATION, "dsp-msp", None, ConsultationPage),
    _Plan("survey", "spb-2026-03", EngagementKind.SURVEY, "dsp-msp", None, SurveyPage),
)
# The question whose answers become the published report.
REPORTED: Final = ("closed", "comment")


class StaffMissing(Exception):  # noqa: N818 (named for what happened)
    """The demo's people are made first, by `consult.demo.staff.staff_ensure`."""


def demo_seed(*, progress: Say, share: float = 1.0, today: date | None = None) -> None:
    """Make everything that is missing. Safe to repeat; data that is there is kept.

    ``share`` of the answers are sent, for tests: the first ones of each engagement, evenly spread.
    Not to be called inside a transaction: the analysis shows its progress while it works.
    """
    people = _People.found()
    day = today or timezone.localdate()
    departments = _departments_ensure()
    roles_ensure()
    engagements = {}
    for plan in PLANS:
        engagements[plan.name] = _engagement_ensure(plan, departments, people, day, share, progress)
    home = _home_ensure(people)
    for plan in PLANS:
        _page_ensure(plan, engagements[plan.name], home, people)
    name, code = REPORTED
    if engagements[name].phase().awaits_outcome:
        _report(engagements[name], code, people, progress)


@dataclass(frozen=True, slots=True)
class _People:
    """Who does what in the demo's history."""

    author: User
    translator: User
    analyst: User
    approver: User
    administrator: User

    @classmethod
    def found(cls) -> _People:
        names = ("author", "translator", "analyst", "approver", "administrator")
        users = {user.username: user for user in User.objects.filter(username__in=names)}
        if len(users) < len(names):
            raise StaffMissing(", ".join(sorted(set(names) - users.keys())))
        return cls(**users)


# --- What is asked, and what was answered ------------------------------------------------------


def _departments_ensure() -> dict[str, Department]:
    departments = {}
    for row in content.ours("departments.toml")["department"]:
        departments[row["code"]], _made = Department.objects.get_or_create(
            code=row["code"],
            defaults={key: row[key] for key in ("name_en", "name_fr", "email", "phone")},
        )
    return departments


@transaction.atomic
def _engagement_ensure(
    plan: _Plan,
    departments: Mapping[str, Department],
    people: _People,
    today: date,
    share: float,
    progress: Say,
) -> Engagement:
    """The engagement with its questionnaire and every answer, or none of it."""
    there = Engagement.objects.filter(reference_number=plan.reference_number).first()
    if there is not None:
        return there
    asked = content.questionnaire(plan.name)
    dates = content.calendar(plan.name, today)
    department = departments[plan.department]
    engagement = Engagement.objects.create(
        kind=plan.kind,
        reference_number=plan.reference_number,
        department=department,
        title_en=asked.title_en,
        title_fr=asked.title_fr,
        opens_at=dates.opens_at,
        closes_at=dates.closes_at,
        contact_email=department.email,
        created_at=dates.opens_at,
    )
    if plan.partner:
        engagement.partner_departments.add(departments[plan.partner])
    _questionnaire_create(engagement, plan.name, asked)
    _review(engagement, people)
    responses = _part_of(content.RESPONSES[plan.name](content.SEED), share)
    progress(f"  {len(responses)} answers: {asked.title_en}")
    for response in responses:
        response_submit(
            engagement=engagement,
            client_token=response.token,
            language=response.language,
            channel=response.channel,
            answers={code: _input(answer) for code, answer in response.answers.items()},
            received_at=dates.opens_at + response.after,
        )
    engagement_tally_refresh(engagement_id=engagement.pk)
    return engagement


def _part_of(responses: list[DemoResponse], share: float) -> list[DemoResponse]:
    if share >= 1:
        return responses
    wanted = max(1, round(len(responses) * share))
    return [responses[index * len(responses) // wanted] for index in range(wanted)]


def _input(answer: DemoAnswer) -> AnswerInput:
    return AnswerInput(text=answer) if isinstance(answer, str) else AnswerInput(codes=answer)


def _review(engagement: Engagement, people: _People) -> None:
    """From its author by its translator to its approver, as every engagement goes."""
    review_send(thing=engagement, actor=people.author)
    for person in (people.translator, people.approver):
        step = review_for(person, engagement)
        review_agree(thing=engagement, task_state_id=step.task_state_id or 0, actor=person)
    engagement.refresh_from_db()


def _questionnaire_create(
    engagement: Engagement, name: str, asked: content.DemoQuestionnaire
) -> None:
    questionnaire = Questionnaire.objects.create(
        engagement=engagement,
        minutes=asked.minutes,
        **{f"privacy_notice_{language}": _privacy(name, language) for language in LANGUAGES},
    )
    for order, row in enumerate(asked.questions):
        question = Question.objects.create(
            questionnaire=questionnaire,
            sort_order=order,
            code=row.code,
            kind=row.kind,
            is_required=row.is_required,
            text_en=row.text_en,
            text_fr=row.text_fr,
            hint_en=row.hint_en,
            hint_fr=row.hint_fr,
            page_title_en=row.page_title_en,
            page_title_fr=row.page_title_fr,
            max_length=row.max_length,
        )
        Choice.objects.bulk_create(
            Choice(
                question=question,
                sort_order=position,
                code=choice.code,
                label_en=choice.label_en,
                label_fr=choice.label_fr,
                value=choice.value,
                is_not_applicable=choice.is_not_applicable,
            )
            for position, choice in enumerate(row.choices)
        )


def _privacy(name: str, language: Language) -> str:
    """The notice as people read it: what for, by which law, seen by whom, and so on, in order."""
    notice = content.ours(f"pages/{name}.toml")["privacy"][language]
    return "\n\n".join(notice.values())


# --- Pages -------------------------------------------------------------------------------------


def _home_ensure(people: _People) -> Pair:
    words = content.ours("pages/home.toml")
    pair = site_prepare(
        **_site_address(),
        user=people.administrator,
        english=HomePage(slug="en", **words["en"]),
        french=HomePage(slug="fr", **words["fr"]),
    )
    # The port may differ from one start of the demo to the next.
    Site.objects.filter(is_default_site=True).update(**_site_address())
    Site.clear_site_root_paths_cache()
    frame = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    if not frame.name_en:
        frame.name_en, frame.name_fr = words["en"]["title"], words["fr"]["title"]
        frame.save(update_fields=["name_en", "name_fr"])
    return pair


def _site_address() -> dict[str, Any]:
    address = urlsplit(settings.CONSULT_BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    return {"hostname": address.hostname or "localhost", "port": port}


def _page_ensure(plan: _Plan, engagement: Engagement, home: Pair, people: _People) -> None:
    if plan.page.objects.filter(engagement=engagement).exists():
        return
    data = content.ours(f"pages/{plan.name}.toml")
    # From the day the engagement opened, so that page and clock agree on a second run too.
    if engagement.opens_at is None:
        raise ValueError(f"{engagement.reference_number} has no opening date")
    dates = content.calendar_from(plan.name, timezone.localtime(engagement.opens_at).date())
    english, french = (
        plan.page(engagement=engagement, **_page_words(data, language, dates))
        for language in LANGUAGES
    )
    with transaction.atomic():
        pair = pair_create(parent=home.english, english=english, french=french, user=people.author)
        pair_publish(page=pair.english, user=people.administrator)


def _page_words(data: Mapping[str, Any], language: Language, dates: Calendar) -> dict[str, Any]:
    written = dates.written(language)
    words = data[language]
    page = {
        **{key: words[key] for key in ("title", "slug", "short_title", "lead", "who_decides")},
        "why": _paragraphs(words["why"]),
        "how_used": _paragraphs(words["how_used"]),
        "contact": _paragraphs([words["contact"]]),
        "notice": words["notice"],
        "search_description": words["lead"],
    }
    if "next_step" in data:
        page["next_steps"] = [
            (
                "step",
                {
                    "label": step[f"label_{language}"],
                    "when": step[f"when_{language}"].format(**written),
                    "starts_on": dates.days[step["starts"]],
                },
            )
            for step in data["next_step"]
        ]
    return page


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{escape(text, quote=False)}</p>" for text in texts)


# --- What was found, and what is said of it ----------------------------------------------------

# What the demo's analyst leaves for whoever opens the review desk: proposals the machine itself
# doubts. The others are accepted.
_DOUBTS: Final = {"tiny", "vague"}


def _report(engagement: Engagement, code: str, people: _People, progress: Say) -> None:
    """Analyse, accept, draft, put our words around the numbers, publish both languages.

    Where people have begun a codebook of their own, it is theirs: nothing is added or published.
    """
    question = Question.objects.get(questionnaire__engagement=engagement, code=code)
    if Theme.objects.filter(question=question).exists():
        return
    run = _run_ensure(question, people, progress)
    if run.status != RunStatus.SUCCEEDED:
        # The desk says why, and lets anyone try again; the rest of the demo is there.
        progress(f"  No report yet: {run.get_error_display() or run.get_status_display()}")
        return
    sure = [
        candidate
        for candidate in CandidateTheme.objects.filter(run=run, parent_code="")
        if not _DOUBTS & {warning["kind"] for warning in candidate.warnings}
    ]
    if not sure:
        progress("  No report yet: the machine proposes no theme it is sure of. See the desk.")
        return
    try:
        with transaction.atomic():
            for theme in _accepted(run, sure, people.analyst):
                progress(f"  Theme: {theme.name_en} / {theme.name_fr}")
            pair = findings_draft(question=question, user=people.analyst)
            places = _commitment_places(run)
            for page in pair.pages:
                draft = cast(FindingsPage, page.get_latest_revision_as_object())
                _put_words(draft, places)
                draft.save_revision(user=people.author)
            pair = pair_publish(page=pair.english, user=people.administrator)
    except FindingsNotReady as refusal:
        if refusal.reason != FindingsNotReady.TOO_SMALL:
            raise
        progress("  No report yet: too few people wrote about any theme. See the desk.")
        return
    for page in pair.pages:
        progress(f"  {page.title}")


# A subject names a theme when this many more of its passages speak of it than of all passages, and
# at least so many do; a second one is joined when it stands out this much beside the first.
_STANDS_OUT: Final = 0.05
_SPOKEN_OF: Final = 0.1
_BESIDE: Final = 0.4
# Where no subject is spoken of even this much more than usual, what is there is the rest.
_NOTHING_APART: Final = 0.02
_A_WORD: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def _accepted(run: AnalysisRun, sure: list[CandidateTheme], analyst: User) -> list[Theme]:
    """The proposals as themes, named for what people wrote; the others are left on the desk for
    whoever opens it: where nothing stands out, two names of one theme may be of two subjects."""
    names = _names(run, sure)
    themes = []
    for candidate in sure:
        given = names.get(candidate.code)
        if given is None:
            continue
        if candidate.unnamed:
            theme = candidate_accept(candidate=candidate, user=analyst, **given)
        else:
            (theme,) = candidates_accept(candidates=[candidate], user=analyst)
            theme = theme_rename(theme=theme, version=theme.version, user=analyst, **given)
        themes.append(theme)
    return themes


def _names(run: AnalysisRun, candidates: list[CandidateTheme]) -> dict[str, dict[str, str]]:
    """By code, the name in both languages that the passages of a proposal call for."""
    words = content.ours("themes.toml")
    subjects, rest = words["subject"], words["rest"]
    members = candidate_members(run)
    texts = dict(Passage.objects.filter(assignments__run=run).values_list("pk", "text"))
    spoken = {
        pk: {
            number
            for number, subject in enumerate(subjects)
            if any(word.startswith(_beginnings(subject)) for word in _A_WORD.findall(text.lower()))
        }
        for pk, text in texts.items()
    }

    def shares(passages: Collection[int]) -> list[float]:
        counts = Counter(number for pk in passages for number in spoken[pk])
        return [counts[number] / (len(passages) or 1) for number in range(len(subjects))]

    usual = shares(spoken)
    found: dict[str, dict[str, str]] = {}
    for candidate in candidates:
        own = shares(members[candidate.pk].passages)
        apart = {
            number: own[number] - usual[number]
            for number in range(len(subjects))
            if own[number] >= _SPOKEN_OF and own[number] - usual[number] >= _STANDS_OUT
        }
        ranked = sorted(apart, key=lambda number: -apart[number])
        chosen = [number for number in ranked[:2] if apart[number] >= _BESIDE * apart[ranked[0]]]
        given = _joined([subjects[number] for number in chosen])
        if not apart and max(map(float.__sub__, own, usual)) < _NOTHING_APART:
            given = rest
        if given is not None and given not in found.values():
            found[candidate.code] = given
    return found


def _beginnings(subject: Mapping[str, Any]) -> tuple[str, ...]:
    return (*subject["words_en"], *subject["words_fr"])


def _joined(subjects: list[Mapping[str, Any]]) -> dict[str, str] | None:
    """One subject by its own name, two by their short ones."""
    if not subjects:
        return None
    if len(subjects) == 1:
        return {f"name_{language}": subjects[0][f"name_{language}"] for language in LANGUAGES}
    both = {"en": " and ", "fr": " et "}
    names = {}
    for language in LANGUAGES:
        text = both[language].join(subject[f"short_{language}"] for subject in subjects)
        names[f"name_{language}"] = text[:1].upper() + text[1:]
    return names


def _run_ensure(question: Question, people: _People, progress: Say) -> AnalysisRun:
    """The newest run of the question; made and executed here, by the same code a worker runs."""
    run = AnalysisRun.objects.filter(question=question).order_by("-pk").first()
    if run is None:
        run = run_request(question=question, user=people.analyst)
    if run.is_under_way:
        progress(f"  Reading the answers to: {question.text_en}")
        run_execute(run.pk)
        run.refresh_from_db()
    return run


def _commitment_places(run: AnalysisRun) -> dict[str, list[dict[str, Any]]]:
    """Commitments by the code of the theme they answer: the one that speaks most in their words, in
    its names before its keywords."""
    keywords: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    for candidate in CandidateTheme.objects.filter(run=run, theme__isnull=False):
        words = " ".join([*candidate.keywords_en, *candidate.keywords_fr])
        theme = candidate.theme
        if theme is not None:
            keywords.setdefault(theme.code, set()).update(_words_of(words))
            names.setdefault(theme.code, set()).update(_words_of(theme.name_en, theme.name_fr))
    places: dict[str, list[dict[str, Any]]] = {}
    for commitment in content.ours("pages/findings.toml")["commitment"]:
        wanted = {word.casefold() for word in commitment["words"]}
        shared = {
            code: (len(wanted & names[code]), len(wanted & words))
            for code, words in keywords.items()
        }
        code = max(shared, key=lambda each: shared[each])
        if any(shared[code]):
            places.setdefault(code, []).append(commitment)
    return places


def _words_of(*texts: str) -> set[str]:
    """Single words; what is before an apostrophe is a word of its own."""
    return set(_A_WORD.findall(" ".join(texts).casefold()))


def _where_languages_differ(numbers: Numbers, language: Language) -> str:
    """On which themes the two languages differ more than chance would have it, by the report."""
    words = content.ours("pages/findings.toml")[language]["differ"]
    found = []
    for theme in numbers.top_themes:
        said = numbers.comparison(theme)
        if said is not None and said.is_clear:
            more = "more_in_fr" if said.difference > 0 else "more_in_en"
            found.append(words[more].format(theme=lower_first(theme.name(language))))
    kind = "many" if len(found) > 1 else "one" if found else "none"
    n = IN_WORDS[language][len(found)].lower() if len(found) < len(IN_WORDS[language]) else ""
    return str(words[kind].format(themes="; ".join(found), n=n or len(found)))


def _put_words(page: FindingsPage, places: Mapping[str, list[dict[str, Any]]]) -> None:
    """What people write around the numbers of a report, in the language of the page."""
    language: Language = "fr" if page.language == "fr" else "en"
    words = content.ours("pages/findings.toml")[language]
    page.title, page.lead = words["title"], words["lead"]
    page.search_description = words["lead"]
    differ = _where_languages_differ(page.numbers, language)
    page.summary = _paragraphs(text.replace("{differ}", differ) for text in words["summary"])
    page.not_decided = _paragraphs([words["not_decided"]])
    page.method_note = _paragraphs([words["method_note"]])
    page.thanks = words["thanks"]
    today = timezone.localdate()
    for block in page.themes:
        promised = block.value["commitments"]
        for commitment in places.get(block.value["code"], ()):
            promised.append(
                promised.list_block.child_block.to_python(
                    {
                        "text": commitment[f"text_{language}"],
                        "owner": commitment[f"owner_{language}"],
                        "due_on": (today + timedelta(days=commitment["days"])).isoformat(),
                    }
                )
            )
