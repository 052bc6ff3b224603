"""Who triages reads a person's record and changes nothing in it; the coordinator's team does, until it ends."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.core import clock
from app.core.errors import NotFound, Refused
from app.people.codes import PairState, PermissionKind
from app.people.models import Person, PersonPair
from app.people.operations import merging, open_person, open_to_change, withdraw_permission
from app.referrals.codes import Told
from app.referrals.models import ReferralTask
from app.referrals.operations import triage
from app.referrals.queries import referrals as queries
from tests.people import a_person
from tests.referrals import a_cast, a_referral
from tests.signing_in import a_member, actor_of, signed_in_client

RECORD = "/desk/people/<uuid:person_id>"
# What hangs on a record and writes nothing into it: reading, asking the hub whether it is there twice, what is booked,
# a slip. The manager's own page of these is tried apart.
NO_CHANGE = frozenset(
    {
        "people.record",
        "people.ask",
        "people.restricting",
        "outcomes.overview",
        "outcomes.over_time",
        "outcomes.as_csv",
    }
)


@pytest.fixture
def cast(session):
    return a_cast(session)


def changing(app, person_id) -> list[tuple[str, str]]:
    """Every address below a record that changes it, with the method that does."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(f"{RECORD}/") and rule.endpoint.split(".")[0] in {"people", "outcomes"}:
            if rule.endpoint in NO_CHANGE or rule.endpoint.startswith("people.privacy"):
                continue
            method = "GET" if "GET" in rule.methods else "POST"
            path = rule.rule.replace("<kind>", "follow-up").replace("<reference>", "ucla-3.1")
            found.append((method, re.sub(r"<uuid:\w+>", str(person_id), path)))
    return found


def test_a_record_is_only_read_until_its_referral_is_accepted(app, session, cast):
    row = a_referral(session, cast)
    row_id, person_id = row.id, cast.person.id
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    hub, manager = (signed_in_client(app, each.user_id) for each in (cast.worker, cast.manager))
    addresses = changing(app, person_id)
    assert len(addresses) >= 14
    for method, path in addresses:
        assert hub.open(path, method=method).status_code == 409, path
    page = hub.get(f"/desk/people/{person_id}").get_data(as_text=True)
    assert "You can change it once your team has accepted that" in page
    assert f"{person_id}/contact" not in page
    assert manager.post(f"/desk/people/{person_id}/restrict", data={"restricted": "yes"}).status_code == 409
    row = session.get_one(type(row), row_id)
    triage.accept(session, cast.worker, row, coordinator_id=cast.worker.user_id, version=row.version)
    session.commit()
    for method, path in addresses:
        assert hub.open(path, method=method).status_code not in {403, 409} or method == "POST", path
    assert f"{person_id}/contact" in hub.get(f"/desk/people/{person_id}").get_data(as_text=True)


def test_whoever_says_no_sees_the_record_no_longer(session, cast):
    row = a_referral(session, cast)
    with pytest.raises(Refused):
        open_to_change(session, cast.worker, cast.person.id)
    assert open_person(session, cast.worker, cast.person.id)
    told = {"next_step": "Ring", "told_how": Told.PHONE, "told_on": clock.today()}
    refusal = triage.Refusal(reason="wait-too-long", **told)
    triage.reject(session, cast.worker, row, refusal, version=row.version)
    with pytest.raises(NotFound):
        open_person(session, cast.worker, cast.person.id)


def test_access_by_a_referral_goes_where_the_referral_goes_and_ends_with_it(session, cast):
    row = a_referral(session, cast)
    hub = actor_of(session, a_member(session, Role.HUB, workplace="Third", email="t@third.example"))
    kept = a_person(session, actor_of(session, a_member(session, Role.ADVISER, workplace="Advice")), "Same")
    one, other = sorted((kept.id, cast.person.id))
    pair = PersonPair(one_id=one, other_id=other, state=PairState.ASKED)
    session.add(pair)
    session.flush()
    made = merging.merge(session, hub, pair, keep_id=kept.id)
    with pytest.raises(Refused):
        open_to_change(session, cast.worker, kept.id)
    triage.accept(session, cast.worker, row, coordinator_id=cast.worker.user_id, version=row.version)
    assert open_to_change(session, cast.worker, kept.id)
    merging.undo_merge(session, hub, made.id)
    assert open_to_change(session, cast.worker, cast.person.id)
    with pytest.raises(NotFound):
        open_person(session, cast.worker, kept.id)
    assert session.scalars(select(Person.id).where(Person.merged_into_id.is_not(None))).all() == []


def test_what_another_persons_no_had_hidden_is_seen_again_when_the_records_are_parted(session, cast):
    row = a_referral(session, cast)
    adviser = actor_of(session, a_member(session, Role.ADVISER, workplace="Advice"))
    hub = actor_of(session, a_member(session, Role.HUB, workplace="Third", email="t@third.example"))
    other = a_person(session, adviser, "Same")
    withdraw_permission(session, adviser, other, PermissionKind.SHARE_REFERRAL)
    one, two = sorted((cast.person.id, other.id))
    pair = PersonPair(one_id=one, other_id=two, state=PairState.ASKED)
    session.add(pair)
    session.flush()
    made = merging.merge(session, hub, pair, keep_id=cast.person.id)
    assert row.hidden_at is not None
    with pytest.raises(NotFound):
        queries.referral(session, cast.worker, row.id)
    merging.undo_merge(session, hub, made.id)
    assert row.hidden_at is None
    assert queries.referral(session, cast.worker, row.id).id == row.id
    assert open_person(session, cast.worker, cast.person.id)
    tasks = session.scalars(select(ReferralTask).where(ReferralTask.done_at.is_(None))).unique().all()
    assert tasks == []


def test_what_the_person_took_back_themselves_stays_hidden_when_the_records_are_parted(session, cast):
    row = a_referral(session, cast)
    withdraw_permission(session, cast.gp, cast.person, PermissionKind.SHARE_REFERRAL)
    hub = actor_of(session, a_member(session, Role.HUB, workplace="Third", email="t@third.example"))
    other = a_person(session, actor_of(session, a_member(session, Role.ADVISER, workplace="Advice")), "Same")
    one, two = sorted((cast.person.id, other.id))
    pair = PersonPair(one_id=one, other_id=two, state=PairState.ASKED)
    session.add(pair)
    session.flush()
    made = merging.merge(session, hub, pair, keep_id=cast.person.id)
    merging.undo_merge(session, hub, made.id)
    assert row.hidden_at is not None
