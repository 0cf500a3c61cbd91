"""A proposal the machine could not name in both languages waits for a person to name it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from analysis.pipeline import Caution, Warning  # noqa: A004 - the field's word for it
from analysis.pipeline import Language as Spoken
from analysis.reasons import SENTENCES, Why
from analysis.review.enums import ThemeStatus
from analysis.review.models import AnalysisRun, CandidateTheme, Theme
from analysis.review.selectors.desk import review_for
from analysis.review.selectors.findings import themes_not_named
from analysis.review.services.codebook import (
    NamesMissing,
    candidate_accept,
    candidate_dismiss,
    candidate_merge,
    candidates_accept,
    theme_rename,
    theme_restore,
)
from feedback.asking.models import Question
from feedback.bilingual import Language
from feedback.people.models import Department
from tests.analysis.review.conftest import address
from tests.factories import (
    make_comments,
    make_engagement,
    make_questionnaire,
    make_result,
    make_run,
)

pytestmark = pytest.mark.django_db

STANDS_IN = "«\u00a0Proposal T2\u00a0» (aucun commentaire en français)"


@pytest.fixture
def question(department: Department) -> Question:
    return make_questionnaire(make_engagement(department)).questions.get(code="change")


@pytest.fixture
def run(question: Question) -> AnalysisRun:
    """Two proposals; the second has no name of its own in French, and one overlaps the other."""
    answers = make_comments(question, [(f"Remark {n} on it.", Language.EN) for n in range(6)])
    result = make_result(answers, {"T1": [0, 1, 2], "T2": [3, 4, 5]})
    name = {"en": "Proposal T2", "fr": "Proposition d'ici"}
    near = Caution(Warning.OVERLAPS, Why("shares_border", {"name": name}), ("T2",))
    one, two = result.themes
    themes = (
        replace(one, warnings=(near, near)),
        replace(two, name_fr=STANDS_IN, unnamed=(Spoken.FR,)),
    )
    return make_run(question, replace(result, themes=themes))


def proposal(code: str) -> CandidateTheme:
    return CandidateTheme.objects.select_related("run").get(code=code)


def test_accept_all_leaves_what_has_no_name_in_a_language_and_says_so(
    desk: Client, question: Question, run: AnalysisRun
) -> None:
    for language in ("en", "fr"):
        desk.cookies["language"] = language
        response = desk.post(address(question, "accept"), {"all": "1"})
        said = list(get_messages(response.wsgi_request))
        assert "warning" in [message.level_tag for message in said]
        assert any("Proposal T2" in str(message) for message in said)
        assert list(Theme.objects.values_list("name_en", flat=True)) == ["Proposal T1"]
    assert f"group=c{proposal('T2').pk}" in response["Location"]


def test_it_is_not_accepted_without_the_name_that_is_missing(
    desk: Client, question: Question, run: AnalysisRun
) -> None:
    path = address(question, "candidate", proposal("T2").pk)
    for typed in ({}, {"name_fr": "   "}, {"name_fr": "x" * 121}):
        response = desk.post(path, {"action": "accept", **typed})
        assert response.status_code == 422
        assert b'id="f-name_fr"' in response.content
        assert b'aria-invalid="true"' in response.content
        assert b'id="f-name_en"' not in response.content
    assert not Theme.objects.exists()
    desk.post(path, {"action": "accept", "name_fr": " Le  stationnement "})
    theme = Theme.objects.get()
    assert (theme.name_en, theme.name_fr) == ("Proposal T2", "Le stationnement")
    assert themes_not_named(question) == []


def test_a_language_hardly_written_is_named_once_not_on_every_proposal(
    desk: Client, question: Question, run: AnalysisRun
) -> None:
    """The pipeline then warns of no proposal: the desk says it of the question."""
    CandidateTheme.objects.update(unnamed=["fr"])
    make_comments(question, [("Une remarque.", Language.FR)])
    for language, said in (("en", "no French name"), ("fr", "pas de nom français")):
        desk.cookies["language"] = language
        assert desk.get(address(question)).content.decode().count(said) == 1


def test_the_desk_tells_how_many_answers_each_name_covers(
    desk: Client, question: Question, run: AnalysisRun
) -> None:
    why = {"code": "covers_in_french", "values": {"says": 34, "of": 61}}
    CandidateTheme.objects.update(covered=[{"language": "fr", "why": why}])
    path = f"{address(question)}?group=c{proposal('T1').pk}"
    for language, said in (
        ("en", "34 of 61 answers in French"),
        ("fr", "ce que dit le nom français\u00a0: 34 sur 61."),
    ):
        desk.cookies["language"] = language
        assert said in desk.get(path).content.decode()


def test_its_passages_may_go_into_a_theme_that_has_its_names(
    question: Question, run: AnalysisRun, analyst: Any
) -> None:
    (theme,) = candidates_accept(candidates=run.candidates.all(), user=analyst)
    candidate_merge(candidate=proposal("T2"), into=theme, user=analyst)
    assert themes_not_named(question) == []


def test_one_set_aside_and_brought_back_is_in_no_report_before_it_is_named(
    question: Question, run: AnalysisRun, analyst: Any
) -> None:
    theme = candidate_dismiss(candidate=proposal("T2"), user=analyst)
    assert themes_not_named(question) == []
    theme = theme_restore(theme=theme, version=theme.version, user=analyst)
    assert theme.status == ThemeStatus.ACCEPTED
    assert themes_not_named(question) == [theme]
    theme = theme_rename(
        theme=theme, name_en="Parking", name_fr="Parcs", version=theme.version, user=analyst
    )
    assert themes_not_named(question) == []


def test_the_service_asks_for_the_name_too(run: AnalysisRun, analyst: Any) -> None:
    with pytest.raises(NamesMissing) as refused:
        candidate_accept(candidate=proposal("T2"), user=analyst, name_en="Parking")
    assert refused.value.fields == ["name_fr"]
    named = candidate_accept(candidate=proposal("T1"), user=analyst, name_en="Waiting")
    assert (named.name_en, named.name_fr) == ("Waiting", "Proposition T1")


def test_the_desk_shows_why_there_is_a_warning_in_the_language_of_the_reader(
    desk: Client, question: Question, run: AnalysisRun
) -> None:
    shown = {}
    for language in ("en", "fr"):
        desk.cookies["language"] = language
        group = f"c{proposal('T1').pk}"
        shown[language] = desk.get(address(question), {"group": group}).content.decode()
    assert "could as well be in “Proposal T2”: read both" in shown["en"]
    # Our own apostrophe is that of print; the one in the name is as it was given.
    assert "«\u00a0Proposition d&#x27;ici\u00a0»\u00a0: lisez" in shown["fr"]
    assert "avant d’accepter" in shown["fr"]
    # One mark on the line of the tree, however many reasons.
    assert shown["en"].count('class="chip warn"') == 1


def strings(value: object) -> list[str]:
    """Every string in plain values, however deep."""
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in strings(part)]
    return [value] if isinstance(value, str) else []


def test_no_sentence_of_ours_is_kept_with_a_run(run: AnalysisRun) -> None:
    run.refresh_from_db()
    kept = [run.confidence]
    for candidate in run.candidates.all():
        kept += [candidate.confidence, *candidate.warnings]
    assert len(kept) == 5
    names = {"Proposal T2", "Proposition d'ici"}
    for values in kept:
        assert values["why"]["code"] in SENTENCES
        said = [text for text in strings(values) if text not in names]
        assert len(said) >= 2, "a level or kind, and the code of the reason"
        assert not [text for text in said if " " in text]


@pytest.mark.parametrize(("french", "is_told"), [(0, False), (1, True)])
def test_a_name_in_a_language_nobody_wrote_in_is_not_missed(
    question: Question, french: int, is_told: bool
) -> None:
    said = [(f"Remark {n} on it.", Language.EN) for n in range(20)]
    said[: 2 * french] = [(f"Remarque {n}.", Language.FR) for n in range(2 * french)]
    result = make_result(make_comments(question, said), {"T1": [*range(20)]})
    (theme,) = result.themes
    named = replace(theme, name_fr=STANDS_IN, unnamed=(Spoken.FR,), warnings=())
    make_run(question, replace(result, themes=(named,)))
    assert review_for(question).unnamed_in == (("fr",) if is_told else ())
