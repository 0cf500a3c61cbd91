"""What the report says at its top, on results made by hand."""

from __future__ import annotations

import re

import pytest

from analysis.pipeline.types import (
    Confidence,
    Document,
    Language,
    Level,
    PassageAssignment,
    Result,
    ThemeProposal,
)
from analysis.spreadsheet.documents import Input
from analysis.spreadsheet.outcome import Outcome
from analysis.spreadsheet.report import report_html

WHY = Confidence(
    Level.LOW,
    "40% of the texts are in no theme: read them before concluding.",
    "40\u00a0% des textes ne relèvent d'aucun thème\u00a0: lisez-les avant de conclure.",
)


def outcome(confidence: Confidence, *, versions: dict[str, str] | None = None) -> Outcome:
    texts = {str(i): f"Parking {i}" for i in (10, 9, 101)}
    theme = ThemeProposal(
        code="T1", name_en="Parking", name_fr="Stationnement",
        description_en="3 comments, all in English.",
        description_fr="3 commentaires, tous en anglais.",
        keywords_en=("parking",), keywords_fr=(), size=3, passages=3, languages={"en": 3},
        confidence=confidence, quotes=(),
    )  # fmt: skip
    assignments = tuple(
        PassageAssignment(i, 0, len(text), text, Language.EN, "T1", True, 1.0, None)
        for i, text in sorted(texts.items())
    )
    result = Result((theme,), assignments, (), confidence, {}, {}, versions or {}, "0" * 64)
    documents = tuple(Document(i, text) for i, text in texts.items())
    return Outcome(result, Input(documents, (), "UTF-8, comma"), {"file": "c.csv"})


def leads(confidence: Confidence) -> list[str]:
    html = report_html(outcome(confidence), first="en")
    return re.findall(r'<p class="lead">(.*?)</p>', html)


def test_low_confidence_is_said_in_the_first_sentences_with_its_reason() -> None:
    english, french = leads(WHY)
    assert english.endswith("Confidence is low: 40% of the texts are in no theme.")
    assert french.endswith(
        "Confiance faible\u00a0: 40\u00a0% des textes ne relèvent d&#39;aucun thème."
    )


@pytest.mark.parametrize("level", [Level.MODERATE, Level.HIGH])
def test_other_levels_are_not_called_low(level: Level) -> None:
    english, french = leads(Confidence(level, "Fine.", "Bien."))
    assert "Confidence" not in english
    assert "Confiance" not in french


def test_ids_stand_in_the_order_of_the_file() -> None:
    assert outcome(WHY).in_order(["101", "9", "10"]) == ["10", "9", "101"]


def test_a_long_digest_is_shortened_and_kept_whole_where_it_can_be_opened() -> None:
    digest = "ab12" * 16
    html = report_html(outcome(WHY, versions={"embedder": f"use {digest}"}), first="en")
    for page in re.findall(r'<footer class="end">.*?</footer>', html, re.DOTALL):
        shown, _, hidden = page.partition("<details>")
        assert digest[:12] in shown
        assert digest not in shown
        assert digest in hidden


def test_the_size_of_a_theme_is_said_once() -> None:
    html = report_html(outcome(WHY), first="en")
    for numbers in re.findall(r'<p class="numbers">.*?</p>', html):
        assert "n&nbsp;" not in numbers
