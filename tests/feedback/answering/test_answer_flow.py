"""What a citizen goes through, in both languages, with nothing but HTML."""

from __future__ import annotations

import gzip
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from psycopg_pool import PoolTimeout

from feedback.answering.channels import online
from feedback.answering.models import Answer, Response
from feedback.answering.references import withdrawal_code
from feedback.answering.services.withdrawals import FREE_TRIES
from feedback.asking import pages
from feedback.asking.enums import EngagementKind
from feedback.asking.life import EngagementStatus
from feedback.asking.models import Choice, Engagement, Question
from feedback.bilingual import Language
from tests.factories import make_engagement, make_question, make_questionnaire, reworded, submit

pytestmark = pytest.mark.django_db
LANGUAGES = ["en", "fr"]
both = pytest.mark.parametrize("language", LANGUAGES)


class Document(HTMLParser):
    """A page as a browser reads it, with JavaScript or without: language, title, forms, text."""

    VOID = {"input", "link", "meta", "br", "img"}

    def __init__(self, html: str, *, javascript: bool = True) -> None:
        super().__init__()
        self._javascript = javascript
        self._skips = False
        self.language = self.title = self.text = ""
        self.action = ""
        self.fields: list[tuple[str, str]] = []
        self.buttons: list[dict[str, str]] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._open: list[str] = []
        self._area: tuple[str, list[str]] | None = None
        # What browsers do to a document before they read it.
        self.feed(html.replace("\r\n", "\n").replace("\r", "\n"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skips = self._skips or (tag == "noscript" and self._javascript)
        if self._skips:
            return
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        if tag == "html":
            self.language = found["lang"]
        elif tag == "form" and (found.get("id") == "sheet" or not self.action):
            self.action = found.get("action", "")
        elif tag == "input":
            kind = found.get("type", "text")
            if kind in {"hidden", "text"} or "checked" in found:
                self.fields.append((found["name"], found.get("value", "")))
        elif tag == "textarea":
            self._area = (found.get("name", ""), [])
        elif tag == "button":
            self.buttons.append(found)
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._skips:
            self._skips = tag != "noscript"
            return
        if tag == "textarea" and self._area is not None:
            name, parts = self._area
            # Browsers drop one line end after the tag.
            value = "".join(parts).removeprefix("\n")
            if name:
                self.fields.append((name, value))
            self._area = None
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._skips:
            return
        if self._area is not None:
            self._area[1].append(data)
        elif self._open and self._open[-1] == "title":
            self.title += data
        self.text += data + " "

    def value(self, name: str) -> str | None:
        return next((value for key, value in self.fields if key == name), None)

    def ids(self) -> set[str]:
        return {found["id"] for _, found in self.elements if "id" in found}


class Citizen:
    """Fills in forms: types, ticks, presses. Sends line ends as browsers do, and no cookie."""

    def __init__(self, address: str, *, javascript: bool = True) -> None:
        self.javascript = javascript
        self.client = Client(enforce_csrf_checks=True)
        self.read(self.client.get(address))

    def read(self, reply: Any) -> None:
        self.reply = reply
        self.address = reply.request["PATH_INFO"]
        self.page = Document(reply.content.decode(), javascript=self.javascript)
        self.typed: dict[str, list[str]] = {}

    def fill(self, **answers: str | list[str]) -> Citizen:
        """By question code: a list is ticks, a string is text."""
        for code, given in answers.items():
            if isinstance(given, list):
                self.typed[f"c.{code}"] = given
            else:
                self.typed[f"t.{code}"] = [given]
        return self

    def form(self) -> dict[str, list[str]]:
        sent: dict[str, list[str]] = {}
        for name, value in self.page.fields:
            sent.setdefault(name, []).append(value)
        sent.update(self.typed)
        return {
            name: [v.replace("\r\n", "\n").replace("\n", "\r\n") for v in values]
            for name, values in sent.items()
        }

    def press(self, go: str, **headers: str) -> Citizen:
        button = next(b for b in self.page.buttons if b.get("value", "") == go)
        address = (button.get("formaction") or self.page.action).split("#")[0]
        form = self.form() | ({"go": [go]} if "name" in button else {})
        reply = self.client.post(address, form, headers=headers)
        while reply.status_code in {302, 303}:
            reply = self.client.get(reply["Location"])
        self.read(reply)
        return self


def address(language: str, name: str, *args: Any) -> str:
    with override(language):
        return reverse(f"answering:{name}", args=args)


@pytest.fixture
def engagement() -> Engagement:
    return make_questionnaire(make_engagement(contact_email="consult@example.org")).engagement


def citizen(engagement: Engagement, language: str = "en") -> Citizen:
    return Citizen(address(language, "answer", engagement.reference_number))


def at_the_check(engagement: Engagement, language: str = "en", **texts: str) -> Citizen:
    person = citizen(engagement, language)
    person.fill(reached=["phone"], used=["phone", "counter"]).press("next")
    person.fill(ease=["4"], slowed=texts.get("slowed", "")).press("next")
    person.fill(first=texts.get("first", ""), change=texts.get("change", "")).press("next")
    assert person.page.value("page") == "check"
    return person


# --- The way through ---------------------------------------------------------------------------


@both
def test_whole_way_from_first_page_to_receipt(engagement, language) -> None:
    person = at_the_check(engagement, language, slowed="L'attente,\n\n<b>longue</b>.")
    assert Response.objects.count() == 0
    person.press("send")
    response = Response.objects.get()
    assert person.address == address(language, "receipt", response.receipt_key)
    assert person.reply.status_code == 200
    assert (response.language, response.channel) == (language, "online")
    assert response.reference in person.page.text
    assert withdrawal_code(response.receipt_key) in person.page.text
    assert "L'attente,\n\n<b>longue</b>." in person.page.text
    assert Answer.objects.get(question__code="slowed").text == "L'attente,\r\n\r\n<b>longue</b>."
    assert Answer.objects.get(question__code="used").codes == ["phone", "counter"]
    assert not person.client.cookies


@both
def test_every_page_speaks_one_language_and_says_which_step_it_is(engagement, language) -> None:
    person = citizen(engagement, language)
    other = "fr" if language == "en" else "en"
    for step, answers in enumerate(
        [{"reached": ["phone"]}, {"ease": ["4"]}, {"change": "x"}], start=1
    ):
        page = person.page
        assert page.language == language
        # How many there are is known once it is known whether a script runs.
        said = page.title.split(" - ") if step > 1 else page.text.split("  ")
        assert any(f"{step} " in part and "4" in part for part in said)
        toggle = next(b for b in page.buttons if b["value"] == "language")
        assert toggle["lang"] == other
        assert toggle["formaction"] == address(other, "answer", engagement.reference_number)
        assert getattr(engagement.questionnaire.questions.first(), f"text_{other}") not in page.text
        person.fill(**answers).press("next")
    assert person.page.language == language


def test_enter_continues_and_does_not_change_language(engagement) -> None:
    person = at_the_check(engagement).press("back")
    of_the_form = [b for b in person.page.buttons if b.get("form", "sheet") == "sheet"]
    assert of_the_form[0]["value"] == "next"


@both
def test_language_can_change_on_any_page_and_nothing_typed_is_lost(engagement, language) -> None:
    other = "fr" if language == "en" else "en"
    person = citizen(engagement, language)
    person.fill(reached=["online"], used=["counter"]).press("language")
    assert person.page.language == other
    assert person.page.value("c.reached") == "online"
    person.press("next").fill(ease=["na"], slowed="un\n\ndeux é 👩🏽‍🚀").press("language")
    assert person.page.language == language
    assert person.page.value("t.slowed") == "un\n\ndeux é 👩🏽‍🚀"
    assert person.page.value("c.reached") == "online"
    person.press("next").press("next").press("language")
    assert person.page.language == other
    person.press("send")
    response = Response.objects.get()
    assert response.language == other
    assert {a.question.code: a.codes or a.text for a in response.answers.all()} == {
        "reached": ["online"],
        "used": ["counter"],
        "ease": ["na"],
        "slowed": "un\r\n\r\ndeux é 👩🏽‍🚀",
    }


@both
def test_language_changed_on_a_page_with_errors_keeps_errors_and_text(engagement, language) -> None:
    person = citizen(engagement, language).fill(reached=["phone"]).press("next")
    person.fill(slowed="x" * 501).press("next")
    words = person.page.title.split()[0]
    person.press("language")
    assert person.reply.status_code == 422
    assert person.page.title.split()[0] != words
    assert person.page.value("t.slowed") == "x" * 501
    assert "#q-ease" in [e[1].get("href") for e in person.page.elements]


def test_page_not_answered_yet_changes_language_without_errors(engagement) -> None:
    person = citizen(engagement).press("language")
    assert person.reply.status_code == 200


def test_back_keeps_what_was_typed_and_asks_nothing(engagement) -> None:
    person = citizen(engagement).fill(reached=["phone"]).press("next")
    person.fill(slowed="à moitié").press("back")
    assert person.reply.status_code == 200
    assert person.page.value("c.reached") == "phone"
    assert person.page.value("t.slowed") == "à moitié"
    assert person.press("next").page.value("t.slowed") == "à moitié"


@both
def test_without_javascript_all_questions_are_one_page(engagement, language) -> None:
    where = address(language, "answer", engagement.reference_number)
    person = Citizen(where, javascript=False)
    asked = {field["name"] for _, field in person.page.elements if "name" in field}
    assert {"c.reached", "c.used", "c.ease", "t.slowed", "t.first", "t.change"} <= asked
    person.fill(used=["phone"], slowed="x" * 501, first="Carte").press("next")
    # What is wrong on any page is said at once.
    assert person.reply.status_code == 422
    wrong = [
        found["href"] for tag, found in person.page.elements if found.get("href", "")[:3] == "#q-"
    ]
    assert wrong == ["#q-reached", "#q-ease", "#q-slowed"]
    person.press("language")
    assert person.reply.status_code == 422
    assert person.page.value("t.first") == "Carte"
    person.fill(reached=["phone"], ease=["4"], slowed="Rien.").press("next")
    assert person.page.value("page") == "check"
    assert any("2 " in part and part.endswith("2") for part in person.page.title.split(" - "))
    person.press("back")
    assert person.page.value("t.slowed") == "Rien."
    assert "back" not in [button["value"] for button in person.page.buttons]
    person.fill(first="Permis").press("next").press("page-2")
    assert person.page.value("t.first") == "Permis"
    person.fill(change="Tout.").press("next").press("send")
    texts = Answer.objects.exclude(text="").values_list("text", flat=True)
    assert set(texts) == {"Rien.", "Permis", "Tout."}


@pytest.mark.parametrize("edition", ["3", "", "-1", "9" * 5000, "x"])
def test_edition_of_the_script_comes_back_or_is_forgotten(engagement, edition) -> None:
    person = citizen(engagement)
    person.page.fields.append(("edition", edition))
    person.fill(reached=["phone"]).press("next")
    assert person.page.value("edition") == ("3" if edition == "3" else None)


def test_change_leads_to_the_question_and_straight_back_to_the_check(engagement) -> None:
    person = at_the_check(engagement)
    change = next(b for b in person.page.buttons if b["value"] == "page-2")
    assert change["formaction"].endswith("#q-ease")
    person.press("page-2")
    assert "q-ease" in person.page.ids()
    person.fill(ease=["1"]).press("next")
    assert person.page.value("page") == "check"
    assert person.page.value("c.ease") == "1"


def test_change_that_makes_an_error_stays_until_it_is_right(engagement) -> None:
    person = at_the_check(engagement).press("page-2")
    person.fill(slowed="x" * 600).press("next")
    assert person.reply.status_code == 422
    person.fill(slowed="x" * 500).press("next")
    assert person.page.value("page") == "check"


def test_answer_to_an_optional_question_can_be_taken_away_again(engagement) -> None:
    make_question(engagement.questionnaire, "extra", "rating", sort_order=9)
    person = at_the_check(engagement).press("page-3")
    assert not any(e[1].get("id") == "q-extra-none" for e in person.page.elements)
    person.fill(extra=["3"]).press("next").press("page-3")
    assert any(e[1].get("id") == "q-extra-none" for e in person.page.elements)
    person.fill(extra=[""]).press("next")
    assert person.page.value("c.extra") is None


def test_check_cannot_be_reached_around_a_required_question(engagement) -> None:
    person = citizen(engagement).fill(reached=["phone"])
    form = person.form() | {"page": ["3"], "go": ["next"]}
    person.read(person.client.post(person.page.action, form))
    assert person.reply.status_code == 422
    assert person.page.value("page") == "2"
    person.read(person.client.post(person.page.action, form | {"page": ["check"], "go": ["send"]}))
    assert person.reply.status_code == 422
    assert not Response.objects.exists()


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "", "٣", "1" * 400, "9" * 5_000])
def test_page_number_that_makes_no_sense_is_survived(engagement, page) -> None:
    person = citizen(engagement)
    for go in (
        "next",
        "back",
        "language",
        "page-0",
        "page-77",
        "page-x",
        "page-" + "7" * 5_000,
        "?",
        "send",
    ):
        form = person.form() | {"page": [page], "go": [go]}
        assert person.client.post(person.page.action, form).status_code in {200, 422}


