"""Making two records of one person one, and undoing it.

What other features keep moves by the columns that they registered, row by row and written down, so that undoing moves
the same rows back. What was written since the merge stays with the record that was kept.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound, Refused
from app.core.events import announce
from app.people import parts
from app.people.codes import AccessReason, PairState, PermissionKind, PermissionMethod
from app.people.events import RecordsBecomeOne, RecordsMoved, RecordsParted
from app.people.models import MergeMove, Permission, Person, PersonAccess, PersonMerge, PersonPair
from app.people.operations.ending import note_seen, set_review
from app.people.operations.permissions import Answer, answer_permission
from app.people.operations.reach import end_access, give_access

# Access that hangs on nothing but the record.
_OF_THE_RECORD = (AccessReason.ADDED, AccessReason.MERGED)
# Where two records differ the careful one counts.
CAREFUL: dict[str, bool] = {"do_not_contact": True, "discreet": True, "is_restricted": True, "voicemail_allowed": False}
# Under which name a merge writes down when the kept record was last seen: before it, and after.
LAST_SEEN = "last_seen_on"
# As what a merge writes down the answers that it carried over, beside the rows that it moved.
CARRIED = "permission.carried"


def pair_to_decide(session: Session, pair_id: UUID) -> PersonPair:
    """A pair that the hub was asked about. NotFound for any other."""
    found = session.scalars(select(PersonPair).where(PersonPair.id == pair_id).with_for_update()).one_or_none()
    if found is None:
        raise NotFound("pair")
    return found


def say_distinct(session: Session, actor: Actor, pair: PersonPair) -> None:
    """They are two people: nobody is asked about these records again."""
    _decide(session, actor, pair, PairState.DISTINCT)


def merge(session: Session, actor: Actor, pair: PersonPair, *, keep_id: UUID) -> PersonMerge:
    """They are one person: everything of the other record goes to `keep_id`. Refused where it is decided already."""
    if keep_id not in {pair.one_id, pair.other_id}:
        raise NotFound("person")
    drop_id = pair.other_id if keep_id == pair.one_id else pair.one_id
    kept, dropped = _live(session, keep_id), _live(session, drop_id)
    _decide(session, actor, pair, PairState.MERGED)
    made = PersonMerge(kept_id=kept.id, dropped_id=dropped.id, by_id=actor.user_id, before=_be_careful(kept, dropped))
    dropped.merged_into_id = kept.id
    session.add(made)
    session.flush()
    announce(session, RecordsBecomeOne(made))
    _move_rows(session, made)
    _move_access(session, made)
    for place in _with_access(session, dropped.id):
        give_access(session, actor, kept, place, AccessReason.MERGED, made.id)
    _carry_over_refusals(session, actor, made, kept, dropped)
    made.before = made.before | _see_as_late(session, kept, dropped)
    for person in (kept, dropped):
        record(session, actor, Action.CHANGED, ("person", person.id), person_id=person.id, fields=["merged_into_id"])
    announce(session, RecordsMoved((kept.id, dropped.id)))
    return made


def undo_merge(session: Session, actor: Actor, merge_id: UUID) -> Person:
    """They were two people after all; returns the record that stands alone again."""
    made = session.scalars(select(PersonMerge).where(PersonMerge.id == merge_id).with_for_update()).one_or_none()
    if made is None or made.undone_at is not None:
        raise NotFound("merge")
    kept, dropped = session.get_one(Person, made.kept_id), session.get_one(Person, made.dropped_id)
    if dropped.merged_into_id != kept.id or kept.erased_at is not None:
        raise Refused("The record that was kept is not there any more, so this cannot be undone.")
    for name, value in made.before.items():
        if name in CAREFUL and getattr(kept, name) == CAREFUL[name]:
            setattr(kept, name, value)
    _see_apart(session, made, kept, dropped)
    made.undone_at, dropped.merged_into_id = clock.now(), None
    _move_back(session, made)
    refusals = _take_back_refusals(session, made, kept)
    _move_access_back(session, made)
    announce(session, RecordsParted(made, refusals))
    for place in _with_access(session, kept.id, because_id=made.id):
        end_access(session, actor, kept.id, place, AccessReason.MERGED, made.id)
    one, other = sorted((kept.id, dropped.id))
    pair = session.scalars(select(PersonPair).where(PersonPair.one_id == one, PersonPair.other_id == other)).one()
    pair.state = PairState.DISTINCT
    session.flush()
    for person in (kept, dropped):
        record(session, actor, Action.CHANGED, ("person", person.id), person_id=person.id, fields=["merged_into_id"])
    announce(session, RecordsMoved((kept.id, dropped.id)))
    return dropped


def _live(session: Session, person_id: UUID) -> Person:
    found = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    if found.merged_into_id is not None or found.erased_at is not None:
        raise Refused("One of these records is not there any more. Look at the list again.")
    return found


def _decide(session: Session, actor: Actor, pair: PersonPair, state: PairState) -> None:
    if pair.state is not PairState.ASKED:
        raise Refused("Somebody decided this already.")
    pair.state, pair.decided_by_id, pair.decided_at = state, actor.user_id, clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("person_pair", pair.id), fields=["state"])


def _be_careful(kept: Person, dropped: Person) -> dict[str, Any]:
    """Take over from the other record what makes contact safer; what was there before."""
    before = {}
    for name, careful in CAREFUL.items():
        if getattr(dropped, name) == careful != getattr(kept, name):
            before[name] = getattr(kept, name)
            setattr(kept, name, careful)
    return before


def _see_as_late(session: Session, kept: Person, dropped: Person) -> dict[str, Any]:
    """The time of the record counts from when either was last seen; what that changed."""
    before = kept.last_seen_on
    if dropped.last_seen_on is not None:
        note_seen(session, kept, dropped.last_seen_on)
    if kept.last_seen_on == before or kept.last_seen_on is None:
        return {}
    return {LAST_SEEN: [before.isoformat() if before else None, kept.last_seen_on.isoformat()]}


def _see_apart(session: Session, made: PersonMerge, kept: Person, dropped: Person) -> None:
    """Each was last seen when it was before. Who was seen since may be either of the two: it counts for both."""
    before, after = made.before.get(LAST_SEEN, (None, None))
    if after is not None and kept.last_seen_on == date.fromisoformat(after):
        kept.last_seen_on = date.fromisoformat(before) if before else None
        set_review(session, kept)
    elif kept.last_seen_on is not None and kept.last_seen_on > made.created_at.astimezone(clock.LONDON).date():
        note_seen(session, dropped, kept.last_seen_on)


def _with_access(session: Session, person_id: UUID, *, because_id: UUID | None = None) -> list[UUID]:
    wanted = select(PersonAccess.organization_id).where(
        PersonAccess.person_id == person_id, PersonAccess.ended_at.is_(None)
    )
    if because_id is not None:
        wanted = wanted.where(PersonAccess.because_id == because_id)
    return list(session.scalars(wanted.distinct().order_by(PersonAccess.organization_id)))


def _carry_over_refusals(session: Session, actor: Actor, made: PersonMerge, kept: Person, dropped: Person) -> None:
    """What was refused or taken back in the other record, later than any answer in this one, holds here too."""
    for kind in PermissionKind:
        here, there = (_last_answer(session, person.id, kind) for person in (kept, dropped))
        if there is not None and not there.given and (here is None or here.created_at < there.created_at):
            no = Answer(kind=kind, given=False, method=PermissionMethod.WRITTEN)
            row = answer_permission(session, actor, kept, no)
            session.add(MergeMove(merge_id=made.id, column=CARRIED, row_id=row.id))
    session.flush()


def _take_back_refusals(session: Session, made: PersonMerge, kept: Person) -> tuple[datetime, ...]:
    """What the other person refused was never said by this one; where they have answered since, that counts anyway.

    Says when what is taken back had been written down.
    """
    taken_back = []
    carried = select(MergeMove.row_id).where(MergeMove.merge_id == made.id, MergeMove.column == CARRIED)
    for row in session.scalars(select(Permission).where(Permission.id.in_(carried)).order_by(Permission.id)).unique():
        if _last_answer(session, kept.id, row.kind) is row:
            taken_back.append(row.created_at)
            session.delete(row)
    session.flush()
    return tuple(taken_back)


def _last_answer(session: Session, person_id: UUID, kind: PermissionKind) -> Permission | None:
    return session.scalars(
        select(Permission)
        .where(Permission.person_id == person_id, Permission.kind == kind)
        .order_by(Permission.version.desc(), Permission.id)
        .limit(1)
    ).one_or_none()


def _move_access(session: Session, made: PersonMerge) -> None:
    """Access that hangs on something goes where that goes, and ends with it; whoever wrote the record keeps theirs."""
    hanging = (PersonAccess.person_id == made.dropped_id, PersonAccess.reason.not_in(_OF_THE_RECORD))
    _lead(session, *hanging, to=made.kept_id)


def _move_access_back(session: Session, made: PersonMerge) -> None:
    """What hangs on the rows that went back, also where it was opened since."""
    rows = select(MergeMove.row_id).where(MergeMove.merge_id == made.id)
    _lead(session, PersonAccess.person_id == made.kept_id, PersonAccess.because_id.in_(rows), to=made.dropped_id)


def _lead(session: Session, *wanted: ColumnElement[bool], to: UUID) -> None:
    session.execute(
        update(PersonAccess).where(*wanted).values(person_id=to).execution_options(synchronize_session="fetch")
    )


def _columns() -> dict[str, InstrumentedAttribute[Any]]:
    """Every registered column by table and name; and by which records merged before lead to one of the two."""
    registered = [column for part in parts.all_parts() for column in part.columns]
    return {f"{column.class_.__tablename__}.{column.key}": column for column in [Person.merged_into_id, *registered]}


def _move_rows(session: Session, made: PersonMerge) -> None:
    for name, column in _columns().items():
        moved = session.scalars(
            update(column.class_)
            .where(column == made.dropped_id)
            .values({column.key: made.kept_id})
            .returning(column.class_.id)
            .execution_options(synchronize_session=False)
        ).all()
        session.add_all(MergeMove(merge_id=made.id, column=name, row_id=row_id) for row_id in moved)
    session.flush()
    session.expire_all()


def _move_back(session: Session, made: PersonMerge) -> None:
    columns = _columns()
    moves = session.scalars(select(MergeMove).where(MergeMove.merge_id == made.id).order_by(MergeMove.id)).all()
    kept_id, dropped_id = made.kept_id, made.dropped_id
    for move in moves:
        column = columns.get(move.column)
        if column is not None:
            session.execute(
                update(column.class_)
                .where(column.class_.id == move.row_id, column == kept_id)
                .values({column.key: dropped_id})
                .execution_options(synchronize_session=False)
            )
    session.flush()
    session.expire_all()
