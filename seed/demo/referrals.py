"""The demo's pathways and referrals: some of every state, so that each desk has something on it. All made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.queries import organization_named
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import NotFound
from app.people.codes import ContactChannel, PermissionMethod, SharingLevel
from app.people.models import Person
from app.referrals.codes import (
    AppointmentKind,
    ClosureOutcome,
    Destination,
    DoneBy,
    Priority,
    Reached,
    Shown,
    Source,
    Told,
)
from app.referrals.models import Pathway, Referral
from app.referrals.operations import drafts, ending, triage, work
from app.referrals.operations.pathways import make_pathway, set_open
from app.referrals.queries import pathways as queries
from seed.demo.people import actor_named
from seed.reference import pathway_templates

RECEIVES = {
    "Wexmoor Wellbeing Hub": (
        "single-point-of-referral",
        "housing",
        "peer-support",
        "befriending",
        "recovery-centre",
        "recovery-college",
        "employment-primary-care",
        "rehabilitation-and-recovery",
    ),
    "Wexmoor Advice": ("benefits", "debt"),
}
# From the numbers that Ofcom keeps for drama.
PHONES = {"Wexmoor Wellbeing Hub": "01632 960790", "Wexmoor Advice": "01632 960791"}
SURGERY, HUB, ADVICE = "surgery@wexmoor.example", "hub@wexmoor.example", "adviser@wexmoor.example"


def load(session: Session, people: dict[str, UUID]) -> dict[str, UUID]:
    """Make the pathways and referrals that are not there yet; the ids of the referrals by slug."""
    pathway_templates.load(session)
    _load_pathways(session)
    if session.scalar(select(func.count(Referral.id))):
        return _known(session)
    makers = {
        "to-triage": _to_triage,
        "asked": _asked,
        "at-work": _at_work,
        "waiting": _waiting,
        "completed": _completed,
        "to-read": _to_read,
        "rejected": _rejected,
    }
    for slug, make in makers.items():
        make(session, people, slug)
    session.flush()
    return _known(session)


def pathway(session: Session, slug: str) -> Pathway:
    """The demo's own pathway of a template."""
    found = session.scalars(
        select(Pathway).where(Pathway.slug == slug, Pathway.organization_id.is_not(None)).order_by(Pathway.id)
    ).first()
    if found is None:
        raise NotFound("pathway")
    return found


def _load_pathways(session: Session) -> None:
    for name, slugs in RECEIVES.items():
        place = organization_named(session, name)
        if place is None:
            raise NotFound(name)
        for slug in slugs:
            known = select(Pathway.id).where(Pathway.organization_id == place.id, Pathway.slug == slug)
            template = queries.template(session, slug)
            if session.scalar(known) is None and template is not None:
                told = replace(queries.definition(session, template), letter_phone=PHONES[name])
                made = make_pathway(session, SYSTEM, told, slug=slug, organization_id=place.id)
                set_open(session, SYSTEM, made, is_open=True)


def _known(session: Session) -> dict[str, UUID]:
    rows = session.execute(
        select(Referral.submission_key, Referral.id)
        .where(Referral.submission_key.startswith("demo:", autoescape=True))
        .order_by(Referral.submission_key)
    )
    return {key.removeprefix("demo:"): id_ for key, id_ in rows}


def _sent(
    session: Session, by: str, person_id: UUID, slug: str, key: str, written: drafts.Written
) -> tuple[Actor, Referral]:
    actor = actor_named(session, by)
    person = session.get_one(Person, person_id)
    draft = drafts.begin(session, actor, person, pathway(session, slug), written, submission_key=f"demo:{key}")
    agreement = drafts.Agreement(given=True, method=PermissionMethod.VERBAL, level=SharingLevel.SUMMARY)
    return actor, drafts.send(session, actor, draft, agreement, version=draft.version)


def _to_triage(session: Session, people: dict[str, UUID], key: str) -> None:
    with clock.moved_to(clock.now() - timedelta(hours=20)):
        written = drafts.Written(
            source=Source.GP,
            priority=Priority.URGENT,
            what_would_help="Somebody to talk to, and a way back to work.",
            answers={
                "main-needs": "Lost his job in September and hardly sleeps. Stays in bed until noon.",
                "strengths": "Plays the trumpet. His sister rings every day.",
            },
            eligibility={"agrees-to-contact": "yes"},
        )
        _sent(session, SURGERY, people["rowan"], "single-point-of-referral", key, written)


def _asked(session: Session, people: dict[str, UUID], key: str) -> None:
    with clock.moved_to(clock.now() - timedelta(days=2)):
        written = drafts.Written(
            source=Source.LINK_WORKER,
            what_would_help="Keep his flat.",
            answers={"situation": "A letter about arrears lies unopened.", "tenure": "council"},
            eligibility={"has-tonight": "yes"},
        )
        _actor, row = _sent(session, SURGERY, people["tariq"], "housing", key, written)
    hub = actor_named(session, HUB)
    with clock.moved_to(clock.now() - timedelta(days=1)):
        triage.ask(session, hub, row, question="Who may we ring, and when is he at the surgery?", version=row.version)


