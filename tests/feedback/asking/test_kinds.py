"""A kind of question is one file and one template: two made-up ones go the whole way."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from analysis.review.selectors.crossings import crossings_of, values_of_crossing
from analysis.review.selectors.questions import questions_to_review
from analysis.review.services.queue import RunRefused, run_request
from feedback.answering.models import Answer, Response
from feedback.answering.selectors.answers import corpus_for
from feedback.asking import kinds
from feedback.asking.kinds import KINDS
from feedback.asking.kinds.base import TICKED, WRITTEN
from feedback.asking.models import Choice, Engagement, Question
from feedback.asking.services.questionnaires import questionnaire_problems
from feedback.asking.wording import problem_text, shown_changes
from feedback.people.enums import Role
from tests.factories import (
    make_department,
    make_engagement,
    make_question,
    make_questionnaire,
    make_user,
)
from tests.sources import ROOMS, ROOT, modules, strings

both = pytest.mark.parametrize("language", ["en", "fr"])

# A code of six signs, kept as the post office writes it, with a rule and a gap of its own.
POSTAL_CODE = """
import re

from feedback.asking.answers import AnswerError, AnswerInput, Said
from feedback.asking.kinds.base import WRITTEN, Gap, Kind


class PostalCode(Kind):
    code = "postal_code"
    label = "Postal code"
    place = 9
    prefix = WRITTEN

    def gaps(self, choices):
        return [Gap("needs_no_choices", "A postal code has no choices.")] if choices else []

    def drawn(self, question, answer, field_id):
        return {"pattern": "A1A 1A1"}

    def read(self, question, post):
        return AnswerInput(text=post.get(self.field_name(question), ""))

    def carried(self, question, answer):
        return [(self.field_name(question), answer.text)] if answer.text else []

    def error(self, question, answer):
        if re.fullmatch(r"[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]", answer.text.strip().upper()):
            return None
        return AnswerError(question.code, "no_postal_code")

    def message(self, error):
        return "Write it like A1A 1A1."

    def stored(self, question, answer):
        signs = answer.text.upper().replace(" ", "")
        return AnswerInput(text=f"{signs[:3]} {signs[3:]}")

    def compared(self, answer):
        return answer

    def said(self, question, answer):
        return Said(text=answer.text)


KIND = PostalCode()
"""
POSTAL_CODE_DRAWN = """
<div class="field"><label for="{{ field.id }}">{{ q.text }} ({{ drawn.pattern }})</label>
{% if field.error %}<p id="{{ field.id }}-error">{{ field.message }}</p>{% endif %}
<input id="{{ field.id }}" name="{{ field.name }}" value="{{ field.answer.text }}"></div>
"""
# Three points instead of five: one answer a person, and a scale.
AGREEMENT = """
from feedback.asking.kinds.chosen import OneChosen


class Agreement(OneChosen):
    code = "agreement"
    label = "Agreement"
    place = 10
    has_points = True

    def points(self, choices):
        return {choice.code: place for place, choice in enumerate(choices, start=1)}


