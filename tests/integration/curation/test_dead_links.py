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
    assert said.exit_code == 0
    assert "1 web addresses looked at, 1 did not answer." in said.output
    assert "does this machine reach the web?" in said.output


def test_nothing_counts_where_nothing_answers_and_what_answered_before_shows_whether_the_web_is_there(session):
    """A machine without a way out would else call every site dead."""
    start = clock.now()
    for name in ("here", "gone"):
        a_service(session, name=name, url=f"http://{name}.org.uk/")
    asked: list[str] = []

    def turn(*, days: int, there: set[str]) -> dead_links.Looked:
        asked.clear()
        with clock.moved_to(start + timedelta(days=days)):
            return dead_links.check(
                lambda: Session(session.connection(), join_transaction_mode="create_savepoint"),
                lambda url: asked.append(url) or url in there,
                limit=5,
            )

    def failures() -> dict[str, int]:
        session.expire_all()
        return {row.url: row.failed_days for row in session.scalars(select(LinkState).order_by(LinkState.url))}

    here, gone = "http://here.org.uk/", "http://gone.org.uk/"
    assert turn(days=0, there=set()) == dead_links.Looked(done=2, asked=2, failed=2, counts=False)
    assert failures() == {here: 0, gone: 0}
    assert turn(days=1, there=set()).done == 0
    assert turn(days=14, there={here}).counts
    assert failures() == {here: 0, gone: 1}
    assert turn(days=15, there=set()).counts is False
    assert asked == [gone, here]
    assert failures() == {here: 0, gone: 1}
    assert turn(days=16, there={here}).counts
    assert failures() == {here: 0, gone: 2}


def test_made_up_names_are_asked_for_nothing_and_a_site_for_two_pages_at_once(session):
    for number in range(4):
        a_service(session, name=f"Council {number}", url=f"http://council.org.uk/{number}")
    a_service(session, name="Demo", url="https://pantry.wexmoor.example/")
    asked: list[str] = []
    looked = dead_links.check(
        lambda: Session(session.connection(), join_transaction_mode="create_savepoint"),
        lambda url: not asked.append(url),
        limit=5,
    )
    assert (looked.done, looked.asked, len(asked)) == (3, 2, 2)
    assert all(url.startswith("http://council.org.uk/") for url in asked)
    made_up = [dead_links.is_made_up(url) for url in ("http://a.example.org", "http://LOCALHOST.", "http://example.uk")]
    assert made_up == [True, True, False]


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
