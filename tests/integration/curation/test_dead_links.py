"""Web addresses that stop answering, day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.core import clock
from app.directory import sweeps
from app.directory.cli import directory
from app.directory.codes import CheckKind
from app.directory.curation import dead_links, queries
from app.directory.models import LinkState, ListingCheck, Service
from tests.factories import service as a_service
from tests.signing_in import a_member, actor_of


@pytest.fixture
def listing(session: Session) -> Service:
    return a_service(session, name="Kitchen", url="http://kitchen.example/")


def look(session: Session, *, is_there: bool) -> int:
    looked = dead_links.due(session, 10)
    for found in looked:
        dead_links.note(session, found, is_there=is_there)
    return len(looked)


def told(session: Session) -> list[CheckKind]:
    return list(session.scalars(select(ListingCheck.kind).order_by(ListingCheck.id)))


def test_three_days_in_vain_count_and_a_success_clears(session, listing):
    start, looked = clock.now(), []
    for day in range(3):
        assert told(session) == []
        with clock.moved_to(start + timedelta(days=day)):
            looked.append((look(session, is_there=False), look(session, is_there=False)))
    assert looked == [(1, 0)] * 3
    assert told(session) == [CheckKind.LINK_DEAD]
    with clock.moved_to(start + timedelta(days=3)):
        look(session, is_there=False)
        assert told(session) == [CheckKind.LINK_DEAD]
    with clock.moved_to(start + timedelta(days=4)):
        look(session, is_there=True)
    assert told(session) == []
    with clock.moved_to(start + timedelta(days=5)):
        assert look(session, is_there=True) == 0


def test_editors_have_a_list_of_them(session, listing):
    editor = actor_of(session, a_member(session, Role.DIRECTORY_EDITOR))
    start, waiting = clock.now(), []
    for day in range(3):
        with clock.moved_to(start + timedelta(days=day)):
            look(session, is_there=False)
        waiting.append(queries.count_queue(session, editor, "dead-links"))
    assert waiting == [0, 0, 1]
    listing.url = "http://kitchen.example/new"
    session.flush()
    assert queries.count_queue(session, editor, "dead-links") == 0


def test_failures_of_one_day_count_once(session, listing):
    found = dead_links.Due(listing.id, listing.url)
    for _again in range(5):
        dead_links.note(session, found, is_there=False)
    assert session.scalars(select(LinkState.failed_days)).one() == 1


def test_a_new_address_begins_anew(session, listing):
    look(session, is_there=False)
    listing.url = "http://kitchen.example/new"
    session.flush()
    assert look(session, is_there=False) == 1
    assert session.scalars(select(LinkState.failed_days)).one() == 1


def test_the_command_says_what_it_did(app, session, listing):
    listing.url = "http://127.0.0.1/"
    session.commit()
    said = app.test_cli_runner().invoke(directory, ["check-links", "--limit", "5"])
    assert (said.exit_code, said.output) == (0, "1 web addresses looked at, 1 did not answer.\n")


def test_the_sweep_looks_only_where_that_is_turned_on(app, session, listing, monkeypatch):
    listing.url = "http://127.0.0.1/"
    session.commit()
    for is_on, looked_at in ((False, 0), (True, 1)):
        monkeypatch.setitem(
            app.extensions, "waymark_settings", replace(app.extensions["waymark_settings"], check_links=is_on)
        )
        with app.app_context():
            assert sweeps.check_links() == 0
        assert len(session.scalars(select(LinkState.id)).all()) == looked_at
        session.rollback()
