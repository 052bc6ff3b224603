"""A whole Waymark with the demo town, served on a free port, for tests and pictures of its pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.current import vault
from app.accounts.models import Membership, User
from app.accounts.vault import SIGNPOST
from app.advice.models import AdviceContact, Appointment
from app.advice.operations.drafts import save_draft
from app.booking import emails
from app.booking.codes import BookingState, NeedKind, PoolKind, WhoMayBook
from app.booking.models import AbsenceCall, BookableSession, Booking, Course, Pool, Run, SessionFacilitator
from app.booking.operations import booking as verbs
from app.booking.operations import leading, plans
from app.booking.operations.attendees import attendee_of
from app.booking.operations.completing import complete
from app.booking.operations.inviting import Guest, invite
from app.booking.operations.on_behalf import Behalf, book_person
from app.booking.queries.bookings import attendances_of
from app.booking.rules.wall_time import wall_of
from app.cli import gunicorn_arguments
from app.core import clock
from app.core.actor import ANONYMOUS, SYSTEM, Actor, ActorKind
from app.directory.codes import ProblemKind
from app.directory.curation import imports, places
from app.directory.curation.document import document_of
from app.directory.curation.freshness import PURPOSE
from app.directory.curation.operations import propose
from app.directory.curation.problems import report_problem
from app.directory.curation.suggestions import suggest
from app.directory.models import Collection, LikelyDuplicate, Location, Organization, Service, ServiceAtLocation
from app.directory.wording import operations as wording
from app.directory.wording.queries import topic_words
from app.notifications import links
from app.notifications.about import About
from app.outcomes.codes import CloseReason, OccasionState
from app.outcomes.operations import end_without_answer
from app.outcomes.sending import make_link
from app.people.codes import ContactChannel, SharingLevel
from app.people.details import Details
from app.people.models import Person
from app.people.operations import add_person
from app.referrals.codes import ClosureOutcome, Destination, Recipient, Source
from app.referrals.models import MessagePreview, Pathway, Referral, Telling
from app.referrals.operations import drafts, group, triage, work
from app.referrals.operations.ending import Ending
from app.referrals.operations.pathways import pathway_to_listing
from app.referrals.reactions import GROUP_LINK, PERSON_LINK, PREVIEW_LINK
from app.referrals.signposts.models import Signpost
from app.settings import ROOT, Settings
from app.web.assets import build
from app.web.database import db
from seed.demo import advice, open_sessions, outcomes, people, referrals
from tests import booking_factories
from tests.advice import advice_parts
from tests.databases import free_port
from tests.outcomes import a_link, something_of_each
from tests.pages.care import Care, cared_for
from tests.signing_in import a_provider, actor_of
from tests.town import demo_town

# Of our own lines, of gunicorn's, and of what nobody caught.
FAILURE = re.compile(r'"level": "(error|critical)"|\[(ERROR|CRITICAL)\]|^Traceback')


@dataclass(frozen=True, slots=True)
class BookedPlaces:
    """What can be booked, and the links of bookings that stand differently."""

    service: UUID
    pool: UUID
    full_pool: UUID
    drop_in: UUID
    run: UUID
    session: UUID
    held_by: UUID
    booked: str
    waiting: str
    offered: str
    cancelled: str
    of_person: UUID
    goal: UUID
    talk: UUID
    over_run: UUID
    completed_one: UUID
    completed: str
    by_invitation: UUID
    invited_pool: UUID
    invitation: str
    away: UUID
    leads_it: UUID
    led: UUID


@dataclass(frozen=True, slots=True)
class Site:
    """A running Waymark and the ids of some of what it shows."""

    app: Flask
    url: str
    service: UUID
    organization: UUID
    hidden: UUID
    proposal: UUID
    problem: UUID
    suggestion: UUID
    listing_import: UUID
    check_token: str
    places_token: str
    collection: UUID
    twice: tuple[UUID, UUID]
    person: UUID
    signpost: UUID
    slip_token: str
    places: BookedPlaces
    provider: UUID
    referrals: dict[str, UUID]
    pathway: UUID
    own_token: str
    group_token: str
    ended_group_token: str
    working_group_token: str
    ended_group: UUID
    word_letter: UUID
    person_letter: UUID
    preview: UUID
    preview_token: str
    care: Care
    advice: dict[str, Any]
    outcomes: dict[str, UUID]
    reply_token: str
    old_reply_token: str
    done_reply_token: str


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """Seed a database in `folder`, build the index and the assets, and serve as in production until the block ends.

    Not by Werkzeug's own server: it leaves the file of an answer open where a browser drops the connection.
    """
    build.main()
    app = demo_town(folder, f"http://127.0.0.1:{free_port()}")
    log = folder / "server.log"
    try:
        with log.open("wb") as errors, _server(app, errors) as server:
            _wait_until_it_answers(f"{app.extensions['waymark_settings'].base_url}/healthz", server)
            yield site_of(app)
    finally:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
    if failures := [line for line in log.read_text("utf-8").splitlines() if FAILURE.search(line)]:
        raise AssertionError(f"the server met {len(failures)} errors, the first: {failures[0]}")


@contextmanager
def _server(app: Flask, errors: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    settings: Settings = app.extensions["waymark_settings"]
    environment = os.environ | {
        "WAYMARK_INSTANCE": str(settings.instance),
        "WAYMARK_DATABASE_URL": settings.database_url,
        "WAYMARK_INDEX_DIR": str(settings.index_dir),
        "WAYMARK_BASE_URL": settings.base_url,
        "WAYMARK_SECRET_KEY": settings.secret_key,
    }
    port = int(settings.base_url.rsplit(":", 1)[1])
    command = [sys.executable, "-m", "gunicorn", *gunicorn_arguments("127.0.0.1", port, workers=1), "wsgi:app"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=errors)
    try:
        yield server
    finally:
        server.terminate()
        server.wait()


def _wait_until_it_answers(address: str, server: subprocess.Popen[bytes]) -> None:
    # Generous, for a machine that does other work besides.
    deadline = time.monotonic() + 300
    while True:
        try:
            with urllib.request.urlopen(address, timeout=300):
                return
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def site_of(app: Flask) -> Site:
    """Pick the services that pages are tried on."""
    with app.app_context(), Session(db.engines[None]) as session:
        richest = session.scalars(
            select(Service)
            .where(Service.what_to_say.is_not(None), Service.what_to_bring.is_not(None))
            .order_by(Service.name, Service.id)
            .limit(1)
        ).one()
        hidden = session.scalars(
            select(ServiceAtLocation.service_id)
            .join(Location)
            .where(Location.confidential)
            .order_by(ServiceAtLocation.service_id)
            .limit(1)
        ).one()
        organization = session.scalars(
            select(Organization.id).where(Organization.id == richest.organization_id).order_by(Organization.id)
        ).one()
        collection = session.scalars(select(Collection.id).order_by(Collection.slug).limit(1)).one()
        twice = session.execute(select(LikelyDuplicate.first_id, LikelyDuplicate.second_id).limit(1)).one()
        care = cared_for(session)
        proposal, problem, token = _curation(session, richest)
        suggestion = suggest(
            session, name="Tool library", organization="Hob Lane Neighbours", description="Lends tools"
        ).id
        provider = About(type=places.SUBJECT, id=richest.organization.member_organization_id or organization)
        places_token = links.issue(session, places.PURPOSE, provider, lifetime=timedelta(days=1), once=False)
        booked = _bookings(session)
        of_person = _of_person(session, care.person, booked.pool)
        goal, talk = _planned(session, of_person)
        booked = replace(booked, of_person=of_person, goal=goal, talk=talk)
        hub = queries.organization_named(session, "Wexmoor Wellbeing Hub")
        assert hub is not None
        provider_id = a_provider(session, hub.id).id
        sent = _referrals(session) | _outcomes(session)
        advised = _advice(session)
        listing_import = _upload(session)
        _reword(session)
        session.commit()
        signpost = session.scalars(select(Signpost).order_by(Signpost.created_at, Signpost.id).limit(1)).one()
        slip_token = vault(SIGNPOST).open(signpost.sealed_link) or ""
        return Site(
            app=app,
            url=app.extensions["waymark_settings"].base_url,
            service=richest.id,
            organization=organization,
            hidden=hidden,
            proposal=proposal,
            listing_import=listing_import,
            problem=problem,
            suggestion=suggestion,
            check_token=token,
            places_token=places_token,
            collection=collection,
            twice=(twice.first_id, twice.second_id),
            signpost=signpost.id,
            slip_token=slip_token,
            person=care.person,
            care=care,
            places=booked,
            provider=provider_id,
            advice=advised,
            **sent,
        )


def _referrals(session: Session) -> dict[str, Any]:
    """The demo's referrals, a pathway, the link of somebody who referred themselves, and that of a group."""
    known = referrals.load(session, people.load(session))
    pathway = referrals.pathway(session, "single-point-of-referral")
    own = session.scalar(select(Referral.id).where(Referral.source == Source.SELF).limit(1)) or _own(session, pathway)
    group = session.scalar(select(Referral.id).where(Referral.receiver_organization_id.is_(None)).limit(1))
    rows = (own, group or _group(session, known), known["to-read"])
    about = [About(type="referral", id=row_id) for row_id in rows]
    day = timedelta(days=1)
    return {
        "referrals": known,
        "pathway": pathway.id,
        "own_token": links.issue(session, PERSON_LINK, about[0], lifetime=day, once=False),
        "preview": session.scalars(select(MessagePreview.id).where(MessagePreview.referral_id == rows[2])).one(),
        "preview_token": links.issue(session, PREVIEW_LINK, about[2], lifetime=day, once=False),
        "group_token": links.issue(session, GROUP_LINK, about[1], lifetime=day, once=False),
        "person_letter": _reached_by_letter(session, known["at-work"]),
        **_ended_with_group(session),
        "working_group_token": _with_group(session),
    }


