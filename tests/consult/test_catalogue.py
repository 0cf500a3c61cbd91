"""Both languages or nothing: the catalogue is whole, current and well set."""

import ast
import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import wagtail
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.apps import apps
from django.utils import translation

from tests.french import (
    BARE_COLON,
    BARE_N,
    BARE_PERCENT,
    GUILLEMETS,
    MACHINE,
    NBSP,
    PLACEHOLDER,
    SPACED,
    TYPOGRAPHY,
    faults,
)
from tests.servers import ROOT

PO = ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.po"
ROOMS = ("consult", "feedback", "analysis", "cms")


def messages() -> list[Message]:
    with PO.open("rb") as file:
        return [message for message in read_po(file, locale="fr") if message.id]


def ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)


def strings(message: Message) -> tuple[str, ...]:
    found = message.string
    return tuple(found) if isinstance(found, list | tuple) else (found,)


def test_nothing_is_left_in_english_alone():
    assert len(messages()) > 100
    assert not [message.id for message in messages() if not all(strings(message))]


def test_nothing_is_fuzzy():
    assert not [message.id for message in messages() if message.fuzzy]


def test_placeholders_and_tags_are_the_same_in_both():
    wrong = []
    translated = [message for message in messages() if all(strings(message))]
    for message in translated:
        if len(ids(message)) == 1:
            wanted = sorted(PLACEHOLDER.findall(ids(message)[0]))
            wrong += [
                message.id
                for text in strings(message)
                if sorted(PLACEHOLDER.findall(text)) != wanted
            ]
        else:
            # The singular may leave the number out; nothing may bring in a name nobody gives.
            allowed = set(PLACEHOLDER.findall(" ".join(ids(message))))
            wrong += [
                message.id
                for text in strings(message)
                if not set(PLACEHOLDER.findall(text)) <= allowed
            ]
            if sorted(PLACEHOLDER.findall(strings(message)[-1])) != sorted(
                PLACEHOLDER.findall(ids(message)[-1])
            ):
                wrong.append(message.id)
    assert not wrong


@pytest.mark.parametrize("rule", TYPOGRAPHY, ids=lambda rule: rule.replace(" ", "-"))
def test_french_is_set_as_in_canada(rule):
    wrong = [
        text
        for message in messages()
        for text in strings(message)
        if text and not MACHINE.search(text) and rule in faults(text)
    ]
    assert not wrong, f"{rule}:\n" + "\n".join(wrong)


def test_the_rules_see_what_they_are_for():
    assert BARE_COLON.search("Date: hier")
    assert BARE_COLON.search("Date : hier")
    assert not BARE_COLON.search(f"Date{NBSP}: hier, 16:30")
    assert GUILLEMETS.search("« oui »")
    assert not GUILLEMETS.search(f"«{NBSP}oui{NBSP}»")
    assert SPACED.search("Vraiment ?")
    assert not SPACED.search("Vraiment? Oui.")
    assert BARE_PERCENT.search("20 %")
    assert not BARE_PERCENT.search(f"20{NBSP}%")
    assert BARE_N.search(f"n{NBSP}27")
    assert not BARE_N.search(f"n{NBSP}={NBSP}27")


# Wagtail's words that we say otherwise on purpose, on its screens too.
_OUR_TERMS = {
    "Approved", "Comment", "Draft", "Live", "Renamed", "Sign in", "Skip to main content",
    "created at", "document", "label", "required", "status", "title",
}  # fmt: skip


def test_our_words_do_not_change_wagtails_unawares():
    """One catalogue lies over Wagtail's: a chart's word without a context renames a filter."""
    ours = {ids(message)[0]: strings(message)[0] for message in messages() if not message.context}
    changed = set()
    for path in Path(wagtail.__file__).parent.rglob("locale/fr/LC_MESSAGES/django.mo"):
        with path.open("rb") as file:
            theirs = gettext.GNUTranslations(file)
        changed |= {
            text for text, french in ours.items() if theirs.gettext(text) not in (text, french)
        }
    assert changed
    anew = {
        call.args[0].value
        for call in ast.walk(ast.parse((ROOT / "cms/publishing/wagtail_words.py").read_text()))
        if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant)
    }
    assert changed <= _OUR_TERMS | anew


# "un(e)", "créé(e)", "ce(tte)", "Ce/cette", "il/elle".
_NOBODYS = re.compile(r"\w\((?:e|es|la|le|elle|ne|se|tte|ve)\)|/(?:cette|elle|la)\b")


def test_no_french_on_wagtails_screens_is_said_to_nobody():
    """What its own leaves open is said anew in `cms/publishing/wagtail_words.py`; asked of all its
    messages, so that those of its next version are too."""
    said = set()
    with translation.override("fr"):
        for path in Path(wagtail.__file__).parent.rglob("locale/fr/LC_MESSAGES/django.mo"):
            if not any(app.path == str(path.parents[3]) for app in apps.get_app_configs()):
                continue
            with path.open("rb") as file:
                keys = gettext.GNUTranslations(file)._catalog
            for key in keys:
                words = (
                    {translation.ngettext(key[0], key[0], number) for number in (1, 2)}
                    if isinstance(key, tuple)
                    else {translation.gettext(key)}
                )
                said |= {french for french in words if _NOBODYS.search(french)}
    assert not said


# What marks a message in a module, and which of its arguments are the context and the message.
_CONTEXTS = {"pgettext", "npgettext", "pgettext_lazy", "npgettext_lazy"}
_MARKS = {"_", "gettext", "ngettext", "gettext_lazy", "ngettext_lazy", "gettext_noop"} | _CONTEXTS


def test_every_message_of_a_module_is_in_the_catalogue():
    """Also where the program that collects them does not look: inside an f-string."""
    known = {(message.context, ids(message)[0]) for message in messages()}
    missed = [
        f"{path.relative_to(ROOT)}:{call.lineno}: {said}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and (
            name := call.func.attr
            if isinstance(call.func, ast.Attribute)
            else getattr(call.func, "id", "")
        )
        in _MARKS
        and all(isinstance(a, ast.Constant) for a in call.args[: 1 + (name in _CONTEXTS)])
        and (said := tuple(a.value for a in call.args[: 1 + (name in _CONTEXTS)]))
        and (said if len(said) == 2 else (None, *said)) not in known
    ]
    assert not missed


def test_the_catalogue_has_every_message_of_the_sources_and_no_other(tmp_path: Path):
    if shutil.which("xgettext") is None:
        reason = "No xgettext on this machine: install Debian's package gettext."
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "data")
        )
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / "locale").mkdir()
    subprocess.run(
        [
            *(sys.executable, str(tmp_path / "manage.py"), "makemessages"),
            *("-l", "fr", "--no-location", "--no-wrap", "--no-obsolete"),
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    with (tmp_path / "locale/fr/LC_MESSAGES/django.po").open("rb") as file:
        wanted = {(message.context, ids(message)) for message in read_po(file) if message.id}
    kept = {(message.context, ids(message)) for message in messages()}
    assert wanted - kept == set(), "Run makemessages (CONTRIBUTING.md)."
    assert kept - wanted == set(), "Run makemessages (CONTRIBUTING.md)."
