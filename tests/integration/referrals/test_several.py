"""Several at once: each by itself through the same rules, and what became of each is said."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.accounts.codes import Role
from app.audit.models import AuditEntry
from app.referrals.models import Referral
from app.referrals.operations import triage
from tests.people import a_person
from tests.referrals import a_cast, a_referral
from tests.signing_in import a_member, signed_in_client


@pytest.fixture
def cast(session):
    return a_cast(session)


def picked(*rows) -> dict[str, object]:
    return {"pick": [f"{row.id}:{row.version}" for row in rows]}


def test_three_are_given_to_a_worker_and_one_that_changed_is_not(app, session, cast):
    rows = []
    for name in ("Ash", "Birch", "Cedar"):
        cast.person = a_person(session, cast.gp, name)
        row = a_referral(session, cast)
        rows.append(triage.accept(session, cast.worker, row, coordinator_id=cast.worker.user_id, version=row.version))
    other = a_member(session, Role.HUB, workplace="The Hub", email="other@hub.example")
    unsent = a_referral(session, cast)
    sent = picked(*rows, unsent) | {"list": "with-us", "do": "give", "coordinator": str(other.id)}
    rows[2].version += 1
    ids = [row.id for row in rows]
    unsent_id, worker_id, gp_id, other_id = unsent.id, cast.worker_user.id, cast.gp_user.id, other.id
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    hub, surgery = signed_in_client(app, worker_id), signed_in_client(app, gp_id)
    assert hub.post("/desk/referrals/several", data=sent | {"pick": []}).status_code == 422
    assert hub.post("/desk/referrals/several", data=sent | {"coordinator": "nobody"}).status_code == 422
    page = hub.post("/desk/referrals/several", data=sent).get_data(as_text=True)
    assert "Done with 2 referrals" in page
    assert "Somebody else has just changed this referral" in page
    assert "Only a referral that was accepted" in page
    # Whoever referred cannot give them to anybody, nor say that they were read.
    assert "Done with 0 referrals" in surgery.post("/desk/referrals/several", data=sent).get_data(as_text=True)
    read = {"pick": [f"{unsent_id}:2"], "do": "read", "list": "triage"}
    assert "not yours to do" in surgery.post("/desk/referrals/several", data=read).get_data(as_text=True)
    assert "Done with 1 referral" in hub.post("/desk/referrals/several", data=read).get_data(as_text=True)
    assert "Somebody has read it before" in hub.post("/desk/referrals/several", data=read).get_data(as_text=True)
    file = hub.post("/desk/referrals/several", data=sent | {"do": "take", "pick": sent["pick"][:1]})
    assert (file.mimetype, file.get_data(as_text=True).count("\n")) == ("text/csv", 2)
    session.expire_all()
    owners = {row.id: row.coordinator_id for row in session.scalars(select(Referral)).unique()}
    assert [owners[each] == other_id for each in ids] == [True, True, False]
    told = select(func.count()).select_from(AuditEntry).where(AuditEntry.reason == f"coordinator:{other_id}")
    assert session.scalar(told) == 2


def test_the_hub_finds_who_was_referred_to_it_in_its_people(app, session, cast):
    row = a_referral(session, cast)
    triage.accept(session, cast.worker, row, coordinator_id=cast.worker.user_id, version=row.version)
    row_id, person_id, worker_id = row.id, cast.person.id, cast.worker_user.id
    stranger = a_member(session, Role.HUB, workplace="Next Door", email="n@next.example").id
    session.commit()
    hub = signed_in_client(app, worker_id)
    record = f"/desk/people/{person_id}"
    for page in ("/desk/people", f"/desk/referrals/{row_id}"):
        assert record in hub.get(page).get_data(as_text=True)
    assert hub.get(record).status_code == 200
    assert record not in signed_in_client(app, stranger).get("/desk/people").get_data(as_text=True)
    session.rollback()
