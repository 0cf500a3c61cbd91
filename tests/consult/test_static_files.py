"""What a citizen sees where styles and scripts were not collected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import find, get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.urls import reverse
from django.utils.functional import empty
from django.utils.translation import override

from consult.static_files import COMMENT, IMPORT, StaticFiles
from tests.factories import make_questionnaire
from tests.servers import ROOT


@pytest.fixture
def not_collected(settings: Any, tmp_path: Path) -> Any:
    """The storage of a real deployment, without its folder."""
    settings.DEBUG = False
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "consult.static_files.StaticFiles"},
    }
    staticfiles_storage._wrapped = empty
    yield
    staticfiles_storage._wrapped = empty


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_page_without_its_styles_is_a_page(
    client: Client, not_collected: None, caplog: pytest.LogCaptureFixture, language: str
) -> None:
    engagement = make_questionnaire().engagement
    with override(language):
        addresses = [
            reverse("answering:answer", args=[engagement.reference_number]),
            reverse("answering:withdraw"),
        ]
    for address in addresses * 2:
        response = client.get(address)
        assert response.status_code == 200, address
        assert 'href="/static/look/site.css"' in response.content.decode()
    assert client.get(f"/{language}/nowhere/").status_code == 404
    # Told once, however many pages want it.
    told = [message for message in caplog.messages if "look/site.css" in message]
    assert len(told) == 1


def test_shipped_settings_use_that_storage() -> None:
    source = (Path(__file__).parents[2] / "consult" / "settings.py").read_text()
    assert '"consult.static_files.StaticFiles"' in source


# --- Styles, one component a file ----------------------------------------------------------------

SHEETS = [
    path
    for room in ("consult", "cms", "analysis", "feedback")
    for path in sorted((ROOT / room).rglob("static/**/*.css"))
]


def without_comments(path: Path) -> str:
    return COMMENT.sub("", path.read_text("utf-8"))


def test_a_sheet_is_a_list_of_others_or_rules_of_its_own() -> None:
    """Rules after an import would follow it wherever it is read; rules before, nowhere."""
    lists = [path for path in SHEETS if "@import" in path.read_text("utf-8")]
    assert len(lists) > 3
    named: list[Path] = []
    for path in lists:
        text = without_comments(path)
        assert not IMPORT.sub("", text).strip(), path
        named += [path.parent / name for name in IMPORT.findall(text)]
    assert len(named) == len(set(named)), "A component stands in one list."
    assert set(named) <= set(SHEETS)
    folders = {path.parent for path in named} - {path.parent for path in lists}
    forgotten = {path for folder in folders for path in folder.glob("*.css")} - set(named)
    assert not forgotten, "In no list, hence on no page."
    # An address would be read from where the list stands.
    assert not [path for path in named if "url(" in without_comments(path)]


def test_a_collected_sheet_is_one_file_in_the_order_of_its_list(tmp_path: Path) -> None:
    sources = {
        name: (storage, name)
        for finder in get_finders()
        for name, storage in finder.list([])
        if name.startswith("look/") and name.endswith(".css")
    }
    storage = StaticFiles(location=tmp_path, base_url="/static/")
    stored = {name: hashed for name, hashed, _ in storage.post_process(sources)}
    text = (tmp_path / stored["look/site.css"]).read_text("utf-8")
    assert "@import" not in text
    assert "/*" not in text
    look = next(path.parent for path in SHEETS if path.name == "site.css")
    listed = IMPORT.findall((look / "site.css").read_text("utf-8"))
    assert text == "".join(without_comments(look / name) for name in listed)
    # Changed in a component alone, it has another name.
    (tmp_path / "a.css").write_text('@import "b.css";')
    names = set()
    for rule in ("p{margin:0}", "p{margin:1px}"):
        (tmp_path / "b.css").write_text(rule)
        here = {name: (FileSystemStorage(tmp_path), name) for name in ("a.css", "b.css")}
        names.add(next(hashed for name, hashed, _ in storage.post_process(here) if name == "a.css"))
    assert len(names) == 2


def test_where_nothing_was_collected_a_sheet_is_one_file_too() -> None:
    found = Path(find("look/site.css")).read_text("utf-8")
    assert "@import" not in found
    assert ".brand" in found
    assert find("look/tokens.css") == str(next(p for p in SHEETS if p.name == "tokens.css"))


def test_a_component_that_is_nowhere_stops_the_collecting(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text('@import "b.css";')
    storage = StaticFiles(location=tmp_path / "static", base_url="/static/")
    with pytest.raises(KeyError, match=r"b\.css"):
        list(storage.post_process({"a.css": (FileSystemStorage(tmp_path), "a.css")}))