def _at_work(session: Session, people: dict[str, UUID], key: str) -> None:
    with clock.moved_to(clock.now() - timedelta(days=24)):
        written = drafts.Written(
            source=Source.VOLUNTARY_SECTOR,
            what_would_help="Sort out the letters about Universal Credit.",
            answers={"about": "decision", "more": "Needs easy read."},
        )
        _actor, row = _sent(session, HUB, people["dee"], "benefits", key, written)
    adviser = actor_named(session, ADVICE)
    with clock.moved_to(clock.now() - timedelta(days=23)):
        triage.accept(session, adviser, row, coordinator_id=adviser.user_id, version=row.version)
        missed = work.Attempt(channel=ContactChannel.SMS, result=Reached.NO_ANSWER)
        work.log_contact(session, adviser, row, missed, version=row.version)
    with clock.moved_to(clock.now() - timedelta(days=21)):
        reached = work.Attempt(channel=ContactChannel.SMS, result=Reached.REACHED, note="Tuesdays are good.")
        work.log_contact(session, adviser, row, reached, version=row.version)
        work.start(session, adviser, row, version=row.version)
        work.add_goal(session, adviser, row, words="I want to know what I can live on.", version=row.version)
        work.add_plan_item(
            session,
            adviser,
            row,
            words="Fill in the form for a second look at the decision",
            done_by=DoneBy.TOGETHER,
            due_on=clock.today() + timedelta(days=28),
            version=row.version,
        )
        work.add_note(session, adviser, row, text="Brings a friend who reads aloud.")
    meeting = work.Meeting(
        kind=AppointmentKind.SESSION, starts_at=clock.now() + timedelta(days=1), place="Wexmoor Library, room 2"
    )
    work.book(session, adviser, row, meeting, version=row.version)


def _waiting(session: Session, people: dict[str, UUID], key: str) -> None:
    with clock.moved_to(clock.now() - timedelta(days=40)):
        written = drafts.Written(
            source=Source.GP,
            what_would_help="Company once a week, in Welsh if it can be.",
            answers={"likes": "Chapel choirs, crosswords and strong tea."},
        )
        _actor, row = _sent(session, SURGERY, people["gwen"], "befriending", key, written)
    hub = actor_named(session, HUB)
    with clock.moved_to(clock.now() - timedelta(days=38)):
        triage.accept(session, hub, row, coordinator_id=hub.user_id, version=row.version)
        triage.add_to_waiting_list(session, hub, row, version=row.version)


def _completed(session: Session, people: dict[str, UUID], key: str) -> None:
    with clock.moved_to(clock.now() - timedelta(days=90)):
        written = drafts.Written(
            source=Source.GP,
            what_would_help="Meet people who have been through the same.",
            answers={"hopes": "Leave the house twice a week.", "how": "group"},
        )
        _actor, row = _sent(session, SURGERY, people["gwen"], "peer-support", key, written)
    hub = actor_named(session, HUB)
    with clock.moved_to(clock.now() - timedelta(days=86)):
        triage.accept(session, hub, row, coordinator_id=hub.user_id, version=row.version)
        reached = work.Attempt(channel=ContactChannel.PHONE, result=Reached.REACHED)
        work.log_contact(session, hub, row, reached, version=row.version)
        work.start(session, hub, row, version=row.version)
        goal = work.add_goal(session, hub, row, words="Go out on my own again.", version=row.version)
    with clock.moved_to(clock.now() - timedelta(days=6)):
        done = ending.Ending(
            destination=Destination.MAINSTREAM_ACTIVITY,
            outcomes={goal.id: ClosureOutcome.ACHIEVED},
            summary="Came to eight group sessions and now sings in the chapel choir on Thursdays.",
            next_step="Nothing more from us. She knows that she can come back.",
            shown="yes",
        )
        ending.complete(session, hub, row, done, version=row.version)


def _to_read(session: Session, people: dict[str, UUID], key: str) -> None:
    """Ended yesterday: the person reads the word back before the surgery does."""
    with clock.moved_to(clock.now() - timedelta(days=60)):
        written = drafts.Written(
            source=Source.GP,
            what_would_help="A place of his own, or a way to live with his brother.",
            answers={"situation": "Shares a flat that is too small.", "tenure": "private"},
            eligibility={"has-tonight": "yes"},
        )
        _actor, row = _sent(session, SURGERY, people["rowan"], "housing", key, written)
    hub = actor_named(session, HUB)
    with clock.moved_to(clock.now() - timedelta(days=57)):
        triage.accept(session, hub, row, coordinator_id=hub.user_id, version=row.version)
        reached = work.Attempt(channel=ContactChannel.PHONE, result=Reached.REACHED)
        work.log_contact(session, hub, row, reached, version=row.version)
        work.start(session, hub, row, version=row.version)
        goal = work.add_goal(session, hub, row, words="Know where I stand with the flat.", version=row.version)
    with clock.moved_to(clock.now() - timedelta(days=1)):
        done = ending.Ending(
            destination=Destination.SELF_MANAGEMENT,
            outcomes={goal.id: ClosureOutcome.PARTLY},
            summary="We looked at the tenancy together. He is on the list for a flat near the harbour.",
            next_step="The housing office writes in spring. He rings us if the letter does not come.",
            shown=Shown.LATER.value,
        )
        ending.complete(session, hub, row, done, version=row.version)


def _rejected(session: Session, people: dict[str, UUID], key: str) -> None:
    with clock.moved_to(clock.now() - timedelta(days=9)):
        written = drafts.Written(
            source=Source.VOLUNTARY_SECTOR,
            what_would_help="Paid work.",
            answers={"wish": "Warehouse work, nights are fine."},
            eligibility={"wants-work": "yes"},
        )
        _actor, row = _sent(session, ADVICE, people["colin"], "employment-primary-care", key, written)
    hub = actor_named(session, HUB)
    with clock.moved_to(clock.now() - timedelta(days=7)):
        no = triage.Refusal(
            reason="list-closed",
            next_step="The list opens again in January. Until then the Jobcentre's work coach can help.",
            told_how=Told.MESSAGE,
            told_on=clock.today(),
        )
        triage.reject(session, hub, row, no, version=row.version)
