"""The messages of people. None of them says what Waymark is for, nor whom a record is about."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from app.notifications.about import About
from app.notifications.codes import Channel
from app.notifications.kinds import BOTH, MessageKind, register
from app.notifications.models import Message
from app.notifications.operations import Draft, send
from app.notifications.rendering import address_of, render_message
from app.notifications.stopping import Drop, Verdict, before_sending
from app.people.leaving import keeps_to_record
from app.people.models import Emergency, Person
from app.people.operations.own_page import SUBJECT
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


def send_emergency(session: Session, opened: Emergency, recipient: str) -> None:
    """To a privacy officer: look at it within three working days. Who it is about stands on the page alone."""
    words = render_message(EMERGENCY.name, "en", address=address_of("people.privacy"))
    key = f"emergency:{opened.id}:{recipient}"
    send(session, Draft(words=words, dedupe_key=key, recipient=recipient, about=About(type="emergency", id=opened.id)))