def _reached_by_letter(session: Session, referral_id: UUID) -> UUID:
    """A referral whose person takes letters."""
    person = session.get_one(Referral, referral_id).person
    person.safe_channels = person.safe_channels | {ContactChannel.LETTER}
    person.address, person.do_not_contact = person.address or "14 Ropewalk", False
    session.flush()
    return referral_id


def _with_group(session: Session) -> str:
    """The link of one that a group has said yes to and begun to work on."""
    person = add_person(session, people.actor_named(session, referrals.SURGERY), Details(name="Moss Ferry"))
    row = session.get_one(Referral, _to_group(session, person, "pages-group-works", SharingLevel.SUMMARY))
    holder = Actor(kind=ActorKind.LINK, subject_id=row.id)
    triage.accept(session, holder, row, coordinator_name="Ben", version=row.version)
    work.start(session, holder, row, first_contact_at=clock.now(), version=row.version)
    return links.issue(session, GROUP_LINK, About(type="referral", id=row.id), lifetime=timedelta(days=1), once=False)


def _ended_with_group(session: Session) -> dict[str, Any]:
    """One that a group brought to its end; the practice of the person has no account and gets a letter."""
    gp = people.actor_named(session, referrals.SURGERY)
    person = add_person(session, gp, Details(name="Wren Holloway", gp_name="Quay Practice"))
    row = session.get_one(Referral, _to_group(session, person, "pages-group-ended", SharingLevel.SUMMARY))
    holder = Actor(kind=ActorKind.LINK, subject_id=row.id)
    triage.accept(session, holder, row, coordinator_name="Ben", version=row.version)
    told = Ending(destination=Destination.SELF_MANAGEMENT, summary="She digs weekly.")
    group.finish(session, holder, row, outcome=ClosureOutcome.PARTLY, ending=told, version=row.version)
    letter = select(Telling.id).where(Telling.referral_id == row.id, Telling.recipient == Recipient.GP)
    about = About(type="referral", id=row.id)
    return {
        "ended_group_token": links.issue(session, GROUP_LINK, about, lifetime=timedelta(days=1), once=False),
        "ended_group": row.id,
        "word_letter": session.scalars(letter).one(),
    }


