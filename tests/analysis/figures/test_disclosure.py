"""What is hidden stays hidden from somebody who has everything that is published."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.figures.disclosure import (
    OTHERS,
    Disclosed,
    FindingSplit,
    People,
    Row,
    Told,
    disclose,
    disclose_split,
    protect,
    protect_table,
    shares_told,
    together,
    total_told,
    whole_told,
)
from analysis.figures.disclosure.audit import Audit
from analysis.figures.splits import Value
from analysis.figures.splits.comparing import split


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        # The worked example of a federal tribunal, smallest cell 20.
        ((304, 125, 26, 20), (304, 125, 26, 20)),
        ((28, 45, 7, 12), (28, 45, None, None)),
        ((70, 29, 7, 21), (70, 29, None, None)),
        ((5, 3, 1, 1), (None, None, None, None)),
    ],
)
def test_the_published_example_comes_out_as_published(
    row: tuple[int, ...], shown: tuple[int | None, ...]
) -> None:
    assert protect(row, smallest=20) == shown


def test_a_department_that_hides_nothing_shows_everything() -> None:
    assert protect((0, 1, 99), smallest=0, everyone=(0, 1, 100)) == (0, 1, 99)


def test_those_outside_the_row_are_not_found_by_subtraction() -> None:
    # 3 of the 43 who said no did not write about the theme: 43 - 40 would tell.
    shown = protect((40, 60, 80), smallest=10, everyone=(43, 200, 300))
    assert shown[0] is None
    assert shown[1] is None
    assert shown[2] == 80


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), min_size=2, max_size=3),
    st.sampled_from([3, 5]),
)
def test_nobody_who_adds_and_subtracts_pins_down_a_hidden_count(
    pairs: list[tuple[int, int]], smallest: int
) -> None:
    row = [inside for inside, _ in pairs]
    whole = [inside + outside for inside, outside in pairs]
    shown_whole = protect(whole, smallest=smallest)
    shown = protect(row, smallest=smallest, everyone=whole)
    for n, seen in zip(row, shown, strict=True):
        assert seen in (None, n)
        assert seen is None or seen >= smallest
    if all(seen is not None for seen in shown) or all(seen is None for seen in shown):
        return
    # The attacker tries every table of two rows that gives what is published.
    spans: list[set[int]] = [set() for _ in row]
    left = sum(whole) - sum(n for n in shown_whole if n is not None)
    tops = [left if n is None else n for n in shown_whole]
    ranges = [[n] if n is not None else range(top + 1) for n, top in zip(shown, tops, strict=True)]
    for guess in itertools.product(*ranges):
        if sum(guess) == sum(row):
            for i, n in enumerate(guess):
                spans[i].add(n)
    for seen, span in zip(shown, spans, strict=True):
        assert seen is not None or len(span) >= smallest


# --- A list of counts that make a total -----------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"online": 60, "phone": 30}, {"online": 60, "phone": 30}),
        ({"online": 60, "phone": 12, "mail": 3}, {"online": 60, OTHERS: 15}),
        ({"online": 60, "mail": 6, "phone": 5}, {"online": 60, OTHERS: 11}),
        # What is left of the whole would be small.
        ({"online": 60, "mail": 3}, {}),
        ({"online": 60, "phone": 40, "mail": 3}, {"online": 60, OTHERS: 43}),
        ({"online": 3}, {}),
        ({"online": 0}, {}),
        ({}, {}),
    ],
)
def test_small_counts_of_a_list_are_told_together(
    counts: dict[str, int], told: dict[str, int]
) -> None:
    assert together(counts, smallest=10) == told
    assert together(counts, smallest=0) == {name: n for name, n in counts.items() if n}


# --- Which themes have a number -------------------------------------------------------------------


def people(
    themes: dict[str, range | set[int]],
    wrote: int = 100,
    *,
    french: range | set[int] = range(0),
    other: range | set[int] = range(0),
    parts: dict[str, dict[str, range]] | None = None,
    campaigns: dict[str, range] | None = None,
    silent: int = 0,
) -> People:
    languages = {
        one: "fr" if one in french else "es" if one in other else "en" for one in range(wrote)
    }
    inside = set().union(*themes.values()) if themes else set()
    return People(
        wrote=languages,
        forms={one: "fr" if one in french else "en" for one in range(wrote)},
        themes=themes,
        parts=parts or {},
        campaigns=campaigns or {},
        reasons={one: f"reason {one % 3}" for one in range(wrote) if one not in inside},
        languages={"en": wrote - len(french) + silent, "fr": len(french)},
        channels={"online": wrote + silent},
    )


def counts(found: Disclosed) -> dict[str, int]:
    return {code: told.n for code, told in found.themes.items()}


def test_a_small_theme_is_counted_with_the_next_smallest() -> None:
    found = disclose(people({"A": range(45), "B": range(45, 70), "C": range(70, 73)}), smallest=10)
    assert counts(found) == {"A": 45}
    assert found.others == Told(28, by_language={}, in_letters=0)
    assert found.joined == ("B",)
    assert "C" not in repr(found)


def test_small_themes_that_reach_the_cell_together_join_no_other() -> None:
    themes = {"A": range(45), "B": range(45, 70), "C": range(70, 76), "D": range(76, 80)}
    found = disclose(people(themes), smallest=10)
    assert counts(found) == {"A": 45, "B": 25}
    assert found.others is not None
    assert found.others.n == 10
    assert found.joined == ()


def test_people_counted_twice_are_counted_once() -> None:
    themes = {"A": range(45), "B": range(20, 40), "C": range(44, 52), "D": range(45, 53)}
    found = disclose(people(themes), smallest=10)
    # C and D are nine people together, so B joins them.
    assert counts(found) == {"A": 45}
    assert found.others is not None
    assert found.others.n == 29


def test_those_in_no_theme_are_not_left_over() -> None:
    found = disclose(people({"A": range(60), "B": range(60, 94)}), smallest=10)
    assert counts(found) == {"A": 60}
    assert found.others is not None
    assert (found.others.n, found.others_hold_unthemed) == (40, True)
    assert (found.unthemed, found.in_themes) == ({}, None)


def test_those_in_no_theme_join_nobody_where_no_subtraction_gives_them() -> None:
    # 28, 12 and 16 of 56 with three of them in two themes: three are in none, and 0 is worked out.
    themes = {"A": range(28), "B": range(25, 37), "C": range(37, 46), "D": range(46, 53)}
    found = disclose(people(themes, wrote=56), smallest=10)
    assert counts(found) == {"A": 28, "B": 12}
    assert found.others is not None
    assert (found.others.n, found.others_hold_unthemed) == (16, False)
    assert (found.joined, found.unthemed, found.in_themes) == ((), {}, None)
    # No theme of the others is needed to hide those in none either.
    themes = {"A": range(60), "B": range(55, 94)}
    found = disclose(people(themes), smallest=10)
    assert counts(found) == {"A": 60, "B": 39}
    assert found.others is None


def test_a_theme_nearly_everyone_wrote_about_is_told_as_the_least() -> None:
    for n in (93, 100):
        found = disclose(people({"A": range(n), "B": range(n - 5, n)}), smallest=10)
        assert found.themes["A"] == Told(90, is_at_least=True)
        assert list(found.themes) == ["A"]
        # Those in no other theme: five, or with the seven in none twelve.
        assert (found.others.n if found.others else 0) == (12 if n == 93 else 0)


def test_where_everything_is_small_nothing_is_told() -> None:
    found = disclose(people({"A": range(4), "B": range(4, 8)}, wrote=9), smallest=10)
    assert (found.themes, found.others, found.unthemed) == ({}, None, {})
    assert found.with_text_languages == {}
    # Eleven of twelve: the least that could be told were two.
    found = disclose(people({"A": range(11)}, wrote=12), smallest=10)
    assert (found.themes, found.others) == ({}, None)


def test_without_a_smallest_cell_everything_is_told() -> None:
    themes = {"A": range(60), "B": range(60, 98), "C": range(98, 99)}
    given_people = people(
        themes, french=range(59, 62), parts={"A": {"A1": range(2)}}, campaigns={"L": range(2)}
    )
    found = disclose(given_people, smallest=0)
    assert counts(found) == {"A": 60, "B": 38, "C": 1}
    assert found.themes["A"].by_language == {"en": 59, "fr": 1}
    assert [told.in_letters for told in found.themes.values()] == [2, 0, 0]
    assert found.parts["A"] == {"A1": 2}
    assert (found.unthemed, found.in_themes, found.others) == ({"reason 0": 1}, 99, None)
    assert (found.letters, found.responses) == (2, 100)


def test_a_language_is_told_where_four_counts_are_large_enough() -> None:
    themes = {"A": range(31, 81), "B": range(35)}
    found = disclose(people(themes, french=range(40)), smallest=10)
    # A: 9 of 40 in French, 41 of 60 in English. B: nobody in English.
    assert found.themes["A"].by_language == {}
    assert found.themes["B"].by_language == {}
    assert found.with_text_languages == {"en": 60, "fr": 40}
    themes = {"A": range(20, 70), "B": range(30)}
    found = disclose(people(themes, french=range(40)), smallest=10)
    assert found.themes["A"].by_language == {"en": 30, "fr": 20}
    assert found.themes["B"].by_language == {}


def test_a_few_in_another_language_are_counted_by_their_form() -> None:
    found = disclose(people({"A": range(50)}, french=range(40), other=range(97, 100)), smallest=10)
    assert found.with_text_languages == {"en": 60, "fr": 40}
    found = disclose(people({"A": range(50)}, french=range(40), other=range(85, 100)), smallest=10)
    assert found.with_text_languages == {"en": 45, "fr": 40, "other": 15}


def test_letters_are_told_where_all_or_none_of_a_theme_are_letters() -> None:
    found = disclose(
        people({"A": range(60), "B": range(60, 90)}, campaigns={"L": range(20)}), smallest=10
    )
    assert (found.letters, found.campaigns) == (20, 1)
    assert [told.in_letters for told in found.themes.values()] == [20, 0]
    few = people({"A": range(60), "B": range(60, 90)}, campaigns={"L": range(55, 64)})
    assert disclose(few, smallest=10).letters == 0
    assert disclose(few, smallest=10).themes["A"].in_letters is None


def test_what_is_left_of_a_theme_beside_its_parts_is_not_small() -> None:
    parts = {"A": {"A1": range(30), "A2": range(30, 45), "A3": range(45, 57)}}
    found = disclose(people({"A": range(60)}, parts=parts), smallest=10)
    assert found.parts["A"] == {"A1": 30, "A2": 15}


def test_those_who_answered_without_a_comment_are_not_left_over() -> None:
    assert disclose(people({"A": range(60)}, silent=3), smallest=10).responses is None
    assert disclose(people({"A": range(60)}, silent=10), smallest=10).responses == 110


# --- Counts that stand alone ----------------------------------------------------------------------


@pytest.mark.parametrize(("n", "told"), [(0, None), (9, None), (10, 10), (11, 11)])
def test_a_count_below_the_cell_is_not_told(n: int, told: int | None) -> None:
    assert total_told(n, smallest=10) == told
    assert total_told(n, smallest=0) == n


@pytest.mark.parametrize(("whole", "told"), [(60, 60), (61, None), (69, None), (70, 70)])
def test_a_count_beside_its_part_leaves_no_few(whole: int, told: int | None) -> None:
    assert whole_told(whole, 60, smallest=10) == told


def test_shares_are_told_where_none_is_of_few_and_nobody_can_watch_them_grow() -> None:
    assert shares_told({"en": 30, "fr": 10}, smallest=10) == {"en": 0.75, "fr": 0.25}
    assert shares_told({"en": 30, "fr": 9}, smallest=10) == {}
    assert shares_told({"en": 0, "fr": 0}, smallest=0) == {}
    assert shares_told({"en": 989, "fr": 10}, smallest=10, is_growing=True) == {}
    assert shares_told({"en": 500, "fr": 500}, smallest=10, is_growing=True) != {}


# --- Themes beside a closed question --------------------------------------------------------------

STARS = tuple(Value(str(n), f"{n} stars", f"{n} étoiles", points=n) for n in range(1, 6))
NUMBERS = re.compile(r"\d[\d,\u00a0]*")


def told_beside(
    themes: Mapping[str, Collection[int]], ratings: Mapping[int, str], wrote: int, smallest: int
) -> tuple[Disclosed, FindingSplit]:
    """What is published of ``wrote`` people's themes and of how they rated."""
    told = disclose(people(themes, wrote), smallest=smallest)
    shown = {code: themes[code] for code in told.themes}
    found = split(themes=shown, answers=ratings, values=STARS, everyone=range(wrote))
    left = set(range(wrote)).difference(*shown.values())
    rest = split(themes={"rest": left}, answers=ratings, values=STARS, everyone=range(wrote))
    wording = {"en": "How was it?", "fr": "Comment était-ce?"}
    return told, disclose_split(found, rest.themes[0].tally, told, code="ease", question=wording)


