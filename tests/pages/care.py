"""People of the demo town as the pages of people and of the person themself are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.codes import UserKind
from app.accounts.operations import create_user
from app.core.actor import SYSTEM
from app.people.codes import EmergencyReason, RequestKind
from app.people.models import Person
from app.people.operations import own_page
from app.people.operations.emergencies import open_in_emergency
from app.people.operations.matches import ask_hub, others_like
from app.people.operations.requests import ask_for, copy_of, give_copy, key_of
from app.people.queries import Search
from seed.demo import people


@dataclass(frozen=True, slots=True)
class Care:
    """A person of the surgery who uses their own page, an emergency that waits, and what the person asked for.

    The stranger has an account and nothing joined to it; an address of theirs opens a record all the same.
    """

    person: UUID
    person_of_hub: UUID
    user: UUID
    stranger: UUID
    link: str
    emergency: UUID
    given_copy: UUID
    copy_request: UUID
    erasure_request: UUID


def cared_for(session: Session) -> Care:
    """Bring all that about."""
    person = session.get_one(Person, people.load(session)["rowan"])
    surgery, adviser = (people.actor_named(session, f"{who}@wexmoor.example") for who in ("surgery", "adviser"))
    if others_like(session, person):
        ask_hub(session, surgery, person)
    told = {"reason": EmergencyReason.DANGER, "words": "A neighbour rang: nobody has seen them for days."}
    opened = open_in_emergency(session, adviser, Search(nhs_number=person.nhs_number), **told)
    given = ask_for(session, surgery, person, RequestKind.COPY)
    give_copy(session, SYSTEM, given, give={key_of(item) for item in copy_of(session, given.person_id)})
    user, stranger = (
        create_user(session, SYSTEM, name="", email=f"{name}@person.example", kind=UserKind.PERSON)
        for name in ("rowan.ashby", "colin.peart")
    )
    own_page.accept(session, SYSTEM, user, own_page.invite(session, surgery, person), born_on=person.born_on)
    return Care(
        person=person.id,
        person_of_hub=people.load(session)["dee"],
        user=user.id,
        stranger=stranger.id,
        link=own_page.invite(session, surgery, person),
        emergency=opened.id,
        given_copy=given.id,
        copy_request=ask_for(session, surgery, person, RequestKind.COPY).id,
        erasure_request=ask_for(session, surgery, person, RequestKind.ERASURE).id,
    )
