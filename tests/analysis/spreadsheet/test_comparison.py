"""What became of each theme, on groupings whose story is known."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from analysis.pipeline.types import Document
from analysis.spreadsheet.comparison import (
    Change,
    Comparison,
    Grouping,
    Theme,
    compare,
    comparison_json,
    read_run,
)
from analysis.spreadsheet.errors import SpreadsheetError


def grouping(
    themes: dict[str, tuple[str, range | list[int]]], *, total: int, first: int = 0
) -> Grouping:
    """Themes by code as (name, numbers of documents), of documents ``first`` to ``total``."""
    documents = frozenset(f"d{i}" for i in range(first, total))
    members = {code: {f"d{i}" for i in ids} for code, (_, ids) in themes.items()}
    main = {i: code for code, ids in members.items() for i in sorted(ids)}
    named = {
        code: Theme(code, name, name, frozenset(name.split())) for code, (name, _) in themes.items()
    }
    return Grouping(named, members, main, documents, documents)


def change(found: Comparison, name: str) -> Change:
    (one,) = [c for c in found.changes if name in {t.name_en for t in (c.before, c.after) if t}]
    return one


BEFORE = grouping(
    {
        "T1": ("waiting line", range(100)),
        "T2": ("parking", range(100, 160)),
        "T3": ("forms", range(160, 200)),
    },
    total=200,
)


def test_the_same_groups_under_other_codes_and_names_all_stayed() -> None:
    after = grouping(
        {
            "T1": ("cars", range(100, 160)),
            "T2": ("paper", range(160, 200)),
            "T3": ("queue", range(100)),
        },
        total=200,
    )
    found = compare(BEFORE, after, other="before")
    assert {c.kind for c in found.changes} == {"stayed"}
    assert found.agreement == pytest.approx(1)
    assert found.agreement_n == 200
    assert {(c.before.code, c.after.code) for c in found.changes if c.before and c.after} == {
        ("T1", "T3"), ("T2", "T1"), ("T3", "T2"),
    }  # fmt: skip
    for c in found.changes:
        assert c.jaccard == 1
        assert c.difference is not None
        assert c.difference.estimate == 0


def test_themes_that_grew_shrank_appeared_and_went_are_told() -> None:
    after = grouping(
        {
            "A": ("waiting line", range(60)),
            "B": ("parking", [*range(100, 160), *range(200, 400)]),
            "C": ("telescopes", range(60, 100)),
        },
        total=400,
    )
    found = compare(BEFORE, after, other="before")
    assert change(found, "waiting line").kind == "shrank"
    grew = change(found, "parking")
    assert grew.kind == "grew"
    assert (grew.n_before, grew.n_after, grew.shared) == (60, 260, 60)
    assert grew.difference is not None
    assert grew.difference.estimate == pytest.approx(260 / 400 - 60 / 200)
    assert 0 < grew.difference.low < grew.difference.estimate < grew.difference.high
    new = change(found, "telescopes")
    assert new.kind == "appeared"
    assert new.mostly is not None
    assert new.mostly.code == "T1"
    assert new.mostly_share == 1
    assert change(found, "forms").kind == "went"
    assert (found.n_before, found.n_after, found.common) == (200, 400, 200)
    assert [len(found.of(k)) for k in ("stayed", "grew", "shrank", "appeared", "went")] == [
        0, 1, 1, 1, 1,
    ]  # fmt: skip


def test_a_change_that_chance_could_make_is_none() -> None:
    before = grouping({"T1": ("a", range(20)), "T2": ("b", range(20, 40))}, total=40)
    after = grouping(
        {"T1": ("a", [*range(20), *range(40, 63)]), "T2": ("b", [*range(20, 40), *range(63, 80)])},
        total=80,
    )
    assert {c.kind for c in compare(before, after, other="x").changes} == {"stayed"}


def test_a_theme_merged_from_three_is_not_the_largest_of_them_grown() -> None:
    before = grouping(
        {
            "T1": ("waiting line", range(50)),
            "T2": ("parking", range(50, 95)),
            "T3": ("forms", range(95, 135)),
            "T4": ("parks", range(135, 200)),
        },
        total=200,
    )
    after = grouping({"A": ("counter", range(135)), "B": ("parks", range(135, 200))}, total=200)
    found = compare(before, after, other="before")
    assert change(found, "counter").kind == "appeared"
    assert {c.kind for c in found.changes} == {"stayed", "appeared", "went"}


def test_runs_that_group_the_same_texts_otherwise_are_said_to() -> None:
    half = grouping(
        {"A": ("waiting", range(0, 200, 2)), "B": ("parking", range(1, 200, 2))}, total=200
    )
    assert compare(BEFORE, half, other="x").is_regrouped
    assert not compare(BEFORE, BEFORE, other="x").is_regrouped
    notes = [json.loads(comparison_json(compare(BEFORE, g, other="x"))) for g in (half, BEFORE)]
    assert [n["agreement"]["same_groups"] for n in notes] == [False, True]
    assert [len(n["notes"]) for n in notes] == [1, 0]
    assert set(notes[0]["notes"][0]) == {"en", "fr"}


def test_words_alone_do_not_match_themes_of_other_people() -> None:
    after = grouping(
        {"A": ("parking", range(100)), "B": ("waiting line", range(100, 200))}, total=200
    )
    found = compare(BEFORE, after, other="before")
    matched = {(c.before.code, c.after.code) for c in found.changes if c.before and c.after}
    assert matched == {("T1", "A"), ("T2", "B")}


def test_the_interval_of_a_change_between_two_sets_of_people_is_the_usual_one() -> None:
    before = grouping({"T1": ("a", range(50)), "T2": ("b", range(50, 100))}, total=101)
    after = grouping(
        {"T1": ("a", [*range(1000, 1030)]), "T2": ("b", [*range(1030, 1100), 100])},
        total=1100,
        first=1000,
    )
    # One common document so that there is something to compare at all.
    after = Grouping(
        after.themes,
        after.members,
        after.main,
        after.documents | {"d100"},
        after.base | {"d100"},
    )
    found = change(compare(before, after, other="x"), "a")
    assert found.difference is not None
    p, q = 50 / 101, 30 / 101
    half = 2.2414 * (p * (1 - p) / 101 + q * (1 - q) / 101) ** 0.5  # Bonferroni for two themes
    assert found.difference.low == pytest.approx(q - p - half, abs=0.003)


def write(folder: Path, rows: list[tuple[str, str, int, str]]) -> None:
    folder.mkdir()
    with (folder / "assignments.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "theme", "main", "score", "passage", "start", "end", "reason"])
        for name, theme, main, passage in rows:
            writer.writerow(
                [name, theme, main, "", passage, 0, 0, "" if theme else "fits_no_theme"]
            )


def test_without_names_the_codes_of_an_earlier_run_have_to_do(tmp_path: Path) -> None:
    write(
        tmp_path / "run",
        [("a", "T1.2", 1, "One"), ("b", "T1", 1, "'=Two"), ("c", "", 0, "Three")],
    )
    documents = [Document("a", "One"), Document("b", "=Two"), Document("d", "Four")]
    for path in (tmp_path / "run", tmp_path / "run" / "assignments.csv"):
        found = read_run(path, documents)
        assert found.members == {"T1": {"a", "b"}}
        assert found.documents == {"a", "b", "c"}
        assert found.themes["T1"].name("fr") == "T1"


def test_an_edited_assignments_file_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "assignments.csv").write_text("id,topic\na,1\n")
    with pytest.raises(SpreadsheetError, match="changed"):
        read_run(tmp_path / "run", [Document("a", "One")])
