"""Definitions and text packs: what is read, what is refused, what they promise."""

from __future__ import annotations

import copy
import tomllib
from datetime import date
from typing import Any

import pytest

from app.core.errors import NotFound
from app.outcomes.measures import (
    Item,
    Verdict,
    WrongDefinition,
    find_measure,
    measures,
    read_text_pack,
    shipped_text,
)
from app.outcomes.measures.reading import read_measure
from app.outcomes.measures.shelf import HERE, read_toml
from app.outcomes.measures.text_packs import blank_pack

DATA = read_toml(HERE / "definitions" / "core-10.1.toml")
WORDS = read_toml(HERE / "texts" / "gad-7.1.en.toml")


def test_what_is_shipped() -> None:
    by_verdict: dict[Verdict, set[str]] = {}
    for measure in measures().values():
        by_verdict.setdefault(measure.licence.verdict, set()).add(measure.id)
    assert by_verdict == {
        Verdict.TEXT: {"phq-9", "gad-7", "ucla-3", "ons-loneliness", "ons4", "goals", "satisfaction", "job-kept"},
        Verdict.SCORING: {"wemwbs", "swemwbs", "reqol-10", "core-10", "dialog", "wsas", "honos"},
        Verdict.NEITHER: {"recovery-star", "work-star", "dreem", "face", "gaf"},
    }


def test_whose_words_are_not_ours_says_that_a_reference_is_needed() -> None:
    for measure in measures().values():
        assert measure.licence.needs_reference is (measure.licence.verdict is Verdict.SCORING), measure.id
        assert measure.licence.notice


def test_every_rule_names_its_source() -> None:
    for measure in measures().values():
        assert all(rule.source for rule in (*measure.cutoffs, *measure.change_rules, *measure.safety_rules))
        assert measure.sources or measure.is_record_only


@pytest.mark.parametrize("name", ["PHQ-9", "phq9", "phq-9", "phq_9", "PHQ 9", "phq-9/1", "PHQ9/1"])
def test_a_measure_is_found_by_what_people_call_it(name: str) -> None:
    assert find_measure(name).reference == "phq-9/1"


def test_a_measure_is_found_by_its_name_too() -> None:
    assert find_measure("ONS direct loneliness").id == "ons-loneliness"
    assert find_measure("own goals").id == "goals"


def test_an_unknown_measure_names_the_likely_ones() -> None:
    with pytest.raises(NotFound, match="Did you mean wemwbs or swemwbs"):
        find_measure("wemwb")
    with pytest.raises(NotFound, match="There are: core-10"):
        find_measure("\ud800" * 100)
    with pytest.raises(NotFound):
        find_measure("phq-9/2")
    with pytest.raises(NotFound):
        find_measure("")


def test_the_fingerprint_is_of_content_alone() -> None:
    turned = {key: DATA[key] for key in reversed(DATA)}
    assert read_measure(turned).content_hash == read_measure(DATA).content_hash
    assert read_measure(DATA | {"sources": ["another"]}).content_hash == read_measure(DATA).content_hash
    assert read_measure(DATA | {"bands": DATA["bands"][:-1]}).content_hash != read_measure(DATA).content_hash


def test_fingerprints_are_what_they_were() -> None:
    """A definition in use is never changed: a change is a new version in a new file, and is written down here."""
    assert {reference: measure.content_hash[:12] for reference, measure in measures().items()} == FINGERPRINTS


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"main": "sum"}, "main names no score"),
        ({"direction": "up"}, "direction must be"),
        ({"respondent": "dog"}, "respondent must be"),
        ({"version": "1"}, "version cannot be '1'"),
        ({"version": True}, "version cannot be True"),
        ({"codes": [0]}, "two or more"),
        ({"codes": [4, 3, 2]}, "two or more"),
        ({"codes": [0, 1, 1]}, "two or more"),
        ({"codes": "01234"}, "codes cannot be"),
        ({"recal": "week"}, "nobody knows recal"),
        ({"items": [*DATA["items"], {"key": "1"}]}, "there twice"),
        ({"items": {"key": "1"}}, "list of tables"),
        ({"scores": []}, "main names no score"),
        ({"scores": [*DATA["scores"], *DATA["scores"]]}, "key twice"),
        ({"scores": [{"key": "total", "method": "sum", "items": ["11"]}]}, "items of the measure"),
        ({"scores": [{"key": "total", "method": "item"}]}, "must be one"),
        ({"scores": [{"key": "total", "method": "sum", "missing": {"max": 1}}]}, "may be missing"),
        ({"scores": [{"key": "total", "method": "lookup", "table": {"0": 1}}]}, "each raw sum"),
        ({"bands": DATA["bands"][1:]}, "must begin at 0"),
        ({"bands": DATA["bands"][::-1]}, "must begin at 0"),
        ({"cutoffs": [{"id": "x", "source": "y"}]}, "one of the two"),
        ({"cutoffs": [{"id": "x", "source": "y", "at_least": 3}]}, "said of one rule"),
        ({"change_rules": [{"id": "x", "source": "y", "threshold": 0, "default": True}]}, "more than nothing"),
        ({"change_rules": [{"id": "x", "source": "y", "threshold": 1, "score": "z", "default": True}]}, "lack"),
        ({"safety_rules": [{"item": "6", "raw_in": [5], "level": "look", "source": "x"}]}, "has not"),
        ({"safety_rules": [{"item": "60", "raw_in": [1], "level": "look", "source": "x"}]}, "has not"),
        ({"unconfirmed": {"items.60": "x"}}, "names nothing"),
        ({"licence": DATA["licence"] | {"verdict": "neither"}}, "only outside results"),
        ({"licence": []}, "must be a table"),
    ],
)
def test_a_definition_that_contradicts_itself_is_refused(change: dict[str, Any], says: str) -> None:
    data = {key: value for key, value in DATA.items() if key != "unconfirmed"} | change
    with pytest.raises(WrongDefinition, match=says):
        read_measure(data)


