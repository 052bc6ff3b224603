"""Reading people, always as far as the actor may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from app.accounts.codes import OrganizationKind
from app.accounts.models import MemberOrganization, User
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.people.codes import AccessReason, ContactChannel, PairState, PermissionKind, PermissionState
from app.people.details import contact_safety, read_times
from app.people.models import Permission, Person, PersonAccess, PersonMerge, PersonPair
from app.people.rules import permissions as rules
from app.people.rules.ages import age_on
from app.people.rules.contact import ContactSafety
from app.people.rules.matching import name_parts
from app.people.rules.permissions import PermissionVersion, Standing
from app.people.scope import may_change, may_open, may_see

PAGE = 20
MOST_WORDS = 6
MOST_WRONG = 100
WITHOUT_PEOPLE = (OrganizationKind.COMMISSIONER, OrganizationKind.OPERATOR)


@dataclass(frozen=True, slots=True)
class Search:
    """What is known of somebody who is looked for; empty parts are not asked for."""

    name: str = ""
    born_on: date | None = None
    nhs_number: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be looked for."""
        return not (name_parts(self.name) or self.born_on or self.nhs_number)

    @property
    def asked_for(self) -> tuple[str, ...]:
        """The names of its parts, for the audit trail."""
        parts = {"name": bool(self.name), "born_on": bool(self.born_on), "nhs_number": bool(self.nhs_number)}
        return tuple(name for name, asked in parts.items() if asked)


def people(session: Session, actor: Actor, search: Search, *, page: int = 1) -> tuple[list[Person], int]:
    """People whom the actor may see and who fit the search, by name; and how many. Callers record that they looked."""
    if search.is_empty:
        return [], 0
    statement = select(Person).where(may_see(actor), *fitting(search))
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    rows = session.scalars(statement.order_by(Person.search_name, Person.id).limit(PAGE).offset((page - 1) * PAGE))
    return list(rows), total


def fitting(search: Search) -> list[ColumnElement[bool]]:
    """What a record must be like to fit; whose records are looked through is for the caller to say."""
    wanted: list[ColumnElement[bool]] = []
    for word in sorted(name_parts(search.name))[:MOST_WORDS]:
        starts = Person.search_name.startswith(word, autoescape=True)
        wanted.append(or_(starts, Person.search_name.contains(f" {word}", autoescape=True)))
    if search.born_on:
        wanted.append(Person.born_on == search.born_on)
    if search.nhs_number:
        wanted.append(Person.nhs_number == search.nhs_number)
    return wanted


def person(session: Session, actor: Actor, person_id: UUID, *, to_change: bool = True) -> Person:
    """One whom the actor may see, with their adjustments. NotFound for any other. Callers record that they looked.

    Where it is not `to_change`, also one that the actor opened in an emergency.
    """
    reaches = may_see(actor) if to_change else may_open(actor)
    found = session.scalars(_whole(and_(Person.id == person_id, reaches))).one_or_none()
    if found is None:
        raise NotFound("person")
    return found


def _whole(condition: ColumnElement[bool]) -> Select[Person]:
    return select(Person).where(condition).options(selectinload(Person.adjustments)).order_by(Person.id)


def pairs_to_decide(session: Session) -> list[tuple[PersonPair, Person, Person]]:
    """The pairs that the hub was asked about, oldest first, while both records are there."""
    one, other = aliased(Person), aliased(Person)
    gone = or_(one.merged_into_id.is_not(None), one.erased_at.is_not(None))
    other_gone = or_(other.merged_into_id.is_not(None), other.erased_at.is_not(None))
    rows = session.execute(
        select(PersonPair, one, other)
        .join(one, one.id == PersonPair.one_id)
        .join(other, other.id == PersonPair.other_id)
        .where(PersonPair.state == PairState.ASKED, ~gone, ~other_gone)
        .order_by(PersonPair.created_at, PersonPair.id)
        .limit(50)
    )
    return [(pair, first, second) for pair, first, second in rows]


def merged_lately(session: Session, *, limit: int = 20) -> list[tuple[PersonMerge, Person]]:
    """What was made one and not undone, latest first, each with the record that was kept."""
    rows = session.execute(
        select(PersonMerge, Person)
        .join(Person, Person.id == PersonMerge.kept_id)
        .where(PersonMerge.undone_at.is_(None), Person.erased_at.is_(None))
        .order_by(PersonMerge.created_at.desc(), PersonMerge.id)
        .limit(limit)
    )
    return [(made, kept) for made, kept in rows]


