"""New answers join the themes of a finished run; what fits none is said to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from analysis.pipeline import (
    Config,
    Document,
    Embedder,
    Language,
    Reason,
    Result,
    StateError,
    ThemeState,
    analyse,
    analyse_and_keep,
    embedder_named,
    extend,
    result_to_json,
)
from analysis.pipeline.vectors.embedder import Vectors
from tests.analysis.pipeline import corpus

LETTER = (
    "Please keep the Elm Street service counter open on Saturdays, because many of us work during "
    "the week and cannot come at any other time without losing a day of pay."
)
VOLCANOES = [
    f"The {colour} volcano {verb} ash and lava over the {place} last {season}."
    for colour, verb, place, season in zip(
        ["old", "tall", "red", "sleeping"] * 4,
        ["threw", "poured", "sent", "spread"] * 4,
        ["village", "island", "valley", "coast", "harbour", "forest", "hills", "plain"] * 2,
        ["winter", "spring", "summer", "autumn"] * 4,
        strict=True,
    )
]


@pytest.fixture(scope="module")
def kept() -> tuple[Result, ThemeState]:
    old = [d for d in corpus.documents() if int(d.id.split("-")[2]) < 6]
    letters = [Document(f"letter-{i}", f"{LETTER} {i}") for i in range(4)]
    result, state = analyse_and_keep([*old, *letters])
    assert state is not None
    return result, state


def new_documents() -> list[Document]:
    return [d for d in corpus.documents() if int(d.id.split("-")[2]) >= 6]


def test_keeping_the_state_changes_nothing_in_the_result(
    kept: tuple[Result, ThemeState],
) -> None:
    old = [d for d in corpus.documents() if int(d.id.split("-")[2]) < 6]
    letters = [Document(f"letter-{i}", f"{LETTER} {i}") for i in range(4)]
    assert result_to_json(analyse([*old, *letters])) == result_to_json(kept[0])


def test_a_new_answer_joins_the_theme_of_answers_like_it(kept: tuple[Result, ThemeState]) -> None:
    result, state = kept
    usual: dict[str, Counter[str]] = {}
    for row in result.assignments:
        if row.main and row.theme:
            usual.setdefault(row.theme, Counter())[row.document_id.split("-")[0]] += 1
    placed = [row for row in extend(state, new_documents()).assignments if row.theme in usual]
    assert len(placed) >= 12
    agree = sum(
        row.document_id.split("-")[0] in dict(usual[row.theme].most_common(2))
        for row in placed
        if row.theme
    )
    assert agree >= 0.75 * len(placed)


def test_the_state_survives_being_saved_and_holds_no_answer(
    kept: tuple[Result, ThemeState],
) -> None:
    state = kept[1]
    payload = state.to_bytes()
    assert len(payload) < 1_000_000
    assert b"Elm Street" not in payload
    again = ThemeState.from_bytes(payload)
    assert again.to_bytes() == payload
    before, after = extend(state, new_documents()), extend(again, new_documents()[::-1])
    assert before.assignments == after.assignments
    assert before.emergent == after.emergent


def test_what_fits_no_theme_is_a_candidate_or_listed(kept: tuple[Result, ThemeState]) -> None:
    odd = [Document(f"volcano-{i}", text, Language.EN) for i, text in enumerate(VOLCANOES)]
    found = extend(kept[1], [*new_documents(), *odd])
    known = set(kept[1].codes)
    rows = [row for row in found.assignments if row.document_id.startswith("volcano")]
    assert not any(row.theme in known for row in rows)
    assert all(row.theme or row.reason is Reason.FITS_NO_THEME for row in rows)
    few = extend(kept[1], odd[:3])
    assert few.emergent == ()
    assert {row.reason for row in few.assignments} == {Reason.FITS_NO_THEME}


def test_a_new_copy_of_a_known_letter_is_recognised(kept: tuple[Result, ThemeState]) -> None:
    result, state = kept
    assert len(result.campaigns) == 1
    copy = Document("copy", f"Hello! {LETTER} Thank you for listening.")
    found = extend(state, [copy, *new_documents()])
    assert found.joined == {"copy": result.campaigns[0].code}


class Other:
    """The default embedder under another digest."""

    def __init__(self, real: Embedder) -> None:
        self.name, self.version, self.digest = real.name, real.version, "0" * 64
        self._real = real

    def embed(self, texts: Sequence[str]) -> Vectors:
        return self._real.embed(texts)


def test_vectors_of_another_embedder_are_refused(kept: tuple[Result, ThemeState]) -> None:
    with pytest.raises(StateError, match="cannot be compared"):
        extend(kept[1], new_documents(), embedder=Other(embedder_named(Config().embedder)))


def test_a_damaged_state_is_refused(kept: tuple[Result, ThemeState]) -> None:
    payload = kept[1].to_bytes()
    for broken in (b"", payload[:-50], json.dumps({"codes": []}).encode()):
        with pytest.raises(StateError):
            ThemeState.from_bytes(broken)


def test_a_state_of_settings_that_are_gone_is_refused(
    kept: tuple[Result, ThemeState], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Config.to_dict
    monkeypatch.setattr(Config, "to_dict", lambda self: {**known(self), "stability_enough": 0.75})
    payload = kept[1].to_bytes()
    with pytest.raises(StateError, match="other settings"):
        ThemeState.from_bytes(payload)


def test_there_is_no_state_without_themes_and_no_answer_is_no_error(
    kept: tuple[Result, ThemeState],
) -> None:
    result, state = analyse_and_keep(corpus.documents()[:3])
    assert result.themes == ()
    assert state is None
    assert extend(kept[1], []).assignments == ()
    assert extend(replace(kept[1], letters={}), [Document("1", "n/a")]).assignments[0].reason
