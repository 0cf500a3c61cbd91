"""The review desk over HTTP: who may, what each form does, what is said when it cannot."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from analysis.pipeline import Language as PipelineLanguage
from analysis.review.enums import RunError, RunStatus, Source, ThemeStatus
from analysis.review.models import AnalysisRun, Assignment, CandidateTheme, Passage, Theme
from analysis.review.services.codebook import candidate_accept, candidates_accept, passages_move
from feedback.answering.models import Answer
from feedback.answering.references import withdrawal_code
from feedback.answering.services.withdrawals import response_withdraw
from feedback.asking.models import Question
from feedback.bilingual import Language
from feedback.people.enums import Role
from feedback.people.models import Department
from feedback.people.table import Action, roles_for
from tests.analysis.review.conftest import address
from tests.factories import (
    make_comments,
    make_department,
    make_engagement,
    make_questionnaire,
    make_result,
    make_run,
    make_superuser,
    make_user,
)

pytestmark = pytest.mark.django_db

GROUPS = {"T1": [0, 1, 6], "T1.1": [2, 7], "T2": [3, 8]}
LETTER = "<script>alert('x')</script> & a \N{RIGHT-TO-LEFT OVERRIDE}remark"


@pytest.fixture
def question(department: Department) -> Question:
    return make_questionnaire(make_engagement(department)).questions.get(code="change")


@pytest.fixture
def answers(question: Question) -> list[Answer]:
    texts = [(f"Remark number {n} about the counter.", Language.EN) for n in range(5)]
    texts += [(LETTER, Language.EN)]
    texts += [(f"Remarque numéro {n} sur le comptoir.", Language.FR) for n in range(6, 10)]
    return make_comments(question, texts)


@pytest.fixture
def run(question: Question, answers: list[Answer]) -> AnalysisRun:
    return make_run(question, make_result(answers, GROUPS))


def proposal(code: str) -> CandidateTheme:
    return CandidateTheme.objects.select_related("run").get(code=code)


def said(response: Any) -> list[str]:
    return [message.level_tag for message in get_messages(response.wsgi_request)]


def addresses(question: Question) -> list[tuple[str, str]]:
    """Every address about a question, and the method it takes."""
    run = make_run(question, status=RunStatus.FAILED)
    return [
        ("get", address(question)),
        ("get", address(question, "runs")),
        ("post", address(question, "runs")),
        ("get", address(question, "run", run.pk)),
        ("get", address(question, "run_state")),
        ("post", address(question, "accept")),
        ("post", address(question, "candidate", 1)),
        ("post", address(question, "theme", 1)),
        ("post", address(question, "passages")),
        ("post", address(question, "themes")),
    ]


# --- Who may


def test_strangers_are_sent_to_sign_in_and_back(client: Client, question: Question) -> None:
    for method, path in [*addresses(question), ("get", reverse("review:index"))]:
        response = getattr(client, method)(path)
        assert response.status_code == 302, path
        assert response.url.startswith(reverse("account_login") + "?next=/staff/review/")


def test_another_department_finds_nothing(client: Client, question: Question) -> None:
    client.force_login(make_user(make_department(), *Role))
    for method, path in addresses(question):
        assert getattr(client, method)(path).status_code == 404, path
    assert question.text_en not in client.get(reverse("review:index")).content.decode()


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.APPROVER])
def test_authors_and_approvers_read_and_do_not_decide(
    client: Client, department: Department, question: Question, run: AnalysisRun, role: Role
) -> None:
    client.force_login(make_user(department, role))
    for method, path in addresses(question):
        assert getattr(client, method)(path).status_code == (200 if method == "get" else 403)
    html = client.get(address(question)).content.decode()
    assert 'value="accept"' not in html
    assert 'name="into"' not in html
    assert not Theme.objects.exists()


def test_an_administrator_may_decide(client: Client, question: Question, run: AnalysisRun) -> None:
    client.force_login(make_superuser())
    client.post(address(question, "candidate", proposal("T1").pk), {"action": "accept"})
    assert Theme.objects.count() == 1


def test_the_wrong_method_is_refused(desk: Client, question: Question) -> None:
    for method, path in addresses(question):
        if path == address(question, "runs"):
            assert desk.put(path).status_code == 405
        else:
            other = "post" if method == "get" else "get"
            assert getattr(desk, other)(path).status_code == 405, path


def test_a_session_that_ended_sends_the_whole_page_to_sign_in(
    client: Client, question: Question, run: AnalysisRun
) -> None:
    path = address(question, "candidate", proposal("T1").pk)
    response = client.post(path, {"action": "accept"}, headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response.headers["HX-Redirect"].startswith(reverse("account_login"))


def test_what_is_not_there_is_not_found(desk: Client, question: Question, run: AnalysisRun) -> None:
    closed = question.questionnaire.questions.get(code="ease")
    elsewhere = make_questionnaire().questions.get(code="change")
    foreign = make_comments(elsewhere, [("Elsewhere.", Language.EN)])
    other = make_run(elsewhere, make_result(foreign, {"T1": [0]}))
    passage = Passage.objects.get(answer=foreign[0])
    for path in (
        address(closed),
        address(question, "run", other.pk),
        address(question).replace("change", "nothing"),
    ):
        assert desk.get(path).status_code == 404
    for path, data in (
        (address(question, "candidate", other.candidates.get().pk), {"action": "accept"}),
        (address(question, "candidate", proposal_pk(run)), {"action": "explode"}),
        (address(question, "runs"), {"repeat": str(other.pk)}),
    ):
        assert desk.post(path, data).status_code == 404, path
    # Passages of another question are none to move, and none to make a theme of.
    foreign_tick = {"passage": f"{passage.pk}:none", "into": "none"}
    assert desk.post(address(question, "passages"), foreign_tick).status_code == 422
    desk.post(address(question, "themes"), {**foreign_tick, "name_en": "X", "name_fr": "Y"})
    assert not Assignment.objects.in_codebook().exists()


def proposal_pk(run: AnalysisRun) -> int:
    return run.candidates.get(code="T1").pk


# --- Reading


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_desk_is_whole_in_both_languages(
    desk: Client, question: Question, run: AnalysisRun, analyst: Any, language: str
) -> None:
    candidates_accept(candidates=run.candidates.filter(code="T1"), user=analyst)
    desk.cookies["language"] = language
    for group in ("", f"c{proposal('T2').pk}", f"t{Theme.objects.get().pk}", "none", "nonsense"):
        response = desk.get(address(question), {"group": group})
        html = response.content.decode()
        assert response.status_code == 200
        assert f'<html lang="{language}"' in html
        assert getattr(Theme.objects.get(), f"name_{language}") in html
        assert getattr(proposal("T2"), f"name_{language}") in html
        assert "<script>alert" not in html
        assert " style=" not in html
        assert "onclick" not in html
    assert "&lt;script&gt;alert" in desk.get(address(question), {"group": "none"}).content.decode()
    for path in (address(question, "runs"), address(question, "run", run.pk)):
        assert desk.get(path).status_code == 200
    assert question.text in desk.get(reverse("review:index")).content.decode()


def test_htmx_gets_the_desk_alone_and_history_the_whole_page(
    desk: Client, question: Question, run: AnalysisRun
) -> None:
    part = desk.get(address(question), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="desk"' in part
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in desk.get(address(question), headers=back).content.decode()


def test_passages_can_be_narrowed_and_paged(
    desk: Client, question: Question, run: AnalysisRun
) -> None:
    group = f"c{proposal('T1').pk}"

    def listed(**query: str) -> str:
        html = desk.get(address(question), {"group": group, **query}).content.decode()
        return html[html.index('id="col-passages"') : html.index('id="col-details"')]

    assert "Remark number 0" in listed(language="en")
    assert "Remarque numéro 6" not in listed(language="en")
    assert "Remark number 0" not in listed(after="0.6:1")
    for nonsense in ("x:y", "nan", "1e999:1", ":", "0.5:" + "9" * 40):
        assert desk.get(address(question), {"after": nonsense}).status_code == 200


# --- Deciding


def test_a_proposal_is_accepted_and_the_next_one_shown(
    desk: Client, question: Question, run: AnalysisRun
) -> None:
    response = desk.post(address(question, "candidate", proposal("T1").pk), {"action": "accept"})
    assert response.status_code == 303
    assert response.url == address(question) + f"?group=c{proposal('T1.1').pk}"
    assert Theme.objects.get().name_en == "Proposal T1"
    assert said(response) == ["success"]


def test_proposals_are_accepted_in_one_go(
    desk: Client, question: Question, run: AnalysisRun
) -> None:
    assert said(desk.post(address(question, "accept"), {})) == ["error"]
    desk.post(address(question, "accept"), {"proposal": [proposal("T2").pk, "x", "999999"]})
    assert [theme.name_en for theme in Theme.objects.all()] == ["Proposal T2"]
    desk.post(address(question, "accept"), {"all": "1"})
    assert Theme.objects.count() == 3


def test_a_proposal_decided_by_someone_else_is_a_conflict(
    desk: Client, question: Question, run: AnalysisRun
) -> None:
    candidate_accept(candidate=proposal("T1"), user=make_user())
    response = desk.post(address(question, "candidate", proposal("T1").pk), {"action": "dismiss"})
    assert response.status_code == 409
    assert 'role="alert"' in response.content.decode()
    assert Theme.objects.get().status == ThemeStatus.ACCEPTED


def test_a_name_missing_in_one_language_keeps_what_was_typed(
    desk: Client, question: Question, run: AnalysisRun, analyst: Any
) -> None:
    theme = candidate_accept(candidate=proposal("T1"), user=analyst)
    path = address(question, "theme", theme.pk)
    typed = {"action": "rename", "name_en": "Long waits & lines", "name_fr": " ", "version": "1"}
    response = desk.post(path, typed)
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="Long waits &amp; lines"' in html
    assert 'href="#f-name_fr"' in html
    assert '<details class="form" id="rename" open>' in html
    theme.refresh_from_db()
    assert theme.name_en == "Proposal T1"

    response = desk.post(path, {**typed, "name_fr": "L'attente"})
    assert response.status_code == 303
    theme.refresh_from_db()
    assert (theme.name_en, theme.name_fr) == ("Long waits & lines", "L'attente")


def test_the_second_of_two_reviewers_sees_the_first_ones_name(
    desk: Client, question: Question, run: AnalysisRun, analyst: Any
) -> None:
    theme = candidate_accept(candidate=proposal("T1"), user=analyst)
    path = address(question, "theme", theme.pk)
    first = {"action": "rename", "name_en": "First", "name_fr": "Premier", "version": "1"}
    assert desk.post(path, first).status_code == 303
    response = desk.post(path, {**first, "name_en": "Second", "name_fr": "Deuxième"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "First" in html
    assert 'value="Second"' in html
    assert 'name="version" value="2"' in html
    # Both texts, in both languages.
    shown = [(each.language, each.theirs, each.mine) for each in response.context["compared"]]
    assert shown == [("en", "First", "Second"), ("fr", "Premier", "Deuxième")]
    theme.refresh_from_db()
    assert theme.name_en == "First"
    for version in ("", "x", "-1", "9" * 30):
        assert desk.post(path, {**first, "version": version}).status_code == 409


def test_themes_are_merged_dismissed_and_restored(
    desk: Client, question: Question, run: AnalysisRun, analyst: Any
) -> None:
    one, two = candidates_accept(candidates=run.candidates.filter(parent_code=""), user=analyst)
    path = address(question, "theme", one.pk)
    assert desk.post(path, {"action": "merge", "version": "1"}).status_code == 422
    response = desk.post(path, {"action": "merge", "into": str(two.pk), "version": "1"})
    assert response.url == address(question) + f"?group=t{two.pk}"
    one.refresh_from_db()
    assert one.merged_into == two
    assert (
        'value="restore"' in desk.get(address(question), {"group": f"t{one.pk}"}).content.decode()
    )
    desk.post(path, {"action": "restore", "version": "2"})
    desk.post(path, {"action": "dismiss", "version": "3"})
    one.refresh_from_db()
    assert (one.status, one.merged_into) == (ThemeStatus.DISMISSED, None)


def test_a_definition_is_saved_from_the_desk(
    desk: Client, question: Question, run: AnalysisRun, analyst: Any
) -> None:
    theme = candidate_accept(candidate=proposal("T1"), user=analyst)
    path = address(question, "theme", theme.pk)
    half = {"action": "define", "version": "1", "definition_en": "Lines.", "definition_fr": ""}
    response = desk.post(path, half)
    assert response.status_code == 422
    assert ">Lines.</textarea>" in response.content.decode()
    assert not response.context["details"].is_defined, "what the machine counted is no definition"
    assert desk.post(path, {**half, "definition_fr": "La file."}).status_code == 303
    theme.refresh_from_db()
    assert (theme.definition_en, theme.definition_fr) == ("Lines.", "La file.")
    assert desk.get(address(question), {"group": f"t{theme.pk}"}).context["details"].is_defined


def test_a_proposal_met_before_offers_to_bring_its_theme_up_to_date(
    desk: Client, question: Question, answers: list[Answer], run: AnalysisRun, analyst: Any
) -> None:
    theme = candidate_accept(candidate=proposal("T2"), user=analyst)
    again = make_run(question, make_result(answers, {"T9": [3, 8, 9]}))
    found = again.candidates.get()
    html = desk.get(address(question), {"group": f"c{found.pk}"}).content.decode()
    assert 'value="update"' in html
    desk.post(address(question, "candidate", found.pk), {"action": "update", "into": str(theme.pk)})
    assert theme.assignments.count() == 3
    theme.refresh_from_db()
    assert theme.name_en == "Proposal T2"


def test_a_passage_is_moved_and_the_mover_stays_where_they_were(
    desk: Client, question: Question, answers: list[Answer], run: AnalysisRun, analyst: Any
) -> None:
    one, two = candidates_accept(candidates=run.candidates.filter(parent_code=""), user=analyst)
    passage = Passage.objects.get(answer=answers[0])
    path = address(question, "passages")
    tick = {"passage": f"{passage.pk}:t{one.pk}", "group": f"t{one.pk}"}
    response = desk.post(path, {**tick, "into": str(two.pk)})
    assert response.url == address(question) + f"?group=t{one.pk}"
    row = Assignment.objects.in_codebook().get(passage=passage)
    assert (row.theme, row.source, row.decided_by) == (two, Source.HUMAN, analyst)
    # Ticked again on a page that shows it where it was: somebody else's decision stands.
    refused = desk.post(path, {**tick, "into": "none"})
    assert refused.status_code == 409
    assert refused.context["ticked"] == {passage.pk}
    row.refresh_from_db()
    assert row.theme == two
    tick = {"passage": f"{passage.pk}:t{two.pk}", "group": f"t{two.pk}"}
    desk.post(path, {**tick, "into": "none"})
    assert Assignment.objects.in_codebook().get(passage=passage).theme is None
    tick = {"passage": f"{passage.pk}:none"}
    assert desk.post(path, {**tick, "into": "x"}).status_code == 422
    assert desk.post(path, {"into": str(two.pk)}).status_code == 422


# --- Runs


def test_a_run_is_asked_for_followed_and_repeated(
    desk: Client, question: Question, answers: list[Answer], analyst: Any
) -> None:
    empty = desk.get(address(question)).content.decode()
    assert f'action="{address(question, "runs")}"' in empty
    assert desk.post(address(question, "runs")).status_code == 303
    run = AnalysisRun.objects.get()
    assert (run.status, run.requested_by) == (RunStatus.QUEUED, analyst)
    assert said(desk.post(address(question, "runs")))[-1:] == ["error"]
    html = desk.get(address(question)).content.decode()
    assert 'http-equiv="refresh"' in html
    assert 'hx-trigger="every 2s"' in html

    AnalysisRun.objects.update(status=RunStatus.RUNNING, stage="embed", progress=0.4)
    state = desk.get(address(question, "run_state"), {"empty": "1"})
    assert 'value="40"' in state.content.decode()
    assert "HX-Refresh" not in state.headers

    AnalysisRun.objects.update(status=RunStatus.FAILED, error=RunError.OUT_OF_MEMORY, seed=5)
    assert "HX-Refresh" in desk.get(address(question, "run_state"), {"empty": "1"}).headers
    assert "HX-Refresh" not in desk.get(address(question, "run_state")).headers
    failed = AnalysisRun.objects.get()
    assert failed.get_error_display() in desk.get(address(question)).content.decode()
    desk.post(address(question, "runs"), {"repeat": str(failed.pk)})
    assert AnalysisRun.objects.order_by("pk").last().seed == 5  # type: ignore[union-attr]


def test_too_few_texts_are_listed_and_not_grouped(
    desk: Client, question: Question, answers: list[Answer]
) -> None:
    run = make_run(question, make_result(answers, {}))
    AnalysisRun.objects.filter(pk=run.pk).update(
        confidence={
            "level": "not_enough_to_group",
            "why": {"code": "too_few_passages", "values": {"passages": 10, "least": 20}},
            "stability": None,
        }
    )
    html = desk.get(address(question)).content.decode()
    assert "Not enough to group. Different passages with something to read: 10" in html
    assert html.count('class="pass"') == len(answers)


def test_a_run_without_groups_shows_no_measure_of_groups_that_was_never_taken(
    desk: Client, question: Question, answers: list[Answer]
) -> None:
    run = make_run(question, make_result(answers, {}))
    zeros = {"themes": 0, "language_nmi": 0.0, "level_that_fits": 0, "passages": 40}

    def shown(**tried: float) -> set[str]:
        AnalysisRun.objects.filter(pk=run.pk).update(metrics={**zeros, **tried})
        report = desk.get(address(question, "run", run.pk)).context["report"]
        return {name for name, _ in report.metrics}

    too_few = {"stability": 0.0, "separation": 0.0, "separation_by_chance": 0.0}
    assert shown(**too_few) == {"themes", "passages"}
    refused = {"stability": 0.59, "separation": 0.049, "separation_by_chance": 0.035}
    assert shown(**refused) == {"themes", "passages", *refused}
    assert "language_nmi" in shown(themes=3, **refused)


def test_a_run_that_was_repeated_says_that_it_came_out_the_same(
    desk: Client, question: Question, answers: list[Answer]
) -> None:
    first = make_run(question, make_result(answers, GROUPS))
    second = make_run(question, make_result(answers, GROUPS))
    response = desk.get(address(question, "run", second.pk))
    assert response.context["report"].same_as == [1]
    AnalysisRun.objects.filter(pk=first.pk).update(metrics={"n": 3})
    response = desk.get(address(question, "run", second.pk))
    assert (response.context["report"].same_as, response.context["report"].differing) == ([], [1])


def test_the_report_is_drafted_from_the_desk_once_there_are_themes(
    desk: Client, question: Question, run: AnalysisRun, analyst: Any
) -> None:
    draft = reverse("reporting:findings_draft", args=[question.pk])
    assert draft not in desk.get(address(question)).content.decode()
    candidate_accept(candidate=proposal("T1"), user=analyst)
    assert f'action="{draft}"' in desk.get(address(question)).content.decode()


def test_the_desk_and_the_run_count_alike(
    desk: Client, question: Question, answers: list[Answer], analyst: Any
) -> None:
    result = make_result(answers, GROUPS)
    # One whose language nobody can tell, one in another, one of two passages: French, then English.
    rows = list(result.assignments)
    rows[0] = replace(rows[0], language=PipelineLanguage.UNDETERMINED)
    rows[4] = replace(rows[4], language=PipelineLanguage.OTHER)
    at = rows[9].end - 5
    rows[9] = replace(rows[9], end=at)
    rows.append(replace(rows[9], start=at, end=at + 5, language=PipelineLanguage.EN, main=False))
    run = make_run(question, replace(result, assignments=tuple(rows)))
    candidates_accept(candidates=run.candidates.all(), user=analyst)
    seen = desk.get(address(question)).context["review"].coverage
    page = desk.get(address(question, "run", run.pk))
    told, report = page.context["run"], page.context["report"]
    assert (told.document_count, report.passages) == (seen.with_text, seen.passages) == (10, 11)
    assert told.documents_by_language == seen.languages == {"en": 5, "fr": 4, "other": 1}
    in_none = desk.get(address(question), {"group": "none"}).context["page"].total
    assert sum(node.passages for node in desk_nodes(desk, question)) + in_none == seen.passages


def desk_nodes(desk: Client, question: Question) -> list[Any]:
    review = desk.get(address(question)).context["review"]
    return [node for node in review.themes if not node.depth]


@pytest.mark.parametrize("role", sorted(roles_for(Action.SEE)))
def test_only_those_who_may_draft_the_report_are_offered_it(
    client: Client, department: Department, question: Question, run: AnalysisRun, role: Role
) -> None:
    candidate_accept(candidate=proposal("T1"), user=make_user())
    draft = reverse("reporting:findings_draft", args=[question.pk])
    client.force_login(make_user(department, role))
    is_offered = f'action="{draft}"' in client.get(address(question)).content.decode()
    assert is_offered == (client.post(draft).status_code != 403)
    assert is_offered == (role in {Role.ANALYST, Role.APPROVER})


def test_each_decision_keeps_the_question_asked_for(
    desk: Client, question: Question, answers: list[Answer], run: AnalysisRun, analyst: Any
) -> None:
    theme = candidate_accept(candidate=proposal("T1"), user=analyst)
    passage = Passage.objects.get(answer=answers[0])
    group = f"t{theme.pk}"
    shown = desk.get(address(question), {"group": group, "by": "reached"}).content.decode()
    posts = re.findall(r'<form[^>]*method="post"[^>]*action="(/staff/review/[^"]*)"', shown)
    assert len(posts) >= 6
    assert all("by=reached" in action for action in posts)
    names = {"action": "rename", "version": "1", "name_en": "Waiting", "name_fr": "L'attente"}
    for path, data in (
        (address(question, "theme", theme.pk), names),
        (address(question, "candidate", proposal("T1.1").pk), {"action": "accept"}),
        (address(question, "accept"), {}),
        (
            address(question, "passages"),
            {"passage": f"{passage.pk}:{group}", "into": "none", "group": group},
        ),
        (address(question, "runs"), {}),
    ):
        response = desk.post(f"{path}?by=reached", data)
        assert response.status_code == 303, path
        assert "by=reached" in response.url
        assert desk.get(response.url).context["chosen"].code == "reached"
    refused = desk.post(f"{address(question, 'theme', theme.pk)}?by=reached", names)
    assert refused.status_code == 409
    assert refused.context["chosen"].code == "reached"


def test_moving_a_passage_keeps_the_passages_shown(
    desk: Client, question: Question, answers: list[Answer], run: AnalysisRun, analyst: Any
) -> None:
    theme = candidate_accept(candidate=proposal("T1"), user=analyst)
    query = {"group": f"t{theme.pk}", "language": "fr", "after": "0.1:1"}
    html = desk.get(address(question), query).content.decode()
    passage = Passage.objects.get(answer=answers[6])
    action = address(question, "passages")
    query["passage"] = f"{passage.pk}:t{theme.pk}"
    assert f'action="{action}?language=fr&amp;after=0.1%3A1"' in html
    response = desk.post(f"{action}?language=fr&after=0.1%3A1", {"into": "none", **query})
    del query["passage"]
    assert dict(parse_qsl(urlsplit(response.url).query)) == query


def test_a_group_is_shown_in_peoples_words_and_where_it_ends(
    desk: Client, question: Question, answers: list[Answer], analyst: Any
) -> None:
    groups = {"T1": [0, 1, 2, 5, 6, 7], "T2": [3, 4, 8, 9]}
    run = make_run(question, make_result(answers, groups, border={"T1": [2, 7]}))
    for key in (f"c{run.candidates.get(code='T1').pk}", "t"):
        if key == "t":
            key += str(candidate_accept(candidate=run.candidates.get(code="T1"), user=analyst).pk)
        page = desk.get(address(question), {"group": key})
        quotes = page.context["quotes"]
        told = {language: [q.text for q in views] for language, views in quotes.by_language}
        # The machine's two first, then the others that are not at the border, drawn by lot;
        # hostile words are escaped.
        assert told["en"] == [answers[at].text for at in (0, 1, 5)]
        drawn = Passage.objects.filter(pk__in=page.context["quotes"].at_random)
        assert {each.answer for each in drawn} == {answers[5], answers[6]}
        assert told["fr"] == [answers[6].text]
        assert [quote.text for quote in quotes.border] == [answers[at].text for at in (2, 7)]
        html = page.content.decode()
        quoted = html[html.index('id="quoted-title"') :]
        for language in ("en", "fr"):
            at_the_border = rf'<blockquote class="{language} border"\s+lang="{language}"\s*>'
            assert len(re.findall(at_the_border, html)) == 1
        assert "&lt;script&gt;alert(" in quoted
        assert "<script>alert(" not in quoted


def test_a_quote_that_was_moved_or_withdrawn_is_not_shown(
    desk: Client, question: Question, answers: list[Answer], run: AnalysisRun, analyst: Any
) -> None:
    theme = candidate_accept(candidate=proposal("T1"), user=analyst)
    passages_move(passages=[Passage.objects.get(answer=answers[0])], into=None, user=analyst)
    response_withdraw(
        reference=answers[1].response.reference,
        code=withdrawal_code(answers[1].response.receipt_key),
    )
    quotes = desk.get(address(question), {"group": f"t{theme.pk}"}).context["quotes"]
    told = {language: [q.text for q in views] for language, views in quotes.by_language}
    assert told["en"] == [answers[2].text]
    assert set(told["fr"]) == {answers[at].text for at in (7, 6)}


def test_the_desk_costs_the_same_queries_whatever_the_number_of_answers(
    desk: Client,
    question: Question,
    answers: list[Answer],
    run: AnalysisRun,
    analyst: Any,
    django_assert_max_num_queries: Any,
) -> None:
    candidate_accept(candidate=proposal("T1"), user=analyst)
    with django_assert_max_num_queries(50):
        desk.get(address(question), {"group": f"t{Theme.objects.get().pk}"})
