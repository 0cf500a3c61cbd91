"""What grouping promises: the corpus decides how many themes, chance decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from analysis.pipeline import Config, Document, Language, Level, Reason, analyse, embedder_named
from analysis.pipeline.grouping import communities
from analysis.pipeline.grouping.clusters import Clusters, Measures, _likeness
from analysis.pipeline.grouping.communities import ThemeClusterer, fitting, group
from analysis.pipeline.grouping.neighbours import centre, features, letter_runs, nearest
from analysis.pipeline.grouping.partitions import by_size
from analysis.pipeline.grouping.resampling import _left
from analysis.pipeline.grouping.separation import Silhouettes
from analysis.pipeline.grouping.themes import themes_of
from analysis.pipeline.grouping.ward import tree_of
from analysis.pipeline.reading.campaigns import Letters
from analysis.pipeline.reading.documents import corpus_of
from analysis.pipeline.reading.passages import cut_passages
from analysis.pipeline.reading.prepare import read_documents
from analysis.pipeline.vectors.embedder import unit
from tests.analysis.pipeline import corpus


def planted(
    themes: int, each: int, *, spread: float = 0.9, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Rows around ``themes`` middles in 64 dimensions, and the theme of each."""
    generator = np.random.default_rng(seed)
    middles = generator.standard_normal((themes, 64))
    labels = np.repeat(np.arange(themes), each)
    rows = middles[labels] + spread * generator.standard_normal((len(labels), 64))
    order = generator.permutation(len(labels))
    rows = rows[order] / np.linalg.norm(rows[order], axis=1, keepdims=True)
    return rows.astype(np.float32), labels[order]


@cache
def consultation() -> tuple[NDArray[np.float32], NDArray[np.str_]]:
    """Features of the test corpus and the theme each sentence was written for."""
    documents = corpus.documents()
    texts = [document.text for document in documents]
    vectors = embedder_named(Config().embedder).embed(texts)
    languages = [document.language or Language.UNDETERMINED for document in documents]
    rows = features(centre(vectors, languages), texts, languages, Config())
    return rows, np.asarray([corpus.theme_of(document.id) for document in documents])


@parametrize_with_checks([ThemeClusterer()])  # type: ignore[untyped-decorator]
def test_the_estimator_keeps_the_library_s_contract(
    estimator: ThemeClusterer, check: Callable[[ThemeClusterer], None]
) -> None:
    check(estimator)


@pytest.mark.parametrize(("themes", "each"), [(3, 60), (7, 40), (20, 30), (45, 20)])
def test_the_number_of_themes_comes_from_the_corpus(themes: int, each: int) -> None:
    rows, labels = planted(themes, each)
    grouping = group(rows, Config())
    found = fitting(grouping)
    assert themes / 2 <= found.max() + 1 <= themes * 2
    assert adjusted_rand_score(labels, found) >= 0.9
    assert grouping.top.max() + 1 <= Config().top_themes
    for leaf in range(int(grouping.leaf.max()) + 1):
        assert len(set(grouping.top[grouping.leaf == leaf].tolist())) == 1


def test_no_seed_changes_which_passages_are_together() -> None:
    rows, _ = consultation()
    first = group(rows, Config(seed=0))
    for seed in range(1, 5):
        other = group(rows, Config(seed=seed))
        assert np.array_equal(first.leaf, other.leaf)
        assert np.array_equal(first.top, other.top)


def test_no_seed_changes_where_an_answer_is_or_how_sure_that_is() -> None:
    documents = corpus.documents()
    # Answers of several passages: which of them is the main one hangs on how sure each is.
    joined = [
        Document(one.id, f"{one.text} {other.text} {one.text}", one.language)
        for one, other in zip(documents, documents[7:] + documents[:7], strict=True)
    ]
    config = Config(passage_split_over_words=15, passage_minimum_words=4)
    first = analyse(joined, replace(config, seed=0))
    assert len(first.assignments) > len(joined)
    assert first.assignments == analyse(joined, replace(config, seed=1)).assignments


def test_another_order_gives_the_same_themes() -> None:
    rows, _ = consultation()
    order = np.random.default_rng(2).permutation(len(rows))
    there = fitting(group(rows, Config()))
    back = fitting(group(rows[order], Config()))
    assert adjusted_rand_score(there[order], back) == 1.0