def test_how_many_rated_does_not_tell_how_few_did_not() -> None:
    """Nearly everyone wrote about one thing, and three did not rate: "too few of the others (n =
    97)" beside the hundred who wrote would tell the three."""
    ratings = {one: "12345"[one % 5] for one in range(97)}
    told, found = told_beside({"A": range(95)}, ratings, 100, 10)
    assert told.themes["A"].is_at_least
    assert (found.n, found.unanswered) == (None, None)
    [theme] = found.themes
    assert (theme.cells, theme.n) == ((), None)
    for sentence in (theme.sentence_en, theme.sentence_fr):
        assert sentence
        assert not NUMBERS.search(sentence)
    # Where none is hidden it is said of how many.
    _, found = told_beside({"A": range(95)}, {n: "12345"[n % 5] for n in range(100)}, 100, 10)
    assert "100" in found.themes[0].sentence_en


@pytest.mark.parametrize("smallest", [5, 10, 20])
@pytest.mark.parametrize("seed", range(8))
def test_no_number_of_a_split_is_of_few_nor_leaves_few(seed: int, smallest: int) -> None:
    chance = random.Random(seed)
    wrote = chance.choice([40, 90, 200])
    themes = {
        code: set(chance.sample(range(wrote), chance.randint(3, wrote - 1))) for code in "ABC"
    }
    silent = set(chance.sample(range(wrote), chance.choice([0, 3, 25])))
    weights = [chance.choice([1, 3, 9]) for _ in STARS]
    ratings = {
        one: chance.choices("12345", weights)[0] for one in range(wrote) if one not in silent
    }
    told, found = told_beside(themes, ratings, wrote, smallest)

    def stands(n: int, whole: int) -> bool:
        return n >= smallest and (n == whole or whole - n >= smallest)

    for n in (found.n, found.unanswered):
        assert n is None or n == 0 or stands(n, wrote)
    for theme in found.themes:
        of_theme = told.themes[theme.theme]
        assert theme.n is None or stands(theme.n, of_theme.n)
        for cell in theme.cells:
            assert cell.n is None or (theme.n and stands(cell.n, theme.n))
            assert (cell.n is None) == (cell.share is None)
        if theme.mean is not None:
            assert None not in [cell.n for cell in theme.cells]
        said = f"{theme.sentence_en} {theme.sentence_fr}"
        for n in {int(n.replace(",", "")) for n in re.findall(r"n\s=\s(\d[\d,]*)", said)}:
            assert stands(n, of_theme.n) or stands(n, wrote)