# --- Errors ------------------------------------------------------------------------------------


@both
def test_errors_stand_at_the_top_and_at_the_field_in_the_same_words(engagement, language) -> None:
    person = citizen(engagement, language).press("next")
    page = person.page
    assert person.reply.status_code == 422
    assert page.title.startswith({"en": "Error: ", "fr": "Erreur\u00a0: "}[language])
    summary = next(e for _, e in page.elements if e.get("class") == "err-sum")
    assert "autofocus" in summary
    assert summary["tabindex"] == "-1"
    links = [e["href"] for tag, e in page.elements if tag == "a" and "#q-" in e.get("href", "")]
    assert links == ["#q-reached"]
    assert links[0][1:] in page.ids()
    fieldset = next(e for tag, e in page.elements if tag == "fieldset")
    assert fieldset["aria-invalid"] == "true"
    assert set(fieldset["aria-describedby"].split()) <= page.ids()
    html = person.reply.content.decode()
    message = html.split('id="q-reached-error">')[1].split("<")[0]
    assert html.count(message) == 2


@both
def test_text_over_the_limit_is_told_by_how_much_and_never_cut(engagement, language) -> None:
    person = citizen(engagement, language).fill(reached=["phone"]).press("next")
    person.fill(ease=["4"], slowed="é" * 1_712).press("next")
    assert person.reply.status_code == 422
    assert person.page.value("t.slowed") == "é" * 1_712
    number = {"en": "1,212", "fr": "1\u00a0212"}[language]
    assert number in person.page.text
    area = next(e for tag, e in person.page.elements if tag == "textarea")
    assert "maxlength" not in area  # The browser would cut what is pasted, without a word.
    assert area["aria-invalid"] == "true"
    assert set(area["aria-describedby"].split()) <= person.page.ids()