def test_the_same_themes_come_back_when_a_fifth_is_left_out() -> None:
    rows, labels = consultation()
    everyone = fitting(group(rows, Config()))
    assert adjusted_rand_score(labels, everyone) >= 0.7
    for turn in range(3):
        kept = np.sort(np.random.default_rng(turn).permutation(len(rows))[: len(rows) * 4 // 5])
        again = fitting(group(rows[kept], Config()))
        assert adjusted_rand_score(everyone[kept], again) >= 0.7


def test_stability_is_low_where_nothing_comes_back_and_high_where_it_does() -> None:
    clear, _ = planted(5, 50)
    shapeless = np.random.default_rng(1).standard_normal((250, 64)).astype(np.float32)
    good = group(clear, Config())
    bad = group(shapeless / np.linalg.norm(shapeless, axis=1, keepdims=True), Config())
    assert good.stability >= 0.95
    assert bad.stability < Config().minimum_stability
    assert good.separation - good.by_chance > 0.1
    assert abs(bad.separation - bad.by_chance) < Config().minimum_separation


def test_a_large_theme_shows_its_parts_only_when_it_has_some() -> None:
    generator = np.random.default_rng(3)
    middles = generator.standard_normal((4, 64))
    parts = middles[:, None] + 0.6 * generator.standard_normal((4, 3, 64))
    parts[2:] = middles[2:, None]  # two of the four are one subject each
    rows = np.repeat(parts.reshape(12, 64), 40, axis=0)
    rows = rows + 0.45 * generator.standard_normal(rows.shape)
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    config = Config(finer_price=0.4)  # hold the level at the four
    grouping = group(rows, config)
    assert grouping.fits == 1
    assert grouping.top.max() + 1 == 4
    theme = np.repeat(np.arange(4), 120)
    for one in range(4):
        pieces = len(set(grouping.leaf[theme == one].tolist()))
        assert pieces == (3 if one < 2 else 1)
    none = group(rows, replace(config, split_minimum_size=1_000))
    assert np.array_equal(none.leaf, none.top)
    assert none.leaf_stability == none.top_stability == grouping.top_stability


def test_a_part_is_only_as_stable_as_it_is_itself() -> None:
    generator = np.random.default_rng(4)
    parts = np.repeat(generator.standard_normal((3, 1, 64)), 4, axis=1)
    parts[0] += 0.4 * generator.standard_normal((4, 64))  # only the first theme has parts
    rows = np.repeat(parts.reshape(12, 64), 30, axis=0)
    rows = rows + 0.8 * generator.standard_normal(rows.shape)
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    grouping = group(rows, Config(finer_price=0.4))
    assert grouping.top_stability == (1.0, 1.0, 1.0)
    assert len(grouping.leaf_stability) == grouping.leaf.max() + 1
    parts_of_first = set(grouping.leaf[:120].tolist())
    assert len(parts_of_first) > 1
    for leaf, share in enumerate(grouping.leaf_stability):
        assert (0.5 < share < 0.95) if leaf in parts_of_first else share == 1.0


def long_answers() -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """Rows of 40 answers of ten passages on four themes, their themes and their answers."""
    generator = np.random.default_rng(5)
    answers = np.repeat(np.arange(40), 10)
    middles = generator.standard_normal((4, 64))
    manners = 1.3 * generator.standard_normal((40, 64))
    rows = middles[answers % 4] + manners[answers] + 0.5 * generator.standard_normal((400, 64))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return rows, answers % 4, answers


def test_a_long_answer_is_not_a_theme() -> None:
    rows, themes, answers = long_answers()
    assert fitting(group(rows, Config())).max() + 1 == 40  # every answer is like itself
    grouping = group(rows, Config(), answers=answers)
    assert adjusted_rand_score(themes, fitting(grouping)) == 1.0


def test_whole_answers_are_left_out() -> None:
    _, _, answers = long_answers()
    turns = _left(answers, Config())
    assert len(turns) == Config().resamples
    for kept in turns:
        assert len(kept) == 320
        assert len(set(answers[kept].tolist())) == 32


def test_how_far_themes_stand_apart_is_measured_between_answers() -> None:
    rows, labels = planted(4, 30, spread=1.5)
    known = silhouette_score(rows, labels, metric="cosine")
    assert Silhouettes.of(rows, np.arange(len(rows)))(labels) == pytest.approx(known, abs=1e-5)
    # Saying everything twice brings nobody nearer to their theme.
    twice = np.repeat(rows, 2, axis=0)
    apart = Silhouettes.of(twice, np.repeat(np.arange(len(rows)), 2))
    assert apart(np.repeat(labels, 2)) == pytest.approx(known, abs=1e-5)
    assert apart(np.where(np.arange(240) < 4, -1, np.repeat(labels, 2))) != 0


def test_the_tree_is_ward_s() -> None:
    rows, _ = planted(6, 30, spread=1.5)
    known = linkage(rows.astype(np.float64), "ward")
    for number, labels in tree_of(rows).cuts([2, 5, 9, 20]):
        theirs = fcluster(known, number, "maxclust")
        assert adjusted_rand_score(theirs, labels) == 1.0


def test_runs_of_letters_are_counted_as_the_library_counts_them() -> None:
    texts = ["l'attente était longue", "a long wait, a LONG wait", "", "été"]
    mine = letter_runs(texts)
    plain = ["l attente était longue", "a long wait a long wait", "", "été"]
    theirs = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5)).fit_transform(plain)
    assert np.array_equal(np.sort(mine.toarray().sum(0)), np.sort(theirs.toarray().sum(0)))
    assert mine.sum(axis=1).tolist() == theirs.sum(axis=1).tolist()


