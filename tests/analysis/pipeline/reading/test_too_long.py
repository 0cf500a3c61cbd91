"""A text that is more than one answer can be is set aside with its reason; odd ones are read."""

from __future__ import annotations

import pytest

from analysis.pipeline import Config, Document, Reason, analyse, documents_read, result_to_json
from analysis.pipeline.reading import texts
from tests.analysis.pipeline import corpus

CONFIG = Config(processes=1)
LONGEST = ("The wait at the counter is long. " * 4_000)[: texts.MOST_CHARACTERS]
TOO_LONG = {
    "characters": LONGEST + "!",
    "words": "a " * (texts.MOST_WORDS + 1),
}


@pytest.mark.parametrize("kind", TOO_LONG)
def test_a_text_too_long_is_set_aside_with_its_reason_and_the_others_are_analysed(
    kind: str,
) -> None:
    documents = [*corpus.documents(), Document("long", TOO_LONG[kind])]
    result = analyse(documents, CONFIG)
    own = [a for a in result.assignments if a.document_id == "long"]
    # Not read, so not masked either: its words are nowhere.
    assert [(a.reason, a.theme, a.text) for a in own] == [(Reason.TOO_LONG, None, "")]
    assert result.set_aside == {"long": "too_long"}
    assert result.metrics["documents_too_long"] == 1
    assert result.themes


def test_the_longest_text_there_may_be_is_read() -> None:
    assert len(LONGEST) == texts.MOST_CHARACTERS
    assert not texts.is_too_long(LONGEST)
    assert not texts.is_too_long("a " * texts.MOST_WORDS)


def test_what_is_set_aside_does_not_depend_on_who_reads_it() -> None:
    """Characters and words are counted, never seconds: the same bytes in any process."""
    documents = [*corpus.documents(), *(Document(k, t) for k, t in TOO_LONG.items())]
    whole = analyse(documents, CONFIG)
    read = documents_read(documents, CONFIG)
    shared = [
        Document(d.id, d.text, d.language, seen) for d, seen in zip(documents, read, strict=True)
    ]
    assert result_to_json(analyse(shared, CONFIG)) == result_to_json(whole)


ODD = {
    "a word of 100,000 letters": "a" * 100_000,
    "100,000 marks on one letter": "e" + "\u0301" * 99_999,
    "marks out of order": "e" + "\u0323\u0301" * 40_000,
    "6,000 passages of one word": "Wait. " * 6_000,
    "families": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 2_000,
    "Arabic": "الانتظار طويل جدا. " * 1_000,
    "nulls": "The wait is too long\x00\x00 at the counter. " * 200,
    "blanks": "Wait" + "\u00a0" * 90_000 + "here.",
    "half characters": "The wait \ud83d at the counter is too long. " * 50,
    "marks of direction": "\u202eThe wait at the counter\u202c is too long. " * 50,
    "both languages, word by word": "le the " * 9_000,
}


def test_odd_texts_are_read_like_any_other() -> None:
    documents = [*corpus.documents(), *(Document(name, text) for name, text in ODD.items())]
    result = analyse(documents, CONFIG)
    assert result.set_aside == {}
    assert {a.document_id for a in result.assignments} == {d.id for d in documents}
    texts = {d.id: d.text for d in documents}
    for found in result.assignments:
        assert 0 <= found.start <= found.end <= len(texts[found.document_id])
