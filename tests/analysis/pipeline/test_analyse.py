"""What `analyse` promises: themes across both languages, nothing lost, the same every time."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.pipeline import (
    STAGES,
    Config,
    ConfigError,
    Document,
    DocumentError,
    EmbedderError,
    Language,
    Level,
    Reason,
    Result,
    UseEmbedder,
    analyse,
    result_to_json,
)
from tests.analysis.pipeline import corpus


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """Six known themes in two languages, a letter with additions, and answers that say nothing."""
    letters = [Document(f"letter-{i}", corpus.ENGLISH_LETTER, Language.EN) for i in range(5)]
    added = "My own children learned to read there with the story hour on Saturdays."
    letters.append(Document("letter-own", f"{corpus.ENGLISH_LETTER} {added}", Language.EN))
    nothing = [
        Document("nothing-1", "n/a", Language.EN),
        Document("nothing-2", "Rien à ajouter.", Language.FR),
        Document("nothing-3", "!!! ???", Language.FR),
        Document("nothing-4", "Tuve que esperar dos horas y nadie me ayudó con el formulario."),
        Document("nothing-5", "   ", Language.EN),
    ]
    private = Document(
        "waiting-en-private",
        "I waited in line for two hours, call me at 613-555-0199 or jo.roy@example.ca please.",
        Language.EN,
    )
    return [*corpus.documents(), *letters, *nothing, private]


@pytest.fixture(scope="module")
def result(documents: list[Document]) -> Result:
    return analyse(documents)


def main_themes(result: Result) -> dict[str, str]:
    return {
        row.document_id: row.theme.split(".")[0]
        for row in result.assignments
        if row.main and row.theme is not None
    }


def test_known_themes_come_out_across_both_languages(result: Result) -> None:
    themes = main_themes(result)
    known = {d.id: corpus.theme_of(d.id) for d in corpus.documents()}
    by_theme: dict[str, Counter[str]] = {}
    for document_id, theme in themes.items():
        if document_id in known:
            by_theme.setdefault(theme, Counter())[known[document_id]] += 1
    right = sum(counts.most_common(1)[0][1] for counts in by_theme.values())
    assert right / len(known) >= 0.8
    for subject in corpus.THEMES:
        english = Counter(themes.get(f"{subject}-en-{i}") for i in range(8)).most_common(1)[0][0]
        french = Counter(themes.get(f"{subject}-fr-{i}") for i in range(8)).most_common(1)[0][0]
        assert english == french, subject
    assert result.metrics["language_nmi"] <= 0.1


def test_every_document_is_in_a_theme_or_carries_a_reason(
    documents: list[Document], result: Result
) -> None:
    by_document: dict[str, list[bool]] = {d.id: [] for d in documents}
    for row in result.assignments:
        assert (row.theme is None) == (row.reason is not None)
        assert 0.0 <= row.score <= 1.0
        by_document[row.document_id].append(row.main)
    for document_id, mains in by_document.items():
        assert mains, document_id
        assert sum(mains) <= 1
    codes = {theme.code for theme in result.themes}
    assert {row.theme for row in result.assignments if row.theme} <= codes


def test_answers_that_say_nothing_are_listed_with_why(result: Result) -> None:
    reasons = {row.document_id: row.reason for row in result.assignments if row.reason}
    assert reasons["nothing-1"] is Reason.NO_ANSWER
    assert reasons["nothing-2"] is Reason.DECLINED
    assert reasons["nothing-3"] is Reason.UNREADABLE
    assert reasons["nothing-4"] is Reason.OTHER_LANGUAGE
    assert reasons["nothing-5"] is Reason.NO_ANSWER


def test_sizes_add_up_and_offsets_find_the_words_again(
    documents: list[Document], result: Result
) -> None:
    texts = {d.id: d.text for d in documents}
    for theme in result.themes:
        assert theme.size == sum(theme.languages.values())
        inside = {
            row.document_id
            for row in result.assignments
            if row.theme and (row.theme == theme.code or row.theme.startswith(theme.code + "."))
        }
        assert theme.size == len(inside)
        for quote in theme.quotes:
            if "removed]" not in quote.text and "retiré" not in quote.text:
                assert texts[quote.document_id][quote.start : quote.end] == quote.text
    for row in result.assignments:
        assert 0 <= row.start <= row.end <= len(texts[row.document_id])


def test_a_result_printed_is_its_themes_and_not_its_assignments(result: Result) -> None:
    first, *lines = repr(result).splitlines()
    assert str(len({a.document_id for a in result.assignments})) in first
    assert len(lines) == len(result.themes)
    for line, theme in zip(lines, result.themes, strict=True):
        assert line.split()[0] == theme.code
        assert theme.name_en in line
        assert theme.name_fr in line


def test_personal_information_reaches_nothing_that_is_shown(result: Result) -> None:
    shown = result_to_json(result)
    assert "555-0199" not in shown
    assert "jo.roy" not in shown
    assert result.masked == {"email": 1, "phone": 1}


def test_a_letter_is_one_campaign_and_what_was_added_is_its_own_passage(result: Result) -> None:
    (letter,) = result.campaigns
    assert len(letter.document_ids) == 6
    assert letter.languages == {"en": 6}
    own = [row for row in result.assignments if row.document_id == "letter-own"]
    assert any(row.text.startswith("My own children") for row in own)


def test_the_order_of_the_documents_changes_nothing(
    documents: list[Document], result: Result
) -> None:
    shuffled = random.Random(4).sample(documents, len(documents))
    assert result_to_json(analyse(shuffled)) == result_to_json(result)


def test_another_process_with_another_hash_seed_gives_the_same_bytes(
    documents: list[Document], result: Result, tmp_path: Path
) -> None:
    data = tmp_path / "documents.json"
    data.write_text(json.dumps([[d.id, d.text, d.language] for d in documents]))
    program = (
        "import json, sys\n"
        "from analysis.pipeline import Document, Language, analyse, result_to_json\n"
        "rows = json.load(open(sys.argv[1]))\n"
        "documents = [Document(i, t, Language(l) if l else None) for i, t, l in rows]\n"
        "sys.stdout.buffer.write(result_to_json(analyse(documents)).encode())\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program, str(data)],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "12345", "PYTHONIOENCODING": "utf-8"},
        cwd=Path(__file__).resolve().parents[3],
    )
    assert found.stdout.decode() == result_to_json(result)


class Folder:
    """A store that can stop the run after a stage, as a killed worker would."""

    def __init__(self) -> None:
        self.saved: dict[str, bytes] = {}
        self.stop_after: str | None = None
        self.loaded: list[str] = []

    def load(self, stage: str) -> bytes | None:
        if stage in self.saved:
            self.loaded.append(stage)
        return self.saved.get(stage)

    def save(self, stage: str, payload: bytes) -> None:
        self.saved[stage] = payload
        if stage == self.stop_after:
            raise KeyboardInterrupt


def test_a_run_stopped_after_any_stage_resumes_to_the_same_result(
    documents: list[Document], result: Result
) -> None:
    store = Folder()
    for number, stage in enumerate(STAGES):
        store.stop_after, store.loaded = stage, []
        with pytest.raises(KeyboardInterrupt):
            analyse(documents, store=store)
        assert store.loaded == list(STAGES[:number]), "finished stages are not done again"
    store.stop_after = None
    assert result_to_json(analyse(documents, store=store)) == result_to_json(result)


def test_a_checkpoint_of_other_documents_or_settings_is_ignored(
    documents: list[Document], result: Result
) -> None:
    store = Folder()
    analyse(documents[:40], store=store)
    assert result_to_json(analyse(documents, store=store)) == result_to_json(result)
    store.saved = dict.fromkeys(STAGES, b"not a payload")
    assert result_to_json(analyse(documents, store=store)) == result_to_json(result)


def test_progress_never_goes_back_and_ends_at_one(documents: list[Document]) -> None:
    seen: list[tuple[str, float]] = []
    analyse(documents, progress=lambda stage, share: seen.append((stage, share)))
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    assert list(dict.fromkeys(stage for stage, _ in seen)) == list(STAGES)


def test_too_few_texts_are_listed_and_no_theme_is_invented() -> None:
    few = corpus.documents()[:6]
    result = analyse(few)
    assert result.themes == ()
    assert result.confidence.level is Level.NONE
    assert result.confidence.reason_en
    assert result.confidence.reason_fr
    assert [row.reason for row in result.assignments] == [Reason.NOT_ENOUGH] * 6


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["One answer about the long wait at the counter."],
        ["The same answer, word for word."] * 100,
        ["12345"] * 20,
        ["😀"] * 20,
        ["a" * 10_000],
        ["we waited and waited " * 500],
        ["word " * 30 + str(i) for i in range(30)],
        ["\x00\ufeff", "\ud800 lone surrogate", "ok then"],
    ],
    ids=["none", "one", "identical", "numbers", "emoji", "long", "unpunctuated", "alike", "odd"],
)
def test_strange_corpora_give_a_result_in_which_everyone_is_listed(texts: list[str]) -> None:
    documents = [Document(str(i), text) for i, text in enumerate(texts)]
    result = analyse(documents)
    assert {row.document_id for row in result.assignments} == {d.id for d in documents}
    assert result.metrics["documents"] == len(texts)


def test_one_language_alone_is_themed_as_well() -> None:
    french = [d for d in corpus.documents() if d.language is Language.FR]
    result = analyse(french)
    assert len(result.themes) >= 2
    assert all(theme.keywords_en == () for theme in result.themes)
    assert result.metrics["language_nmi"] == 0.0


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.one_of(
            st.sampled_from([d.text for d in corpus.documents()]),
            st.text(max_size=60),
            st.sampled_from(["n/a", "non", "???", "1 2 3"]),
        ),
        max_size=40,
    ),
    st.randoms(use_true_random=False),
)
def test_any_corpus_is_fully_accounted_for_in_any_order(
    texts: list[str], chance: random.Random
) -> None:
    documents = [Document(f"{i:03}", text) for i, text in enumerate(texts)]
    result = analyse(documents)
    assert {row.document_id for row in result.assignments} == {d.id for d in documents}
    moved = chance.sample(documents, len(documents))
    assert result_to_json(analyse(moved)) == result_to_json(result)


def test_two_documents_with_one_id_are_refused() -> None:
    with pytest.raises(DocumentError, match="'a'"):
        analyse([Document("a", "x"), Document("a", "y")])


def test_changed_weights_are_refused_with_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "sp.model").write_bytes(b"other")
    with pytest.raises(EmbedderError, match=r"sp\.model"):
        UseEmbedder(resources=tmp_path)
    with pytest.raises(EmbedderError, match="No embedder is called"):
        analyse([], Config(embedder="nobody"))


def test_a_configuration_survives_being_stored() -> None:
    config = Config(seed=3, lexical_share=0.25)
    assert Config.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    with pytest.raises(ConfigError, match="colour"):
        Config.from_dict({"colour": "blue"})
    with pytest.raises(ConfigError, match="lexical_share"):
        replace(config, lexical_share=2.0)


def test_the_sample_path_gives_every_passage_a_theme_and_keeps_themes() -> None:
    config = Config(scale_over_passages=70, scale_sample=60)
    result = analyse(corpus.documents(), config)
    assert result.metrics["sampled_passages"] < len(corpus.documents())
    themes = main_themes(result)
    assert len(themes) >= 0.9 * len(corpus.documents())
    together = sum(
        themes.get(f"{subject}-en-{i}") == themes.get(f"{subject}-en-{j}")
        for subject in corpus.THEMES
        for i in range(8)
        for j in range(i)
    )
    assert together / (28 * len(corpus.THEMES)) >= 0.5
