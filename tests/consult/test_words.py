"""Our own words where no catalogue sees them: literal text of templates, tables of words, docs.

Also what the catalogue cannot tell by itself: whether a sentence shown on surveys speaks of
consultations alone, whether a term is the glossary's, whether English is spelled as in Canada.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.consult.test_catalogue import ROOMS, ids, messages, strings
from tests.french import BARE_N, CURLY, MACHINE, avoided, faults
from tests.servers import ROOT

DATA = ROOT / "consult" / "demo" / "data"
# What a page is built on that cannot rest on a catalogue, since that may be what fails, nor know
# whom it speaks to. Both languages stand in it.
IN_BOTH_BLOCKS = '{% extends "consult/plain.html" %}'
# A language is called by its own name in every language.
OWN_NAMES = {"English", "Français", "FrançaisEnglish"}
SHOWN_ATTRIBUTES = {"aria-label", "title", "alt", "placeholder", "label"}
# Pure modules that speak, with both languages side by side.
SPEAKING = [
    ROOT / "analysis" / "pipeline" / "naming" / f"{name}.py" for name in ("names", "sentences")
]
FRENCH = re.compile(
    r"[éèêàçùôîœ]|\b(?:les?|la|des?|du|une?|est|pas|dans|pour|sur|avec|aucun|sans)\b", re.IGNORECASE
)
# --- Templates -----------------------------------------------------------------------------------

_SAID_ELSEWHERE = re.compile(
    r"{%\s*(blocktrans|blocktranslate|comment)\b.*?{%\s*end\1\s*%}|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)


def templates() -> list[Path]:
    found = [
        path
        for room in ROOMS
        for suffix in ("*.html", "*.jinja")
        for path in sorted((ROOT / room).rglob(suffix))
    ]
    assert len(found) > 60
    return found


class _Literal(HTMLParser):
    """Text and attributes that a person reads and that stand in the template itself."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside: list[str] = []
        self.feed(_SAID_ELSEWHERE.sub("", source))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # A key's cap says what stands on it.
        if tag in {"script", "style", "kbd"}:
            self._inside.append(tag)
        self.found += [
            value for name, value in attrs if name in SHOWN_ATTRIBUTES and self._speaks(value or "")
        ]

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside and self._speaks(data):
            self.found.append(data.strip())

    @staticmethod
    def _speaks(text: str) -> bool:
        """Letters are words; these marks are spaced differently in the two languages."""
        return bool(re.search(r"[^\W\d_]{2}|[:?!«»“”%]", text))


def test_no_template_says_anything_outside_the_catalogue() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {text}"
        for path in templates()
        if not (source := path.read_text("utf-8")).startswith(IN_BOTH_BLOCKS)
        # A partial of attributes alone stands inside a tag.
        for text in _Literal(f"<p {source}>" if "_attributes." in path.name else source).found
        if text not in OWN_NAMES
    ]
    assert not wrong, "Use {% translate %}:\n" + "\n".join(wrong)


def test_the_scan_of_templates_sees_what_it_is_for() -> None:
    assert _Literal('{% trans "The questions" %}: {{ title }}').found == [":"]
    assert _Literal("<p>Hello {{ name }}</p>").found == ["Hello"]
    assert _Literal('<p title="Hello">{{ name }}</p>').found == ["Hello"]
    assert _Literal("<p>{% blocktrans %}Hello{% endblocktrans %} · <kbd>Esc</kbd></p>").found == []


def test_templates_without_a_catalogue_have_both_languages_and_are_well_set() -> None:
    found = [
        (path.name, source)
        for path in templates()
        if (source := path.read_text("utf-8")).startswith(IN_BOTH_BLOCKS)
    ]
    assert len(found) > 5
    for name, source in found:
        blocks = dict(re.findall(r"{% block (\w+) %}(.*?){% endblock %}", source, re.DOTALL))
        assert set(blocks) == {"title", "english", "french"}, name
        for block in blocks.values():
            assert block.strip().startswith("{% filter typographic %}"), name
            assert block.strip().endswith("{% endfilter %}"), name
        texts = _Literal(blocks["french"].replace("&nbsp;", "\u00a0")).found
        assert texts, name
        assert not [(name, text) for text in texts if faults(text) or avoided(text)]


def test_counts_are_written_n_equals() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*templates(), *SPEAKING]
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if BARE_N.search(re.sub(r"{{\s*", "{", line.replace("\\u00a0", "\u00a0")))
    ]
    assert not wrong


# --- Words in modules ----------------------------------------------------------------------------


