"""Themes people make by hand, whatever the software could group: on every question with answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from analysis.pipeline import Confidence, Level, Reason
from analysis.pipeline.types import Language as Written
from analysis.pipeline.types import Repeat
from analysis.reasons import Why
from analysis.review.enums import ReviewAction, RunError, RunStatus, Source, ThemeStatus
from analysis.review.models import (
    AnalysisRun,
    Assignment,
    CandidateTheme,
    Passage,
    ReviewEvent,
    Theme,
)
from analysis.review.selectors.findings import findings_for
from analysis.review.services.codebook import candidate_accept, theme_create
from analysis.review.services.queue import questionnaires_closed_analyse, run_request
from feedback.answering.models import Answer
from feedback.asking.models import Question
from feedback.bilingual import Language
from feedback.people.enums import Role
from feedback.people.models import Department
from tests.analysis.review.conftest import address
from tests.analysis.review.working import no_broker, work
from tests.factories import (
    make_comments,
    make_engagement,
    make_questionnaire,
    make_result,
    make_run,
    make_user,
)

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert('x')</script> & \N{RIGHT-TO-LEFT OVERRIDE}\0remark"
TEXTS = [
    ("The counter closes before I leave work.", Language.EN),
    ("Please open in the evening, my number is 613-555-0199.", Language.EN),
    ("Le comptoir ferme trop tôt pour moi.", Language.FR),
    ("On attend une heure au téléphone.", Language.FR),
    ("The line was dropped twice.", Language.EN),
]


@pytest.fixture
def question(department: Department) -> Question:
    engagement = make_engagement(department, open=False)
    return make_questionnaire(engagement).questions.get(code="change")


@pytest.fixture
def answers(question: Question) -> list[Answer]:
    return make_comments(question, TEXTS)


def refused_run(
    question: Question, answers: list[Answer], order: Iterable[int] = (), **more: Any
) -> AnalysisRun:
    """A run that had too little to group, and the order in which its answers are read."""
    why = Why("too_few_passages", {"passages": len(answers), "least": 12})
    reasons = dict.fromkeys(range(len(answers)), Reason.NOT_ENOUGH)
    result = replace(
        make_result(answers, {}, reasons=reasons),
        confidence=Confidence(Level.NONE, why),
        order=tuple(str(answers[at].pk) for at in order),
        **more,
    )
    return make_run(question, result)


def ticks(*answers: Answer, at: str = "none") -> list[str]:
    return [f"{p.pk}:{at}" for p in Passage.objects.filter(answer__in=answers)]


def make(desk: Client, question: Question, *ticked: str, **words: str) -> Any:
    names = {"name_en": "Opening hours", "name_fr": "Heures d'ouverture"}
    return desk.post(
        address(question, "themes"), {"group": "none", "passage": list(ticked), **names, **words}
    )


# --- Never a dead end


@pytest.mark.parametrize("state", ["refused", "only read", "failed", "never run", "grouped"])
def test_whatever_a_run_could_do_a_theme_made_by_hand_leads_to_a_report(
    desk: Client, question: Question, answers: list[Answer], analyst: Any, state: str
) -> None:
    if state == "refused":
        refused_run(question, answers)
    elif state == "failed":
        make_run(question, status=RunStatus.FAILED, error=RunError.NO_EMBEDDER)
    elif state == "grouped":
        make_run(question, make_result(answers, {"T1": [0, 1, 2], "T2": [3, 4]}))
    if state in ("failed", "only read", "never run"):
        # No words are on the desk before what is private in them is masked.
        shown = desk.get(address(question)).content.decode()
        assert "evening" not in shown
        assert 'name="read"' in shown
        with no_broker():
            desk.post(address(question, "runs"), {"read": "1"})
        run = AnalysisRun.objects.latest("pk")
        work(run)
        run.refresh_from_db()
        assert (run.status, run.is_only_read) == (RunStatus.SUCCEEDED, True)
        assert not CandidateTheme.objects.exists()
    if state != "grouped":
        page = desk.get(address(question), {"group": "none"})
        assert {p.text for p in page.context["page"].passages} == set(
            Passage.objects.values_list("text", flat=True)
        )
        assert page.context["page"].total == len(answers)
        if state != "refused":
            assert "613-555-0199" not in page.content.decode()
    assert make(desk, question, *ticks(*answers[:3])).status_code == 303
    theme = Theme.objects.get()
    assert (theme.origin, theme.created_by) == (Source.HUMAN, analyst)
    (found,) = findings_for(question).themes
    assert (found.respondents, found.is_by_hand) == (3, True)
    assert set(found.quote_ids) <= found.at_random
    html = desk.get(address(question)).content.decode()
    assert f'action="{reverse("reporting:findings_draft", args=[question.pk])}"' in html
    heading = desk.get(address(question), {"group": f"t{theme.pk}"}).content.decode()
    heading = heading.partition(f"Theme {theme.code}")[2].partition("</p>")[0]
    assert heading.count("made by hand") == 1


def test_a_theme_can_be_named_before_anything_was_read(
    desk: Client, question: Question, answers: list[Answer]
) -> None:
    response = make(desk, question)
    theme = Theme.objects.get()
    assert response.url.endswith(f"?group=t{theme.pk}")
    page = desk.get(response.url).content.decode()
    assert "Opening hours" in page
    assert 'name="read"' in page


def test_late_answers_are_read_where_nothing_could_be_grouped(
    desk: Client, question: Question, answers: list[Answer]
) -> None:
    refused_run(question, answers)
    make_comments(question, [("I came late, call me at 613-555-0142.", Language.EN)])
    assert 'name="read"' in desk.get(address(question)).content.decode()
    with no_broker():
        desk.post(address(question, "runs"), {"read": "1"})
    run = AnalysisRun.objects.latest("pk")
    assert run.extends is not None
    work(run)
    page = desk.get(address(question), {"group": "none"})
    assert page.context["page"].total == len(answers) + 1
    assert "613-555-0142" not in page.content.decode()
    assert page.context["review"].coverage.late == 0


def test_reading_is_no_grouping_and_does_not_stand_in_its_way(
    question: Question, answers: list[Answer], analyst: Any
) -> None:
    with no_broker():
        read = run_request(question=question, user=analyst, config={"embedder": "none"})
    work(read)
    theme = theme_create(
        question=question,
        name_en="Hours",
        name_fr="Heures",
        user=analyst,
        passages=list(Passage.objects.filter(answer=answers[0])),
    )
    # The questionnaire has closed: what nobody has grouped yet is grouped by itself.
    with no_broker():
        (pk,) = questionnaires_closed_analyse()
    work(AnalysisRun.objects.get(pk=pk))
    assert AnalysisRun.objects.get(pk=pk).is_only_read is False
    assert theme.assignments.get().source == Source.HUMAN
    with no_broker():
        assert questionnaires_closed_analyse() == []


# --- Making, taking back


def test_what_is_refused_changes_nothing_and_keeps_what_was_typed_and_ticked(
    desk: Client, question: Question, answers: list[Answer]
) -> None:
    refused_run(question, answers)
    ticked = ticks(answers[0], answers[2])
    for words, bad in (
        ({"name_fr": " "}, ["name_fr"]),
        ({"name_en": "x" * 121}, ["name_en"]),
        ({"definition_en": "About hours."}, ["definition_fr"]),
    ):
        page = make(desk, question, *ticked, **words)
        assert page.status_code == 422
        assert page.context["bad_fields"] == bad
        html = page.content.decode()
        assert html.count("checked aria-label=") == 2
        assert f'href="#f-make-{bad[0]}"' in html
        assert f'id="f-make-{bad[0]}"' in html
    assert not Theme.objects.exists()
    assert make(desk, question, *ticked).status_code == 303
    # A form that is sent twice makes one theme; so do two people with the same idea.
    again = make(desk, question, name_en="opening HOURS", name_fr="Autre chose")
    assert (again.status_code, again.context["bad_fields"]) == (422, ["name_en"])
    assert Theme.objects.count() == 1


def test_passages_somebody_moved_meanwhile_are_not_taken_from_their_theme(
    desk: Client, question: Question, answers: list[Answer]
) -> None:
    refused_run(question, answers)
    stale = ticks(*answers[:2])
    make(desk, question, *ticks(answers[0]), name_en="First", name_fr="Premier")
    page = make(desk, question, *stale)
    assert page.status_code == 409
    assert Theme.objects.get().name_en == "First"
    assert findings_for(question).themes[0].respondents == 1


def test_hostile_names_are_shown_as_they_were_typed(
    desk: Client, question: Question, answers: list[Answer]
) -> None:
    refused_run(question, answers)
    words = {f"{kind}_{lang}": HOSTILE for kind in ("name", "definition") for lang in ("en", "fr")}
    assert make(desk, question, *ticks(answers[0]), **words).status_code == 303
    html = desk.get(address(question), {"group": f"t{Theme.objects.get().pk}"}).content.decode()
    assert "<script>alert(" not in html
    assert "&lt;script&gt;alert(" in html


def test_a_theme_made_by_hand_is_undone_step_by_step(
    desk: Client, question: Question, answers: list[Answer], analyst: Any
) -> None:
    refused_run(question, answers, order=[4, 2, 0, 3, 1])
    in_order = [p.pk for p in desk.get(address(question)).context["page"].passages]
    make(desk, question, *ticks(answers[0], answers[2]))
    theme = Theme.objects.get()
    path = address(question, "theme", theme.pk)
    held = desk.get(address(question), {"group": f"t{theme.pk}"})
    assert 'value="delete"' not in held.content.decode()
    assert desk.post(path, {"action": "delete", "version": "1"}).status_code == 422
    out = {"passage": ticks(answers[0], answers[2], at=f"t{theme.pk}"), "into": "none"}
    desk.post(address(question, "passages"), {**out, "group": f"t{theme.pk}"})
    # Back where they were, marked as a person's decision.
    page = desk.get(address(question), {"group": "none"}).context["page"]
    assert [p.pk for p in page.passages] == in_order
    assert sum(p.is_human for p in page.passages) == 2
    empty = desk.get(address(question), {"group": f"t{theme.pk}"})
    assert 'value="delete"' in empty.content.decode()
    # Somebody renames it in another tab: nothing is deleted unseen.
    names = {"action": "rename", "version": "1", "name_en": "Hours", "name_fr": "Heures"}
    desk.post(path, names)
    assert desk.post(path, {"action": "delete", "version": "1"}).status_code == 409
    assert desk.post(path, {"action": "delete", "version": "2"}).status_code == 303
    theme.refresh_from_db()
    assert theme.status == ThemeStatus.DELETED
    page = desk.get(address(question))
    assert page.context["review"].nodes == ()
    assert desk.post(path, {"action": "restore", "version": "3"}).status_code == 422
    acts = list(ReviewEvent.objects.order_by("pk").values_list("action", flat=True))
    made, renamed, deleted = ReviewAction.CREATE, ReviewAction.RENAME, ReviewAction.DELETE
    assert [act for act in acts if act != ReviewAction.MOVE] == [made, renamed, deleted]
    # Its name is free again, its code is not.
    make(desk, question)
    assert Theme.objects.latest("pk").code == "C2"


def test_what_the_software_proposed_is_never_said_to_be_made_by_hand_nor_the_reverse(
    desk: Client, question: Question, answers: list[Answer], analyst: Any
) -> None:
    run = make_run(question, make_result(answers, {"T1": [0, 1, 2]}))
    proposed = candidate_accept(candidate=run.candidates.get(), user=analyst)
    make(desk, question, *ticks(answers[3], at="none"))
    by_hand = Theme.objects.get(origin=Source.HUMAN)
    nodes = {
        node.pk: node.is_by_hand for node in desk.get(address(question)).context["review"].themes
    }
    assert nodes == {proposed.pk: False, by_hand.pk: True}
    assert (
        desk.post(
            address(question, "theme", proposed.pk), {"action": "delete", "version": "1"}
        ).status_code
        == 422
    )
    for theme, other in ((proposed, Source.HUMAN), (by_hand, Source.MACHINE)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Theme.objects.filter(pk=theme.pk).update(origin=other)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ANALYST])
def test_only_an_analyst_of_the_department_makes_themes(
    client: Client, department: Department, question: Question, answers: list[Answer], role: Role
) -> None:
    refused_run(question, answers)
    for member, allowed in ((make_user(department, role), (403, 404)), (make_user(), (404,))):
        client.force_login(member)
        for name in ("themes", "passages"):
            path = address(question, name)
            assert client.post(path, {"passage": ticks(answers[0])}).status_code in allowed
            assert client.get(path).status_code == 405
    assert not Theme.objects.exists()
    assert not Assignment.objects.in_codebook().exists()


# --- In order of likeness; the same words once


def test_what_could_not_be_grouped_is_read_in_the_order_of_its_likeness(
    desk: Client, question: Question, answers: list[Answer]
) -> None:
    order = [3, 4, 1, 0, 2]
    refused_run(question, answers, order=order)
    page = desk.get(address(question), {"group": "none"})
    assert [p.text for p in page.context["page"].passages] == [answers[at].text for at in order]


def test_the_same_words_are_shown_once_with_how_many_wrote_them_and_can_be_opened(
    desk: Client, question: Question, analyst: Any
) -> None:
    texts = [("Open on Saturdays please", Language.EN)] * 3 + TEXTS[:2]
    answers = make_comments(question, texts)
    same = tuple(str(answer.pk) for answer in answers[:3])
    repeat = Repeat(same[0], texts[0][0], Written.EN, same)
    refused_run(question, answers, repeats=(repeat,))
    page = desk.get(address(question), {"group": "none"}).context["page"]
    assert (page.total, len(page.passages)) == (5, 3)
    (shown,) = [p for p in page.passages if p.same]
    assert shown.same == 3
    opened = desk.get(address(question), {"group": "none", "same": str(shown.pk)})
    assert len(opened.context["page"].passages) == 3
    # Opened, each goes its own way; closed, all go with the one that is shown.
    one = Passage.objects.get(answer=answers[1])
    desk.post(
        address(question, "passages") + f"?same={shown.pk}",
        {"passage": f"{one.pk}:none", "group": "none", "into": "none"},
    )
    assert Assignment.objects.in_codebook().get().passage == one
    make(desk, question, f"{shown.pk}:none")
    (theme,) = findings_for(question).themes
    assert theme.respondents == 3
    # Three who wrote the same are one voice: the words are quoted once.
    assert len(theme.quote_ids) == 1
    there = desk.get(address(question), {"group": f"t{Theme.objects.get().pk}"}).context["page"]
    assert [(p.text, p.same) for p in there.passages] == [(texts[0][0], 3)]
