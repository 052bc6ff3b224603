"""The verbs of signposts: give, hand over, answer, note."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.vault import Vault
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.core.events import announce
from app.directory.curation import experiences
from app.directory.models import Service
from app.directory.queries import NEED
from app.notifications import links
from app.notifications.about import About
from app.notifications.codes import Channel
from app.people import queries as people
from app.people.models import Person
from app.referrals.rules.aid import Tick
from app.referrals.signposts import rules
from app.referrals.signposts.announcements import NeedWasUnmet, UnmetNeedWithdrawn
from app.referrals.signposts.codes import Declined, Way, Whom
from app.referrals.signposts.models import Giving, Signpost, SignpostLine

NOT_ON_RECORD = "They do not want things written down. Give it without their name."
# Without what is easily taken for something else when it is read out: 0 and O, 1, I and L.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
REFERENCE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Pick:
    """A service that was picked, and the words to give with it."""

    service: Service
    what_to_say: str = ""
    what_to_bring: str = ""
    what_happens_next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a signpost is to be. `need` is the slug of a topic, `district` that of a postcode ("M33").

    One that was `declined` is kept without a link.
    """

    picks: Sequence[Pick]
    whom: Whom = Whom.SOMEBODY
    person: Person | None = None
    need: str = ""
    district: str = ""
    language: str = "en"
    large_print: bool = False
    ticks: Collection[Tick] = ()
    declined: Declined | None = None


def give(session: Session, actor: Actor, vault: Vault, wanted: Wanted, *, form_key: UUID) -> Signpost:
    """Make a signpost with its link, or give back the one that the same form has made already."""
    if not 1 <= len(wanted.picks) <= rules.MOST_SERVICES:
        raise InvalidInput("Choose from one to ten services.")
    if actor.organization_id is None or actor.user_id is None:
        raise InvalidInput("Only a member of staff can give a signpost.")
    if wanted.person is not None and not people.may_record(session, wanted.person.id):
        raise Refused(NOT_ON_RECORD)
    if (made := _made_by_form(session, actor.user_id, form_key)) is not None:
        return made
    try:
        with session.begin_nested():
            made = _make(session, actor, vault, wanted, form_key)
    except IntegrityError:  # the same form, sent twice at the same time
        made = _made_by_form(session, actor.user_id, form_key)
        if made is None:
            raise
        return made
    record(session, actor, Action.CREATED, ("signpost", made.id), person_id=made.person_id)
    return made


def _made_by_form(session: Session, user_id: UUID, form_key: UUID) -> Signpost | None:
    made = select(Signpost).where(Signpost.made_by_id == user_id, Signpost.form_key == form_key)
    return session.scalars(made.order_by(Signpost.id)).one_or_none()


def _make(session: Session, actor: Actor, vault: Vault, wanted: Wanted, form_key: UUID) -> Signpost:
    signpost_id = uuid4()
    about = About(type=rules.PURPOSE, id=signpost_id)
    lasts = timedelta() if wanted.declined else rules.LINK_LASTS
    token = "" if wanted.declined else links.issue(session, rules.PURPOSE, about, lifetime=lasts, once=False)
    made = Signpost(
        id=signpost_id,
        organization_id=actor.organization_id,
        made_by_id=actor.user_id,
        made_as=" ".join(sorted(actor.roles)),
        form_key=form_key,
        reference="".join(secrets.choice(LETTERS) for _letter in range(REFERENCE_LENGTH)),
        whom=wanted.whom,
        person_id=wanted.person.id if wanted.person else None,
        need=wanted.need,
        district=wanted.district,
        language=wanted.language,
        large_print=wanted.large_print,
        ticks=frozenset(wanted.ticks),
        declined=wanted.declined,
        sealed_link=vault.seal(token),
        expires_at=clock.now() + lasts,
        lines=[_line(position, pick) for position, pick in enumerate(wanted.picks)],
    )
    session.add(made)
    session.flush()
    return made


