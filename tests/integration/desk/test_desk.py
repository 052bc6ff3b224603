"""The desk and what it gathers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.accounts.codes import Role
from app.core import clock
from app.desk.queries import Need, unmet_needs
from app.library import ledger
from app.library.codes import LedgerSource
from tests.signing_in import a_member, signed_in_client


def looked_for(session, topic, district, times):
    for _ in range(times):
        ledger.record(session, topic=topic, district=district, source=LedgerSource.SEARCH)


def test_needs_of_few_are_named_without_their_number(session):
    looked_for(session, "eviction", "M33", 4)
    looked_for(session, "food", "M16", 5)
    looked_for(session, "debt", "", 7)
    assert unmet_needs(session, weeks=4) == [
        Need("debt", "", 7),
        Need("food", "M16", 5),
        Need("eviction", "M33", None),
    ]


def test_needs_of_long_ago_are_left_out(session):
    with clock.moved_to(clock.now() - timedelta(weeks=6)):
        looked_for(session, "food", "M16", 9)
    assert unmet_needs(session, weeks=4) == []
    assert unmet_needs(session, weeks=13) == [Need("food", "M16", 9)]


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.COMMISSIONER, "/desk/unmet-needs", 200),
        (Role.SURGERY, "/desk/unmet-needs", 403),
        (Role.ADMINISTRATOR, "/desk/messages?language=cy", 200),
        (Role.ADMINISTRATOR, "/desk/messages?language=rubbish", 200),
        (Role.TUTOR, "/desk/messages", 403),
    ],
)
def test_who_may_look(app, session, role, path, status):
    user_id = a_member(session, role).id
    session.commit()
    assert signed_in_client(app, user_id).get(path).status_code == status