def test_hostile_and_odd_text_comes_through_every_page_unchanged(engagement) -> None:
    text = (
        "\n\"'><script>alert(1)</script>&amp;\n{{ 7|add:7 }} \u202eabc\u202c e\u0301 =1+1 {% x %}"
    )
    person = at_the_check(engagement, change=text)
    assert "<script>alert" not in person.reply.content.decode()
    person.press("language").press("page-3")
    assert person.page.value("t.change") == text
    person.press("next").press("send")
    assert Answer.objects.get(question__code="change").text == text.replace("\n", "\r\n")
    assert "<script>alert" not in person.reply.content.decode()


def test_optional_questions_are_marked_in_words_and_required_ones_not(engagement) -> None:
    for language, word in (("en", "(optional)"), ("fr", "(facultatif)")):
        person = citizen(engagement, language)
        assert person.page.text.count(word) == 1
        assert "*" not in person.page.text


@both
def test_receipt_shows_the_words_that_were_read(engagement, language) -> None:
    person = at_the_check(engagement, language)
    questionnaire = engagement.questionnaire
    with reworded(questionnaire):
        Question.objects.filter(code="reached").update(text_en="Reworded?", text_fr="Reformulé?")
        Choice.objects.filter(code="phone").update(label_en="Calling", label_fr="En appelant")
        make_question(questionnaire, "later", "short_text", sort_order=9)
    person.press("send")
    response = Response.objects.get()
    assert response.questionnaire_version == 1
    text = person.page.text
    assert {"en": "What about reached?", "fr": "Que dire de reached?"}[language] in text
    assert {"en": "By phone", "fr": "Par téléphone"}[language] in text
    assert not any(word in text for word in ("Reworded?", "Reformulé?", "Calling", "En appelant"))