def count_pairs(session: Session, _actor: Actor) -> int:
    """How many pairs wait for the hub."""
    waiting = select(func.count()).select_from(PersonPair).where(PersonPair.state == PairState.ASKED)
    return session.scalar(waiting) or 0


def name_of_user(session: Session, user_id: UUID) -> str:
    """What a member of staff is called."""
    return session.scalar(select(User.name).where(User.id == user_id)) or ""


def name_of_organization(session: Session, organization_id: UUID) -> str:
    """What an organisation is called."""
    return session.scalar(select(MemberOrganization.name).where(MemberOrganization.id == organization_id)) or ""


def kept_instead(session: Session, actor: Actor, person_id: UUID) -> UUID | None:
    """The record that a merged one was led into, if the actor may see that one."""
    kept_id = select(Person.merged_into_id).where(Person.id == person_id).scalar_subquery()
    return session.scalar(select(Person.id).where(Person.id == kept_id, may_see(actor)))


def lately_added(session: Session, actor: Actor, *, limit: int = 10) -> list[Person]:
    """The people whom this member of staff added last, latest first."""
    return list(
        session.scalars(
            select(Person)
            .where(may_see(actor), Person.made_by_id == actor.user_id)
            .order_by(Person.created_at.desc(), Person.id)
            .limit(limit)
        )
    )


def referred_here(session: Session, actor: Actor, *, limit: int = 20) -> list[Person]:
    """The people whom the actor sees because they were referred to the organisation and it has not ended, by name."""
    because = select(PersonAccess.person_id).where(
        PersonAccess.organization_id == actor.organization_id,
        PersonAccess.reason.in_((AccessReason.TRIAGE, AccessReason.REFERRAL)),
        PersonAccess.ended_at.is_(None),
    )
    wanted = select(Person).where(may_see(actor), Person.id.in_(because))
    return list(session.scalars(wanted.order_by(Person.search_name, Person.id).limit(limit)))


def is_seen(session: Session, actor: Actor, person_id: UUID) -> bool:
    """Whether the actor may see the record of a person."""
    return session.scalar(select(Person.id).where(Person.id == person_id, may_see(actor))) is not None


def is_changeable(session: Session, actor: Actor, person_id: UUID) -> bool:
    """Whether the actor may change it as well."""
    return session.scalar(select(Person.id).where(Person.id == person_id, may_change(actor))) is not None


def organizations_with_access(session: Session, person_id: UUID) -> list[MemberOrganization]:
    """The organisations that may see a person's record now, by name."""
    reaching = select(PersonAccess.organization_id).where(
        PersonAccess.person_id == person_id, PersonAccess.ended_at.is_(None)
    )
    return list(
        session.scalars(
            select(MemberOrganization)
            .where(MemberOrganization.id.in_(reaching))
            .order_by(MemberOrganization.name, MemberOrganization.id)
        )
    )


def organizations_to_name(session: Session) -> list[MemberOrganization]:
    """The organisations that a referral can be shared with, by name."""
    return list(
        session.scalars(
            select(MemberOrganization)
            .where(MemberOrganization.is_active, MemberOrganization.kind.not_in(WITHOUT_PEOPLE))
            .order_by(MemberOrganization.name, MemberOrganization.id)
        )
    )


def offered_organizations(session: Session, history: Iterable[Permission]) -> dict[UUID, str]:
    """Whom a referral can be shared with: those named so far, and the organisations that take people on."""
    named = {each.organization_id: each.name for row in history for each in row.organizations}
    taking = {place.id: place.name for place in organizations_to_name(session)}
    return dict(sorted((named | taking).items(), key=lambda pair: (pair[1].casefold(), pair[0])))


def safety_of(person: Person) -> ContactSafety:
    """What the person said about being reached, for `rules.contact.may_contact`; never where somebody else is."""
    return contact_safety(
        {
            "safe_channels": person.safe_channels - channels_leading_elsewhere(person),
            "safe_times": read_times(person.safe_times),
            "do_not_contact": person.do_not_contact,
            "voicemail_allowed": person.voicemail_allowed,
            "discreet": person.discreet,
        }
    )