# --- The attacker ---------------------------------------------------------------------------------

LANGUAGES = ("en", "fr", "other")
Atom = tuple[str, frozenset[str], bool]


def corpus(seed: int) -> People:
    """Anything from nearly nobody to two hundred people, with themes of all sizes, overlapping or
    not, in one letter or two."""
    chance = random.Random(seed)
    wrote = chance.choice([12, 30, 60, 100, 200])
    overlap = chance.choice([0.0, 0.0, 0.02, 0.3])
    weights = [chance.choice([1, 2, 8, 20]) for _ in range(chance.randint(1, 3))]
    nowhere = chance.choice([0, 1, 3, 15])
    codes = [f"T{at}" for at in range(len(weights))]
    themes: dict[str, set[int]] = {code: set() for code in codes}
    for one in range(wrote):
        for code in chance.choices([*codes, None], [*weights, nowhere]):
            if code is not None:
                themes[code].add(one)
        for code in codes:
            if chance.random() < overlap:
                themes[code].add(one)
    tilt = chance.choice([0.05, 0.3, 0.5])
    french = {
        one
        for one in range(wrote)
        if chance.random() < (tilt if one in themes["T0"] else chance.choice([tilt, 0.8]))
    }
    other = {one for one in range(wrote) if one not in french and chance.random() < 0.04}
    sent = range(chance.choice([0, 2, 11, 40]))
    return people(
        themes,
        wrote,
        french=french,
        other=other,
        parts={"T0": {"P": set(list(themes["T0"])[: chance.choice([3, 12, 40])])}},
        campaigns={"L": range(min(len(sent), wrote))} if sent else {},
        silent=chance.choice([0, 4, 30]),
    )