# --- Twice, and differently --------------------------------------------------------------------


def test_sending_twice_is_one_response_and_the_same_receipt(engagement) -> None:
    person = at_the_check(engagement)
    form, where = person.form() | {"go": ["send"]}, person.page.action
    replies = [person.client.post(where, form) for _ in range(3)]
    assert {r.status_code for r in replies} == {303}
    assert len({r["Location"] for r in replies}) == 1
    assert Response.objects.count() == 1


@both
def test_other_answers_with_the_same_form_are_kept_and_can_be_sent_as_new(
    engagement, language
) -> None:
    person = at_the_check(engagement, language, change="Premier avis.")
    form, where = person.form(), person.page.action
    person.press("send")
    first = Response.objects.get()
    # Back, another text, send.
    later = form | {"t.change": ["Second avis."], "go": ["send"]}
    person.read(person.client.post(where, later))
    assert person.reply.status_code == 409
    assert Response.objects.count() == 1
    assert first.reference in person.page.text
    assert person.page.value("t.change") == "Second avis."
    assert person.page.value("token") != str(first.client_token)
    person.press("language")
    assert person.reply.status_code == 409
    assert first.reference in person.page.text
    person.press("send")
    assert Response.objects.count() == 2
    texts = Answer.objects.filter(question__code="change").values_list("text", flat=True)
    assert sorted(texts) == ["Premier avis.", "Second avis."]