def _advice(session: Session) -> dict[str, Any]:
    """The contact of the demo that has most in it, a draft, and the link of somebody who has an appointment."""
    adviser = people.actor_named(session, advice.ADVISER)
    typed = {"client_kind": ["named"], "name": ["Colin"], "words": ["PIP turned down, no food"], "minutes": ["20"]}
    typed |= {"emergencies": ["no-food", "homeless-tonight"], "issues": ["benefits/pip/appeal", "debt/bailiffs"]}
    draft = save_draft(session, adviser, None, typed, opened=clock.now(), title="Colin")
    contact = advice.load(session, people.load(session))["first"]
    case = session.scalars(select(AdviceContact.case_id).where(AdviceContact.id == contact)).one()
    reviewed = advice_parts(session, people.actor_named(session, "manager@wexmoor.example"))
    of_hub = {
        "case_of_hub": reviewed["case_of_another"],
        "review_of_hub": reviewed["review"],
        "letter_of_hub": reviewed["letter"],
        "letter_template_of_hub": reviewed["letter-template"],
        "group_of_hub": reviewed["group"],
        "template_of_hub": reviewed["template"],
        "appointment_of_hub": reviewed["appointment"],
        "time_of_hub": reviewed["time"],
    }
    opened = open_sessions.load(session)
    booking = session.get_one(Booking, session.get_one(Appointment, opened["appointment"]).booking_id)
    own = {"contact": contact, "draft": draft.id, "case": case, "appointment_link": emails.link_to(session, booking)}
    return own | of_hub | opened


