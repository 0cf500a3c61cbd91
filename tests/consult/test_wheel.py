"""It installs: a wheel built here, put where nothing of the clone is, speaks French by itself.

No network: the build backend comes from `.venv` at the version that pyproject.toml pins, and so do
the dependencies, by a path file.
"""

from __future__ import annotations

import csv
import html
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from analysis.version import __version__
from tests.consult.test_catalogue import ROOMS
from tests.servers import ROOT

COMMENTS = ["Parking is dear.", "L'attente est trop longue.", "Merci pour tout!"]


def run(*command: object, cwd: Path, **environment: str) -> str:
    """What a program says that is started in ``cwd`` and knows nothing of this clone."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"),
        *("--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT),
        cwd=folder,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel and, by path, its dependencies."""
    place = tmp_path_factory.mktemp("installed") / "env"
    venv.create(place)
    programs = place / "bin"
    run(
        *(sys.executable, "-m", "pip", "--python", programs / "python", "install", "--quiet"),
        *("--disable-pip-version-check", "--no-index", "--no-deps", "--no-compile", wheel),
        cwd=place,
    )
    (packages,) = (place / "lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return programs


def test_what_builds_it_is_what_is_installed_here() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    for pinned in project["build-system"]["requires"]:
        name, _equals, wanted = pinned.partition("==")
        assert version(name) == wanted, "Pin it alike in pyproject.toml, then: make lock"


def test_the_wheel_has_every_file_of_the_rooms_and_the_compiled_catalogue(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        there = set(archive.namelist())
        (metadata,) = (n for n in there if n.endswith(".dist-info/METADATA"))
        described = archive.read(metadata).decode()
    assert f"\nVersion: {__version__}\n" in described
    assert "\nLicense-Expression: MIT\n" in described
    wanted = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert not wanted - there
    assert {name for name in there - wanted if ".dist-info/" not in name} == {
        f"analysis/locale/{language}/LC_MESSAGES/django.mo" for language in ("en", "fr")
    }


def test_the_tool_of_an_installed_wheel_speaks_french(installed: Path, tmp_path: Path) -> None:
    with (tmp_path / "c.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["avis"], *([text] for text in COMMENTS)])
    tool, french = installed / "consult-themes", {"LC_ALL": "fr_CA.UTF-8"}
    assert run(tool, "--version", cwd=tmp_path).split() == ["consult", __version__]
    told = run(tool, "--help", cwd=tmp_path, **french)
    assert told.startswith("utilisation\u00a0: consult-themes ")
    assert "consult-themes commentaires.csv" in told
    told = run(
        *(tool, "c.csv", "--text", "avis", "--out", "rapport", "--format", "html,json,csv,xlsx"),
        cwd=tmp_path,
        **french,
    )
    assert told.startswith("Commentaires\u00a0: 3.")
    out = tmp_path / "rapport"
    assert {path.name for path in out.iterdir()} == {
        *("report.html", "themes.json", "assignments.csv", "themes.xlsx")
    }
    page = html.unescape((out / "report.html").read_text("utf-8"))
    assert '<html lang="fr">' in page
    half = page[page.index('<main class="wrap page-fr"') :]
    assert "L'attente est trop longue." in half
    assert "L’ironie, les fautes et les textes très courts trompent la méthode." in half
    assert "Made on" not in half
    with zipfile.ZipFile(out / "themes.xlsx") as book:
        assert "Méthode" in book.read("xl/workbook.xml").decode()


def test_the_site_of_an_installed_wheel_stands_and_imports_nothing_of_the_demo(
    installed: Path, tmp_path: Path
) -> None:
    code = """
import sys, django
django.setup()
import consult.urls, consult.celery, consult.wsgi
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.utils.translation import gettext, override
with override("fr"):
    print(gettext("Sign out"))
get_template("consult/500.html")
assert finders.find(sys.argv[1])
print(consult.__file__)
print(settings.DATA_DIR)
print([name for name in sys.modules if name.startswith(("consult.demo", "consult.embedded"))])
"""
    (styles,) = (ROOT / "analysis").rglob("static/*/charts.css")
    asset = styles.relative_to(styles.parents[1])
    environment = {"DJANGO_SETTINGS_MODULE": "consult.settings", "SECRET_KEY": "x" * 40}
    said, place, data, demo = run(
        installed / "python", "-W", "ignore", "-c", code, asset, cwd=tmp_path, **environment
    ).splitlines()
    assert said == "Fermer la session"
    assert Path(place).is_relative_to(installed.parent)
    assert Path(data) == tmp_path / "var"
    assert demo == "[]"


def test_the_version_stands_in_one_place() -> None:
    source = (ROOT / "analysis" / "version.py").read_text("utf-8")
    assert re.findall(r'"(\d+\.\d+[^"]*)"', source) == [__version__]
    assert "version" in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dynamic"]