def test_earlier_receipt_is_shown_only_to_its_own_form(engagement) -> None:
    elsewhere = submit(make_questionnaire().engagement)
    person = at_the_check(engagement)
    for forged in (str(elsewhere.receipt_key), "x", str(uuid4())):
        form = person.form() | {"earlier": [forged], "go": ["language"]}
        reply = person.client.post(person.page.action, form)
        assert reply.status_code == 200
        assert elsewhere.reference not in reply.content.decode()


def test_response_taken_back_is_not_revived_by_the_back_button(engagement) -> None:
    person = at_the_check(engagement)
    form, where = person.form() | {"go": ["send"]}, person.page.action
    person.press("send")
    person.press("confirm").press("withdraw")
    assert Response.objects.get().withdrawn_at is not None
    person.read(person.client.post(where, form))
    assert person.reply.status_code == 409
    assert not Answer.objects.exists()
    person.press("send")
    assert Response.objects.filter(withdrawn_at=None).count() == 1


# --- The form's own papers ---------------------------------------------------------------------


def test_page_left_open_for_a_day_is_sent_all_the_same(engagement) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        person = at_the_check(engagement)
        clock.shift(timedelta(hours=24))
        person.press("send")
    assert Response.objects.count() == 1


def test_secret_key_may_be_rotated_while_a_form_is_open(engagement, settings) -> None:
    person = at_the_check(engagement)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a-new-one"
    with time_machine.travel(engagement.closes_at + timedelta(minutes=1), tick=False):
        person.press("send")
    assert Response.objects.count() == 1  # Its stamp still proves when it was opened.


@pytest.mark.parametrize("token", [None, "", "x", "1" * 31])
def test_form_without_its_token_is_shown_again_with_a_fresh_one(engagement, token) -> None:
    person = at_the_check(engagement, change="Gardé.")
    form = {k: v for k, v in person.form().items() if k != "token"} | {"go": ["send"]}
    if token is not None:
        form["token"] = [token]
    person.read(person.client.post(person.page.action, form))
    assert not Response.objects.exists()
    assert person.page.value("t.change") == "Gardé."
    assert UUID(person.page.value("token") or "")
    person.press("send")
    assert Response.objects.count() == 1


