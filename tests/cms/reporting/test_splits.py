"""Themes beside closed questions in a report: frozen, in both languages, small counts hidden."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape

import pytest

from cms.reporting.frozen import as_json, from_json
from cms.reporting.models import FindingsPage
from feedback.answering.models import Answer
from feedback.asking.models import Choice, Question
from feedback.people.enums import SmallestCell
from tests.cms.reporting.test_findings import page_numbers
from tests.factories import reworded

pytestmark = pytest.mark.django_db

# By thirds: 45 people in T1, 31 outside it (25 of them in T2); every band has ten on each side.
SHOWN = "1" * 20 + "3" * 12 + "5" * 13, "2" * 10 + "3" * 11 + "4" * 10
# Three happy people in T1, who could be told apart.
SMALL = "1" * 42 + "5" * 3, "2" * 10 + "3" * 10 + "4" * 11


def rated(reviewed, ratings=SHOWN, smallest: int = SmallestCell.TEN) -> None:
    """Everyone rated: the first of ``ratings`` are T1's people, the second all others."""
    ease = Question.objects.get(questionnaire=reviewed.question.questionnaire, code="ease")
    Answer.objects.bulk_create(
        Answer(response=answer.response, question=ease, codes=[code])
        for answer, code in zip(reviewed.answers, "".join(ratings), strict=True)
    )
    reviewed.hides(SmallestCell(smallest))


def split_of(reviewed):
    [split] = from_json(reviewed.drafts().english.snapshot.numbers).splits
    return split


def main_of(client, page) -> str:
    html = client.get(page.url).content.decode()
    return html.split("<main", 1)[1].split("</main>", 1)[0]


def rows_of(client, page) -> list[dict[str, str]]:
    body = client.get(f"{page.url}splits/csv/").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def test_a_report_freezes_how_each_themes_people_answered(reviewed):
    rated(reviewed)
    plain = reviewed.drafts().english.snapshot.numbers
    numbers = from_json(plain)
    assert as_json(numbers) == plain
    [split] = numbers.splits
    assert (split.code, split.is_rating, split.n) == ("ease", True, 76)
    theme = split.themes[0]
    assert [cell.n for cell in theme.cells] == [20, 12, 13]
    assert theme.n == 45
    assert theme.cells[0].share == pytest.approx(20 / 45, abs=1e-6)
    assert theme.cells[0].low < theme.cells[0].share < theme.cells[0].high
    assert theme.mean[0] == pytest.approx((20 + 36 + 65) / 45, abs=1e-6)


def test_both_languages_show_the_same_numbers_in_their_own_words(reviewed, client):
    rated(reviewed)
    pair = reviewed.published()
    english, french = (main_of(client, page) for page in pair.pages)
    choices = Choice.objects.filter(question__code="ease", value=1)
    assert choices.get().label_en in english
    assert choices.get().label_fr in french
    assert "n\u00a0=\u00a045" in english
    assert "n\u00a0=\u00a045" in french
    pages = [client.get(page.url).content.decode() for page in pair.pages]
    assert page_numbers(pages[0]) == page_numbers(pages[1])
    assert "chart-split" in english
    assert "chart-means" in french


def test_themes_that_go_with_low_ratings_are_listed(reviewed, client):
    rated(reviewed, ("1" * 30 + "3" * 15, "3" * 10 + "5" * 21), SmallestCell.ANY)
    pair = reviewed.published()
    for page in pair.pages:
        found = re.search(r'<dl class="leaning">(.*?)</dl>', main_of(client, page), re.S)
        low, high = found.group(1).split("</div>")[:2]
        assert reviewed.themes[0].code in low
        assert "href" not in high