def said(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a module but docstrings, with "x" for what an f-string puts in."""
    tree = ast.parse(path.read_text("utf-8"))
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "x"
                    for part in node.values
                ),
            )
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in parts | docstrings
        ):
            yield node.lineno, node.value


def french_said(path: Path) -> list[tuple[str, str]]:
    """Strings of a module that read as French sentences or labels."""
    return [
        (f"{path.relative_to(ROOT)}:{line}", text)
        for line, text in said(path)
        if FRENCH.search(text) and " " in text.strip()
    ]


# Not sentences: a pattern, a list of spellings, the syntax of a command line.
NOT_WORDS = re.compile(r"\(\?|\\b|--\w|python -m|^[\W_]*$|^\s*<|\n")


def test_french_in_modules_is_set_as_in_canada() -> None:
    found = [pair for path in SPEAKING for pair in french_said(path)]
    assert len(found) > 4
    wrong = [
        (where, rules, text)
        for where, text in found
        if not NOT_WORDS.search(text) and not MACHINE.search(text) and (rules := faults(text))
    ]
    assert not wrong


def test_french_in_modules_uses_the_terms_of_the_glossary() -> None:
    wrong = [
        (where, terms, text)
        for path in SPEAKING
        for where, text in french_said(path)
        if re.search(r"[éèêàç]|\b(?:les|des|une|est|sont)\b", text) and (terms := avoided(text))
    ]
    assert not wrong


def test_the_site_says_nothing_in_french_outside_the_catalogue() -> None:
    """Text typed into a module of the site is in one language, or escapes the catalogue's tests."""
    wrong = [
        (f"{path.relative_to(ROOT)}:{line}", text)
        for room in ("feedback", "cms", "analysis", "consult")
        for path in sorted((ROOT / room).rglob("*.py"))
        if not {"migrations", "pipeline", "demo"} & set(path.parts)
        and path not in SPEAKING
        and path.relative_to(ROOT).as_posix() not in IN_BOTH
        for line, text in said(path)
        if re.search(r"[éèêçœ«»]", text) and " " in text and not NOT_WORDS.search(text)
    ]
    assert not wrong


# A file that is read in both languages at once has the words of both.
IN_BOTH = {"cms/reporting/downloads.py"}
# The same in both languages.
SHARED = {"Consultations", "Pages", "Site"}
_MESSAGES = {"success", "info", "warning", "error", "ValidationError", "button"}
_SHOWN = {
    "verbose_name", "verbose_name_plural", "help_text", "label", "heading", "title",
    "violation_error_message", "error_message", "menu_label", "empty_label",
}  # fmt: skip


def test_the_site_says_nothing_in_english_outside_the_catalogue() -> None:
    """What a call of Django's shows to a person comes from gettext."""
    wrong = []
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if {"migrations", "demo", "spreadsheet", "pipeline", "management"} & set(path.parts):
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                called = (
                    node.func.attr
                    if isinstance(node.func, ast.Attribute)
                    else getattr(node.func, "id", "")
                )
                given = [k.value for k in node.keywords if k.arg in _SHOWN]
                of_django = called == "ValidationError" or (
                    isinstance(node.func, ast.Attribute)
                    and getattr(node.func.value, "id", "") == "messages"
                )
                given += node.args if of_django else []
                wrong += [
                    f"{path.relative_to(ROOT)}:{value.lineno}: {value.value}"
                    for value in given
                    if isinstance(value, ast.Constant)
                    and isinstance(value.value, str)
                    and value.value not in SHARED
                    and re.search(r"[A-Za-z]{2,} |^[A-Z][a-z]+", value.value)
                ]
    assert not wrong


# --- Terms ---------------------------------------------------------------------------------------


def test_the_french_of_the_catalogue_uses_the_terms_of_the_glossary() -> None:
    wrong = [
        (terms, text)
        for message in messages()
        for text in strings(message)
        if (terms := avoided(text))
    ]
    assert not wrong


@pytest.mark.parametrize(
    "text", ["la machine propose", "Se connecter", "valeur de départ", "canal"]
)
def test_the_glossary_is_looked_for(text: str) -> None:
    assert avoided(text)
    assert not avoided("l'intervalle de confiance des machinistes, au canalisateur")


# Said on consultations alone, or naming the kind on purpose. A sentence that is shown on surveys
# too says "consultation or survey", or says neither.
CONSULTATIONS_ONLY = {
    "%(subject)s: Closed consultation",
    "%(subject)s: Withdrawn consultation",
    "Consultation",
    "Consultation details",
    "consultation page",
    "consultation pages",
    "Go to the consultation's page",
    "This consultation is closed",
    "This consultation is not open yet",
    "This consultation was withdrawn",
    # The part of the administration that holds both, called so by everyone.
    "Consultations",
}
_OF_A_KIND = re.compile(r"\bconsultations?\b", re.IGNORECASE)
_OF_BOTH = re.compile(r"\bsurveys?\b|\bsondages?\b", re.IGNORECASE)


def test_surveys_are_not_called_consultations() -> None:
    wrong = [
        ids(message)[0]
        for message in messages()
        if message.context not in {"consultation", "survey"}
        and ids(message)[0] not in CONSULTATIONS_ONLY
        and any(
            _OF_A_KIND.search(text) and not _OF_BOTH.search(text)
            for text in (*ids(message), *strings(message))
        )
    ]
    assert not wrong, "Say it of both, or list it as said of consultations alone."
    known = {text for message in messages() for text in ids(message)}
    assert known >= CONSULTATIONS_ONLY, "Listed, and no longer said."


# --- English -------------------------------------------------------------------------------------

BRITISH = re.compile(
    r"\be-mails?\b|\banalys(?:ed|ing)\b|\bjudgements?\b|\d[ \u00a0]%"
    r"|\b(?:organ|recogn|summar|minim|maxim|prior|categor|emphas)is(?:e|ed|es|ing|ations?)\b",
    re.IGNORECASE,
)
AMERICAN = re.compile(r"\b(?:colou?r(?<=color)s?|favors?|behaviors?|centers?|labors?|catalogs?)\b")


def english() -> Iterator[tuple[str, str]]:
    for message in messages():
        for text in ids(message):
            yield "catalogue", text
    for path in [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))]:
        text = re.sub(
            r'<div lang="fr">.*?(?:</div>|\Z)',
            lambda block: "\n" * block.group().count("\n"),
            path.read_text("utf-8"),
            flags=re.S,
        )
        # Code is named as programs name it, on a line of its own or in a block.
        text = re.sub(
            r"```.*?```", lambda block: "\n" * block.group().count("\n"), text, flags=re.S
        )
        for number, line in enumerate(re.sub(r"`[^`\n]*`", "", text).splitlines(), start=1):
            yield f"{path.relative_to(ROOT)}:{number}", line
    for path in SPEAKING:
        for line, text in said(path):
            if not FRENCH.search(text):
                yield f"{path.relative_to(ROOT)}:{line}", text
    for path in sorted(DATA.rglob("*.toml")):
        if path.parent.name in {"pages", "questionnaires"}:
            for key, text in texts_of(tomllib.loads(path.read_text("utf-8"))):
                if "fr" not in re.split(r"[._]", key):
                    yield f"{path.name}:{key}", text


