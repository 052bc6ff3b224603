"""What Waymark brings along."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.core import clock
from app.core.errors import InvalidInput
from app.directory import geography
from app.directory.codes import Coverage, Kind, Reach
from app.directory.models import (
    Attribute,
    IndexChange,
    Metadata,
    Organization,
    Phone,
    PostcodeDistrict,
    PostcodeSector,
    PostcodeUnit,
    Service,
    TaxonomyTerm,
)
from app.directory.queries import topics_tree
from app.directory.sessions import long_reading, long_transaction
from seed.cli import seed
from seed.demo import town
from seed.demo.format import read_file
from seed.reference import helplines, sectors, taxonomies

Counts = dict[str, int]


def counts(session: Session) -> Counts:
    models = (
        Service,
        Organization,
        TaxonomyTerm,
        Attribute,
        Phone,
        Metadata,
        PostcodeSector,
        PostcodeUnit,
        IndexChange,
    )
    return {model.__name__: session.scalar(select(func.count()).select_from(model)) or 0 for model in models}


def load_reference(session: Session) -> None:
    taxonomies.load(session)
    helplines.load(session)


def test_reference_data_loads_once(database_url: str, reading: Session) -> None:
    found = []
    for _ in range(2):
        with long_transaction(database_url) as session:
            load_reference(session)
        found.append(counts(reading))
        reading.rollback()
    assert found[0] == found[1]
    assert found[0]["Service"] == 26
    tree = topics_tree(reading)
    assert [topic.code for topic in tree][:3] == ["housing", "benefits", "money"]
    assert "rent-arrears" in [child.code for child in tree[0].children]


def test_a_line_says_where_its_number_comes_from(database_url: str, reading: Session) -> None:
    with long_transaction(database_url) as session:
        load_reference(session)
    lines = {service.source_id: service for service in reading.scalars(select(Service).order_by(Service.id))}
    assert all(line.coverage is Coverage.NATIONAL and line.assured_date for line in lines.values())
    assert lines["mind"].phones == []
    assert lines["mind"].reach == {Reach.ONLINE}
    assert lines["mind"].url == "https://www.mind.org.uk"
    assert lines["samaritans"].phones[0].number == "116 123"
    assert lines["samaritans"].alert is None
    assert "not been able to check" in (lines["childline"].alert or "")
    evidence = reading.scalars(select(Metadata.replacement_value).order_by(Metadata.id)).all()
    assert len(evidence) == 26
    assert all("review by 2027" in words and "checked 2026-11" in words for words in evidence)


def test_a_number_that_nobody_vouches_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    line = dict.fromkeys(helplines.COLUMNS, "") | {"certainty": "unverified", "phone": "0800 000 000"}
    monkeypatch.setattr(helplines, "read_tsv", lambda *_args, **_kwargs: [line])
    with pytest.raises(InvalidInput, match="not verified"):
        helplines.read()


def test_sectors_and_the_districts_computed_from_them(database_url: str, reading: Session) -> None:
    started = time.thread_time()
    with long_transaction(database_url) as session:
        assert sectors.load(session) == 12_018
    assert time.thread_time() - started < 20
    assert reading.scalar(select(func.count()).select_from(PostcodeSector)) == 12_018
    district = reading.scalars(
        select(PostcodeDistrict).where(PostcodeDistrict.code == "M33").order_by(PostcodeDistrict.id)
    ).one()
    assert district.latitude == pytest.approx(53.42, abs=0.02)
    assert district.lad_code == "E08000009"
    assert (
        reading.scalars(
            select(PostcodeSector.code).where(PostcodeSector.code.startswith("BT")).order_by(PostcodeSector.code)
        ).first()
        is None
    )


@pytest.fixture
def demo(database_url: str) -> town.Town:
    with long_transaction(database_url) as session:
        taxonomies.load(session)
        return town.load(session)


def test_the_demo_town_has_the_size_and_variety_promised(demo: town.Town, reading: Session) -> None:
    assert len(demo.services) >= 380
    assert len(demo.organizations) >= 140
    kinds = reading.execute(select(Service.kind, func.count()).group_by(Service.kind).order_by(Service.kind)).all()
    by_kind = dict(kinds)
    assert by_kind[Kind.COURSE] >= 40
    assert by_kind[Kind.PEER_GROUP] >= 60
    untagged = select(Service.name).where(
        Service.id.not_in(select(Attribute.service_id).where(Attribute.service_id.is_not(None)))
    )
    assert reading.scalars(untagged.order_by(Service.name)).all() == []


def test_the_demo_loads_once_and_keeps_its_dates(demo: town.Town, database_url: str, reading: Session) -> None:
    before = counts(reading)
    dates = reading.execute(select(Service.id, Service.assured_date, Service.last_modified).order_by(Service.id)).all()
    reading.rollback()
    with clock.moved_to(clock.now().replace(year=clock.now().year + 1)), long_transaction(database_url) as session:
        town.load(session)
    assert counts(reading) == before
    assert (
        reading.execute(select(Service.id, Service.assured_date, Service.last_modified).order_by(Service.id)).all()
        == dates
    )


def test_the_demo_s_postcodes_and_places_resolve(demo: town.Town, reading: Session) -> None:
    for code in town.manifest(demo)["postcodes"]:
        assert geography.resolve(reading, code) is not None
    found = geography.find_in_text(reading, "someone to talk to near Saltersgate")
    assert found is not None
    assert found.rest == "someone to talk to"


def test_the_point_of_a_confidential_place_is_not_its_postcode_s(demo: town.Town, reading: Session) -> None:
    secret = [place for place in demo.locations if place.main["confidential"]]
    assert secret
    open_codes = {place.rows("address")[0]["postal_code"] for place in demo.locations if not place.main["confidential"]}
    for place in secret:
        code = place.rows("address")[0]["postal_code"]
        unit = select(PostcodeUnit.code).where(PostcodeUnit.code == code).order_by(PostcodeUnit.code)
        assert code in open_codes or reading.scalars(unit).first() is None


BASE = """
[[organization]]
slug = "o"
name = "O"
description = "D"
[[organization.service]]
slug = "s"
name = "S"
description = "D"
topics = ["food"]
locations = []
reach = ["phone"]
coverage = "local"
checked_days_ago = 5
"""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace('["phone"]', '["telegraph"]'), "reach cannot be"),
        (lambda text: text.replace("locations = []", 'locations = ["x"]'), "no location x"),
        (lambda text: text + "colour = 1\n", "key colour is unknown"),
        (lambda text: text.replace('coverage = "local"\n', ""), "coverage is missing"),
        (lambda text: text + 'accepting = "yes"\n', "needs stated_days_ago"),
        (lambda text: text + "minimum_age = 5\nmaximum_age = 2\n", "below minimum_age"),
        (lambda text: text + "= broken", "not readable as TOML"),
        (lambda text: text.replace('["food"]', "[]"), "one to four topics"),
    ],
)
def test_a_fault_in_a_demo_file_is_told(tmp_path: Path, change: Callable[[str], str], told: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(BASE, encoding="utf-8")
    assert read_file(path).organizations[0]["slug"] == "o"
    path.write_text(change(BASE), encoding="utf-8")
    with pytest.raises(InvalidInput, match=told):
        read_file(path)


def test_the_commands(app: Flask, tmp_path: Path, database_url: str) -> None:
    path = tmp_path / "manifest.json"
    runner = app.test_cli_runner()
    told = runner.invoke(seed, ["reference"])
    assert told.exit_code == 0, told.output
    assert "26 national lines" in told.output
    told = runner.invoke(seed, ["demo", "--manifest", str(path)])
    assert told.exit_code == 0, told.output
    manifest = json.loads(path.read_text())
    assert {role for user in manifest["users"] for role in user["roles"]} == {role.value for role in Role}
    with long_reading(database_url) as session:
        for kind in ("service", "course", "peer-group"):
            found = session.scalars(
                select(Service).where(Service.source == "demo", Service.kind == kind).order_by(Service.id)
            )
            assert manifest["objects"][kind] in [str(service.id) for service in found]