def facts(
    found: Disclosed, can_overlap: bool
) -> tuple[list[Atom], list[tuple[Callable[[Atom], bool], int, bool]]]:
    """Kinds of people as the attacker tells them apart, and what he reads: (who, how many, whether
    that is only the least)."""
    named = [*found.themes, *(["others"] if found.others else [])]
    # There may be themes nothing is said of.
    names = [*named, *([] if found.others else ["unnamed"])]
    patterns = [
        frozenset(chosen)
        for size in range((len(names) if can_overlap else 1) + 1)
        for chosen in itertools.combinations(names, size)
    ]
    languages = [*found.with_text_languages] or ["en"]
    atoms = list(itertools.product(languages, patterns, (False, True)))
    read: list[tuple[Callable[[Atom], bool], int, bool]] = [
        (lambda _: True, found.with_text, False)
    ]
    for language, n in found.with_text_languages.items():
        read.append((lambda atom, at=language: atom[0] == at, n, False))  # type: ignore[misc]
    if found.letters:
        read.append((lambda atom: atom[2], found.letters, False))
    for name in named:
        told = found.others if name == "others" else found.themes[name]
        assert told is not None
        read.append((lambda atom, at=name: at in atom[1], told.n, told.is_at_least))  # type: ignore[misc]
        for language, n in told.by_language.items():
            read.append(
                (lambda atom, at=name, of=language: at in atom[1] and atom[0] == of, n, False)  # type: ignore[misc]
            )
        if found.letters and told.in_letters is not None:
            read.append(
                (lambda atom, at=name: at in atom[1] and atom[2], told.in_letters, False)  # type: ignore[misc]
            )
    if found.unthemed or found.others_hold_unthemed:
        read.append((lambda atom: not atom[1], sum(found.unthemed.values()), False))
    return atoms, read


