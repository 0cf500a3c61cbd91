"""Two people in one form: the second save erases nothing, and nothing typed is lost."""

from __future__ import annotations

import re
import threading
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from feedback.asking.life import EngagementStatus
from feedback.asking.models import Choice, Question, Questionnaire
from feedback.people.enums import Role
from tests.factories import (
    make_department,
    make_engagement,
    make_questionnaire,
    make_superuser,
    make_user,
)
from tests.feedback.asking.test_live_wording import details, questions_form
from tests.feedback.asking.test_staff import admin, both, opened, posted, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Any:
    return make_department()


@pytest.fixture
def draft(here) -> Questionnaire:
    return make_questionnaire(make_engagement(here, status=EngagementStatus.DRAFT))


def resent(reply: Any, button: dict[str, str] | None = None) -> dict[str, Any]:
    """What a browser sends from the form of this reply, as it stands."""

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.data: dict[str, Any] = {}
            self.area = self.select = None

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            at = dict(attrs)
            if tag == "input" and at.get("name"):
                if at.get("type") in ("checkbox", "radio") and "checked" not in at:
                    return
                self.data[at["name"]] = at.get("value") or ""
            elif tag == "textarea":
                self.area = at.get("name")
                self.data[self.area] = ""
            elif tag == "select":
                self.select = at.get("name")
                if "multiple" not in at:
                    self.data.setdefault(self.select, "")
            elif tag == "option" and self.select and "selected" in at:
                self.data[self.select] = at.get("value") or ""

        def handle_data(self, data: str) -> None:
            if self.area:
                self.data[self.area] += data

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea" and self.area:
                self.data[self.area] = self.data[self.area].removeprefix("\n")
                self.area = None
            elif tag == "select":
                self.select = None

    reader = Reader()
    reader.feed(reply.content.decode().partition('id="w-editor-form"')[2])
    return {k: v for k, v in reader.data.items() if "__prefix__" not in k} | (button or {})


@both
def test_second_save_is_refused_both_texts_shown_and_what_was_typed_kept(
    here, draft, language
) -> None:
    first = signed_in(make_user(here, Role.AUTHOR, first_name="Amir", last_name="Chaudhry"))
    second = signed_in(make_user(here, Role.AUTHOR), language)
    where = questions_form(draft)
    before = posted(draft.engagement)
    tokens = opened(first, where), opened(second, where)
    one = {
        "questions-1-text_en": "Theirs?",
        "questions-1-hint_fr": "Leur indice",
        "questions-1-hint_en": "Their hint",
    }
    assert first.post(where, before | one | {"opened": tokens[0]}).status_code == 302
    mine = {"questions-1-text_en": "Mine <b>?", "questions-3-text_fr": "La mienne?"}
    reply = second.post(where, before | mine | {"opened": tokens[1]})
    html = reply.content.decode()
    assert reply.status_code == 409
    for text in ("What about used?", "Theirs?", "Mine &lt;b&gt;?", "Leur indice", "Amir Chaudhry"):
        assert text in html
    assert Question.objects.get(code="used").text_en == "Theirs?"
    assert Question.objects.get(code="slowed").text_fr == "Que dire de slowed?"
    # The form has what she typed, and theirs where she had typed nothing.
    form = resent(reply)
    assert form["questions-1-text_en"] == "Mine <b>?"
    assert form["questions-3-text_fr"] == "La mienne?"
    assert form["questions-1-hint_fr"] == "Leur indice"
    # The next step: she read both, and saves.
    assert second.post(where, form).status_code == 302
    question = Question.objects.get(code="used")
    assert (question.text_en, question.hint_fr) == ("Mine <b>?", "Leur indice")
    assert Question.objects.get(code="slowed").text_fr == "La mienne?"


def test_row_removed_meanwhile_comes_back_as_a_new_one_with_what_was_typed_in_it(
    here, draft
) -> None:
    client = signed_in(make_user(here, Role.AUTHOR))
    where = questions_form(draft)
    token, before = opened(client, where), posted(draft.engagement)
    Question.objects.filter(code="used").delete()
    reply = client.post(where, before | {"opened": token, "questions-1-text_en": "Still mine?"})
    assert reply.status_code == 409
    form = resent(reply)
    assert (form["questions-INITIAL_FORMS"], form["questions-TOTAL_FORMS"]) == ("5", "6")
    assert client.post(where, form).status_code == 302
    again = Question.objects.get(code="used")
    assert again.text_en == "Still mine?"
    assert list(again.choices.values_list("code", flat=True)) == ["phone", "online", "counter"]
    assert Question.objects.count() == 6


