"""Joining an account to a record, so that somebody sees their own page.

Never by name. Either by a link that went to an address which the record holds, or because the address that somebody
proved to be theirs by a code is one of which staff wrote down that nobody else reads it. The date of birth, where the
record has one, is asked for as well: a phone may have changed hands.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.accounts.codes import UserKind
from app.accounts.models import User
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.notifications import links
from app.notifications.about import About
from app.notifications.codes import Channel
from app.people.codes import ContactChannel, LinkKind
from app.people.models import Person, PersonAccount

PURPOSE = "people.own-page"
SUBJECT = "person"
INVITATION_LASTS = timedelta(days=14)


def invite(session: Session, actor: Actor, person: Person) -> str:
    """A link with which the person can open their own page once; older ones stop working. Returns its token."""
    if person.do_not_contact:
        raise Refused("They do not want to be contacted.")
    about = About(type=SUBJECT, id=person.id)
    links.revoke(session, about, purpose=PURPOSE)
    token = links.issue(session, PURPOSE, about, lifetime=INVITATION_LASTS)
    record(session, actor, Action.CREATED, ("own_page_link", None), person_id=person.id)
    return token


def has_own_page(session: Session, person_id: UUID) -> bool:
    """Whether an account is joined to the record, so that the person sees their own page."""
    joined = select(PersonAccount.id).where(PersonAccount.person_id == person_id, PersonAccount.ended_at.is_(None))
    return session.scalar(joined.limit(1)) is not None


def had_own_page(session: Session, person_id: UUID) -> bool:
    """Whether somebody saw a record that was led into this one: they are not shown this one until it is opened anew.

    Two records may have been taken for one person's by mistake, and nothing that was proved of the one holds for the
    other.
    """
    led = select(Person.id).where(Person.merged_into_id == person_id)
    joined = select(PersonAccount.id).where(PersonAccount.person_id.in_(led), PersonAccount.ended_at.is_(None))
    return session.scalar(joined.limit(1)) is not None


def was_led_elsewhere(session: Session, user_id: UUID) -> bool:
    """Whether a record that the account was joined to was put together with another one, and stands no more."""
    led = select(PersonAccount.id).join(Person, Person.id == PersonAccount.person_id)
    mine = (PersonAccount.user_id == user_id, PersonAccount.ended_at.is_(None), Person.merged_into_id.is_not(None))
    again = select(PersonAccount.person_id).where(PersonAccount.user_id == user_id, PersonAccount.ended_at.is_(None))
    return session.scalar(led.where(*mine, Person.merged_into_id.not_in(again)).limit(1)) is not None


def safe_way(person: Person) -> Channel | None:
    """By which way a link can go: one that is safe, and that nobody else reads."""
    if person.do_not_contact:
        return None
    if person.mobile and person.mobile_is_private and ContactChannel.SMS in person.safe_channels:
        return Channel.SMS
    if person.email and person.email_is_private and ContactChannel.EMAIL in person.safe_channels:
        return Channel.EMAIL
    return None


def invited(session: Session, token: str) -> Person:
    """Whom an open link is for. NotFound where it does not work."""
    link = links.find(session, PURPOSE, token)
    person = session.get(Person, link.subject_id) if link is not None else None
    if person is None or person.erased_at is not None:
        raise NotFound("link")
    return _as_it_stays(session, person)


def accept(session: Session, actor: Actor, user: User, token: str, *, born_on: date | None) -> Person:
    """Join the account to the record that the link is for. InvalidInput where the date of birth is another."""
    person = invited(session, token)
    _is_born(person, born_on)
    links.use(session, PURPOSE, token)
    return _join(session, actor, user, person, LinkKind.INVITATION)


def offered(session: Session, user: User) -> list[Person]:
    """Records that the account's own address opens, and that it is not joined to yet."""
    joined = select(PersonAccount.person_id).where(PersonAccount.user_id == user.id)
    by_mail = and_(Person.email == user.email, Person.email_is_private, Person.email.is_not(None))
    by_text = and_(Person.mobile == user.mobile, Person.mobile_is_private, Person.mobile.is_not(None))
    return list(
        session.scalars(
            select(Person)
            .where(
                or_(by_mail, by_text),
                Person.born_on.is_not(None),
                Person.merged_into_id.is_(None),
                Person.erased_at.is_(None),
                Person.id.not_in(joined),
            )
            .order_by(Person.created_at, Person.id)
        )
    )


def claim(session: Session, actor: Actor, user: User, *, born_on: date | None) -> list[Person]:
    """Join the account to every record that its address opens and that has this date of birth.

    InvalidInput where none has. A record without one is opened by a link alone.
    """
    found = [person for person in offered(session, user) if born_on is not None and person.born_on == born_on]
    if not found:
        raise InvalidInput("That is not the date of birth we have. Look again, or ask those who help you.")
    return [_join(session, actor, user, person, LinkKind.ADDRESS) for person in found]


def leave(session: Session, actor: Actor, user_id: UUID, person_id: UUID) -> None:
    """Part an account from a record."""
    joined = session.scalars(
        select(PersonAccount).where(
            PersonAccount.user_id == user_id, PersonAccount.person_id == person_id, PersonAccount.ended_at.is_(None)
        )
    ).one_or_none()
    if joined is None:
        raise NotFound("account")
    joined.ended_at = clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("person_account", joined.id), person_id=person_id, fields=["ended_at"])


def _is_born(person: Person, born_on: date | None) -> None:
    if person.born_on is not None and person.born_on != born_on:
        raise InvalidInput("That is not the date of birth we have. Look again, or ask those who help you.")


def _as_it_stays(session: Session, person: Person) -> Person:
    return session.get_one(Person, person.merged_into_id) if person.merged_into_id else person


def _join(session: Session, actor: Actor, user: User, person: Person, kind: LinkKind) -> Person:
    if user.kind is not UserKind.PERSON:
        raise Refused("Sign in with a code first.")
    wanted = select(PersonAccount.id).where(
        PersonAccount.user_id == user.id, PersonAccount.person_id == person.id, PersonAccount.ended_at.is_(None)
    )
    if session.scalar(wanted) is None:
        session.add(PersonAccount(person_id=person.id, user_id=user.id, kind=kind))
        session.flush()
        record(session, actor, Action.SHARED, ("person_account", None), person_id=person.id, reason=kind.value)
    return person