def groups(found: Disclosed, atoms: list[Atom]) -> Iterator[Callable[[Atom], bool]]:
    """Groups one could ask about: in or out of a theme, in none, of a language, with a letter."""
    yield lambda atom: not atom[1]
    for name in {name for _, pattern, _ in atoms for name in pattern}:
        yield lambda atom, at=name: at in atom[1]
        yield lambda atom, at=name: at not in atom[1]
        yield lambda atom, at=name: atom[1] == frozenset({at})
    for language in {language for language, _, _ in atoms}:
        if len({atom[0] for atom in atoms}) < 2:
            break
        yield lambda atom, of=language: atom[0] == of
        yield lambda atom, of=language: atom[0] == of and not atom[1]
        for name in {name for _, pattern, _ in atoms for name in pattern}:
            yield lambda atom, at=name, of=language: at in atom[1] and atom[0] == of
            yield lambda atom, at=name, of=language: at not in atom[1] and atom[0] == of
    if found.letters:
        yield lambda atom: atom[2]
        yield lambda atom: not atom[2]
        yield lambda atom: not atom[2] and not atom[1]
        for name in {name for _, pattern, _ in atoms for name in pattern}:
            yield lambda atom, at=name: at in atom[1] and atom[2]
            yield lambda atom, at=name: at in atom[1] and not atom[2]
            yield lambda atom, at=name: at not in atom[1] and atom[2]