def texts_of(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from texts_of(inner, f"{key}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner, key)


def test_english_is_spelled_as_in_canada() -> None:
    found = list(english())
    assert len(found) > 1500
    wrong = [
        (where, text)
        for where, text in found
        if BRITISH.search(text) or (where == "catalogue" and AMERICAN.search(text))
    ]
    assert not wrong


def test_the_spellings_are_looked_for() -> None:
    for text in (
        "by e-mail",
        "it was analysed",
        "an organisation",
        "recognised",
        "judgement",
        "95 %",
    ):
        assert BRITISH.search(text)
    for text in ("email", "three analyses", "an organization", "95%", "otherwise", "advise"):
        assert not BRITISH.search(text)
    assert AMERICAN.search("accent color")
    assert not AMERICAN.search("accent colour")


def test_the_method_is_told_in_both_languages() -> None:
    text = (ROOT / "docs/method.md").read_text("utf-8")
    for part in text.split("\n## "):
        assert '<div lang="fr">' in part, part.partition("\n")[0]
    french = re.findall(r'<div lang="fr">(.*?)</div>', text, flags=re.S)
    lines = [
        re.sub(r"`[^`]*`|\]\([^)]*\)", "", line) for block in french for line in block.splitlines()
    ]
    assert not [
        (line, faults(line), avoided(line)) for line in lines if faults(line) + avoided(line)
    ]


# --- Apostrophes ---------------------------------------------------------------------------------


def test_sources_keep_the_straight_apostrophe() -> None:
    """One key on every keyboard; `analysis.typography` sets the other when words are shown."""
    sources = [ROOT / "locale/fr/LC_MESSAGES/django.po", *templates(), *SPEAKING]
    sources += [
        *DATA.glob("*.toml"),
        *(DATA / "pages").glob("*"),
        *(DATA / "questionnaires").glob("*"),
    ]
    wrong = [path.name for path in sources if CURLY.search(path.read_text("utf-8"))]
    assert not wrong
