"""A word of its own in every personal field: found only where it may be seen, and in no log, address, mail or index."""

from __future__ import annotations

import logging
import re

import pytest
from sqlalchemy import select

from app.accounts.codes import OrganizationKind, Role, UserKind
from app.accounts.operations import create_user
from app.audit.models import AuditEntry
from app.core.actor import SYSTEM
from app.notifications.models import Message
from app.people.codes import CarerRelation, Ethnicity, LinkKind, PermissionKind, PermissionMethod, RequestKind
from app.people.models import PersonAccount
from app.people.operations import Answer, answer_permission, ending, own_page, requests
from app.people.operations.carers import CarerDetails, add_carer
from app.people.operations.equality import answer_equality
from tests.people import a_person
from tests.signing_in import a_member, a_workplace, actor_of, signed_in_client

IDENTITY = {
    "name": "Quillon",
    "known_as": "Zephyrine",
    "nhs_number": "999 000 0093",
    "address": "Marrowgate",
    "postcode": "WX6 9ZZ",
    "gp_name": "Ferndown",
    "gp_ods_code": "QX7Q7",
}
CONTACT = {"mobile": "07700 900913", "email": "vellichor@person.example", "phone": "01632 960913", "note": "Tamarind"}
NEEDS = {"adjustment": "Oubliette"}
CARERS = {"carer": "Bramblewick", "carer_reach": "01632 960777"}
PERMISSIONS = {"proxy": "Sassafras"}
OFFICERS = {"hold": "Perihelion"}
ALL = IDENTITY | CONTACT | NEEDS | CARERS | PERMISSIONS | OFFICERS
RECORD = "/desk/people/{person}"
PAGES = (
    *(RECORD, f"{RECORD}/identity", f"{RECORD}/contact", f"{RECORD}/needs", f"{RECORD}/carers", f"{RECORD}/equality"),
    *(f"{RECORD}/permissions/record", "/desk/people", "/desk/people/duplicates", "/desk/people/emergency", "/desk"),
    *("/desk/privacy", "/desk/privacy/requests/{asked}", "/desk/privacy/records/{person}", "/desk/messages"),
    *("/desk/referrals", "/desk/signposts", "/desk/members", "/", "/search?q=food", "/me", "/me/account"),
    *("/me/records/{person}", "/me/records/{person}/timeline", "/me/records/{person}/looks", "/api/search?q=quillon"),
    *("/me/records/{person}/contact", "/me/records/{person}/equality", "/me/records/{person}/permissions/record"),
)
# What each viewer may find on all of these pages together. Staff who look after people at the same place see the
# record; the privacy officer what was asked for and what holds it; the person their own, but not what staff noted of
# others; everybody else nothing at all.
SEES = {
    "worker": set(ALL) - set(OFFICERS),
    # They read the record and not its forms: the name of the practice stands there, and not its code.
    "manager": set(ALL) - set(OFFICERS) - set(PERMISSIONS) - {"gp_ods_code"},
    "officer": set(ALL),
    "person": {"known_as"},
}
NOBODY = ("tutor", "editor", "administrator", "adviser elsewhere", "officer elsewhere", "stranger", "anonymous")