def singled_out(found: Disclosed, *, can_overlap: bool) -> list[tuple[int, int]]:
    """The ends of what the attacker knows of each group he can pin down below the cell: at least
    one person, and not enough to hide in."""
    atoms, read = facts(found, can_overlap)
    at_least = [(who, n) for who, n, is_least in read if is_least]
    exact = [(who, n) for who, n, is_least in read if not is_least]

    def indicator(who: Callable[[Atom], bool]) -> list[float]:
        return [float(who(atom)) for atom in atoms]

    kept = {
        "A_eq": [indicator(who) for who, _ in exact],
        "b_eq": [n for _, n in exact],
        "A_ub": [[-one for one in indicator(who)] for who, _ in at_least] or None,
        "b_ub": [-n for _, n in at_least] or None,
    }
    pinned = []
    for who in groups(found, atoms):
        row = np.array(indicator(who))
        ends = []
        for sign in (1, -1):
            solved = linprog(sign * row, **kept, method="highs")
            if solved.status == 2 and not can_overlap:
                # Nothing agrees with themes that share nobody: he was wrong.
                return []
            assert solved.status == 0, solved.message
            ends.append(sign * solved.fun)
        low, high = round(ends[0] + 0.499), round(ends[1] - 0.499)
        if 0 < low <= high < found.smallest:
            pinned.append((low, high))
    return pinned


@pytest.mark.parametrize("seed", range(24))
def test_an_attacker_with_all_that_is_told_singles_out_no_small_group(seed: int) -> None:
    whole = corpus(seed)
    found = disclose(whole, smallest=10)
    for told in [*found.themes.values(), *([found.others] if found.others else [])]:
        assert told.n >= 10
        assert min(told.by_language.values(), default=10) >= 10
    for n in [*found.unthemed.values(), *found.channels.values(), *found.languages.values()]:
        assert n >= 10
    assert singled_out(found, can_overlap=True) == []
    inside = sum(len(ids) for ids in whole.themes.values())
    if inside + len(whole.reasons) == len(whole.wrote):
        # Nor one who takes it, rightly, that nobody wrote of two things.
        assert singled_out(found, can_overlap=False) == []


def test_the_attacker_finds_what_is_told_too_freely() -> None:
    found = [disclose(corpus(seed), smallest=0) for seed in range(10)]
    caught = 0
    for each in found:
        free = Disclosed(**{**{f: getattr(each, f) for f in each.__slots__}, "smallest": 10})
        caught += bool(singled_out(free, can_overlap=True))
    assert caught > 5


# --- Much of it -----------------------------------------------------------------------------------


def table(seed: int, *, wrote: int, groups: int, answers: int) -> dict[str, Any]:
    """What `protect_table` is asked of groups that overlap or not, by an answer that few give."""
    chance = random.Random(seed)
    weights = [10.0, *(chance.choice([0.1, 0.3, 1, 5]) for _ in range(answers - 1))]
    gave = {one: chance.choices(range(answers), weights)[0] for one in range(wrote)}
    if chance.random() < 0.5:
        sets = [set(chance.sample(range(wrote), wrote // (at + 2))) for at in range(groups)]
    else:
        size = wrote // groups
        sets = [set(range(at * size, at * size + chance.randint(1, size))) for at in range(groups)]

    def cells(ids: Iterable[int]) -> tuple[int, ...]:
        of = [gave[one] for one in ids]
        return tuple(of.count(at) for at in range(answers))

    return {
        "rows": [Row(cells(ids), len(ids) if chance.random() < 0.9 else None) for ids in sets],
        "everyone": cells(range(wrote)),
        "rest": cells(set(range(wrote)).difference(*sets)),
        "smallest": chance.choice([5, 10, 20]),
        "by_row": chance.random() < 0.4,
    }


def test_what_is_not_solved_for_would_have_been_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [table(seed, wrote=60 + seed, groups=1 + seed % 4, answers=3) for seed in range(60)]
    quick = [protect_table(**each) for each in asked]
    monkeypatch.setattr(Audit, "_can_move", lambda *_: False)
    assert [protect_table(**each) for each in asked] == quick


def test_a_large_table_is_hardly_solved_for(monkeypatch: pytest.MonkeyPatch) -> None:
    solved = []
    monkeypatch.setattr(
        "scipy.optimize.linprog", lambda *a, **k: solved.append(a) or linprog(*a, **k)
    )
    large = table(4, wrote=3000, groups=40, answers=12) | {"by_row": False, "smallest": 10}
    large["rows"] = [Row(row.cells, sum(row.cells)) for row in large["rows"]]
    found = protect_table(**large)
    assert sum(n is None for row in found.rows for n in row) > 100
    assert len(solved) < 40