def _outcomes(session: Session) -> dict[str, Any]:
    """The hub's follow-ups of somebody, and links to forms: open, too old, answered."""
    known = people.load(session)
    outcomes.load(session, known)
    hub = people.actor_named(session, "hub@wexmoor.example")
    made = something_of_each(session, hub) | {"dee": known["dee"]}
    asked, reply_token = a_link(session, hub, session.get_one(Person, known["dee"]), "phq-9", "ons4", "satisfaction")
    old = make_link(session, asked, timedelta(seconds=-1))
    answered, done = a_link(session, hub, session.get_one(Person, known["dee"]), "ucla-3")
    answered.state, answered.done_on = OccasionState.DONE, answered.due_on
    ended, _token = a_link(session, hub, session.get_one(Person, known["dee"]), "gad-7")
    end_without_answer(session, hub, ended, CloseReason.UNWELL)
    made |= {
        "asked": asked.id,
        "ended": ended.id,
        "surgery": people.actor_named(session, "surgery@wexmoor.example").organization_id,
    }
    return {"outcomes": made, "reply_token": reply_token, "old_reply_token": old, "done_reply_token": done}


def _own(session: Session, pathway: Pathway) -> UUID:
    """A referral of somebody who asks for themselves, with a question to answer."""
    visitor = Actor(kind=ActorKind.ANONYMOUS)
    person = add_person(session, visitor, Details(name="Mina"), organization_id=pathway.organization_id)
    written = drafts.Written(source=Source.SELF, what_would_help="A talk", answers={"main-needs": "Too much at once"})
    row = drafts.begin(session, visitor, person, pathway, written, submission_key="pages-own")
    holder = Actor(kind=ActorKind.LINK, subject_id=row.id)
    drafts.send(session, holder, row, drafts.Agreement(given=True), version=row.version)
    hub = people.actor_named(session, referrals.HUB)
    triage.ask(session, hub, row, question="Mornings or evenings?", version=row.version)
    return row.id


def _group(session: Session, known: dict[str, UUID]) -> UUID:
    """A referral to a listed service that has no account."""
    return _to_group(session, session.get_one(Referral, known["to-triage"]).person, "pages-group")


def _to_group(session: Session, person: Person, key: str, level: SharingLevel = SharingLevel.NONE) -> UUID:
    gp = people.actor_named(session, referrals.SURGERY)
    service = session.scalars(
        select(Service)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Service.email.is_not(None), Organization.member_organization_id.is_(None))
        .order_by(Service.name, Service.id)
        .limit(1)
    ).one()
    pathway = pathway_to_listing(session, gp, service)
    written = drafts.Written(source=Source.GP, what_would_help="A plot", answers={"wish": "To dig"})
    row = drafts.begin(session, gp, person, pathway, written, submission_key=key)
    drafts.send(session, gp, row, drafts.Agreement(given=True, level=level), version=row.version)
    return row.id


