"""Small parts of the readers."""

from __future__ import annotations

import io
import random
from uuid import UUID

import pytest

from app import load_models
from app.core.errors import InvalidInput
from app.directory.importing.bundles import Bundle, dumps, loads
from app.directory.importing.identity import as_uuid, kept_or_minted, minted, part_of
from app.directory.importing.readers.columns import columns_of, fields_of, unused
from app.directory.importing.readers.depth import DEEPEST_DOCUMENT, ShallowStream
from app.directory.importing.readers.hsds_csv import table_of_file
from app.directory.importing.readers.tables import heading
from app.directory.languages import language_code, language_name

load_models()


def test_ids_are_kept_or_minted_the_same_for_ever() -> None:
    own = "3f2c1f9e-54b0-4a0e-9d7e-6d6f7f0f0001"
    assert kept_or_minted("a", "service", own) == UUID(own)
    assert str(minted("a", "service", "1")) == "7b566e83-f153-5f0e-a24e-79fb9a9fbcb0"
    assert (
        len(
            {
                minted("a", "service", "1"),
                minted("b", "service", "1"),
                minted("a", "location", "1"),
                minted("a", "service", "2"),
            }
        )
        == 4
    )
    assert as_uuid("00000000-0000-0000-0000-000000000000") is None
    assert part_of(UUID(own), "phone", "0") != part_of(UUID(own), "phone", "1")


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("services.csv", "service"), ("Service.CSV", "service"), ("physical_addresses.csv", "physical_address"),
        ("services_at_location.csv", "service_at_location"), ("service_at_locations.csv", "service_at_location"),
        ("regular_schedules.csv", "schedule"), ("services_taxonomy.csv", "attribute"), ("taxonomies.csv", "taxonomy"),
        ("accessibility_for_disabilities.csv", "accessibility"), ("organizations.csv", "organization"),
        ("addresses.csv", "address"), ("datapackage.json", None), ("notes.csv", None),
    ],
)  # fmt: skip
def test_tables_by_the_names_of_their_files(name: str, table: str | None) -> None:
    assert table_of_file(name) == table


def test_headings() -> None:
    assert heading("\ufeffContact (phone or e-mail)") == "contact_phone_or_e_mail"
    assert [heading(words) for words in ("PostCode", "LGAName", "URL", "Organisation(s)")] == [
        "post_code", "lga_name", "url", "organisations",
    ]  # fmt: skip
    names = [
        "charity_name",
        "charity_activities",
        "charity_contact_address",
        "charity_contact_web",
        "registered_charity_number",
    ]
    columns = columns_of(names, {})
    assert columns["name"] == "charity_name"
    assert columns["url"] == "charity_contact_web"
    assert columns["id"] == "registered_charity_number"
    assert columns_of(["name", "organisation"], {})["organization"] == "organisation"
    assert "organization" not in columns_of(["organisation"], {})


def test_a_bundle_comes_back_as_it_was() -> None:
    bundle = Bundle("service", {"id": minted("a", "service", "1"), "name": "A", "minimum_age": 3})
    bundle.add("phone", {"id": minted("a", "phone", "1"), "service_id": bundle.id, "number": "1"})
    assert loads(dumps(bundle)) == bundle


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_brackets_in_strings_do_not_count(size: int) -> None:
    text = b'{"a": "' + rb"[[[ \" {{{ \\" + b'", "b": [1, {"c": "]"}]}' * 1
    stream = ShallowStream(io.BytesIO(text), "x")
    assert b"".join(iter(lambda: stream.read(size), b"")) == text
    assert stream._depth == 0


def test_strings_cut_anywhere() -> None:
    text = b'["' + b'\\"[' * 600 + b'", "' + b"[" * 600 + b'"]'
    random.seed(1)
    for _ in range(50):
        stream = ShallowStream(io.BytesIO(text), "x")
        while stream.read(random.randint(1, 50)):
            pass
        assert stream._depth == 0


def test_too_deep_is_refused() -> None:
    with pytest.raises(InvalidInput, match="nests deeper"):
        ShallowStream(io.BytesIO(b'{"a":' * (DEEPEST_DOCUMENT + 1)), "x").read()


def test_languages() -> None:
    assert language_name("pl") == "Polish"
    assert language_name("xx-none") == "xx-none"
    assert language_code("Polish") == "pl"
    assert language_code("PL") == "pl"
    assert language_code("en-GB") == "en"
    assert language_code("British Sign Language") == "bfi"
    assert language_code("Klingonish") is None


def test_what_goes_on_in_a_place_is_told_under_its_heading_and_notes_of_the_house_are_not() -> None:
    row = {
        "name": "Kirk Library",
        "details": "Books.",
        "facilities": "Wifi",
        "bookbug_sessions": "Tuesdays at 10.30",
        "english_classes": "",
        "room_hire": "Yes",
        "staff_groups": "Team B",
        "internal_events": "Audit in May",
    }
    columns = columns_of(list(row), {})
    assert fields_of(row, columns)["description"] == "Books.\n\nFacilities: Wifi\n\nBookbug sessions: Tuesdays at 10.30"
    assert unused(list(row), columns) == ["staff_groups", "internal_events"]
