"""Reference numbers survive being copied by hand; codes cannot be made from the database."""

from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from feedback.answering.references import (
    ALPHABET,
    is_withdrawal_code,
    new_reference,
    normalised_reference,
    withdrawal_code,
)


def test_reference_is_shown_in_groups_without_look_alikes() -> None:
    reference = new_reference()
    assert [len(group) for group in reference.split("-")] == [4, 4, 1]
    assert not set("01OIL5S8BUZAE") & set(ALPHABET)


def test_reference_is_recognised_however_it_is_typed() -> None:
    reference = new_reference()
    for typed in (reference.lower(), reference.replace("-", ""), f" {reference.replace('-', ' ')}"):
        assert normalised_reference(typed) == reference


@given(st.integers(0, 8), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_noticed(position: int, sign: str) -> None:
    signs = list(new_reference().replace("-", ""))
    if signs[position] == sign:
        return
    signs[position] = sign
    assert normalised_reference("".join(signs)) is None


@given(st.integers(0, 8), st.integers(0, 8))
def test_two_signs_that_changed_places_are_noticed(one: int, other: int) -> None:
    signs = list(new_reference().replace("-", ""))
    if signs[one] == signs[other]:
        return
    signs[one], signs[other] = signs[other], signs[one]
    assert normalised_reference("".join(signs)) is None


@pytest.mark.parametrize("typed", ["", "K7M2", "K7M2-9QXR-C-1", "K7M2-9QXÉ-C", "0" * 9, "\x00" * 9])
def test_what_cannot_be_a_reference_is_none(typed: str) -> None:
    assert normalised_reference(typed) is None


def test_code_is_the_same_each_time_and_another_for_another_receipt() -> None:
    key = uuid4()
    assert withdrawal_code(key) == withdrawal_code(key)
    assert withdrawal_code(key) != withdrawal_code(uuid4())
    assert len(withdrawal_code(key).replace(" ", "")) == 12


def test_code_is_accepted_with_or_without_its_spaces_and_not_when_wrong() -> None:
    key = uuid4()
    code = withdrawal_code(key)
    assert is_withdrawal_code(code, key)
    assert is_withdrawal_code(code.replace(" ", ""), key)
    assert not is_withdrawal_code(code[:-1], key)
    assert not is_withdrawal_code("", key)
    assert not is_withdrawal_code("١٢٣٤٥٦٧٨٩٠١٢", key)


def test_code_changes_with_the_key_that_is_not_in_the_database(settings) -> None:
    key = uuid4()
    before = withdrawal_code(key)
    settings.CONSULT_RECEIPT_KEY = "another"
    assert withdrawal_code(key) != before
    settings.CONSULT_RECEIPT_KEY = ""
    with pytest.raises(ImproperlyConfigured):
        withdrawal_code(key)
