"""Splits: counts that add up, known values of each formula, no claim without people enough."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from math import isclose

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.figures.intervals import Interval, newcombe, wilson
from analysis.figures.split_words import comparisons_sentence, rank_sentence, sentence
from analysis.figures.splits import (
    NotClosed,
    Rules,
    Split,
    Value,
    Verdict,
    values_of,
)
from analysis.figures.splits.comparing import split
from analysis.figures.splits.formulas import fisher, holm, superiority

STARS = tuple(Value(str(n), f"{n} stars", f"{n} étoiles", points=n) for n in range(1, 6))
CHOICE = (
    Value("yes", "Yes", "Oui"),
    Value("partly", "Partly", "En partie"),
    Value("no", "No", "Non"),
    Value("na", "Not applicable", "Sans objet", is_not_applicable=True),
)
counts_of_scale = st.lists(st.integers(0, 40), min_size=5, max_size=5)


def rated(low: int = 60, high: int = 340, in_theme: int = 50) -> Split:
    """A theme ``low`` of whom ``in_theme`` people raised, all of them unhappy; others are happy."""
    answers = {i: "12"[i % 2] for i in range(low)}
    answers |= {i: "345"[i % 3] for i in range(low, low + high)}
    themes = {
        "T1": set(range(in_theme)),
        "T2": set(range(low, low + min(80, high))),
        "T3": {0, 1, low},
    }
    return split(themes=themes, answers=answers, values=STARS, everyone=set(answers))


# --- Counting


def test_counts_add_up_and_not_applicable_is_in_no_base() -> None:
    answers = dict(enumerate(["yes"] * 6 + ["no"] * 3 + ["na"] * 2))
    found = split(
        themes={"T1": {0, 6, 9, 11}}, answers=answers, values=CHOICE, everyone=set(range(13))
    )
    assert found.everyone.counts == (6, 0, 3)
    assert (found.everyone.n, found.everyone.not_applicable, found.everyone.unanswered) == (9, 2, 2)
    tally = found.themes[0].tally
    assert tally.counts == (1, 0, 1)
    assert (tally.not_applicable, tally.unanswered, tally.people) == (1, 1, 4)
    shares = [cell.share for cell in found.cells]
    assert shares[0] == wilson(6, 9)


def test_values_of_a_rating_stand_in_their_order_whatever_order_they_are_given_in() -> None:
    answers = dict(enumerate("5433"))
    found = split(themes={}, answers=answers, values=tuple(reversed(STARS)), everyone=set(range(4)))
    assert found.is_rating
    assert [value.points for value in found.values] == [1, 2, 3, 4, 5]
    assert found.everyone.counts == (0, 0, 2, 1, 1)
    assert found.mean is not None
    assert found.mean.estimate == 3.75


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ("themes", {"T1": {99}}),
        ("answers", {0: "perhaps"}),
        ("values", (*STARS, Value("x", "X", "X"))),
        ("values", (*STARS, STARS[0])),
    ],
)
def test_what_cannot_be_counted_is_refused(changed: str, value: object) -> None:
    given_: dict[str, object] = {
        "themes": {"T1": {0}},
        "answers": {0: "1"},
        "values": STARS,
        "everyone": {0, 1},
    }
    with pytest.raises(ValueError, match=r"theme|code|points"):
        split(**{**given_, changed: value})  # type: ignore[arg-type]


def test_a_column_of_numbers_is_a_rating_and_a_column_of_words_a_choice() -> None:
    stars = values_of(["4", " 5 ", "", "1", "4", "n/a", "10"])
    assert [(v.code, v.points) for v in stars if not v.is_not_applicable] == [
        ("1", 1), ("4", 4), ("5", 5), ("10", 10),
    ]  # fmt: skip
    assert [v.code for v in stars if v.is_not_applicable] == ["n/a"]
    words = values_of(["No", "Yes", "Yes", "S.O."])
    assert [v.code for v in words] == ["Yes", "No", "S.O."]
    assert words[-1].is_not_applicable
    for column in ([], ["", " "], ["only"], [f"comment {n}" for n in range(21)]):
        with pytest.raises(NotClosed):
            values_of(column)


# --- Known values


def test_newcombes_interval_is_the_one_of_his_paper() -> None:
    found = newcombe(56, 70, 48, 80)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)


def test_holms_correction_is_the_textbooks() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


def test_the_lady_tasting_tea() -> None:
    # Fisher (1935): eight cups, three of four called right.
    assert fisher(3, 4, 4, 8) == pytest.approx(0.48571, abs=1e-5)


def test_brunner_and_munzels_own_example() -> None:
    # Pain after surgery, Brunner and Munzel (2000), as R's lawstat and scipy give it.
    x = [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1]
    y = [3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4]
    found, p = superiority([y.count(n) for n in range(1, 6)], [x.count(n) for n in range(1, 6)])
    assert found.estimate == pytest.approx(0.788961, abs=1e-6)
    # Theirs is 0.0057862; Mann and Whitney's, corrected for ties, is the larger.
    assert p == pytest.approx(0.0070720, abs=1e-7)
    assert 0.5 < found.low < 0.6
    assert 0.85 < found.high < 0.98


@settings(max_examples=150, deadline=None)
@given(counts_of_scale, counts_of_scale)
def test_ranks_agree_with_scipy(x: list[int], y: list[int]) -> None:
    assume(sum(x) > 1 and sum(y) > 1)
    found, p = superiority(x, y)
    a, b = (np.repeat(np.arange(1, 6), counts) for counts in (x, y))
    u = stats.mannwhitneyu(a, b, use_continuity=False, method="asymptotic")
    assert found.estimate == pytest.approx(u.statistic / (len(a) * len(b)))
    assert 0 <= found.low <= found.estimate + 1e-12
    assert found.estimate - 1e-12 <= found.high <= 1
    with np.errstate(all="ignore"):
        bm = stats.brunnermunzel(b, a).pvalue
    expected = [value for value in (bm, u.pvalue) if np.isfinite(value)]
    if 0 < found.estimate < 1 and len(set(a)) + len(set(b)) > 2:
        assert p == pytest.approx(max(expected), abs=1e-9)
    # The other way round is the same comparison.
    mirrored, q = superiority(y, x)
    assert q == pytest.approx(p)
    assert mirrored.low == pytest.approx(1 - found.high)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 300), st.data())
def test_fishers_test_agrees_with_scipy(total: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(0, total))
    whole = data.draw(st.integers(0, total))
    count = data.draw(st.integers(max(0, n + whole - total), min(n, whole)))
    table = [[count, n - count], [whole - count, total - n - whole + count]]
    assert fisher(count, n, whole, total) == pytest.approx(stats.fisher_exact(table)[1], abs=1e-9)


def test_without_overlap_there_is_still_an_interval_and_it_is_not_certain() -> None:
    found, p = superiority([0, 0, 0, 0, 12], [30, 0, 0, 0, 0])
    assert found.estimate == found.high == 1
    assert 0.7 < found.low < 0.95
    assert 0 < p < 0.001
    alike, p = superiority([0, 12, 0, 0, 0], [0, 30, 0, 0, 0])
    assert (alike.estimate, p) == (0.5, 1.0)
    assert alike.low < 0.4
    assert alike.high > 0.6


def test_a_group_that_rates_alike_is_not_told_without_an_interval() -> None:
    answers = dict.fromkeys(range(15), "1") | {i: "2345"[i % 4] for i in range(15, 115)}
    found = split(
        themes={"T1": set(range(15))}, answers=answers, values=STARS, everyone=set(answers)
    )
    rating = found.themes[0].rating
    assert rating is not None
    assert (rating.mean.low, rating.mean.high) == (1, 5)
    assert rating.difference.high - rating.difference.low > 0.5


# --- Claims


def test_themes_that_go_with_low_and_high_ratings_are_found_and_others_not() -> None:
    found = rated()
    assert [theme.theme for theme in found.low] == ["T1"]
    assert [theme.theme for theme in found.high] == ["T2"]
    t1 = found.theme("T1")
    assert t1 is not None
    assert t1.rating is not None
    assert t1.rating.difference.high < 0


def test_the_difference_from_all_is_the_mean_of_the_theme_less_the_mean_of_all() -> None:
    found = rated()
    for theme in found.themes[:2]:
        assert theme.rating is not None
        assert found.mean is not None
        told = theme.rating.mean.estimate - found.mean.estimate
        assert theme.rating.difference.estimate == pytest.approx(told)


@pytest.mark.parametrize(
    ("low", "high", "leaves_out"),
    [
        (0.1, 0.2, True), (1e-9, 1.0, True), (-0.2, -0.1, True), (-1.0, -1e-9, True),
        (-0.1, 0.1, False), (0.0, 0.1, False), (-0.1, 0.0, False), (0.0, 0.0, False),
    ],
)  # fmt: skip
def test_an_interval_with_an_end_at_zero_does_not_leave_it_out(
    low: float, high: float, leaves_out: bool
) -> None:
    assert Interval((low + high) / 2, low, high).leaves_out_zero is leaves_out


def of_counts(inside: list[int], outside: list[int], values: tuple[Value, ...]) -> Split:
    """One theme of ``inside`` people by value, and ``outside`` it."""
    codes = [
        value.code
        for counts in (inside, outside)
        for value, n in zip(values, counts, strict=True)
        for _ in range(n)
    ]
    return split(
        themes={"T": range(sum(inside))},
        answers=dict(enumerate(codes)),
        values=values,
        everyone=range(len(codes)),
    )


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ([6, 0, 6, 10, 0], [3, 10, 0, 20, 10]),
        ([0, 20, 0, 10, 6], [3, 6, 0, 3, 0]),
    ],
)
def test_ranks_that_differ_are_no_verdict_where_means_may_not(
    inside: list[int], outside: list[int]
) -> None:
    """A page would say "rated lower" beside an interval on both sides of no difference."""
    theme = of_counts(inside, outside, STARS).themes[0]
    assert theme.rating is not None
    assert theme.rating.p < 0.05
    assert theme.rating.difference.low <= 0 <= theme.rating.difference.high
    assert theme.verdict == Verdict.LIKE_OTHERS


@pytest.mark.parametrize(("inside", "outside"), [([0, 50], [15, 185]), ([20, 0], [167, 33])])
def test_shares_that_differ_by_a_test_are_not_clear_where_their_interval_holds_zero(
    inside: list[int], outside: list[int]
) -> None:
    theme = of_counts(inside, outside, (CHOICE[0], CHOICE[2])).themes[0]
    for cell in theme.cells:
        assert cell.p is not None
        assert cell.difference is not None
        assert cell.p < 0.05
        assert cell.difference.low <= 0 <= cell.difference.high
        assert not cell.is_clear
    assert theme.verdict == Verdict.LIKE_OTHERS
    assert theme.clear == ()


def test_below_the_smallest_group_nothing_is_said_however_far_apart() -> None:
    for size, verdict in ((9, Verdict.TOO_FEW), (10, Verdict.LOWER)):
        theme = rated(in_theme=size).theme("T1")
        assert theme is not None
        assert theme.verdict == verdict
        assert (theme.rating is None) == (verdict == Verdict.TOO_FEW)
    inside_out = rated(low=55, high=5, in_theme=55)
    everyone_but_five = inside_out.theme("T1")
    assert everyone_but_five is not None
    assert everyone_but_five.verdict == Verdict.TOO_FEW
    assert "n\u00a0=\u00a055" in sentence(inside_out, everyone_but_five, "en")


def test_choices_name_the_value_that_differs() -> None:
    answers = {i: ("no" if i < 40 else "yes" if i % 2 else "partly") for i in range(240)}
    found = split(
        themes={"T1": set(range(30)) | {100, 101}, "T2": set(range(120, 200))},
        answers=answers,
        values=CHOICE,
        everyone=set(answers),
    )
    t1, t2 = found.themes
    assert t1.verdict == Verdict.DIFFERENT
    assert t1.clear[0].value.code == "no"
    assert t1.clear[0].difference is not None
    assert t1.clear[0].difference.estimate == pytest.approx(30 / 32 - 40 / 240)
    assert not any(
        cell.is_clear and cell.difference and cell.difference.estimate > 0
        for cell in t2.cells
        if cell.value.code == "no"
    )


def test_two_values_are_one_test_told_of_both() -> None:
    answers = {i: "yes" if i < 30 or i % 2 else "no" for i in range(200)}
    found = split(
        themes={"T1": set(range(30))}, answers=answers, values=(CHOICE[0], CHOICE[2]),
        everyone=set(answers),
    )  # fmt: skip
    yes, no = found.themes[0].cells
    assert yes.p == no.p == pytest.approx(fisher(30, 30, 115, 200))
    assert yes.difference is not None
    assert no.difference is not None
    assert yes.difference.estimate == pytest.approx(-no.difference.estimate)


def test_many_themes_of_chance_are_seldom_said_to_differ() -> None:
    rng = random.Random(7)
    false = 0
    for _ in range(60):
        answers = {i: rng.choice("12345") for i in range(200)}
        themes = {f"T{n}": set(rng.sample(range(200), 10 + 4 * n)) for n in range(14)}
        found = split(themes=themes, answers=answers, values=STARS, everyone=set(answers))
        false += bool(found.low or found.high)
    # 5 % of 60 is 3; 10 or more would come up once in 2,000.
    assert false < 10


def test_a_difference_made_by_letters_alone_is_not_called_one() -> None:
    answers = {i: "345"[i % 3] for i in range(200)}
    letters = set(range(200, 240))
    answers |= dict.fromkeys(letters, "1")
    themes = {"T1": letters | set(range(20))}
    alone = split(themes=themes, answers=answers, values=STARS, everyone=set(answers))
    assert alone.themes[0].verdict == Verdict.LOWER
    found = split(
        themes=themes, answers=answers, values=STARS, everyone=set(answers), letters=letters
    )
    theme = found.themes[0]
    assert theme.verdict == Verdict.LETTERS
    assert not found.low
    assert theme.own_words is not None
    assert theme.own_words.tally.n == 20
    assert theme.tally.n == 60
    assert theme.cells == alone.themes[0].cells


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_order_of_what_is_given_changes_nothing(data: st.DataObject) -> None:
    n = data.draw(st.integers(0, 60))
    answers = {
        i: data.draw(st.sampled_from(["yes", "partly", "no", "na"]))
        for i in range(n)
        if data.draw(st.booleans())
    }
    themes = {
        code: data.draw(st.sets(st.integers(0, n - 1)) if n else st.just(set()))
        for code in ("T1", "T2", "T3")
    }
    letters = data.draw(st.sets(st.integers(0, n - 1)) if n else st.just(set()))
    rules = Rules(smallest_group=3)

    def ask(turned: bool) -> Split:
        def order(items: list) -> list:  # type: ignore[type-arg]
            return items[::-1] if turned else items

        return split(
            themes={code: order(sorted(ids)) for code, ids in themes.items()},
            answers=dict(order(list(answers.items()))),
            values=CHOICE,
            everyone=order(list(range(n))),
            letters=order(sorted(letters)),
            rules=rules,
        )

    found = ask(turned=False)
    assert ask(turned=True) == found
    assert found.everyone.people == n
    for theme in found.themes:
        assert theme.tally.people == len(themes[theme.theme])
        for cell, whole in zip(theme.cells, found.cells, strict=True):
            assert 0 <= cell.n <= whole.n
            if cell.share is not None:
                assert 0 <= cell.share.low <= cell.share.estimate <= cell.share.high <= 1
            if cell.is_clear:
                assert cell.p is not None
                assert cell.p < rules.alpha
        for language in ("en", "fr"):
            assert sentence(found, theme, language)


# --- Words


def every_sentence() -> list[tuple[str, str]]:
    found = [rated(), rated(in_theme=9), rated(low=55, high=5, in_theme=55)]
    answers = {i: ("no" if i < 1040 else "yes" if i % 2 else "partly") for i in range(2240)}
    chosen = {"T1": set(range(1030)), "T2": set(range(1000, 2200)), "T3": set(range(2200, 2203))}
    found.append(
        split(
            themes=chosen,
            answers=answers,
            values=CHOICE,
            everyone=set(answers),
            letters=set(range(1029)),
        )
    )
    return [
        (sentence(each, theme, "en"), sentence(each, theme, "fr"))
        for each in found
        for theme in each.themes
    ]


def test_every_sentence_says_n_and_never_significant_or_because() -> None:
    for english, french in every_sentence():
        assert re.search("n\u00a0=\u00a0[\\d,]+|\\d+ of \\d+", english)
        assert re.search("n\u00a0=\u00a0[\\d\u00a0]+|\\d+ sur \\d+", french)
        assert not re.search(r"signific|because|caus", english, re.I)
        assert not re.search(r"signific|parce qu|caus", french, re.I)
        # Same numbers on both sides, each written as its reader writes them.
        digits = [re.findall(r"\d+", re.sub("[,.\u00a0]", "", text)) for text in (english, french)]
        assert sorted(digits[0]) == sorted(digits[1])


def test_french_sentences_keep_canadian_typography() -> None:
    for _, french in every_sentence():
        assert not re.search(r"[^\u00a0]:", french)
        assert not re.search("[\u00a0 ][;?!]", french)
        assert not re.search(r"\d%|\d\.\d", french)


def test_pairs_are_told_on_the_side_they_lean_to() -> None:
    found = rated()
    low, high = found.theme("T1"), found.theme("T2")
    assert low is not None
    assert high is not None
    assert low.rating is not None
    told = [int(text) for text in re.findall(r"\d+", rank_sentence(low, "en"))]
    assert isclose(told[0], 100 * (1 - low.rating.higher.estimate), abs_tol=0.5)
    assert told[0] > 50
    assert "lower" in rank_sentence(low, "en")
    assert "higher" in rank_sentence(high, "en")
    assert rank_sentence(found.themes[2], "fr") == ""
    assert "Holm" in comparisons_sentence(found, "fr")
    assert comparisons_sentence(replace(found, compared=0), "fr").startswith("Aucun thème n’a")
