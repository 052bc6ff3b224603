"""A word of its own in every personal field of a signpost: found only where it may be seen, in no log or message."""

from __future__ import annotations

import logging
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.accounts.current import vault
from app.accounts.vault import SIGNPOST
from app.notifications.codes import Channel
from app.notifications.models import Message
from app.referrals.signposts import operations, sending
from app.referrals.signposts.codes import Way, Whom
from app.referrals.signposts.models import Signpost
from app.referrals.signposts.operations import Pick, Wanted
from tests.factories import service
from tests.people import a_person
from tests.signing_in import a_member, actor_of, signed_in_client

WORDS = {"say": "zqsay", "bring": "zqbring", "next": "zqnext"}
ALL = WORDS | {"name": "Zqname", "reach": "zqreach@person.example", "district": "WX6"}
ONE = "/desk/signposts/{id}"
PAGES = ("/desk/signposts", ONE, f"{ONE}/slip?paper=a4", f"{ONE}/slip?paper=a5")
# Whom it was sent to is shown to nobody again.
# Who signposts at the same place, and opens no records, reads what was given and not to whom.
SEES = {
    "giver": set(WORDS) | {"name"},
    "colleague": set(WORDS) | {"name"},
    "tutor": set(WORDS),
    "editor": set(WORDS),
}
NOBODY = ("commissioner", "elsewhere", "anonymous")


@pytest.fixture
def stage(app, session):
    app.config["WTF_CSRF_ENABLED"] = False
    session.expire_on_commit = False
    roles = {
        "giver": Role.SURGERY,
        "colleague": Role.SURGERY,
        "tutor": Role.TUTOR,
        "editor": Role.DIRECTORY_EDITOR,
        "commissioner": Role.COMMISSIONER,
    }
    users = {
        name: a_member(session, role, workplace="Surgery", email=f"{name}@surgery.example")
        for name, role in roles.items()
    }
    users["elsewhere"] = a_member(session, Role.SURGERY, workplace="Other surgery", email="tom@other.example")
    giver = actor_of(session, users["giver"])
    person = a_person(session, giver, ALL["name"])
    pick = Pick(service(session), WORDS["say"], WORDS["bring"], WORDS["next"])
    wanted = Wanted(picks=[pick], whom=Whom.PERSON, person=person, district=ALL["district"])
    made = operations.give(session, giver, vault(SIGNPOST), wanted, form_key=uuid4())
    link = sending.link_of(made, vault(SIGNPOST))
    sending.send_link(session, made, link=link, address=ALL["reach"])
    operations.hand_over(session, giver, made, Way.EMAIL)
    operations.remind_later(session, giver, vault(SIGNPOST), made, channel=Channel.EMAIL, address=ALL["reach"])
    clients = {name: user.id for name, user in users.items()}
    session.commit()
    signed_in = {name: signed_in_client(app, user_id) for name, user_id in clients.items()}
    return signed_in | {"anonymous": app.test_client()}, made.id, link.removeprefix("http://localhost")


def found_in(text: str) -> set[str]:
    return {name for name, word in ALL.items() if word in text}


@pytest.mark.parametrize("viewer", [*SEES, *NOBODY])
def test_a_word_is_found_only_where_it_may_be_seen(stage, viewer, caplog):
    clients, signpost_id, _link = stage
    with caplog.at_level(logging.DEBUG):
        answers = [clients[viewer].get(page.format(id=signpost_id)) for page in PAGES]
    assert found_in("".join(answer.get_data(as_text=True) for answer in answers)) == SEES.get(viewer, set())
    assert found_in("".join(str(answer.headers) for answer in answers)) == set()
    assert found_in(caplog.text) == set()


def test_whoever_has_the_link_reads_what_was_given_and_not_to_whom(stage, session, caplog):
    clients, _signpost_id, link = stage
    with caplog.at_level(logging.DEBUG):
        page = clients["anonymous"].get(link).get_data(as_text=True)
    assert found_in(page) == set(WORDS)
    assert found_in(caplog.text) == set()
    message = session.scalars(select(Message)).one()
    assert found_in(f"{message.subject} {message.text} {message.html} {message.dedupe_key}") == set()
    kept = session.scalars(select(Signpost)).one()
    assert found_in(f"{kept.remind_to} {kept.sealed_link} {kept.reference}") == set()
