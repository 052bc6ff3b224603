"""The index follows the database: what changes is found, what goes is gone, what breaks is mended."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.directory.codes import Gender, Status
from app.directory.models import IndexChange, Location, Organization, Service, ServiceAtLocation
from app.library.engine import engine_of
from app.library.indexing import CHANGES_KEPT, forget_old_changes
from tests.integration.library.conftest import Ask

pytestmark = pytest.mark.usefixtures("topics")
TakeIn = Callable[[], int]


def add_service(session: Session, name: str, **more: object) -> Service:
    organization = Organization(name=f"{name} Trust", description="")
    service = Service(name=name, organization=organization, **more)
    session.add(service)
    session.commit()
    return service


def names(results: object) -> list[str]:
    return [hit.service.name for hit in results.hits]  # type: ignore[attr-defined]


def test_a_new_changed_and_closed_service(session: Session, ask: Ask, take_in: TakeIn) -> None:
    service = add_service(session, "Lantern Walks")
    take_in()
    assert names(ask("lantern")) == ["Lantern Walks"]
    service.name = "Evening Strolls"
    session.commit()
    assert take_in() == 1
    assert names(ask("lantern")) == ["Evening Strolls"]  # the organisation is still called so
    assert names(ask("evening strolls")) == ["Evening Strolls"]
    service.status = Status.DEFUNCT
    session.commit()
    take_in()
    assert names(ask("lantern")) == []


def test_a_change_of_organisation_or_place_reaches_its_services(session: Session, ask: Ask, take_in: TakeIn) -> None:
    service = add_service(session, "Drop-in")
    place = Location(name="Quarry Hall")
    session.add(ServiceAtLocation(service=service, location=place))
    session.commit()
    take_in()
    service.organization.name = "Bramblewick"
    place.name = "Foundry Hall"
    session.commit()
    take_in()
    assert names(ask("bramblewick")) == ["Drop-in"]
    assert names(ask("foundry")) == ["Drop-in"]
    assert names(ask("quarry")) == []


def test_what_says_that_it_has_ended_comes_last(session: Session, ask: Ask, take_in: TakeIn) -> None:
    for name, words in (("Ash rambles", "This group is now closed."), ("Birch rambles", "All welcome.")):
        add_service(session, name).description = f"Walks in the hills. {words}"
    session.commit()
    take_in()
    assert names(ask("rambles")) == ["Birch rambles", "Ash rambles"]


WHOM = ("for:women", "for:men", "for:relatives")


def test_whom_a_service_is_for_is_stated_or_else_read_off_its_name(
    app: Flask, session: Session, take_in: TakeIn
) -> None:
    stated = add_service(session, "The Men's Room", gender=Gender.WOMEN)
    named = add_service(session, "The Men's Shed")
    related = add_service(session, "Relatives and friends")
    add_service(session, "The Harbour")
    take_in()
    snapshot = engine_of(app).index.refresh()
    found = {tag: [snapshot.ids[number] for number in snapshot.tagged(tag)] for tag in WHOM}
    assert found == dict(zip(WHOM, ([str(one.id)] for one in (stated, named, related)), strict=True))


def test_an_index_of_an_earlier_release_is_made_anew(
    session: Session, ask: Ask, take_in: TakeIn, tmp_path: Path
) -> None:
    add_service(session, "Lantern Walks")
    take_in()
    pointer = tmp_path / "index" / "current.json"
    told = json.loads(pointer.read_text("utf-8"))
    pointer.write_text(json.dumps(told | {"format": told["format"] - 1}), "utf-8")
    take_in()
    assert json.loads(pointer.read_text("utf-8"))["format"] == told["format"]
    assert names(ask("lantern")) == ["Lantern Walks"]


def test_a_confidential_place_is_not_in_the_index(session: Session, ask: Ask, take_in: TakeIn) -> None:
    service = add_service(session, "Refuge")
    session.add(ServiceAtLocation(service=service, location=Location(name="Quenby Zarn", confidential=True)))
    session.commit()
    take_in()
    assert names(ask("quenby zarn")) == []
    assert names(ask("refuge")) == ["Refuge"]


def test_a_rolled_back_change_leaves_no_row(session: Session) -> None:
    service = add_service(session, "Kept")
    before = session.scalar(select(func.count()).select_from(IndexChange))
    service.name = "Never"
    session.flush()
    session.rollback()
    session.commit()
    assert session.scalar(select(func.count()).select_from(IndexChange)) == before


def test_what_the_database_no_longer_shows_is_not_shown_from_an_old_index(
    session: Session, ask: Ask, take_in: TakeIn
) -> None:
    service = add_service(session, "Closing Soon")
    take_in()
    service.status = Status.INACTIVE
    session.commit()
    assert names(ask("closing soon")) == []


def test_without_an_index_the_database_answers_and_says_so(session: Session, ask: Ask, take_in: TakeIn) -> None:
    add_service(session, "Lantern Walks", description="Slow walks by the canal.")
    results = ask("lantern canal")
    assert results.degraded
    assert names(results) == ["Lantern Walks"]
    take_in()
    assert not ask("lantern").degraded


def test_a_lost_index_is_built_anew(app: Flask, session: Session, ask: Ask, take_in: TakeIn, tmp_path: Path) -> None:
    add_service(session, "Lantern Walks")
    take_in()
    shutil.rmtree(tmp_path / "index")
    assert take_in() == 1
    assert names(ask("lantern")) == ["Lantern Walks"]


def test_an_index_ahead_of_a_restored_database_is_built_anew(
    app: Flask, session: Session, ask: Ask, take_in: TakeIn
) -> None:
    add_service(session, "Lantern Walks")
    take_in()
    session.query(IndexChange).delete()
    session.commit()
    assert take_in() == 1
    assert engine_of(app).index.snapshot().sequence == 0


def test_old_changes_are_forgotten_and_an_index_that_missed_them_is_built_anew(
    app: Flask, session: Session, ask: Ask, take_in: TakeIn
) -> None:
    add_service(session, "Lantern Walks")
    take_in()
    missed = add_service(session, "Evening Strolls")
    newest = session.scalar(select(func.max(IndexChange.sequence)))
    with clock.moved_to(clock.now() + CHANGES_KEPT + timedelta(days=1)):
        assert forget_old_changes(session) > 0
        session.commit()
        missed.name = "Morning Strolls"
        session.commit()
        add_service(session, "Quarry Choir")
        assert forget_old_changes(session) == 1
        session.commit()
    assert session.scalar(select(func.min(IndexChange.sequence))) == newest + 1  # type: ignore[operator]
    assert take_in() == 1
    found = names(ask("strolls"))
    assert found[0] == "Morning Strolls"
    assert "Evening Strolls" not in found
    assert names(ask("quarry"))[0] == "Quarry Choir"
