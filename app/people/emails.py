"""The messages of people. None of them says what Waymark is for, nor whom a record is about."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from app.core import clock
from app.notifications.about import About
from app.notifications.codes import Channel
from app.notifications.kinds import BOTH, MessageKind, register
from app.notifications.models import Message
from app.notifications.operations import Draft, send
from app.notifications.rendering import address_of, render_message
from app.notifications.stopping import Drop, Verdict, before_sending
from app.people.leaving import CONTACT_CHANNELS, keeps_to_record
from app.people.models import Emergency, Person, PersonRequest
from app.people.operations.own_page import SUBJECT, has_own_page
from app.people.queries import safety_of
from app.people.rules.contact import may_contact
from app.web.languages import LANGUAGES

OWN_PAGE = register(
    MessageKind(
        name="people.own_page",
        title=_("Link to a person's own page"),
        sample=lambda: {"address": address_of("me.accept", token="a-sample")},  # noqa: S106
        channels=BOTH,
        secret=True,
    )
)
ANSWERED = register(
    MessageKind(
        name="people.answered",
        title=_("An answer waits on a person's own page"),
        sample=lambda: {"address": address_of("me.home")},
        channels=BOTH,
    )
)
EMERGENCY = register(
    MessageKind(
        name="people.emergency",
        title=_("A record was opened in an emergency"),
        sample=lambda: {"address": address_of("people.privacy")},
    )
)


def language_read_by(person: Person) -> str:
    """The language that they read, where Waymark speaks it."""
    return person.language if person.language in LANGUAGES else "en"


def send_own_page(session: Session, person: Person, token: str, *, by: Channel) -> None:
    """The link to their own page, to an address that nobody else reads."""
    words = render_message(OWN_PAGE.name, language_read_by(person), by=by, address=address_of("me.accept", token=token))
    recipient = person.email if by is Channel.EMAIL else person.mobile
    send(
        session,
        Draft(
            words=words,
            dedupe_key=f"own page:{person.id}:{token[:8]}",
            recipient=recipient or "",
            about=About(type=SUBJECT, id=person.id),
        ),
    )


@before_sending(OWN_PAGE.name)
def _still_private(session: Session, message: Message) -> Verdict:
    """The link opens a whole record: it goes only by a way that is safe, and that nobody else reads, as it leaves."""
    person = session.get(Person, message.subject_id) if message.subject_id else None
    if person is None or person.merged_into_id is not None:
        return Drop("gone")
    is_private = person.email_is_private if message.channel is Channel.EMAIL else person.mobile_is_private
    return keeps_to_record(person, message) if is_private else Drop("others read it")


def tell_answered(session: Session, person: Person, asked: PersonRequest) -> None:
    """A line that there is an answer, where they read it on their own page: a copy is there for a month only."""
    if person.erased_at is not None or not has_own_page(session, person.id):
        return
    for by, address in ((Channel.SMS, person.mobile), (Channel.EMAIL, person.email)):
        told = may_contact(safety_of(person), CONTACT_CHANNELS[by], clock.now())
        if address and (told.allowed or told.next_at is not None):
            words = render_message(ANSWERED.name, language_read_by(person), by=by, address=address_of("me.home"))
            about, key = About(type=SUBJECT, id=person.id), f"answered:{asked.id}"
            send(session, Draft(words=words, dedupe_key=key, recipient=address, about=about, not_before=told.next_at))
            return


@before_sending(ANSWERED.name)
def _still_theirs(session: Session, message: Message) -> Verdict:
    person = session.get(Person, message.subject_id) if message.subject_id else None
    if person is None or person.merged_into_id is not None or person.erased_at is not None:
        return Drop("gone")
    return keeps_to_record(person, message)


def send_emergency(session: Session, opened: Emergency, recipient: str) -> None:
    """To a privacy officer: look at it within three working days. Who it is about stands on the page alone."""
    words = render_message(EMERGENCY.name, "en", address=address_of("people.privacy"))
    key = f"emergency:{opened.id}:{recipient}"
    send(session, Draft(words=words, dedupe_key=key, recipient=recipient, about=About(type="emergency", id=opened.id)))