def test_form_sent_by_another_sites_page_stores_nothing_until_the_person_says_so(
    engagement,
) -> None:
    person = at_the_check(engagement)
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
    ):
        person.press("send", **headers)
        assert not Response.objects.exists()
        assert person.page.value("page") == "check"
    for headers in ({"sec-fetch-site": "same-origin"}, {"origin": "null"}, {}):
        fresh = at_the_check(engagement)
        fresh.press("send", **headers)
    assert Response.objects.count() == 3


def test_no_page_sets_a_cookie_or_asks_for_one(engagement) -> None:
    person = at_the_check(engagement)
    person.press("send")
    assert "csrfmiddlewaretoken" not in person.reply.content.decode()
    assert not person.client.cookies


@both
def test_pages_fit_in_one_round_trip_and_ask_nobody_else(engagement, language) -> None:
    person = citizen(engagement, language)
    assert len(gzip.compress(person.reply.content)) < 14_000
    for tag, found in person.page.elements:
        assert "style" not in found
        assert not any(name.startswith("on") for name in found)
        if tag in {"script", "link", "img"}:
            assert (found.get("src") or found.get("href", "")).startswith("/")


def test_pages_may_come_back_by_the_back_button_and_the_receipt_is_kept_nowhere(
    engagement,
) -> None:
    person = at_the_check(engagement)
    assert person.reply["Cache-Control"] == "private, no-cache"
    person.press("send")
    assert person.reply["Cache-Control"] == "no-store"
    assert person.reply["Referrer-Policy"] == "no-referrer"
    assert "noindex" in person.reply["X-Robots-Tag"]


# --- The window --------------------------------------------------------------------------------


@both
def test_form_opened_in_time_may_be_sent_a_little_late_and_then_no_more(
    engagement, language, settings
) -> None:
    grace = timedelta(minutes=settings.CONSULT_GRACE_MINUTES)
    person = at_the_check(engagement, language, change="Mes mots.")
    with time_machine.travel(engagement.closes_at + grace, tick=False):
        person.press("send")
    assert not Response.objects.exists()
    assert person.reply.status_code == 409
    assert person.page.language == language
    assert "Mes mots." in person.page.text  # To copy.
    with time_machine.travel(engagement.closes_at + grace, tick=False):
        person.press("language")
        assert "Mes mots." in person.page.text
        assert person.page.language != language
    late = at_the_check(engagement, language)
    with time_machine.travel(engagement.closes_at + grace - timedelta(seconds=1), tick=False):
        late.press("send")
    assert Response.objects.count() == 1


def test_stamp_that_was_made_up_or_borrowed_earns_no_grace(engagement) -> None:
    person, other = at_the_check(engagement), at_the_check(engagement)
    made_up = (person.page.value("stamp") or "").replace(".1", ".2", 1)
    with time_machine.travel(engagement.closes_at + timedelta(minutes=1), tick=False):
        for stamp in (other.page.value("stamp"), made_up, "", "x", "1.1.1.1:x"):
            form = person.form() | {"stamp": [stamp or ""], "go": ["send"]}
            assert person.client.post(person.page.action, form).status_code == 409
    assert not Response.objects.exists()


def test_answer_page_of_a_closed_engagement_is_shown_no_more_questions(engagement) -> None:
    person = citizen(engagement).fill(reached=["phone"])
    with time_machine.travel(engagement.closes_at + timedelta(days=1), tick=False):
        person.press("next")
    assert person.reply.status_code == 409
    assert "c.reached" in dict(person.page.fields)


PHASES = [
    ({"opens_at": timezone.now() + timedelta(days=1)}, 200),
    ({"closes_at": timezone.now() - timedelta(days=1)}, 200),
    ({"opens_at": None, "closes_at": None}, 200),
    ({"status": EngagementStatus.OUTCOME_PUBLISHED}, 200),
    ({"status": EngagementStatus.NO_REPORT_EXPECTED}, 200),
    ({"status": EngagementStatus.WITHDRAWN}, 410),
    ({"status": EngagementStatus.DRAFT}, 404),
    ({"status": EngagementStatus.IN_REVIEW}, 404),
]


