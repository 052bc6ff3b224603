"""How long a record is kept, what holds it, and how it ends: wiped to a stub, here and in every feature."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization, User
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.core.events import announce
from app.core.text import clean
from app.notifications import links
from app.notifications import operations as outbox
from app.notifications.about import About
from app.people import parts
from app.people.codes import EndOfRecord, RetentionClass
from app.people.events import PersonErased
from app.people.models import Person, RecordEnd
from app.people.queries import Search, fitting
from app.people.rules.retention import kept_until
from app.people.scope import may_govern

SUBJECT = "person"
NOT_OVER = "Its time is not over. It ends earlier only where the person asks for it."
MOST_FOUND = 20


def note_seen(session: Session, person: Person, day: date | None = None) -> None:
    """The person was met or spoken to: the time for which the record is kept begins anew."""
    seen = day or clock.today()
    if person.last_seen_on is None or seen > person.last_seen_on:
        person.last_seen_on = seen
        set_review(session, person)


def set_review(session: Session, person: Person) -> None:
    """Work out when somebody looks whether the record can go."""
    person.review_on = kept_until(
        person.retention_class,
        begun=person.created_at.astimezone(clock.LONDON).date(),
        last_seen=person.last_seen_on,
        born=person.born_on,
        died=person.died_on,
    )
    session.flush()


def classify(
    session: Session, actor: Actor, person: Person, retention: RetentionClass, *, died_on: date | None = None
) -> None:
    """Say of which class a record is, and when the person died if they did."""
    person.retention_class, person.died_on = retention, died_on
    set_review(session, person)
    record(session, actor, Action.CHANGED, (SUBJECT, person.id), person_id=person.id, fields=["retention_class"])


def hold(session: Session, actor: Actor, person: Person, reason: str) -> None:
    """Keep a record whatever its time (a court case, an inquiry); an empty reason lifts the hold."""
    person.legal_hold = clean(reason)
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, person.id), person_id=person.id, fields=["legal_hold"])


def governed(session: Session, actor: Actor, person_id: UUID) -> Person:
    """One record that the privacy officer answers for. NotFound for any other."""
    found = session.scalars(
        select(Person).where(Person.id == person_id, may_govern(actor)).order_by(Person.id)
    ).one_or_none()
    if found is None or found.erased_at is not None:
        raise NotFound(SUBJECT)
    return found


def find_governed(session: Session, actor: Actor, search: Search) -> list[Person]:
    """Records that the privacy officer answers for and that fit; the search is put on record."""
    if search.is_empty:
        return []
    record(session, actor, Action.SEARCHED, (SUBJECT, None), fields=search.asked_for)
    wanted = _governed(actor).where(*fitting(search)).order_by(Person.search_name, Person.id)
    return list(session.scalars(wanted.limit(MOST_FOUND)))


def held(session: Session, actor: Actor) -> list[Person]:
    """Records that are kept whatever their time, the longest first."""
    wanted = _governed(actor).where(Person.legal_hold != "").order_by(Person.review_on, Person.id)
    return list(session.scalars(wanted.limit(100)))


def _governed(actor: Actor) -> Select[Person]:
    return select(Person).where(may_govern(actor), Person.erased_at.is_(None), Person.merged_into_id.is_(None))


def due_for_review(session: Session, actor: Actor, *, limit: int = 100) -> list[Person]:
    """Records whose time is over and that nothing holds, the oldest first."""
    return list(
        session.scalars(
            _governed(actor)
            .where(Person.review_on <= clock.today(), Person.legal_hold == "")
            .order_by(Person.review_on, Person.id)
            .limit(limit)
        )
    )


def ended_lately(session: Session, actor: Actor, *, limit: int = 20) -> list[tuple[RecordEnd, str, str]]:
    """What is left of records that ended: the stub, whose record it was, and who ended it; the last first."""
    rows = session.execute(
        select(RecordEnd, MemberOrganization.name, func.coalesce(User.name, ""))
        .join(Person, Person.id == RecordEnd.person_id)
        .join(MemberOrganization, MemberOrganization.id == RecordEnd.organization_id)
        .outerjoin(User, User.id == RecordEnd.by_id)
        .where(may_govern(actor))
        .order_by(RecordEnd.created_at.desc(), RecordEnd.id)
        .limit(limit)
    )
    return [(stub, place, by) for stub, place, by in rows]


def reasons_to_keep(session: Session, person: Person) -> list[str]:
    """What speaks against the end of a record at present, in sentences."""
    told = [part.keeps(session, person.id) for part in parts.all_parts() if part.keeps is not None]
    own = ["A legal hold is on this record."] if person.legal_hold else []
    return own + [reason for reason in told if reason]


def reasons_not_to_destroy(session: Session, person: Person) -> list[str]:
    """The same, and that its time is not over: before that a record goes only where the person asks for it."""
    is_over = person.review_on is not None and person.review_on <= clock.today()
    return reasons_to_keep(session, person) + ([] if is_over else [NOT_OVER])


def end_record(session: Session, actor: Actor, person: Person, *, how: EndOfRecord, reason: str) -> RecordEnd:
    """Wipe a record and all that features keep of the person, leaving a stub. Refused while something holds it.

    The audit trail stays: it holds no word about anybody.
    """
    told = clean(reason)
    if not told:
        raise InvalidInput("Say why the record ends.")
    look = reasons_not_to_destroy if how is EndOfRecord.DESTROYED else reasons_to_keep
    if because := look(session, person):
        raise Refused(because[0])
    merged = select(Person).where(Person.merged_into_id == person.id).order_by(Person.id)
    for other in session.scalars(merged).all():
        _wipe(session, actor, other)
    stub = RecordEnd(
        person_id=person.id,
        organization_id=person.organization_id,
        how=how,
        retention_class=person.retention_class,
        by_id=actor.user_id,
        reason=told,
        wiped=_wipe(session, actor, person),
    )
    session.add(stub)
    session.flush()
    record(session, actor, Action.DELETED, (SUBJECT, person.id), person_id=person.id, reason=how.value)
    return stub


def _wipe(session: Session, actor: Actor, person: Person) -> dict[str, int]:
    about = About(type=SUBJECT, id=person.id)
    wiped = {part.name: part.erase(session, actor, person.id) for part in parts.all_parts() if part.erase is not None}
    wiped["messages"] = outbox.erase(session, about)
    links.revoke(session, about)
    announce(session, PersonErased(person.id))
    session.flush()
    return wiped