def test_small_counts_are_in_no_page_file_or_snapshot(reviewed, client):
    rated(reviewed, SMALL)
    pair = reviewed.published()
    [split] = from_json(pair.english.snapshot.numbers).splits
    theme = split.themes[0]
    assert theme.n == 45
    # 3 and 0 are small, and 45 - 42 would tell them.
    assert [cell.n for cell in theme.cells] == [None, None, None]
    assert (theme.mean, theme.difference) == (None, None)
    assert not re.search(r"\d", theme.sentence_en + theme.sentence_fr)
    frozen = json.dumps(pair.english.snapshot.numbers["splits"][0]["themes"][0])
    assert not re.search(r"[ \[](3|42)[,.\]}]", frozen)
    for page, word in zip(pair.pages, ("not shown", "non diffusé"), strict=True):
        section = re.search(r'<div class="crossed">(.*?)</div>\n', main_of(client, page), re.S)
        shown = unescape(re.sub(r"<[^>]+>", " ", section.group(1)))
        assert shown.count(word) >= 3
        assert not re.search(r"\b(3|42|7%|93%)\b", shown)
    for row in rows_of(client, pair.english):
        if row["theme_code"] == reviewed.themes[0].code:
            assert (row["hidden"], row["people"], row["share"]) == ("1", "", "")
    # A file that gives no answers is not offered.
    assert "splits/csv" not in main_of(client, pair.english)


@pytest.mark.parametrize(
    ("smallest", "shown"),
    [
        (SmallestCell.ANY, [42, 0, 3]),
        (SmallestCell.FIVE, [None, None, None]),
        (SmallestCell.TWENTY, [None, None, None]),
    ],
)
def test_the_department_says_how_small(reviewed, smallest, shown):
    rated(reviewed, SMALL, smallest)
    split = split_of(reviewed)
    assert [cell.n for cell in split.themes[0].cells] == shown
    assert split.smallest_cell == smallest


def test_fewer_than_thirty_people_are_not_told_as_shares(reviewed, client):
    rated(reviewed, SHOWN, SmallestCell.ANY)
    split = split_of(reviewed)
    theme = split.themes[1]
    assert theme.n is None
    assert theme.cells == ()
    assert theme.verdict == "too_few"
    assert theme.sentence_en != theme.sentence_fr
    pair = reviewed.published()
    [row] = [r for r in rows_of(client, pair.french) if r["theme_code"] == theme.theme]
    assert (row["people"], row["answer_en"]) == ("", "")


def test_the_file_says_what_the_page_says(reviewed, client):
    rated(reviewed)
    pair = reviewed.published()
    assert "splits/csv" in main_of(client, pair.english)
    rows = [r for r in rows_of(client, pair.english) if r["people"]]
    assert [r["people"] for r in rows] == ["20", "12", "13"]
    assert {r["base"] for r in rows} == {"45"}
    assert rows[0]["answer_fr"].startswith("Très difficile ou difficile")
    assert rows_of(client, pair.english) == rows_of(client, pair.french)


def test_nobody_answered_the_closed_question_and_nothing_is_said(reviewed, client):
    pair = reviewed.published()
    assert from_json(pair.english.snapshot.numbers).splits == ()
    assert "splits/csv" not in main_of(client, pair.english)
    assert rows_of(client, pair.english) == []


def test_later_answers_do_not_move_what_is_published(reviewed, client):
    rated(reviewed)
    page = reviewed.published().english
    before = main_of(client, page)
    Answer.objects.filter(question__code="ease").delete()
    assert main_of(client, page) == before


def test_labels_of_answers_are_words_and_never_code(reviewed, client):
    hostile = "<script>alert('point')</script>"
    with reworded(reviewed.question.questionnaire):
        Choice.objects.filter(question__code="ease").update(label_en=hostile, label_fr=hostile)
        Choice.objects.filter(question__code="ease", value=3).update(label_en="=1+1")
    rated(reviewed)
    pair = reviewed.published()
    for page in pair.pages:
        assert hostile not in main_of(client, page)
    assert "'=1+1" in [row["answer_en"] for row in rows_of(client, pair.english)]


def test_the_draft_shows_its_splits_to_those_who_prepare_it(reviewed, client):
    rated(reviewed)
    pair = reviewed.drafts()
    client.force_login(reviewed.analyst)
    for page in pair.pages:
        html = client.get(f"/staff/findings/{page.pk}/").content.decode()
        assert "chart-means" in html
    assert FindingsPage.objects.filter(live=True).count() == 0