@pytest.fixture
def viewers(app, session):
    """Somebody of each kind; the record, with what was asked for; and who looks at it."""
    a_workplace(session, "Surgery", OrganizationKind.SURGERY)
    here = {
        "worker": Role.SURGERY,
        "manager": Role.MANAGER,
        "officer": Role.PRIVACY_OFFICER,
        "tutor": Role.TUTOR,
        "editor": Role.DIRECTORY_EDITOR,
        "administrator": Role.ADMINISTRATOR,
    }
    users = {name: a_member(session, role, workplace="Surgery") for name, role in here.items()}
    users["adviser elsewhere"] = a_member(session, Role.ADVISER, workplace="Advice")
    users["officer elsewhere"] = a_member(session, Role.PRIVACY_OFFICER, workplace="Advice")
    for name in ("person", "stranger"):
        users[name] = create_user(session, SYSTEM, name="", email=f"{name}@x.example", kind=UserKind.PERSON)
    worker, officer = (actor_of(session, users[name]) for name in ("worker", "officer"))
    person = a_person(
        session,
        worker,
        IDENTITY["name"],
        known_as=IDENTITY["known_as"],
        nhs_number=IDENTITY["nhs_number"],
        address_status="known",
        address=IDENTITY["address"],
        postcode=IDENTITY["postcode"],
        gp_name=IDENTITY["gp_name"],
        gp_ods_code=IDENTITY["gp_ods_code"],
        mobile="+447700900913",
        email=CONTACT["email"],
        phone=CONTACT["phone"],
        contact_note=CONTACT["note"],
        adjustments=(NEEDS["adjustment"],),
    )
    add_carer(
        session,
        worker,
        person,
        CarerDetails(name=CARERS["carer"], relation=CarerRelation.FRIEND, reach=CARERS["carer_reach"]),
    )
    proxy = Answer(kind=PermissionKind.RECORD, given=True, method=PermissionMethod.PROXY, note=PERMISSIONS["proxy"])
    answer_permission(session, worker, person, proxy)
    answer_equality(session, worker, person, {"ethnicity": Ethnicity.ROMA})
    ending.hold(session, officer, person, OFFICERS["hold"])
    asked = requests.ask_for(session, worker, person, RequestKind.COPY)
    session.add(PersonAccount(person_id=person.id, user_id=users["person"].id, kind=LinkKind.ADDRESS))
    own_page.invite(session, worker, person)
    ids = {"person": str(person.id), "asked": str(asked.id)}
    user_ids = {name: user.id for name, user in users.items()}
    session.commit()
    clients = {name: signed_in_client(app, user_id) for name, user_id in user_ids.items()}
    return clients | {"anonymous": app.test_client()}, ids


def found_in(text: str) -> set[str]:
    lowered = text.lower()
    return {name for name, word in ALL.items() if word.lower() in lowered}


def walk(client, ids) -> tuple[str, str]:
    """All that the pages say, and all addresses in them."""
    answers = [client.get(page.format(**ids)) for page in PAGES]
    said = "\n".join(answer.get_data(as_text=True) for answer in answers)
    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', said) + [a.headers.get("Location", "") for a in answers]
    # Links that dial or write are meant to hold a number or an address.
    return said, "\n".join(address for address in addresses if not address.startswith(("tel:", "sms:", "mailto:")))


@pytest.mark.parametrize("viewer", [*SEES, *NOBODY])
def test_a_word_is_found_only_where_it_may_be_seen(app, viewers, viewer, caplog):
    clients, ids = viewers
    with caplog.at_level(logging.DEBUG):
        said, addresses = walk(clients[viewer], ids)
    assert found_in(said) == SEES.get(viewer, set())
    assert found_in(addresses) == set()
    assert found_in(caplog.text) == set()
    assert ('value="roma" selected' in said) is (viewer == "person")


def test_nothing_of_it_leaves_or_is_kept_beside(app, session, viewers, caplog, tmp_path):
    app.config["WTF_CSRF_ENABLED"] = False
    clients, ids = viewers
    with caplog.at_level(logging.DEBUG):
        worker, record = clients["worker"], f"/desk/people/{ids['person']}"
        worker.post("/desk/people", data={"name": ALL["name"], "nhs_number": ALL["nhs_number"]})
        worker.post(f"{record}/identity", data={"name": ALL["name"], "nhs_number": "999 000 0094", "revision": "x"})
        worker.post(f"{record}/contact", data={"mobile": "0", "contact_note": ALL["note"]})
        clients["adviser elsewhere"].post("/desk/people", data={"nhs_number": ALL["nhs_number"]})
        broken = clients["anonymous"].get(f"{record}/{ALL['name']}")
    assert broken.status_code == 404
    assert found_in(caplog.text) - {"name"} == set()
    trail = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()
    assert found_in("\n".join(str(vars(entry)) for entry in trail)) == set()
    mails = session.scalars(select(Message).order_by(Message.id)).all()
    assert found_in("\n".join(f"{mail.subject} {mail.text}" for mail in mails)) == set()
    session.rollback()
    folders = (path for path in (tmp_path / "index").rglob("*") if path.is_file())
    assert not [path for path in folders if found_in(path.read_bytes().decode("latin-1"))]
    metrics = app.test_client().get("/metrics", headers={"Authorization": "Bearer x"})
    assert found_in(metrics.get_data(as_text=True)) == set()