def _curation(session: Session, service: Service) -> tuple[UUID, UUID, str]:
    """A change that waits, a report that waits, and the link of a reminder."""
    nobody = Actor(kind=ActorKind.LINK, subject_id=service.id)
    wanted = document_of(service) | {"name": "Another name", "phones": ["01632 960001, office"], "alert": "Shut today"}
    proposal = propose(session, nobody, service, wanted, note="We have moved")
    problem = report_problem(session, nobody, service, kind=ProblemKind.CLOSED, details="The door was shut.")
    about = About(type="service", id=service.id)
    assert proposal is not None
    return proposal.id, problem.id, links.issue(session, PURPOSE, about, lifetime=timedelta(days=1), once=False)


def _reword(session: Session) -> None:
    """A phrase that the search was taught here, and a topic that was changed here."""
    wording.teach(session, ANONYMOUS, "money for the meter", ["energy-bills"])
    topic = topic_words(session)["hoarding"]
    wording.publish_topic(session, ANONYMOUS, "hoarding", replace(topic, description="When things pile up at home."))


def _upload(session: Session) -> UUID:
    """A list that waits for an editor: one new service, one row without a name."""
    content = b"name,organisation,description\nWarm room,Mill Trust,Warmth and tea.\n,Mill Trust,Nothing\n"
    found = imports.look(session, file_name="mill.csv", content=content, source="Mill list")
    imports.keep(session, ANONYMOUS, found)
    return found.id


def _filled(session: Session, pools: Sequence[Pool]) -> Pool:
    """A full one, early enough before its start that a place given back is offered, also late on a Friday."""
    begins_later = clock.now() + timedelta(days=8)
    pool = next(pool for pool in pools if pool.starts_at > begins_later and 0 < pool.free < 6)
    for number in range(pool.free):
        _booked(session, pool.id, f"full{number}")
    session.refresh(pool)
    assert not pool.free
    return pool


def _bookings(session: Session) -> BookedPlaces:
    """A booking of each kind that its own page shows differently."""
    pools = session.scalars(select(Pool).where(Pool.kind == PoolKind.RUN).order_by(Pool.starts_at, Pool.id)).all()
    full = _filled(session, pools)
    free = next(pool for pool in pools if pool.free > 2)
    drop_in = session.scalars(select(Pool.id).where(Pool.kind == PoolKind.DROP_IN).order_by(Pool.starts_at)).first()
    waiting = [_booked(session, full.id, f"w{number}") for number in range(2)]
    holder = session.scalars(
        select(Booking).where(Booking.pool_id == full.id, Booking.state == BookingState.BOOKED).order_by(Booking.id)
    ).first()
    cancelled = _booked(session, free.id, "gone")
    assert holder is not None
    assert drop_in is not None
    verbs.give_up(session, ANONYMOUS, cancelled)
    for booking in session.scalars(
        select(Booking).where(Booking.pool_id == full.id, Booking.state == BookingState.WAITING).order_by(Booking.id)
    ).all():
        if booking not in waiting:
            verbs.give_up(session, ANONYMOUS, booking)
    verbs.give_up(session, ANONYMOUS, holder)
    booked = _booked(session, free.id, "booked", needs={NeedKind.LARGE_PRINT: "On yellow paper"})
    tokens = [emails.link_to(session, one) for one in (booked, waiting[1], waiting[0], cancelled)]
    _missed(session, booked)
    one = session.scalars(
        select(BookableSession.id).where(BookableSession.run_id == free.run_id).order_by(BookableSession.starts_at)
    ).first()
    assert one is not None
    ids = (free.run.course.service_id, free.id, full.id, drop_in, free.run_id, one, waiting[1].id)
    made = (*_completed(session, free), *_invited(session), *_away(session, free.run_id))
    return BookedPlaces(*ids, *tokens, UUID(int=0), UUID(int=0), UUID(int=0), *made)


