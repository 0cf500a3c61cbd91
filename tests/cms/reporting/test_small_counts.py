"""Everything published about an engagement, in every format, and what somebody could make of it."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from analysis.review.models import Passage
from analysis.review.services.codebook import candidates_accept
from cms.publishing.services.pairs import pair_publish
from cms.reporting.services import FindingsNotReady, findings_draft
from feedback.answering.models import Answer, Response
from feedback.answering.services.tallies import engagement_tally_refresh
from feedback.asking.enums import Channel
from feedback.asking.models import EngagementTally, Question
from feedback.bilingual import Language
from feedback.people.enums import Role, SmallestCell
from tests.cms.conftest import wrote
from tests.factories import (
    make_department,
    make_engagement,
    make_pages,
    make_questionnaire,
    make_result,
    make_run,
    make_user,
)

pytestmark = pytest.mark.django_db

CELL = 20
# Groups that must not be told, in numbers that stand nowhere else on the pages.
FRENCH_IN_A, IN_C, IN_D, SILENT, BY_PHONE, LETTERS, UNRATED = 13, 17, 19, 14, 13, 11, 16
SMALL = {FRENCH_IN_A, IN_C, IN_D, SILENT, LETTERS, UNRATED}
NOW = datetime(2026, 6, 30, 15, tzinfo=UTC)


class Town:
    """Two hundred people: A has 90, B 50, C 17, D 19, and 24 are in no theme."""

    def __init__(self, smallest: int = CELL) -> None:
        self.department = make_department(smallest_cell=smallest)
        self.engagement = make_engagement(
            self.department,
            open=False,
            opens_at=datetime(2026, 5, 1, 12, tzinfo=UTC),
            closes_at=datetime(2026, 6, 25, 12, tzinfo=UTC),
        )
        make_pages(self.engagement)
        questionnaire = make_questionnaire(self.engagement)
        self.question = questionnaire.questions.get(code="slowed")
        self.approver = make_user(self.department, Role.APPROVER)
        french = {*range(FRENCH_IN_A), *range(95, 140), *range(150, 155)}
        people = [
            (f"Comment number {at:03} of them", Language.FR if at in french else Language.EN)
            for at in range(200)
        ]
        self.answers = wrote(self.question, people)
        wrote(questionnaire.questions.get(code="change"), [("Other.", Language.EN)] * SILENT)
        Response.objects.update(channel=Channel.ONLINE)
        few = [answer.response_id for answer in self.answers[60 : 60 + BY_PHONE]]
        Response.objects.filter(pk__in=few).update(channel=Channel.PHONE)
        ease = Question.objects.get(questionnaire=questionnaire, code="ease")
        Answer.objects.bulk_create(
            Answer(response=answer.response, question=ease, codes=["135"[at % 3]])
            for at, answer in enumerate(self.answers)
            if at >= UNRATED
        )
        self.places = {
            "T1": range(90),
            "T2": range(90, 140),
            "T3": range(140, 140 + IN_C),
            "T4": range(157, 157 + IN_D),
        }
        self.run = make_run(
            self.question,
            make_result(
                self.answers,
                {code: list(places) for code, places in self.places.items()},
                campaigns={"L1": list(range(100, 100 + LETTERS))},
            ),
        )
        self.themes = candidates_accept(candidates=self.run.candidates.all(), user=self.approver)
        engagement_tally_refresh(engagement_id=self.engagement.pk)

    def published(self) -> Any:
        pair = findings_draft(question=self.question, user=self.approver)
        return pair_publish(page=pair.english, user=self.approver)


@pytest.fixture
def town(db: None) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield Town()


def everything(client: Any, pair: Any) -> dict[str, str]:
    """What anybody can fetch about the engagement, by address, and what is stored to be shown."""
    found = {"snapshot": json.dumps(pair.english.snapshot.numbers, ensure_ascii=False)}
    for page in pair.pages:
        found[f"description {page.language}"] = page.search_description
        above = page.get_parent()
        for address in (
            page.url,
            f"{page.url}themes/csv/",
            f"{page.url}themes/svg/",
            f"{page.url}splits/csv/",
            above.url,
            f"{above.url}questions/",
            above.get_parent().url,
            "/sitemap.xml",
        ):
            response = client.get(address)
            if response.status_code == 200:
                found[address] = unescape(response.content.decode("utf-8-sig"))
    assert len(found) >= 15
    return found


def counts_in(text: str) -> set[int]:
    """Every number that could be one of people: whatever is not a date, an address, a place in a
    drawing or the number of a comment ("014") that is quoted."""
    text = re.sub(r"<(?:script|style|link|meta charset)\b.*?>", " ", text)
    text = re.sub(
        r"\b(?:x|y|x1|x2|y1|y2|dx|cx|cy|r|width|height|stroke-width|font-size)=", "=", text
    )
    text = re.sub(r'(?:href|src|id|class|fill|d|aria-\w+|viewBox)="[^"]*"', " ", text)
    text = re.sub(r'="[-\d.]+%?"', " ", text)
    plain = re.sub(r"(?<=\d)[\u00a0,](?=\d{3}\b)", "", text)
    return {int(n) for n in re.findall(r"(?<![\w.,-])(?!0\d)\d+(?![\w.%-]|\u00a0%)", plain)}


def test_no_small_group_is_told_in_any_format(town, client):
    pair = town.published()
    for where, text in everything(client, pair).items():
        assert not counts_in(text) & SMALL, (where, counts_in(text) & SMALL)
        # Neither the names nor the words of the small themes.
        for code in ("T3", "T4"):
            assert f"Proposal {code}" not in text, where
            assert f"Proposition {code}" not in text, where
        for at in (*town.places["T3"], *town.places["T4"]):
            assert f"Comment number {at:03}" not in text, where


# What a stored report keeps of people; the rest are dates, versions and settings.
KEPT = {
    "responses", "with_text", "in_themes", "languages", "with_text_languages", "channels",
    "by_language", "in_letters", "letters", "unthemed", "n", "unanswered",
}  # fmt: skip
IN_FILES = re.compile(r"people|base")
ON_PAGES = re.compile(
    r"n[\s\u00a0]=[\s\u00a0](\d+)|<td class=\"num\">(?:at least |au moins )?(\d+)</td>"
    r"|(\d+) (?:of|sur) \d+|(?:of|sur) (\d+)(?= people| personnes)"
)


def people_in(where: str, text: str) -> list[int]:
    """Every number of people that is stored, in a file, on a page or in a picture."""
    if where == "snapshot":
        return list(kept_of(json.loads(text)))
    if where.endswith("/csv/"):
        rows = csv.DictReader(io.StringIO(text))
        return [
            int(value)
            for row in rows
            for key, value in row.items()
            if IN_FILES.match(key) and value.isdigit()
        ]
    plain = re.sub(r"(?<=\d)[\u00a0,](?=\d{3}\b)", "", text)
    return [int(n) for found in ON_PAGES.findall(plain) for n in found if n]


def kept_of(kept: Any, name: str = "") -> Iterator[int]:
    if isinstance(kept, dict):
        for key, value in kept.items():
            yield from kept_of(value, name if name in KEPT else key)
    elif isinstance(kept, list):
        for value in kept:
            yield from kept_of(value, name)
    elif isinstance(kept, int) and name in KEPT:
        yield kept


def test_no_number_that_is_published_is_below_the_cell(town, client):
    """Whatever the numbers are: each that counts people is at least the cell, or is nobody."""
    pair = town.published()
    read = {where: people_in(where, text) for where, text in everything(client, pair).items()}
    for where, numbers in read.items():
        assert [n for n in numbers if 0 < n < CELL] == [], where
    for where in ("snapshot", pair.english.url, f"{pair.french.url}splits/csv/"):
        assert len(read[where]) > 5, where
    assert len(read[f"{pair.french.url}themes/svg/"]) >= 3


def table_of(client: Any, page: Any, name: str) -> list[dict[str, str]]:
    text = client.get(f"{page.url}{name}/csv/").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_sums_and_differences_of_the_files_leave_no_small_group(town, client):
    page = town.published().english
    rows = table_of(client, page, "themes")
    for row in rows:
        numbers = {key: int(value) for key, value in row.items() if value.isdigit()}
        assert numbers["people"] >= CELL
        within = [
            ("base", "people"),
            ("people", "people_en"),
            ("people", "people_fr"),
            ("base_en", "people_en"),
            ("base_fr", "people_fr"),
            ("people", "people_without_letters"),
            ("base", "base_without_letters"),
        ]
        for whole, part in within:
            if whole in numbers and part in numbers:
                left = numbers[whole] - numbers[part]
                assert left == 0 or left >= CELL, (row, whole, part)
    tops = [int(row["people"]) for row in rows if not row["parent_code"]]
    for size in range(1, len(tops) + 1):
        for some in itertools.combinations(tops, size):
            left = int(rows[0]["base"]) - sum(some)
            assert left == 0 or left >= CELL, some
    for row in table_of(client, page, "splits"):
        if row["people"]:
            assert int(row["people"]) >= CELL
            assert int(row["base"]) in tops
            assert int(row["base"]) - int(row["people"]) >= CELL


def test_staff_see_the_whole_figures(town, client):
    town.published()
    client.force_login(make_user(town.department, Role.ANALYST))
    reference = town.engagement.reference_number
    html = client.get(reverse("review:desk", args=[reference, "slowed"])).content.decode()
    for n in (IN_C, IN_D):
        assert re.search(rf"\b{n}\b", re.sub(r"<[^>]+>", " ", html))


def test_without_a_threshold_everything_is_told(db, client):
    with time_machine.travel(NOW, tick=False):
        town = Town(SmallestCell.ANY)
        page = town.published().english
        rows = table_of(client, page, "themes")
    assert [row["people"] for row in rows] == ["90", "50", str(IN_D), str(IN_C), "24"]
    assert rows[0]["people_fr"] == str(FRENCH_IN_A)


def test_a_report_needs_one_theme_that_may_be_told(reviewed, client):
    for answer in reviewed.answers[9:45] + reviewed.answers[54:]:
        answer.passages.all().delete()
    with pytest.raises(FindingsNotReady) as refusal:
        reviewed.drafts()
    assert refusal.value.reason == FindingsNotReady.TOO_SMALL
    client.force_login(reviewed.approver)
    for language in ("en", "fr"):
        response = client.post(
            reverse("reporting:findings_draft", args=[reviewed.question.pk]),
            headers={"accept-language": language},
        )
        assert response.status_code == 409
        assert "10" in response.content.decode()


def test_a_theme_that_is_counted_with_others_keeps_its_words_and_quotes(reviewed, client):
    pair = reviewed.published()
    numbers = pair.english.numbers
    # 6 people are in no theme: with the 25 of the second.
    assert (numbers.others.n, [each.code for each in numbers.joined]) == (31, ["C2"])
    for page, said in zip(
        pair.pages, ("Other themes, or none", "Autres thèmes, ou aucun"), strict=True
    ):
        html = unescape(client.get(page.url).content.decode())
        assert html.count(said) > 2
        assert 'id="theme-C2"' in html
        quotes = [quote["passage"] for quote in page.themes[1].value["quotes"]]
        texts = Passage.objects.filter(pk__in=quotes).values_list("text", flat=True)
        assert len(texts) == len(quotes) > 0
        assert [text for text in texts if text not in html] == []


def test_a_quote_does_not_say_a_way_that_few_took(reviewed, client):
    Response.objects.update(channel=Channel.ONLINE)
    quotes = reviewed.drafts().english.themes[0].value["quotes"]
    Response.objects.filter(answers__passages=quotes[0]["passage"]).update(channel=Channel.MAIL)
    html = client.get(reviewed.published().english.url).content.decode()
    assert "By mail" not in html


def test_people_who_did_not_answer_are_counted_with_the_middle(town, client):
    [reached] = town.published().english.numbers.splits
    assert (reached.n, reached.unanswered, reached.mean) == (None, None, None)
    first = reached.themes[0]
    # 74 of A answered, sixteen did not: with the middle they are as many as all of A.
    assert first.is_of_all
    assert first.n == 90
    assert sum(cell.n or 0 for cell in first.cells) in (0, 90)
    assert "no answer" in first.cells[1].label_en
    assert "sans réponse" in first.cells[1].label_fr
    assert first.sentence_en != first.sentence_fr


# --- The page of the engagement --------------------------------------------------------------


def tally(engagement: Any, english: int, french: int) -> None:
    for language, count in ((Language.EN, english), (Language.FR, french)):
        EngagementTally.objects.create(
            engagement=engagement, language=language, channel=Channel.ONLINE, count=count
        )


@pytest.mark.parametrize(
    ("is_open", "english", "french", "answers", "has_languages"),
    [
        (True, 5, 2, "Fewer than 10", False),
        (True, 40, 30, "70", False),
        (True, 700, 300, "1,000", True),
        (True, 1000, 9, "1,009", False),
        (False, 5, 2, "Fewer than 10", False),
        (False, 40, 30, "70", True),
        (False, 60, 3, "63", False),
    ],
)
def test_the_page_says_how_many_answered_as_far_as_it_may(
    client, is_open, english, french, answers, has_languages
):
    pair = make_pages(make_engagement(open=is_open))
    tally(pair.english.engagement, english, french)
    html = client.get(pair.english.url).content.decode()
    assert re.search(rf"<dd>\s*{answers}\b", html)
    assert ("% English" in html) is has_languages
    assert ("Moins de" in client.get(pair.french.url).content.decode()) is (english == 5)


def test_what_a_report_does_not_tell_its_consultation_does_not_either(town, client):
    pair = town.published()
    assert pair.english.numbers.responses is None
    for page in pair.pages:
        html = client.get(page.get_parent().url).content.decode()
        assert "214" not in html
