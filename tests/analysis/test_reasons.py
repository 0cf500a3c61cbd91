"""Why something is judged as it is: kept as a code and values, worded where it is read."""

from __future__ import annotations

import ast
from string import Formatter

import pytest

from analysis.catalogue import translations
from analysis.reasons import SENTENCES, Why
from tests.servers import ROOT


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", SENTENCES)
def test_a_code_has_a_sentence_with_the_same_values_in_each_language(code: str) -> None:
    english = SENTENCES[code]
    french = translations("fr").gettext(english)
    assert french != english
    assert fields(french) == fields(english)


def test_each_code_that_is_given_has_a_sentence_and_each_sentence_is_given() -> None:
    given = set()
    for path in (ROOT / "analysis").rglob("*.py"):
        if path.name == "reasons.py":
            continue
        # Codes chosen by a table or a condition stand there as plain strings.
        given |= {
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and node.value in SENTENCES
        }
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Why"), args=[ast.Constant(value=code), *_]):
                    assert code in SENTENCES, f"{path.name}:{node.lineno}"
    assert given == set(SENTENCES)


def test_a_code_without_a_sentence_is_an_error_and_not_a_blank() -> None:
    with pytest.raises(KeyError):
        Why("never_worded").said_in("en")
    with pytest.raises(KeyError):
        Why("tiny", {"n": 3}).said_in("fr")


def test_a_name_is_said_in_the_language_of_the_sentence_and_not_altered() -> None:
    why = Why("shares_meaning", {"name": {"en": "The clerk's desk", "fr": "L'accueil {bref}"}})
    assert "“The clerk's desk”" in why.said_in("en")
    assert "L'accueil {bref}" in why.said_in("fr")