def _away(session: Session, run_id: UUID) -> tuple[UUID, UUID, UUID]:
    """Somebody who cannot lead a date to come; who they are, and the date."""
    wanted = select(SessionFacilitator).join(BookableSession, BookableSession.id == SessionFacilitator.session_id)
    wanted = wanted.where(BookableSession.run_id == run_id, BookableSession.starts_at > clock.now())
    away = session.scalars(wanted.order_by(BookableSession.starts_at, SessionFacilitator.id)).first()
    assert away is not None
    leading.cannot_come(session, SYSTEM, away)
    return away.id, away.facilitator_id, away.session_id


def _invited(session: Session) -> tuple[UUID, UUID, str]:
    """A run by invitation, its pool and the link of somebody who is invited."""
    wanted = select(Pool).join(Run, Run.id == Pool.run_id).where(Run.who == WhoMayBook.INVITED)
    # Times for an appointment are given by advisers, and nobody is invited to them.
    pool = session.scalars(wanted.where(Run.course.has(Course.service_id.is_not(None))).order_by(Pool.id)).first()
    user = session.scalars(select(User).join(Membership, Membership.user_id == User.id).order_by(User.id)).first()
    assert pool is not None
    assert user is not None
    guest = Guest(name="Bea", address=None, most_people=3, expires_at=clock.now() + timedelta(days=7))
    return pool.run_id, pool.id, invite(session, actor_of(session, user), pool.run, guest)


def _completed(session: Session, like: Pool) -> tuple[UUID, UUID, str]:
    """A course that is over: who completed it, and the link of their booking; somebody else took part."""
    with clock.moved_to(clock.now() - timedelta(days=60)):
        run = booking_factories.run(session, of=like.run.course)
        pool = booking_factories.pool(session, of=run, sessions=3, in_days=10)
        done, _other = (_booked(session, pool.id, name) for name in ("Ada", "Bo"))
    complete(session, SYSTEM, run, {done.id})
    return run.id, done.id, emails.link_to(session, done)


def _of_person(session: Session, person_id: UUID, pool_id: UUID) -> UUID:
    """A place that the surgery booked for somebody on its records."""
    person = session.get_one(Person, person_id)
    worker = session.scalars(select(User).where(User.email == "surgery@wexmoor.example")).one()
    return book_person(session, actor_of(session, worker), pool_id, Behalf(person=person), key="of a person").id


def _planned(session: Session, booking_id: UUID) -> tuple[UUID, UUID]:
    """A goal, put right once, and a talk in the learning plan of whoever has a booking."""
    booking = session.get_one(Booking, booking_id)
    assert booking.person_id is not None
    tutor = actor_of(session, session.scalars(select(User).where(User.email == "tutor@wexmoor.example")).one())
    plan = plans.open_plan(session, tutor, booking.person_id, booking.pool.run.organization_id)
    plans.add_goal(session, tutor, plan, "Come to al four")
    plans.correct_goal(session, tutor, plan, plan.goals[0], "Come to all four")
    plans.add_review(session, tutor, plan, plans.Talk(held_on=clock.today(), words="The first one went well"))
    return plan.goals[0].id, plan.reviews[0].id


def _missed(session: Session, booked: Booking) -> None:
    """Somebody missed the first session, and a register of today waits."""
    attendance = attendances_of(session, booked.id)[0]
    run = attendance.session.run
    session.add(AbsenceCall(attendance_id=attendance.id, organization_id=run.organization_id))
    now = clock.now()
    session.add(BookableSession(run=run, starts_at=now - timedelta(hours=1), ends_at=now, wall_start=wall_of(now)))
    session.flush()


def _booked(session: Session, pool: UUID, name: str, **details: Any) -> Booking:
    key = uuid4().hex
    held = verbs.begin(session, ANONYMOUS, pool, key=key)
    verbs.give_details(session, ANONYMOUS, held, verbs.Details(name=name, **details))
    return verbs.confirm(session, ANONYMOUS, held, attendee_of(session, f"{name}{key}@person.example"))