def _line(position: int, pick: Pick) -> SignpostLine:
    return SignpostLine(
        service_id=pick.service.id,
        position=position,
        name=pick.service.name,
        what_to_say=pick.what_to_say,
        what_to_bring=pick.what_to_bring,
        what_happens_next=pick.what_happens_next,
    )


def hand_over(session: Session, actor: Actor, signpost: Signpost, way: Way) -> None:
    """Keep in which way it was given; the same way by the same hand within a minute is one giving."""
    just_now = clock.now() - timedelta(minutes=1)
    if any(known.way is way and known.created_at > just_now for known in signpost.givings):
        return
    if actor.user_id is None:
        raise InvalidInput("Only a member of staff can give a signpost.")
    signpost.givings.append(Giving(way=way, given_by_id=actor.user_id))
    signpost.settle()
    session.flush()
    record(session, actor, Action.SHARED, ("signpost", signpost.id), person_id=signpost.person_id, reason=way.value)


def remind_later(
    session: Session, actor: Actor, vault: Vault, signpost: Signpost, *, channel: Channel, address: str
) -> None:
    """Have one reminder go in two weeks, as the person agreed."""
    signpost.remind_by, signpost.remind_to = channel, vault.seal(address)
    signpost.remind_on = rules.remind_on(clock.today())
    session.flush()
    record(session, actor, Action.CHANGED, ("signpost", signpost.id), fields=("reminder",))


def answer(session: Session, actor: Actor, line: SignpostLine, tap: rules.Tap) -> None:
    """Keep what the person says of one service, and let the listing and the ledger know. To say it again is nothing."""
    before = answer_of(line)
    now = rules.after(before, tap)
    if now == before:
        return
    line.contacted, line.helped, line.hindrance = now.contacted, now.helped, now.hindrance
    line.answered_at = line.signpost.answered_at = clock.now()
    _forget_address(line.signpost)
    if line.service_id is not None:
        experiences.tell(session, line.service_id, told_by=line.id, met_with=rules.met_with(now))
    _tell_ledger(session, line, is_unmet=rules.is_unmet(now))
    session.flush()
    record(session, actor, Action.CHANGED, ("signpost", line.signpost_id), fields=("answer",))


def answer_of(line: SignpostLine) -> rules.Answer:
    """What the person has said of one service."""
    return rules.Answer(line.contacted, line.helped, line.hindrance)


def _forget_address(signpost: Signpost) -> None:
    """Who has answered is not reminded."""
    signpost.remind_to = None


def _tell_ledger(session: Session, line: SignpostLine, *, is_unmet: bool) -> None:
    district = line.signpost.district
    if is_unmet and line.unmet_in_week is None:
        today = clock.today()
        topic = line.signpost.need or main_topic(session, line.service_id)
        line.unmet_in_week, line.unmet_topic = today - timedelta(days=today.weekday()), topic
        announce(session, NeedWasUnmet(topic, district))
    elif not is_unmet and line.unmet_in_week is not None:
        announce(session, UnmetNeedWithdrawn(line.unmet_in_week, line.unmet_topic or "", district))
        line.unmet_in_week = line.unmet_topic = None


def main_topic(session: Session, service_id: UUID | None) -> str:
    """The first need that a listing is about; nothing where it names none."""
    service = session.get(Service, service_id) if service_id else None
    terms = [attribute.taxonomy_term for attribute in service.attributes] if service else []
    return next((term.code for term in terms if term.taxonomy.slug == NEED), "")


def note_answers(session: Session, actor: Actor, signposts: Sequence[Signpost]) -> None:
    """Say that the answers so far have been read, or that nobody can be reached; they leave the worklists."""
    for signpost in signposts:
        signpost.noted_at = clock.now()
        signpost.settle()
        record(session, actor, Action.CHANGED, ("signpost", signpost.id), fields=("noted",))
    session.flush()
