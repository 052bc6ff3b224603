"""The fields of letters: filled in one pass, unknown ones named, and what nobody knows left to be filled in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.advice.rules.letters import LetterField, filled, gaps, in_brackets, is_left_open, unknown_fields
from app.advice.shipped_letters import SHIPPED_LETTERS

VALUES = {LetterField.NAME: "Sam", LetterField.REFERENCE: "W00001"}


@pytest.mark.parametrize(
    ("text", "comes_out"),
    [
        ("Dear ((name)),", "Dear Sam,"),
        ("Dear (( Name )),", "Dear Sam,"),
        ("((name)) ((NAME)) ((reference))", "Sam Sam W00001"),
        ("Keep ((next  deadline)) in mind", "Keep ((next  deadline)) in mind"),
        ("((nmae))", "((nmae))"),
        ("See rule 4(b) (and (c))", "See rule 4(b) (and (c))"),
    ],
)
def test_what_is_known_is_filled_in(text, comes_out):
    assert filled(text, VALUES) == comes_out


def test_what_comes_from_the_case_is_never_filled_in_again():
    assert filled("((name))", {LetterField.NAME: "((reference))", LetterField.REFERENCE: "no"}) == "((reference))"


def test_a_field_that_is_none_is_named_and_one_that_does_not_end_is_seen():
    assert unknown_fields("((name)) ((nmae)) ((nmae)) ((a b))") == ["nmae", "a b"]
    assert not is_left_open("((name)) and (b) and (see (c))")
    assert is_left_open("((name")
    assert is_left_open("((name) )")
    assert gaps("((Fill in)) to ((fill in)) by ((next deadline))") == ["((fill in))", "((next deadline))"]


@given(
    st.text(alphabet="()ab name"), st.dictionaries(st.sampled_from(LetterField), st.text(alphabet="xyz", min_size=1))
)
def test_a_filled_letter_has_gaps_only_for_what_is_not_known(text, values):
    left = set(gaps(filled(text, values)))
    assert left == {gap for gap in gaps(text) if gap not in {in_brackets(field) for field in values}}


def test_ours_have_only_fields_that_there_are_and_tell_nobody_what_it_is_about(app):
    assert len(SHIPPED_LETTERS) == 6
    with app.test_request_context():
        for each in SHIPPED_LETTERS.values():
            text = f"{each.subject}\n{each.body}"
            assert unknown_fields(text) == []
            assert not is_left_open(text)
            if each.to_client:
                assert not any(word in text.lower() for word in ("debt", "benefit", "health", "rent", "arrears"))