@both
@pytest.mark.parametrize("name", ["answer", "start"])
@pytest.mark.parametrize("kind", EngagementKind)
@pytest.mark.parametrize(("fields", "status"), PHASES)
def test_engagement_that_is_not_open_says_so_politely(
    client, language, fields, status, kind, name
) -> None:
    engagement = make_questionnaire(make_engagement(kind=kind, **fields)).engagement
    reply = client.get(address(language, name, engagement.reference_number))
    assert reply.status_code == status
    assert Document(reply.content.decode()).language == language
    assert b'name="go" value="next"' not in reply.content
    posted = client.post(address(language, "answer", engagement.reference_number))
    assert posted.status_code == {200: 409}.get(status, status)
    assert not Response.objects.exists()


@both
def test_unknown_engagement_and_unknown_receipt_are_404(client, language) -> None:
    assert client.get(address(language, "answer", "nothing")).status_code == 404
    assert client.get(address(language, "start", "nothing")).status_code == 404
    assert client.get(address(language, "receipt", uuid4())).status_code == 404


def test_engagement_without_questions_is_not_there_yet(client) -> None:
    engagement = make_engagement()
    where = address("en", "answer", engagement.reference_number)
    assert client.get(where).status_code == 404
    questionnaire = make_questionnaire(engagement)
    Question.objects.filter(questionnaire=questionnaire).delete()
    assert client.get(where).status_code == 404
    assert client.post(where).status_code == 404


@both
def test_addresses_are_in_the_language_of_the_page(language) -> None:
    segments = {
        "en": ["answer", "receipt", "withdraw"],
        "fr": ["repondre", "accuse-de-reception", "retirer"],
    }[language]
    found = [
        address(language, "answer", "x"),
        address(language, "receipt", uuid4()),
        address(language, "withdraw"),
    ]
    assert [a.split("/")[1:3] for a in found] == [[language, s] for s in segments]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client, engagement, method) -> None:
    response = submit(engagement)
    for where in (
        address("en", "answer", engagement.reference_number),
        address("en", "start", engagement.reference_number),
        address("en", "receipt", response.receipt_key),
        address("en", "withdraw"),
        address("en", "withdrawn"),
    ):
        assert getattr(client, method)(where).status_code == 405
    assert client.post(address("en", "receipt", response.receipt_key)).status_code == 405


@both
def test_start_page_leads_into_the_form_or_to_the_engagements_own_page(
    client, engagement, language, monkeypatch
) -> None:
    where = address(language, "start", engagement.reference_number)
    page = Document(client.get(where).content.decode())
    hrefs = [found.get("href") for tag, found in page.elements if tag == "a"]
    assert address(language, "answer", engagement.reference_number) in hrefs
    monkeypatch.setattr(pages, "_finders", [lambda e, lang: f"/{lang}/own-page/"])
    assert client.get(where)["Location"] == f"/{language}/own-page/"


# --- When something is away --------------------------------------------------------------------


@both
@pytest.mark.parametrize("away", [OperationalError("gone"), PoolTimeout("full")])
@pytest.mark.parametrize("where", ["get_object_or_404", "response_submit"])
def test_database_away_gives_the_text_back_and_the_same_button_sends_it_later(
    engagement, language, away, where, monkeypatch
) -> None:
    text = "\n" + "Huit mille signes. " * 260
    person = at_the_check(engagement, language, change=text)
    token = person.page.value("token")

    def fail(*args: Any, **kwargs: Any) -> None:
        raise away

    monkeypatch.setattr(online, where, fail)
    person.press("send")
    assert person.reply.status_code == 503
    assert person.reply["Retry-After"] == "30"
    assert person.page.language == language
    assert person.page.title.startswith({"en": "Error: ", "fr": "Erreur\u00a0: "}[language])
    assert person.page.value("t.change") == text
    assert person.page.value("token") == token
    person.press("")  # Still away.
    assert person.reply.status_code == 503
    assert person.page.value("t.change") == text
    monkeypatch.undo()
    person.press("")
    response = Response.objects.get()
    assert person.address == address(language, "receipt", response.receipt_key)
    assert Answer.objects.get(question__code="change").text == text.replace("\n", "\r\n")


