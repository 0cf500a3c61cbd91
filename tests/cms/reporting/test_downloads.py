"""The files of a report, as anyone downloads them."""

from __future__ import annotations

import csv
import io
import re
from itertools import cycle

import pytest

from analysis.figures.cells import is_formula, spreadsheet_restore
from cms.publishing.services.pairs import pair_publish
from feedback.answering.models import Answer
from feedback.asking.models import Choice, Question
from feedback.people.enums import SmallestCell
from tests.factories import reworded

pytestmark = pytest.mark.django_db

HOSTILE = (
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", "\u200b=1", "\uff1d1", "a;=1",
    "'=1", "|x",
)  # fmt: skip


def test_no_name_is_a_formula_in_any_file(reviewed, client):
    reviewed.hides(SmallestCell.ANY)
    names = cycle(HOSTILE)
    for theme in reviewed.themes:
        theme.name_en, theme.name_fr = next(names), next(names)
        theme.save()
    questionnaire = reviewed.question.questionnaire
    ease = Question.objects.get(questionnaire=questionnaire, code="ease")
    with reworded(questionnaire):
        for choice in ease.choices.all():
            Choice.objects.filter(pk=choice.pk).update(label_en=next(names), label_fr=next(names))
    codes = list(ease.choices.values_list("code", flat=True))
    Answer.objects.bulk_create(
        Answer(response=answer.response, question=ease, codes=[codes[at % len(codes)]])
        for at, answer in enumerate(reviewed.answers)
    )
    pair = pair_publish(page=reviewed.drafts().english, user=reviewed.approver)
    read = ""
    for page in pair.pages:
        for name in ("themes", "splits"):
            body = client.get(f"{page.url}{name}/csv/").content.decode("utf-8-sig")
            for row in csv.reader(io.StringIO(body, newline="")):
                for cell in row:
                    # A program set to French cuts at semicolons too.
                    assert not any(map(is_formula, re.split("[;\t]", cell))), cell
                    read += f"{spreadsheet_restore(cell)}\n"
    assert [name for name in HOSTILE if name.casefold() not in read.casefold()] == []
