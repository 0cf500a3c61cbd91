"""Our own words have the apostrophe of print; what people wrote is shown as they wrote it."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from analysis import catalogue
from analysis.catalogue import catalogues_compile
from analysis.spreadsheet.errors import SpreadsheetError
from analysis.spreadsheet.workbook import heads
from analysis.typography import typographic, typographic_words
from feedback.answering.models import Answer
from tests.cms.conftest import Reviewed, reviewed
from tests.factories import make_engagement, make_questionnaire
from tests.feedback.answering.test_answer_flow import at_the_check
from tests.servers import ROOT

__all__ = ["reviewed"]

STRAIGHT = re.compile(r"\w'")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("l'eau, people's", "l’eau, people’s"),
        ("of both languages' pages", "of both languages’ pages"),
        ("%(name)s's page, {name}'s page", "%(name)s’s page, {name}’s page"),
        ("«\u00a0l'eau\u00a0»", "«\u00a0l’eau\u00a0»"),
        ("<a href='/a' title='b'>l'eau</a>", "<a href='/a' title='b'>l’eau</a>"),
        ("set to 'none', then \"fr\"", 'set to \'none’, then "fr"'),
        ("1 < 2, n'est-ce pas", "1 < 2, n’est-ce pas"),
        ("l’eau", "l’eau"),
        ("", ""),
    ],
)
def test_an_apostrophe_of_ours_is_set_once_and_code_is_left_alone(given: str, shown: str) -> None:
    assert typographic(given) == shown
    assert typographic(shown) == shown


def strings(table: object) -> list[str]:
    if isinstance(table, str):
        return [table]
    if isinstance(table, dict):
        table = list(table.values())
    return (
        [text for each in table for text in strings(each)]
        if isinstance(table, list | tuple)
        else []
    )


def test_the_words_of_the_pure_packages_are_set_too_and_typed_on_a_terminal() -> None:
    table = heads("fr")
    said = strings(table)
    assert any("’" in text for text in said)
    assert not [text for text in said if STRAIGHT.search(text)]
    assert typographic_words(table) == table
    error = SpreadsheetError("There is no file {path}.", path="l’eau.csv")
    assert error.said_in("fr") == "Le fichier l’eau.csv n'existe pas."


@pytest.mark.parametrize("language", ["en", "fr"])
def test_messages_are_set_in_both_languages(language: str) -> None:
    with override(language):
        assert "’" in gettext("In people's words") or language == "fr"
        for msgid in ("In people's words", "Go to the survey's page", "Eastern time"):
            assert not STRAIGHT.search(gettext(msgid))


def test_a_catalogue_is_compiled_again_when_it_changes_and_not_otherwise(tmp_path: Path) -> None:
    po = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_bytes((ROOT / "locale/fr/LC_MESSAGES/django.po").read_bytes())
    assert catalogues_compile(tmp_path) > 800
    assert catalogues_compile(tmp_path) == 0
    (tmp_path / "en" / "LC_MESSAGES" / "django.mo").unlink()
    assert catalogues_compile(tmp_path) > 800
    for language in ("en", "fr"):
        with (tmp_path / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
            said = [text for m in read_mo(file) if m.id for text in strings(m.string)]
        assert any("’" in text for text in said)
        assert not [text for text in said if STRAIGHT.search(text)]


def test_a_clone_that_may_not_be_written_to_speaks_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    po = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_bytes((ROOT / "locale/fr/LC_MESSAGES/django.po").read_bytes())

    def refused(*_file: object) -> None:
        raise PermissionError

    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    monkeypatch.setattr(Path, "write_bytes", refused)
    for language, said in (("en", "Go to the survey’s page"), ("fr", "Aller à la page du sondage")):
        found = catalogue.translations.__wrapped__(language).gettext("Go to the survey's page")
        assert found == said
    assert list(po.parent.iterdir()) == [po]


def test_compilemessages_is_ours(settings, tmp_path: Path, capsys) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    call_command("compilemessages")
    assert str(tmp_path) in capsys.readouterr().out


@pytest.mark.parametrize("name", ["consult/500.html", "consult/503.html", "consult/414.html"])
def test_the_pages_without_a_catalogue_are_set_too(name: str) -> None:
    page = html.unescape(render_to_string(name, {"language": "fr", "languages": ["fr", "en"]}))
    assert "’" in page.partition('lang="fr"')[2]
    assert not STRAIGHT.search(re.sub(r"<[^>]*>", "", page))


# --- What people wrote ---------------------------------------------------------------------------

WROTE = "L'eau n'est pas l’eau: it's the people's, y'all's 'own' \u2018words\u2019"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_a_citizen_wrote_comes_back_to_the_byte(language: str) -> None:
    """In the check, in the field when going back, on the receipt; our words around it are set."""
    engagement = make_engagement()
    make_questionnaire(engagement)
    person = at_the_check(engagement, language, slowed=WROTE)
    assert WROTE in person.page.text
    with override(language):
        assert gettext("Nothing has been sent yet.") in person.page.text
    if language == "fr":
        assert "Rien n’a encore été envoyé." in person.page.text
    person.press("back").press("back")
    assert person.page.value("t.slowed") == WROTE
    person.press("next").press("next").press("send")
    assert WROTE in person.page.text
    assert Answer.objects.get(question__code="slowed").text == WROTE


def test_what_people_wrote_is_quoted_to_the_byte_on_the_desk_and_in_the_report(
    reviewed: Reviewed, client: Client
) -> None:
    """Their comments have the straight apostrophe in French: "J'ai attendu"."""
    page = reviewed.published()
    reference = reviewed.engagement.reference_number
    desk = reverse("review:desk", args=[reference, reviewed.question.code])
    theme = next(theme for theme in reviewed.themes if theme.name_en == "Proposal T2")
    for language, public in (("en", page.english), ("fr", page.french)):
        shown = html.unescape(client.get(public.url).content.decode())
        assert "J'ai attendu" in shown
        assert "J’ai attendu" not in shown
        with override(language):
            assert gettext("With a comment on this question") in shown
        if language == "fr":
            assert "L’analyse a été faite" in shown
        staff = Client()
        staff.force_login(reviewed.analyst)
        staff.cookies["language"] = language
        shown = html.unescape(staff.get(f"{desk}?group=t{theme.pk}").content.decode())
        assert "J'ai attendu" in shown
        assert "J’ai attendu" not in shown
        assert "In people’s words" in shown or "l’analyse" in shown