def test_database_that_is_away_from_the_first_query_on(engagement, monkeypatch) -> None:
    """The connection itself fails, as it does when PostgreSQL is stopped."""
    from django.db import connection

    person = at_the_check(engagement, change="Gardé.")

    def refuse(execute: Any, *args: Any) -> None:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(refuse):
        person.press("send")
    assert person.reply.status_code == 503
    assert person.page.value("t.change") == "Gardé."


@both
def test_far_too_much_at_once_comes_back_to_be_shortened_and_sent(
    engagement, language, settings
) -> None:
    """From the field it was typed in to the receipt, on the page that says what was too much."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000
    person = at_the_check(engagement, language, slowed="La file.")
    person.press("page-3")
    person.fill(change="é" * 6_000).press("next")
    assert person.reply.status_code == 413
    assert person.page.language == language
    assert person.page.value("t.change") == "é" * 6_000
    assert person.page.value("t.slowed") == "La file."
    person.fill(change="Assez court.").press("")
    assert person.page.value("page") == "check"
    person.press("send")
    assert Answer.objects.get(question__code="change").text == "Assez court."
    assert Answer.objects.get(question__code="slowed").text == "La file."


# --- Taking back -------------------------------------------------------------------------------


@both
def test_receipt_takes_the_response_back_in_two_steps(engagement, language) -> None:
    person = at_the_check(engagement, language, change="À retirer.").press("send")
    receipt = person.address
    person.press("confirm")
    assert Answer.objects.exists()
    assert "À retirer." not in person.page.text
    person.press("withdraw")
    assert person.address == address(language, "withdrawn")
    assert not Answer.objects.exists()
    person.read(person.client.get(receipt))
    assert person.reply.status_code == 200
    assert "À retirer." not in person.page.text
    assert Response.objects.get().reference in person.page.text
    gone = Response.objects.get()
    again = Citizen(address(language, "withdraw"))
    again.typed = {
        "reference": [gone.reference],
        "code": [withdrawal_code(gone.receipt_key)],
    }
    again.press("confirm")
    # Nothing is asked any more, in the title either.
    assert "?</title>" not in again.reply.content.decode()


@both
def test_withdrawal_form_says_what_is_missing_and_what_is_wrong(engagement, language) -> None:
    response = submit(engagement, language=Language(language))
    person = Citizen(address(language, "withdraw")).press("confirm")
    assert person.reply.status_code == 422
    links = [e["href"] for tag, e in person.page.elements if tag == "a" and "href" in e]
    assert {"#reference", "#code"} <= set(links)
    person.typed = {"reference": [response.reference], "code": ["0000 0000 0000"]}
    person.press("confirm")
    assert person.reply.status_code == 422
    assert person.page.value("reference") == response.reference
    person.press("language")
    assert person.page.language != language
    assert person.page.value("reference") == response.reference
    person.typed = {"code": [withdrawal_code(response.receipt_key)]}
    person.press("confirm").press("withdraw")
    response.refresh_from_db()
    assert response.withdrawn_at is not None


def test_another_sites_page_cannot_withdraw(engagement) -> None:
    person = at_the_check(engagement).press("send").press("confirm")
    person.press("withdraw", **{"sec-fetch-site": "cross-site"})
    assert Answer.objects.exists()


def test_withdrawal_tried_too_often_is_told_to_wait(engagement) -> None:
    response = submit(engagement)
    person = Citizen(address("fr", "withdraw"))
    for _ in range(FREE_TRIES + 1):
        person.typed = {"reference": [response.reference], "code": ["1"]}
        person.press("confirm")
    assert person.reply.status_code == 429
    assert int(person.reply["Retry-After"]) >= 1


def test_secrets_are_in_no_address_but_the_receipts_own(engagement) -> None:
    person = at_the_check(engagement).press("send")
    response = Response.objects.get()
    code = withdrawal_code(response.receipt_key).replace(" ", "")
    for _, found in person.page.elements:
        for name in ("href", "action", "formaction"):
            assert code not in found.get(name, "").replace(" ", "")
            assert response.reference not in found.get(name, "")