def test_labels_are_numbered_from_the_largest_and_no_theme_stays_none() -> None:
    assert by_size(np.asarray([4, -1, 7, 7, 4, 7, 1])).tolist() == [1, -1, 0, 0, 1, 0, 2]


def test_a_copy_of_the_estimator_groups_alike() -> None:
    rows, _ = planted(4, 20)
    estimator = ThemeClusterer(Config(neighbours=12))
    assert clone(estimator).fit(rows).labels_.tolist() == estimator.fit_predict(rows).tolist()


SALAD = (
    "anchor basil candle desert engine falcon garlic helmet island jacket kettle lantern marble "
    "needle orchid pepper quartz ribbon saddle timber umbrella velvet walnut yogurt zipper bridge "
    "copper dragon feather glacier hammer iceberg jungle kitten ladder magnet napkin oyster"
)


def salad(n: int) -> list[Document]:
    generator = np.random.default_rng(0)
    return [
        Document(f"{i:03}", " ".join(generator.choice(SALAD.split(), 9)), Language.EN)
        for i in range(n)
    ]


@pytest.mark.parametrize("n", [40, 120])
def test_word_salad_is_grouped_as_an_aid_and_nothing_in_it_is_sure(n: int) -> None:
    result = analyse(salad(n))
    tops = [t for t in result.themes if t.parent is None]
    assert len(tops) >= 2
    assert result.confidence.level is Level.LOW
    assert result.confidence.why.code.startswith("aid_")
    assert {t.confidence.level for t in result.themes} == {Level.LOW}
    assert len({row.document_id for row in result.assignments}) == n
    # What they were doubted for is among what was measured.
    assert result.metrics["separation"] != 0
    assert result.metrics["separation_by_chance"] != 0


def test_fewer_are_listed_with_those_most_alike_side_by_side() -> None:
    result = analyse(salad(39))
    assert result.themes == ()
    assert result.confidence.level is Level.NONE
    assert {row.reason for row in result.assignments} == {Reason.NOT_ENOUGH}
    assert sorted(result.order) == [f"{i:03}" for i in range(39)]
    pairs = [
        ("The bus is late again.", "Encore un autobus en retard."),
        ("My doctor never calls back.", "Mon médecin ne rappelle jamais."),
        ("The park needs more trees.", "Il faut plus d'arbres dans le parc."),
    ]
    texts = [text for side in (0, 1) for text in (pair[side] for pair in pairs)]
    order = analyse(Document(str(i), text) for i, text in enumerate(texts)).order
    for i in range(3):
        assert abs(order.index(str(i)) - order.index(str(i + 3))) == 1


def test_one_subject_without_groups_is_shown_in_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    # Whatever the level chosen, here none: one group of all.
    monkeypatch.setattr(
        communities, "_choose", lambda space, *_: (1, np.zeros(len(space.rows), dtype=np.int64))
    )
    result = analyse(salad(60))
    assert result.confidence.why.code == "aid_no_groups"
    assert len([t for t in result.themes if t.parent is None]) >= 2