def test_row_added_meanwhile_is_shown_and_stays(here, draft) -> None:
    client = signed_in(make_user(here, Role.AUTHOR))
    where = questions_form(draft)
    token, before = opened(client, where), posted(draft.engagement)
    question = Question.objects.get(code="used")
    Choice.objects.create(question=question, code="fax", label_en="Fax", label_fr="Télécopie")
    reply = client.post(where, before | {"opened": token, "minutes": 9})
    assert reply.status_code == 409
    assert "Télécopie" in reply.content.decode()
    assert client.post(where, resent(reply)).status_code == 302
    assert question.choices.filter(code="fax").exists()
    draft.refresh_from_db()
    assert draft.minutes == 9


@pytest.mark.parametrize("token", ["", "forged", "of another"])
def test_form_that_does_not_say_what_it_showed_is_not_saved(here, draft, token) -> None:
    client = signed_in(make_user(here, Role.AUTHOR))
    if token == "of another":
        other = make_questionnaire(make_engagement(here, status=EngagementStatus.DRAFT))
        token = opened(client, questions_form(other))
    data = posted(draft.engagement) | {"minutes": 9, "opened": token}
    assert client.post(questions_form(draft), data).status_code == 409
    draft.refresh_from_db()
    assert draft.minutes == 5


def test_one_engagement_one_department_one_site(here, draft) -> None:
    from wagtail.models import Site

    from cms.pages.models import SiteSettings
    from tests.factories import make_site

    make_site()
    site = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    engagement = draft.engagement
    rows: list[tuple[str, Any, dict[str, Any], str]] = [
        (admin("engagements:edit", engagement.pk), engagement, details(engagement), "title_fr"),
        (
            admin("departments:edit", here.pk),
            here,
            {n: getattr(here, n) for n in ("code", "name_en", "name_fr", "smallest_cell")},
            "name_fr",
        ),
        (
            admin("wagtailsettings:edit", "pages", "sitesettings", site.site_id),
            site,
            {"name_en": "Our site", "name_fr": "Notre site"},
            "name_fr",
        ),
    ]
    client = signed_in(make_superuser())
    for where, row, before, column in rows:
        token = opened(client, where)
        first = client.post(where, before | {column: "Le leur", "opened": token})
        assert first.status_code == 302, where
        second = client.post(where, before | {column: "Le mien", "opened": token})
        assert second.status_code == 409, where
        row.refresh_from_db()
        assert getattr(row, column) == "Le leur"
        html = second.content.decode()
        assert "Le leur" in html
        assert 'value="Le mien"' in html
        assert client.post(where, resent(second)).status_code == 302
        row.refresh_from_db()
        assert getattr(row, column) == "Le mien"


def test_dates_and_choices_are_shown_as_in_the_form_whoever_changed_them(here) -> None:
    partners = [make_department(name_en=f"Partner {n}") for n in range(3)]
    engagement = make_engagement(here, status=EngagementStatus.DRAFT)
    engagement.partner_departments.set(partners[:1])
    client = signed_in(make_superuser())
    where = admin("engagements:edit", engagement.pk)
    token = opened(client, where)
    shown = timezone.localtime(engagement.closes_at).strftime("%Y-%m-%d %H:%M")
    before = details(engagement) | {"partner_departments": [partners[0].pk], "opened": token}
    client.post(where, before | {"closes_at": "2031-01-02 17:00", "partner_departments": []})
    mine = {"closes_at": "2031-01-03 17:00", "partner_departments": [p.pk for p in partners[1:]]}
    reply = client.post(where, before | mine)
    assert reply.status_code == 409
    rows = [
        re.sub(r"\s*<[^>]*>\s*", "|", row)
        for row in re.findall(r"<tr>.*?</tr>", reply.content.decode(), re.DOTALL)
    ]
    assert any(all(each in row for each in (shown, "2031-01-02", "2031-01-03")) for row in rows)
    assert any("Partner 0" in row and "Partner 1, Partner 2" in row for row in rows)
    assert "+00:00" not in "".join(rows)


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_the_same_instant_are_not_both_made() -> None:
    here = make_department()
    draft = make_questionnaire(make_engagement(here, status=EngagementStatus.DRAFT))
    where, before = questions_form(draft), posted(draft.engagement)
    people = [signed_in(make_user(here, Role.AUTHOR)) for _ in range(2)]
    tokens = [opened(person, where) for person in people]
    barrier, statuses = threading.Barrier(2), []

    def press(number: int) -> None:
        data = before | {"minutes": 20 + number, "opened": tokens[number]}
        barrier.wait(20)
        try:
            statuses.append(people[number].post(where, data).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, 409]
    draft.refresh_from_db()
    assert draft.version == 2