def channels_leading_elsewhere(person: Person) -> set[ContactChannel]:
    """By which of them somebody else is reached, or nobody."""
    wrong = {ContactChannel.SMS: person.mobile_wrong_since, ContactChannel.EMAIL: person.email_wrong_since}
    return {channel for channel, since in wrong.items() if since is not None}


def wrong_addresses(session: Session, actor: Actor) -> list[Person]:
    """The people whose number or address is somebody else's, longest known first."""
    since = func.coalesce(Person.mobile_wrong_since, Person.email_wrong_since)
    wanted = select(Person).where(may_change(actor), since.is_not(None))
    return list(session.scalars(wanted.order_by(since, Person.id).limit(MOST_WRONG)))


def count_wrong_addresses(session: Session, actor: Actor) -> int:
    """How many there are."""
    is_wrong = or_(Person.mobile_wrong_since.is_not(None), Person.email_wrong_since.is_not(None))
    return session.scalar(select(func.count()).select_from(Person).where(may_change(actor), is_wrong)) or 0


def age_of(person: Person) -> int | None:
    """How old somebody is today, in full years; None where no date of birth is known."""
    return None if person.born_on is None else age_on(person.born_on, clock.today())


def permission_history(session: Session, person_id: UUID) -> list[Permission]:
    """Every answer, by question and latest first."""
    return list(
        session.scalars(
            select(Permission)
            .where(Permission.person_id == person_id)
            .order_by(Permission.kind, Permission.version.desc(), Permission.id)
        )
    )


def permission_versions(session: Session, person_id: UUID) -> list[PermissionVersion]:
    """The history as `rules.permissions` takes it; organisations are told by their id."""
    return versions_of(permission_history(session, person_id))


def versions_of(history: Iterable[Permission]) -> list[PermissionVersion]:
    """Rows of the history as the rules take them."""
    return [
        PermissionVersion(
            kind=row.kind,
            version=row.version,
            given=row.given,
            starts_on=row.starts_on,
            method=row.method,
            taken_by=str(row.taken_by_id or ""),
            expires_on=row.expires_on,
            level=row.level,
            organizations=frozenset(str(each.organization_id) for each in row.organizations),
        )
        for row in history
    ]


def standings(session: Session, person_id: UUID, day: date | None = None) -> dict[PermissionKind, Standing]:
    """Where each of the five permissions stands on a day, today by default."""
    versions = permission_versions(session, person_id)
    return {kind: rules.standing(versions, kind, day or clock.today()) for kind in PermissionKind}


def may_record(session: Session, person_id: UUID, day: date | None = None) -> bool:
    """Whether what the person tells may be written down: refused and withdrawn mean no, not asked yet means yes."""
    return not has_said_no(session, person_id, PermissionKind.RECORD, day=day)


def may_be_asked(session: Session, person_id: UUID) -> bool:
    """Whether they may be asked later how it went: not where they said no to that, or to a record of what they say."""
    return not has_said_no(session, person_id, PermissionKind.FOLLOW_UP, PermissionKind.RECORD)


def has_said_no(session: Session, person_id: UUID, *kinds: PermissionKind, day: date | None = None) -> bool:
    """Whether the person refused one of these, or took it back; not asked yet, and run out, are no such answer."""
    now = standings(session, person_id, day)
    return any(now[kind].state in {PermissionState.REFUSED, PermissionState.WITHDRAWN} for kind in kinds)


def who_refuse_reports(day: date) -> Select[UUID]:
    """The people who do not want to be counted in reports, as a statement."""
    return who_refuse(PermissionKind.ANONYMOUS_REPORTING, day)


def who_refuse(kind: PermissionKind, day: date) -> Select[UUID]:
    """The people whose latest answer to a question by that day is no, as a statement."""
    later = aliased(Permission)
    newer = exists().where(
        later.person_id == Permission.person_id,
        later.kind == kind,
        later.version > Permission.version,
        later.starts_on <= day,
    )
    return select(Permission.person_id).where(
        Permission.kind == kind, Permission.starts_on <= day, Permission.given.is_(False), ~newer
    )
