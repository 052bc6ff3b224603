"""The messages of people. None of them says what Waymark is for, nor whom a record is about."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from app.notifications.about import About
from app.notifications.codes import Channel
from app.notifications.kinds import BOTH, MessageKind, register
from app.notifications.operations import Draft, send
from app.notifications.rendering import address_of, render_message
from app.people.models import Emergency, Person

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


def send_own_page(session: Session, person: Person, token: str, *, by: Channel) -> None:
    """The link to their own page, to an address that nobody else reads."""
    words = render_message(OWN_PAGE.name, "en", by=by, address=address_of("me.accept", token=token))
    recipient = person.email if by is Channel.EMAIL else person.mobile
    send(
        session,
        Draft(
            words=words,
            dedupe_key=f"own page:{person.id}:{token[:8]}",
            recipient=recipient or "",
            about=About(type="person", id=person.id),
        ),
    )


def send_emergency(session: Session, opened: Emergency, recipient: str) -> None:
    """To a privacy officer: look at it within three working days. Who it is about stands on the page alone."""
    words = render_message(EMERGENCY.name, "en", address=address_of("people.privacy"))
    key = f"emergency:{opened.id}:{recipient}"
    send(session, Draft(words=words, dedupe_key=key, recipient=recipient, about=About(type="emergency", id=opened.id)))
