"""One document of two: what stays, what comes over, what is added up."""

from __future__ import annotations

import pytest

from app.core.errors import InvalidInput
from app.directory.curation.combining import Side, combined, likeliest, sides
from app.directory.curation.document import FIELDS, Document


def document(**words: object) -> Document:
    empty = {"text": "", "code": "", "number": None}
    return {name: empty.get(field.kind, []) for name, field in FIELDS.items()} | words


def test_nothing_is_lost_and_nothing_is_put_in_doubt_unless_somebody_says_so():
    assert likeliest("email", "", "a@b.example") is Side.GOES
    assert likeliest("email", "a@b.example", "c@d.example") is Side.STAYS
    assert likeliest("phones", ["1"], ["2"]) is Side.BOTH
    assert likeliest("hours", [{"byday": "MO"}], [{"byday": "TU"}]) is Side.STAYS
    assert likeliest("minimum_age", 0, 18) is Side.STAYS
    assert Side.BOTH not in sides("description", "Tea.")
    assert (Side.BOTH in sides("phones", ["1"]), Side.BOTH in sides("phones", [])) == (True, False)


def test_one_number_in_two_spellings_is_one_number():
    stays, goes = document(phones=["01632 960001, desk"]), document(phones=["+44 1632 960001", "01632 960002"])
    assert combined(stays, goes, {"phones": Side.BOTH}) == {"phones": ["01632 960001, desk", "01632 960002"]}


def test_hours_follow_their_place():
    """A place that both have is one; another comes under an id of its own, and its hours name that one."""
    hall = {"location": "hall", "address": {"address_1": "1 Mill St", "postal_code": "WX1 1AA"}}
    shed = {"location": "shed", "address": {"address_1": "2 Mill St", "postal_code": "WX1 1AA"}}
    stays = document(places=[{"id": "one", **hall}], hours=[{"byday": "MO", "place": "one"}])
    goes = document(
        places=[{"id": "two", **hall}, {"id": "three", **shed}],
        hours=[{"byday": "MO", "place": "two"}, {"byday": "TU", "place": "three"}, {"byday": "WE"}],
    )
    made = combined(stays, goes, {"places": Side.BOTH, "hours": Side.BOTH})
    first, second = made["places"]
    assert (first["id"], first["location"], second["location"]) == ("one", "hall", "shed")
    assert second["id"] not in {"one", "two", "three"}
    assert made["hours"] == [
        {"byday": "MO", "place": "one"},
        {"byday": "TU", "place": second["id"]},
        {"byday": "WE"},
    ]


def test_what_is_chosen_as_it_is_changes_nothing_and_nonsense_is_refused():
    stays, goes = document(minimum_age=18, topics=["food"]), document(maximum_age=11, topics=["debt"])
    assert combined(stays, goes, {"minimum_age": Side.STAYS, "topics": Side.STAYS}) == {}
    assert combined(stays, goes, {"topics": Side.BOTH}) == {"topics": ["debt", "food"]}
    with pytest.raises(InvalidInput, match="oldest age"):
        combined(stays, goes, {"minimum_age": Side.STAYS, "maximum_age": Side.GOES})