KIND = Agreement()
"""
AGREEMENT_DRAWN = '{% include "answering/kinds/chosen.html" with input="radio" %}'


@pytest.fixture
def made_up(tmp_path: Path, settings, monkeypatch) -> Iterator[None]:
    """The two kinds, added as whoever adds one would: a file and a template each."""
    drawings = tmp_path / "templates" / "answering" / "kinds"
    drawings.mkdir(parents=True)
    for code, program, drawing in [
        ("postal_code", POSTAL_CODE, POSTAL_CODE_DRAWN),
        ("agreement", AGREEMENT, AGREEMENT_DRAWN),
    ]:
        (tmp_path / f"{code}.py").write_text(program)
        (drawings / f"{code}.html").write_text(drawing)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path / "templates"]}]
    monkeypatch.setattr(kinds, "__path__", [*kinds.__path__, str(tmp_path)])
    for code, kind in kinds._found().items():
        monkeypatch.setitem(KINDS, code, kind)
    yield
    for code in ("postal_code", "agreement"):
        del sys.modules[f"feedback.asking.kinds.{code}"]


def asked_where(language: str, **fields) -> tuple[Engagement, str]:
    engagement = make_questionnaire(make_engagement(**fields)).engagement
    Question.objects.filter(questionnaire__engagement=engagement).exclude(code="change").delete()
    make_question(engagement.questionnaire, "home", "postal_code", is_required=True, sort_order=0)
    agreement = make_question(engagement.questionnaire, "agree", "agreement", sort_order=1)
    for order, code in enumerate(("no", "so_so", "yes")):
        Choice.objects.create(
            question=agreement, code=code, label_en=code, label_fr=code, sort_order=order
        )
    with override(language):
        return engagement, reverse("answering:answer", args=[engagement.reference_number])


@both
@pytest.mark.django_db
def test_a_made_up_kind_goes_the_whole_way(made_up, language: str) -> None:
    _engagement, where = asked_where(language)
    client, token = Client(), uuid4()

    def post(go: str, page: str = "1", **answers: str):
        return client.post(where, {"token": token, "page": page, "go": go, **answers})

    assert b"(A1A 1A1)" in client.get(where).content
    wrong = {"t.home": "K1A", "c.agree": "yes", "t.change": "Evenings."}
    reply = post("next", **wrong)
    assert reply.status_code == 422
    # At the top, and beside the field.
    assert reply.content.decode().count("Write it like A1A 1A1.") == 2
    reply = post("send", page="check", **wrong)
    assert reply.status_code == 422
    assert Response.objects.count() == 0
    right = {**wrong, "t.home": "k1a0b1"}
    reply = post("next", **right)
    assert "k1a0b1" in reply.content.decode()
    assert 'name="t.home" value="k1a0b1"' in reply.content.decode()
    sent = post("send", page="check", **right)
    assert sent.status_code == 303
    # The same in the post office's writing is the same response.
    again = post("send", page="check", **{**right, "t.home": "K1A 0B1"})
    assert again["Location"] == sent["Location"]
    assert Answer.objects.get(question__code="home").text == "K1A 0B1"
    assert Answer.objects.get(question__code="agree").codes == ["yes"]
    assert "K1A 0B1" in client.get(sent["Location"]).content.decode()


@pytest.mark.django_db
def test_a_made_up_kind_is_asked_what_its_answers_are(made_up) -> None:
    department = make_department()
    engagement, where = asked_where("en", department=department)
    for agreed, home in [("yes", "K1A 0B1"), ("no", "H0H 0H0")]:
        words = {"t.home": home, "c.agree": agreed, "t.change": "Open in the evening, please."}
        sent = {"token": uuid4(), "page": "check", "go": "send", **words}
        assert Client().post(where, sent).status_code == 303
    home, agree, change = Question.objects.filter(questionnaire__engagement=engagement)
    # A code is no words to group; agreement is a scale beside those there are.
    with pytest.raises(ValueError, match="home"):
        next(corpus_for(home))
    with pytest.raises(RunRefused):
        run_request(question=home, user=None)
    analyst = make_user(department, Role.ANALYST)
    assert [row.question for row in questions_to_review(analyst)] == [change]
    crossing = crossings_of(change)[0]
    assert crossing.closed == agree
    assert crossing.is_rating
    assert [value.points for value in values_of_crossing(crossing)] == [1, 2, 3]


@pytest.mark.django_db
def test_authors_are_offered_a_made_up_kind_and_told_what_it_lacks(made_up) -> None:
    engagement, _ = asked_where("en")
    home = Question.objects.get(code="home")
    home.full_clean(exclude=["questionnaire"])
    assert home.get_kind_display() == "Postal code"
    assert list(Question._meta.get_field("kind").formfield().choices)[-2:] == [
        ("postal_code", "Postal code"),
        ("agreement", "Agreement"),
    ]
    assert questionnaire_problems(engagement.questionnaire) == []
    Choice.objects.create(question=home, code="a", label_en="A", label_fr="A")
    told = [problem_text(problem) for problem in questionnaire_problems(engagement.questionnaire)]
    assert told == ["home: A postal code has no choices."]
    change = {"what": "kind", "before": {"value": "long_text"}, "after": {"value": "postal_code"}}
    assert shown_changes([change])[0].sides[0].after == "Postal code"


@pytest.mark.django_db
def test_a_kind_that_is_none_is_refused() -> None:
    question = make_questionnaire().questions.first()
    question.kind = "postal_code"
    with pytest.raises(ValidationError) as refused:
        question.full_clean(exclude=["questionnaire"])
    assert list(refused.value.message_dict) == ["kind"]


@pytest.mark.parametrize("code", KINDS)
def test_each_kind_is_drawn_by_its_template_and_named_in_both_languages(code: str) -> None:
    kind = KINDS[code]
    assert kind.code == code
    get_template(kind.template)
    # Words are told from ticks by them, also where nobody can ask which kind it was.
    assert kind.prefix == (WRITTEN if kind.is_text else TICKED)
    with override("en"):
        english = str(kind.label)
    with override("fr"):
        assert str(kind.label) != english


def test_kinds_are_offered_in_their_order() -> None:
    assert list(KINDS) == ["single_choice", "multiple_choice", "rating", "short_text", "long_text"]


def _compared(tree: ast.AST) -> set[str]:
    """Strings something is compared with, matched against or filtered by as a kind."""
    found: set[str] = set()
    for node in ast.walk(tree):
        is_filter = isinstance(node, ast.keyword) and (node.arg or "").startswith("kind")
        if is_filter or isinstance(node, ast.Compare | ast.MatchValue):
            found |= strings(node)
    return found


def test_nobody_but_the_kinds_knows_which_there_are() -> None:
    for name, tree in modules(but=("feedback/asking/kinds/",)):
        # "rating" is also what a chart calls its points.
        assert not strings(tree) & (KINDS.keys() - {"rating"}), name
        assert not _compared(tree) & KINDS.keys(), name
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                last = (node.module or "").removeprefix("feedback.asking.kinds.")
                assert last not in KINDS, name


def test_no_template_asks_for_a_kind() -> None:
    asks = re.compile(rf"""[!=]= *["']({"|".join(KINDS)})["']""")
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.html"):
            assert not asks.search(file.read_text()), file