def test_small_parts_are_not_shown_and_their_answers_stay_in_the_whole() -> None:
    texts = [f"text {i}" for i in range(12)]
    read = read_documents(
        corpus_of([Document(f"{i:02}", t) for i, t in enumerate(texts)]), Config()
    )
    _, passages = cut_passages(read, Letters(()), Config())
    leaf = np.asarray([0] * 5 + [1] * 5 + [2] * 2)
    ones = np.ones(12)
    clusters = Clusters(
        leaf=leaf,
        parent=np.zeros(3, dtype=np.int64),
        score=ones,
        border=ones,
        centrality=ones,
        leaf_stability=np.ones(3),
        top_stability=np.ones(1),
        leaf_likeness=np.ones(3),
        top_likeness=np.ones(1),
        measures=Measures(1.0, 1.0, 0.0, 1, 12),
    )
    themes = themes_of(clusters, passages, Config())
    assert list(themes.members) == ["T1", "T1.1", "T1.2"]
    assert len(themes.members["T1"]) == 12
    assert {themes.code_of_leaf[2]} == {"T1"}


UNRELATED = (
    "The cat slept on the roof all afternoon.",
    "Interest rates rose by a quarter of a point.",
    "He forgot to buy yeast for the bread.",
    "The glacier retreats forty metres each year.",
    "She plays the cello in a small orchestra.",
    "The verdict was overturned on appeal.",
    "Tomatoes need at least six hours of sun.",
    "Their ship left the harbour before dawn.",
    "A prime number has exactly two divisors.",
    "The goalkeeper saved two penalties on Sunday.",
    "Nobody remembers who painted the fence.",
    "The vaccine must be kept below zero.",
    "My grandfather repaired clocks for a living.",
    "The satellite lost contact with the ground.",
    "Please knit the sleeves before the collar.",
    "The senator declined to comment on the bill.",
    "An owl nested in the church tower.",
    "The printer is out of magenta ink.",
    "Volcanic soil makes the wine taste of smoke.",
    "The children built a raft from old pallets.",
)


def test_unrelated_sentences_are_not_grouped() -> None:
    result = analyse([Document(str(i), text, Language.EN) for i, text in enumerate(UNRELATED)])
    assert result.confidence.level is Level.NONE
    assert result.confidence.reason_en != result.confidence.reason_fr
    assert len(result.assignments) == len(UNRELATED)


def test_a_small_consultation_with_three_subjects_is_grouped() -> None:
    documents = [
        document
        for document in corpus.documents()
        if corpus.theme_of(document.id) in ("waiting", "parking", "courtesy")
    ]
    result = analyse(documents)
    assert result.confidence.level is not Level.NONE
    assert 2 <= result.metrics["themes"] <= 6


@pytest.mark.parametrize("kinds", [3_000, 40, 1])
def test_the_nearest_are_those_of_a_full_sort_even_where_many_are_alike(kinds: int) -> None:
    rows = np.random.default_rng(3).standard_normal((kinds, 12)).astype(np.float32)
    rows = unit(rows[np.arange(3_000) % kinds])
    similar = rows @ rows.T
    np.fill_diagonal(similar, -np.inf)
    wanted = np.argsort(-similar, axis=1, kind="stable")[:, :30]
    found = nearest(rows, 30)
    if kinds == 3_000:
        assert np.array_equal(found, wanted)
    # Among equals the product of another block may differ in the last bit.
    here = np.arange(3_000)[:, None]
    assert np.allclose(similar[here, found], similar[here, wanted], atol=1e-6)
    assert all(len(set(row)) == 30 for row in found.tolist())


def test_likeness_is_measured_against_the_run_s_own_themes_and_parts() -> None:
    draw = np.random.default_rng(0)
    middles = np.eye(3, 40)[[0, 1, 2]] * 6
    spread = np.repeat([0.4, 0.9, 0.9], 50)[:, None]
    leaf = np.repeat([0, 1, 2], 50)
    rows = unit((middles[leaf] + spread * draw.standard_normal((150, 40)) * 2).astype(np.float32))
    of_leaves, of_tops = _likeness(rows, leaf, np.asarray([0, 1, 1]))
    similar = rows @ rows.T
    alike = [similar[leaf == k][:, leaf == k][np.triu_indices(50, 1)].mean() for k in range(3)]
    both = similar[leaf > 0][:, leaf > 0][np.triu_indices(100, 1)].mean()
    mean = (alike[0] + 2 * both) / 3
    np.testing.assert_allclose(of_tops, [alike[0] / mean, both / mean], rtol=1e-4)
    # The first is no part but a theme shown whole; the others are parts of one.
    parts = np.sqrt(mean * (alike[1] + alike[2]) / 2)
    np.testing.assert_allclose(of_leaves, [alike[0] / mean, *alike[1:] / parts], rtol=1e-4)
    # A passage that is alone in its theme is like nothing.
    assert _likeness(rows[:51], leaf[:51], np.asarray([0, 1]))[1][1] == 0.0
