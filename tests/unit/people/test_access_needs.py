"""The table of needs: each in words, in one group, and each concept with a right check digit."""

from __future__ import annotations

from app.people.codes import AccessibleFormat, NeedGroup
from app.people.labels import FORMATS, NEED_GROUPS
from app.people.rules.access_needs import NEEDS, concepts_of, of_group


def test_every_need_has_words_and_one_group():
    assert set(NEEDS) == set(AccessibleFormat) == set(FORMATS)
    assert set(NEED_GROUPS) == set(NeedGroup)
    assert sum(len(of_group(group)) for group in NeedGroup) == len(NEEDS)


def test_concepts_are_told_once_and_have_a_right_check_digit():
    concepts = [need.concept for need in concepts_of(NEEDS)]
    assert len(concepts) == len(set(concepts)) == 44
    assert all(is_checked(concept) for concept in concepts)
    assert not is_checked("796161000000102")
    without = {code for code, need in NEEDS.items() if not need.concept}
    assert without == {
        "aphasia-friendly",
        "braille",
        "sign-language-video",
    }


def is_checked(identifier: str) -> bool:
    """Verhoeff's check, as SNOMED CT has it."""
    product = [[(a + b) % 5 if a < 5 and b < 5 else (a + b) % 5 + 5 if a < 5 <= b else (a - b) % 5 + 5 if b < 5 else (a - b) % 5 for b in range(10)] for a in range(10)]  # fmt: skip  # noqa: E501
    shift = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    check, number = 0, [int(digit) for digit in reversed(identifier)]
    for position, digit in enumerate(number):
        for _turn in range(position % 8):
            digit = shift[digit]  # noqa: PLW2901
        check = product[check][digit]
    return check == 0