def test_a_reversed_item_is_turned_round_within_its_codes() -> None:
    item = Item(key="1", codes=(1, 2, 3, 4, 5), reverse=True)
    assert [item.scored(code) for code in item.codes] == [5, 4, 3, 2, 1]


def test_a_missing_value_is_named() -> None:
    data = copy.deepcopy(DATA)
    del data["licence"]["holder"]
    with pytest.raises(WrongDefinition, match="measure core-10, licence: holder is missing"):
        read_measure(data)


def test_words_fit_their_measure() -> None:
    for reference, measure in measures().items():
        text = shipped_text(reference)
        if text is not None:
            assert set(text.items) == {item.key for item in measure.items}
            assert text.source
            assert text.is_valid_on(date(2026, 11, 25))


def test_gad_7_says_not_at_all() -> None:
    text = shipped_text("gad-7/1")
    assert text is not None
    assert text.answers["1"] == {
        0: "Not at all",
        1: "Several days",
        2: "More than half the days",
        3: "Nearly every day",
    }


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"measure": "phq-9"}, "is not gad-7/1"),
        ({"version": 2}, "is not gad-7/1"),
        ({"items": {"1": "One"}}, "lack words for 2, 3"),
        ({"items": WORDS["items"] | {"2": " "}}, "lack words for 2$"),
        ({"items": WORDS["items"] | {"8": "Eight"}}, "name 8, which"),
        ({"answers": {"0": "No", "9": "Yes"}}, "codes that no item has"),
        ({"answers": {"0": "No"}}, "lack words"),
        ({"item_answers": {"8": {"0": "No"}}}, "8"),
        ({"lang": "en"}, "nobody knows lang"),
    ],
)
def test_words_that_do_not_fit_are_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(WrongDefinition, match=says):
        read_text_pack(WORDS | change, find_measure("gad-7"))


def test_a_loaded_pack_needs_reference_and_first_day_and_ends() -> None:
    wsas = find_measure("wsas")
    pack: dict[str, Any] = {
        "measure": "wsas",
        "version": 1,
        "language": "en",
        "items": {item.key: f"Question {item.key}" for item in wsas.items},
        "answers": {"0": "No", "8": "Yes"},
    }
    with pytest.raises(WrongDefinition, match="licence_ref and valid_from are needed"):
        read_text_pack(pack, wsas)
    found = read_text_pack(
        pack | {"licence_ref": "L-1", "valid_from": date(2026, 1, 1), "valid_to": date(2026, 12, 31)}, wsas
    )
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [found.is_valid_on(day) for day in days] == [False, True, True, False]


FINGERPRINTS = {
    "core-10/1": "74f3609c1472",
    "dialog/1": "10ef2b991a87",
    "dreem/1": "65aae46a5bf1",
    "face/1": "6e410ccdf7be",
    "gad-7/1": "05924550c7bc",
    "gaf/1": "089940792cc4",
    "goals/1": "40f3c6df081e",
    "honos/1": "2cc39d019066",
    "job-kept/1": "b3ffa4f56d92",
    "ons-loneliness/1": "0b63b700468c",
    "ons4/1": "e9593c4ec6ab",
    "phq-9/1": "4cf7384199c4",
    "recovery-star/1": "5dff9756fb0c",
    "reqol-10/1": "581902098db0",
    "satisfaction/1": "d1eed9311cb2",
    "swemwbs/1": "e802611ececf",
    "ucla-3/1": "336f00629892",
    "wemwbs/1": "b1912fc53f0a",
    "work-star/1": "13225d6cf73e",
    "wsas/1": "191f7af137f6",
}


def test_no_measure_passes_as_tested_for_any_age_while_no_source_says_so():
    own = {"satisfaction", "job-kept"}
    silent = {each.id for each in measures().values() if not each.is_record_only and "ages" not in each.doubts}
    assert silent == own
    for each in measures().values():
        by_default = " ".join(rule.source for rule in each.change_rules if rule.default)
        assert ("services to under 18s" in by_default) == ("services to under 18s" in each.doubts.get("ages", ""))


def test_an_empty_pack_names_every_question_and_is_taken_once_all_is_filled_in() -> None:
    for measure in measures().values():
        if measure.licence.verdict is not Verdict.SCORING:
            continue
        blank = blank_pack(measure, date(2026, 1, 1))
        with pytest.raises(WrongDefinition, match="lack words"):
            read_text_pack(tomllib.loads(blank.replace('licence_ref = ""', 'licence_ref = "L-1"')), measure)
        filled = read_text_pack(tomllib.loads(blank.replace('= ""', '= "Word"')), measure)
        assert (filled.measure, filled.valid_from, len(filled.items)) == (
            measure.id, date(2026, 1, 1), len({item.label_key for item in measure.items}),
        )  # fmt: skip
