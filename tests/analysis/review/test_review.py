"""What people decide about a codebook, and that nothing the machine does undoes it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from analysis.review.enums import ReviewAction, Source, ThemeStatus
from analysis.review.models import (
    AnalysisRun,
    Assignment,
    CandidateTheme,
    Passage,
    ReviewEvent,
    Theme,
)
from analysis.review.selectors.desk import details_of, review_for
from analysis.review.selectors.findings import findings_for
from analysis.review.selectors.passages import passages_of
from analysis.review.selectors.quotes import quotes_by_id
from analysis.review.services.codebook import (
    NamesMissing,
    ReviewConflict,
    ReviewRefused,
    candidate_accept,
    candidate_dismiss,
    candidate_merge,
    candidates_accept,
    passages_move,
    theme_define,
    theme_dismiss,
    theme_merge,
    theme_rename,
    theme_restore,
    theme_update_from,
)
from feedback.answering.models import Answer
from feedback.answering.references import withdrawal_code
from feedback.answering.services.withdrawals import response_withdraw
from feedback.asking.models import Question
from feedback.bilingual import Language
from tests.factories import (
    make_comments,
    make_engagement,
    make_questionnaire,
    make_result,
    make_run,
    make_user,
)

pytestmark = pytest.mark.django_db

# Positions 0 to 5 are English, 6 to 9 French.
GROUPS = {"T1": [0, 1, 6], "T1.1": [2, 7], "T2": [3, 8]}


@pytest.fixture
def question() -> Question:
    return make_questionnaire(make_engagement()).questions.get(code="change")


@pytest.fixture
def answers(question: Question) -> list[Answer]:
    texts = [(f"Remark number {n} about the counter.", Language.EN) for n in range(6)]
    texts += [(f"Remarque numéro {n} sur le comptoir.", Language.FR) for n in range(6, 10)]
    return make_comments(question, texts)


@pytest.fixture
def run(question: Question, answers: list[Answer]) -> AnalysisRun:
    return make_run(question, make_result(answers, GROUPS))


@pytest.fixture
def user(question: Question) -> Any:
    return make_user()


def proposal(run: AnalysisRun, code: str) -> CandidateTheme:
    return CandidateTheme.objects.select_related("run", "resembles").get(run=run, code=code)


def rerun(question: Question, answers: list[Answer], groups: dict[str, list[int]]) -> AnalysisRun:
    return make_run(question, make_result(answers, groups))


def counted(question: Question) -> dict[str, int]:
    """Respondents by the English name of each theme."""
    return {theme.name_en: theme.respondents for theme in findings_for(question).themes}


def said_by_the_machine() -> list[dict[str, Any]]:
    return list(Assignment.objects.of_machine().order_by("pk").values())


def withdraw(answer: Answer) -> None:
    response = answer.response
    response_withdraw(reference=response.reference, code=withdrawal_code(response.receipt_key))


# --- Accepting


def test_an_accepted_proposal_is_a_theme_with_its_passages(
    question: Question, answers: list[Answer], run: AnalysisRun, user: Any
) -> None:
    before = said_by_the_machine()
    theme = candidate_accept(candidate=proposal(run, "T1"), user=user)
    assert (theme.code, theme.name_en, theme.name_fr) == ("C1", "Proposal T1", "Proposition T1")
    assert theme.definition_fr == "Sur T1."
    placed = Assignment.objects.in_codebook()
    assert {row.passage.answer_id for row in placed} == {answers[at].pk for at in (0, 1, 2, 6, 7)}
    assert {(row.source, row.run_id) for row in placed} == {(Source.MACHINE, run.pk)}
    assert said_by_the_machine() == before
    event = ReviewEvent.objects.get()
    assert (event.action, event.actor, event.theme) == (ReviewAction.ACCEPT, user, theme)


def test_a_part_accepted_after_its_theme_takes_its_passages_along(
    question: Question, run: AnalysisRun, user: Any
) -> None:
    top = candidate_accept(candidate=proposal(run, "T1"), user=user)
    part = candidate_accept(candidate=proposal(run, "T1.1"), user=user)
    assert part.parent == top
    assert part.assignments.count() == 2
    assert counted(question) == {"Proposal T1": 5, "Proposal T1.1": 2}


def test_a_part_accepted_before_its_theme_ends_below_it(
    question: Question, run: AnalysisRun, user: Any
) -> None:
    part = candidate_accept(candidate=proposal(run, "T1.1"), user=user)
    assert part.parent is None
    top = candidate_accept(candidate=proposal(run, "T1"), user=user)
    part.refresh_from_db()
    assert part.parent == top
    assert counted(question) == {"Proposal T1": 5, "Proposal T1.1": 2}


def test_many_are_accepted_at_once_and_decided_ones_left_alone(
    question: Question, run: AnalysisRun, user: Any
) -> None:
    candidate_accept(candidate=proposal(run, "T2"), user=user)
    themes = candidates_accept(candidates=list(run.candidates.all()[::-1]), user=user)
    assert [theme.name_en for theme in themes] == ["Proposal T1", "Proposal T1.1"]
    assert themes[1].parent == themes[0]
    assert Theme.objects.count() == 3


def test_a_proposal_is_decided_once(run: AnalysisRun, user: Any) -> None:
    stale = proposal(run, "T1")
    candidate_accept(candidate=proposal(run, "T1"), user=user)
    for decide in (candidate_accept, candidate_dismiss):
        with pytest.raises(ReviewConflict):
            decide(candidate=stale, user=user)
    assert Theme.objects.count() == 1


# --- Naming


def test_a_theme_is_renamed_in_both_languages_or_not_at_all(run: AnalysisRun, user: Any) -> None:
    theme = candidate_accept(candidate=proposal(run, "T1"), user=user)
    for names, missing in (
        ({"name_en": "Waiting", "name_fr": "  "}, ["name_fr"]),
        ({"name_en": "", "name_fr": "L'attente"}, ["name_en"]),
        ({"name_en": "W" * 121, "name_fr": "L'attente"}, ["name_en"]),
    ):
        with pytest.raises(NamesMissing) as refused:
            theme_rename(theme=theme, version=1, user=user, **names)
        assert refused.value.fields == missing
    renamed = theme_rename(
        theme=theme, name_en=" Waiting  long ", name_fr="L'attente", version=1, user=user
    )
    assert (renamed.name_en, renamed.name_fr, renamed.version) == ("Waiting long", "L'attente", 2)
    event = ReviewEvent.objects.filter(action=ReviewAction.RENAME).get()
    assert event.before["name_fr"] == "Proposition T1"
    assert event.after["name_fr"] == "L'attente"


def test_a_second_reviewer_sees_the_conflict_and_overwrites_nothing(
    run: AnalysisRun, user: Any
) -> None:
    theme = candidate_accept(candidate=proposal(run, "T1"), user=user)
    other = candidate_accept(candidate=proposal(run, "T2"), user=user)
    theme_rename(theme=theme, name_en="First", name_fr="Premier", version=1, user=user)
    for decide in (
        lambda: theme_rename(theme=theme, name_en="X", name_fr="X", version=1, user=make_user()),
        lambda: theme_define(
            theme=theme, definition_en="X", definition_fr="X", version=1, user=user
        ),
        lambda: theme_merge(theme=theme, into=other, version=1, user=user),
        lambda: theme_dismiss(theme=theme, version=1, user=user),
    ):
        with pytest.raises(ReviewConflict):
            decide()
    theme.refresh_from_db()
    assert (theme.name_en, theme.status, theme.version) == ("First", ThemeStatus.ACCEPTED, 2)


def test_a_definition_is_in_both_languages_or_in_neither(run: AnalysisRun, user: Any) -> None:
    theme = candidate_accept(candidate=proposal(run, "T1"), user=user)
    with pytest.raises(NamesMissing) as refused:
        theme_define(
            theme=theme,
            definition_en="Standing in line.",
            definition_fr="",
            excludes_fr="Le téléphone.",
            version=1,
            user=user,
        )
    assert refused.value.fields == ["definition_fr", "excludes_en"]
    theme_define(
        theme=theme,
        definition_en="Standing in line.",
        definition_fr="Faire la file.",
        version=1,
        user=user,
    )
    assert findings_for(theme.question).themes[0].definition_fr == "Faire la file."


# --- Merging, dismissing, restoring


def test_a_merged_theme_counts_in_its_target_until_it_is_restored(
    question: Question, run: AnalysisRun, user: Any
) -> None:
    candidates_accept(candidates=run.candidates.all(), user=user)
    one, part, two = Theme.objects.order_by("name_en")
    theme_merge(theme=one, into=two, version=1, user=user)
    assert counted(question) == {"Proposal T2": 7, "Proposal T1.1": 2}
    part.refresh_from_db()
    assert part.parent == two
    one.refresh_from_db()
    assert (one.status, one.merged_into) == (ThemeStatus.MERGED, two)
    theme_restore(theme=one, version=2, user=user)
    assert counted(question)["Proposal T1"] == 3


def test_merges_that_make_no_sense_are_refused(run: AnalysisRun, user: Any) -> None:
    candidates_accept(candidates=run.candidates.all(), user=user)
    one, part, two = Theme.objects.order_by("name_en")
    elsewhere = make_questionnaire().questions.get(code="change")
    foreign = Theme.objects.create(
        question=elsewhere, code="C1", name_en="X", name_fr="X", created_by=user, origin="human"
    )
    theme_dismiss(theme=two, version=1, user=user)
    for target in (one, part, two, foreign):
        with pytest.raises(ReviewRefused):
            theme_merge(theme=one, into=target, version=1, user=user)


def test_a_proposal_merged_into_a_theme_adds_its_passages(
    question: Question, run: AnalysisRun, user: Any
) -> None:
    theme = candidate_accept(candidate=proposal(run, "T1"), user=user)
    candidate_merge(candidate=proposal(run, "T2"), into=theme, user=user)
    assert counted(question) == {"Proposal T1": 7}
    theme.refresh_from_db()
    assert theme.name_en == "Proposal T1"
    with pytest.raises(ReviewConflict):
        candidate_accept(candidate=proposal(run, "T2"), user=user)


def test_a_part_merged_elsewhere_leaves_the_theme_it_was_part_of(
    question: Question, run: AnalysisRun, user: Any
) -> None:
    candidate_accept(candidate=proposal(run, "T1"), user=user)
    two = candidate_accept(candidate=proposal(run, "T2"), user=user)
    candidate_merge(candidate=proposal(run, "T1.1"), into=two, user=user)
    assert counted(question) == {"Proposal T2": 4, "Proposal T1": 3}


def test_a_dismissed_proposal_counts_nowhere_and_can_be_restored(
    question: Question, run: AnalysisRun, user: Any
) -> None:
    theme = candidate_dismiss(candidate=proposal(run, "T2"), user=user)
    findings = findings_for(question)
    assert findings.themes == ()
    assert findings.unthemed["dismissed"] == 2
    theme_restore(theme=theme, version=1, user=user)
    assert counted(question) == {"Proposal T2": 2}


def test_dismissing_a_part_leaves_its_passages_with_the_theme(
    question: Question, run: AnalysisRun, user: Any
) -> None:
    candidate_dismiss(candidate=proposal(run, "T1.1"), user=user)
    candidate_accept(candidate=proposal(run, "T1"), user=user)
    assert counted(question) == {"Proposal T1": 5}


def test_the_parts_of_a_dismissed_theme_stand_by_themselves(
    question: Question, run: AnalysisRun, user: Any
) -> None:
    candidates_accept(candidates=run.candidates.all(), user=user)
    theme_dismiss(theme=Theme.objects.get(name_en="Proposal T1"), version=1, user=user)
    assert counted(question) == {"Proposal T2": 2, "Proposal T1.1": 2}
    assert all(theme.parent is None for theme in findings_for(question).themes)


# --- One passage


def test_a_passage_a_person_moved_stays_where_they_put_it(
    question: Question, answers: list[Answer], run: AnalysisRun, user: Any
) -> None:
    one = candidate_accept(candidate=proposal(run, "T1"), user=user)
    two = candidate_accept(candidate=proposal(run, "T2"), user=user)
    passage = Passage.objects.get(answer=answers[0])
    before = said_by_the_machine()
    assert passages_move(passages=[passage], into=two, user=user) == 1
    row = Assignment.objects.in_codebook().get(passage=passage)
    assert (row.source, row.decided_by) == (Source.HUMAN, user)
    assert counted(question) == {"Proposal T1": 4, "Proposal T2": 3}
    assert said_by_the_machine() == before
    event = ReviewEvent.objects.get(action=ReviewAction.MOVE)
    assert (event.before["theme"], event.after["theme"]) == (one.code, two.code)

    again = rerun(question, answers, GROUPS)
    theme_update_from(theme=one, candidate=proposal(again, "T1"), user=user)
    assert counted(question) == {"Proposal T1": 4, "Proposal T2": 3}


def test_a_passage_put_in_no_theme_stays_out(
    question: Question, answers: list[Answer], run: AnalysisRun, user: Any
) -> None:
    passages_move(passages=[Passage.objects.get(answer=answers[3])], into=None, user=user)
    candidate_accept(candidate=proposal(run, "T2"), user=user)
    assert counted(question) == {"Proposal T2": 1}
    assert findings_for(question).unthemed["fits_no_theme"] == 4


# --- Running again


def test_rerun_keeps_the_theme_an_analyst_renamed(
    question: Question, answers: list[Answer], run: AnalysisRun, user: Any
) -> None:
    theme = candidate_accept(candidate=proposal(run, "T1"), user=user)
    theme_rename(theme=theme, name_en="Waiting", name_fr="L'attente", version=1, user=user)
    before = list(Theme.objects.values()), list(Assignment.objects.in_codebook().values())
    again = rerun(question, answers, {"T1": [0, 1, 2, 6, 7, 4], "T2": [3, 8]})
    assert (list(Theme.objects.values()), list(Assignment.objects.in_codebook().values())) == before

    found = proposal(again, "T1")
    assert found.resembles == theme
    assert found.resemblance == pytest.approx(5 / 6)
    review = review_for(question)
    assert [node.pk for node in review.known] == [found.pk]
    assert found.pk not in [node.pk for node in review.proposals]
    theme_update_from(theme=theme, candidate=found, user=user)
    assert counted(question) == {"Waiting": 6}


def test_rerun_recognises_a_merged_theme_by_what_it_was(
    question: Question, answers: list[Answer], run: AnalysisRun, user: Any
) -> None:
    candidates_accept(candidates=run.candidates.filter(parent_code=""), user=user)
    one, two = Theme.objects.order_by("name_en")
    theme_merge(theme=two, into=one, version=1, user=user)
    again = rerun(question, answers, GROUPS)
    assert proposal(again, "T2").resembles == one
    assert Theme.objects.get(pk=two.pk).status == ThemeStatus.MERGED
    assert counted(question) == {"Proposal T1": 7}


def test_rerun_recognises_what_was_dismissed_and_a_person_decides_again(
    question: Question, answers: list[Answer], run: AnalysisRun, user: Any
) -> None:
    theme = candidate_dismiss(candidate=proposal(run, "T2"), user=user)
    again = rerun(question, answers, GROUPS)
    review = review_for(question)
    assert [node.name_en for node in review.dismissed_before] == ["Proposal T2"]
    assert candidate_dismiss(candidate=proposal(again, "T2"), user=user) == theme
    assert Theme.objects.count() == 1
    third = rerun(question, answers, GROUPS)
    accepted = candidate_accept(candidate=proposal(third, "T2"), user=user)
    assert accepted != theme
    assert counted(question) == {"Proposal T2": 2}


def test_an_unlike_proposal_is_new(
    question: Question, answers: list[Answer], run: AnalysisRun, user: Any
) -> None:
    candidate_accept(candidate=proposal(run, "T1"), user=user)
    again = rerun(question, answers, {"T1": [0, 3, 4, 5]})
    assert proposal(again, "T1").resembles is None


# --- What the database keeps


def test_the_history_can_be_neither_changed_nor_deleted(run: AnalysisRun, user: Any) -> None:
    candidate_accept(candidate=proposal(run, "T1"), user=user)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReviewEvent.objects.update(after={})
    with pytest.raises(DatabaseError), transaction.atomic():
        ReviewEvent.objects.all().delete()
    assert ReviewEvent.objects.count() == 1


def test_a_refused_decision_leaves_no_trace(run: AnalysisRun, user: Any) -> None:
    theme = candidate_accept(candidate=proposal(run, "T1"), user=user)
    with pytest.raises(NamesMissing):
        theme_rename(theme=theme, name_en="", name_fr="", version=1, user=user)
    assert ReviewEvent.objects.count() == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"name_fr": ""},
        {"status": ThemeStatus.MERGED},
        {"code": "C1"},
    ],
    ids=["one language", "merged into nothing", "code twice"],
)
def test_the_database_refuses_a_theme_that_cannot_be(
    question: Question, run: AnalysisRun, user: Any, broken: dict[str, str]
) -> None:
    candidate_accept(candidate=proposal(run, "T1"), user=user)
    fields = {"code": "C2", "name_en": "A", "name_fr": "B", "origin": "human", **broken}
    with pytest.raises(IntegrityError), transaction.atomic():
        Theme.objects.create(question=question, created_by=user, **fields)


def test_the_database_refuses_a_theme_merged_into_itself(run: AnalysisRun, user: Any) -> None:
    theme = candidate_accept(candidate=proposal(run, "T1"), user=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Theme.objects.filter(pk=theme.pk).update(status=ThemeStatus.MERGED, merged_into_id=theme.pk)


def test_the_database_keeps_a_passage_in_one_theme_and_one_place_a_run(
    question: Question, run: AnalysisRun, user: Any
) -> None:
    theme = candidate_accept(candidate=proposal(run, "T1"), user=user)
    passage = Passage.objects.filter(assignments__theme=theme).first()
    assert passage is not None
    other = candidate_accept(candidate=proposal(run, "T2"), user=user)
    for fields in (
        {"theme": other, "source": Source.HUMAN, "decided_by": user},
        {"run": run, "source": Source.MACHINE, "reason": "fits_no_theme"},
        {"theme": other, "candidate": proposal(run, "T2"), "run": run, "source": Source.MACHINE},
        {"source": Source.HUMAN, "theme": other},
        {"run": run, "source": Source.MACHINE, "score": 1.1, "reason": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Assignment.objects.create(passage=passage, **fields)


# --- What is read


def test_the_numbers_of_the_findings_add_up(
    question: Question, answers: list[Answer], user: Any
) -> None:
    run = make_run(
        question, make_result(answers, GROUPS, campaigns={"L1": [0, 1, 4], "L2": [5, 9]})
    )
    candidate_accept(candidate=proposal(run, "T1"), user=user)
    late = make_comments(question, [("Something later.", Language.EN)])
    findings = findings_for(question)
    assert findings.with_text == len(answers) + len(late) == findings.responses
    assert findings.in_themes == 5
    assert findings.unthemed == {"not_reviewed": 2, "fits_no_theme": 3, "not_analysed": 1}
    assert findings.in_themes + sum(findings.unthemed.values()) == findings.with_text
    theme = findings.themes[0]
    assert theme.by_language == {"en": 3, "fr": 2}
    assert findings.with_text_languages == {"en": 7, "fr": 4}
    assert theme.share == pytest.approx(5 / 11)
    assert theme.in_letters == 2
    assert [(c.code, c.letters, c.text) for c in findings.campaigns] == [
        ("L1", 3, answers[0].text),
        ("L2", 2, answers[5].text),
    ]
    assert findings.letters == 5
    assert findings.run_id == run.pk
    quotes = quotes_by_id(theme.quote_ids)
    assert {quote.language for quote in quotes.values()} == {"en", "fr"}
    assert {quote.text for quote in quotes.values()} <= {answer.text for answer in answers}


def test_withdrawing_leaves_every_count_and_every_quote(
    question: Question, answers: list[Answer], user: Any
) -> None:
    run = make_run(question, make_result(answers, GROUPS, campaigns={"L1": [0, 1]}))
    candidate_accept(candidate=proposal(run, "T1"), user=user)
    quotes = findings_for(question).themes[0].quote_ids
    quoted = {p.pk: p for p in Passage.objects.filter(pk__in=quotes)}
    gone = next(p for p in quoted.values() if p.answer_id == answers[0].pk)
    withdraw(answers[0])
    findings = findings_for(question)
    assert findings.with_text == len(answers) - 1
    assert findings.themes[0].respondents == 4
    assert findings.campaigns == ()
    assert gone.pk not in quotes_by_id(quotes)
    assert gone.pk not in findings.themes[0].quote_ids
    review = review_for(question)
    assert review.themes[0].respondents == 4
    assert ReviewEvent.objects.count() == 1


def test_the_desk_shows_what_is_to_decide(
    question: Question, answers: list[Answer], run: AnalysisRun, user: Any
) -> None:
    theme = candidate_accept(candidate=proposal(run, "T2"), user=user)
    review = review_for(question)
    assert [node.name_en for node in review.themes] == ["Proposal T2"]
    assert [(n.name_en, n.depth, n.respondents) for n in review.proposals] == [
        ("Proposal T1", 0, 5),
        ("Proposal T1.1", 1, 2),
    ]
    assert review.proposals[0].languages == {"en": 3, "fr": 2}
    assert (review.coverage.in_themes, review.coverage.in_none) == (2, 3)
    node = review.node(f"t{theme.pk}")
    assert node is not None
    details = details_of(review, node)
    assert details.candidate is not None
    assert details.candidate.keywords_fr == ["attente", "comptoir"]
    assert [line.event.action for line in details.history] == [ReviewAction.ACCEPT]


def test_passages_come_least_certain_first_a_page_at_a_time(
    question: Question, answers: list[Answer], run: AnalysisRun, user: Any
) -> None:
    theme = candidate_accept(candidate=proposal(run, "T1"), user=user)
    seen, after = [], ""
    while True:
        page = passages_of(question, run, theme, after=after, limit=2)
        seen += list(page.passages)
        after = page.after
        if not after:
            break
    assert [view.text for view in seen] == [answers[at].text for at in (0, 1, 2, 6, 7)]
    assert [view.score for view in seen] == sorted(view.score for view in seen)
    assert (page.total, page.languages) == (5, {"en": 3, "fr": 2})
    french = passages_of(question, run, theme, language="fr")
    assert [view.text for view in french.passages] == [answers[at].text for at in (6, 7)]
    rest = passages_of(question, run, None)
    assert {view.text for view in rest.passages} == {answers[at].text for at in (4, 5, 9)}


def test_copies_of_a_letter_are_listed_once_with_their_number(
    question: Question, user: Any
) -> None:
    letter = "Please keep the counter in Kettle Harbour open five days a week."
    answers = make_comments(question, [(letter, Language.EN)] * 3 + [("Mine.", Language.EN)])
    run = make_run(question, make_result(answers, {"T1": [0, 1, 2, 3]}, campaigns={"L": [0, 1, 2]}))
    page = passages_of(question, run, proposal(run, "T1"))
    assert [(view.text, view.letters) for view in page.passages] == [(letter, 3), ("Mine.", 0)]
    assert (page.total, page.letters) == (4, 3)
