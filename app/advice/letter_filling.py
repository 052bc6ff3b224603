"""Which letters can be written, and what is put into one from its case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.advice.labels import CHANNELS
from app.advice.models import AdviceCase, LetterTemplate
from app.advice.queries.appointments import of_case
from app.advice.queries.letters import letter_template, letter_templates, next_date_of
from app.advice.rules.letters import LetterField, Values
from app.advice.shipped_letters import SHIPPED_LETTERS
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.people.queries import name_of_organization
from app.web.filters import day, moment


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it is offered; `key` is its word where it is one of ours, its id where it is one of theirs."""

    key: str
    name: str
    subject: str
    body: str
    to_client: bool


def templates(session: Session, actor: Actor) -> list[Template]:
    """Those of the organisation and then ours, without ours of the same name."""
    own = [_own(each) for each in letter_templates(session, actor)]
    return [*own, *shipped(without=(each.name for each in own))]


def shipped(*, without: Iterable[str] = ()) -> list[Template]:
    """Those that Waymark comes with, in the language of the page."""
    taken = {name.casefold() for name in without}
    ours = [
        Template(key, str(each.name), str(each.subject), str(each.body), each.to_client)
        for key, each in SHIPPED_LETTERS.items()
    ]
    return [each for each in ours if each.name.casefold() not in taken]


def template_of(session: Session, actor: Actor, key: str) -> Template:
    """One that is ours or the organisation's, and in use. NotFound for any other."""
    if (ours := next((each for each in shipped() if each.key == key), None)) is not None:
        return ours
    try:
        found = letter_template(session, actor, UUID(key))
    except ValueError:
        raise NotFound("letter template") from None
    if found.retired_at is not None:
        raise NotFound("letter template")
    return _own(found)


def values_of(session: Session, actor: Actor, case: AdviceCase) -> Values:
    """What is known of a case that was found in its scope, for the fields of a letter."""
    person, writer, date = case.person, session.get(User, actor.user_id), next_date_of(session, case.id)
    known = {
        LetterField.NAME: (person.known_as or person.name) if person else "",
        LetterField.FULL_NAME: person.name if person else "",
        LetterField.ADDRESS: address_of(case),
        LetterField.REFERENCE: case.shown_number,
        LetterField.ADVISER: writer.name if writer else "",
        LetterField.ORGANISATION: name_of_organization(session, case.organization_id),
        LetterField.TODAY: day(clock.today()),
        LetterField.NEXT_APPOINTMENT: _next_appointment(session, actor, case.id),
        LetterField.NEXT_DEADLINE: day(date.on) if date else "",
    }
    return {field: value for field, value in known.items() if value}


def example_values() -> Values:
    """Somebody who does not exist, for a look at a template."""
    soon = clock.now().replace(hour=10, minute=30) + timedelta(days=7)
    return {
        LetterField.NAME: _("Sam"),
        LetterField.FULL_NAME: _("Samira Example"),
        LetterField.ADDRESS: _("1 Example Street\nExampleton"),
        LetterField.REFERENCE: "W00001",
        LetterField.ADVISER: _("Alex Example"),
        LetterField.ORGANISATION: _("Example Advice"),
        LetterField.TODAY: day(clock.today()),
        LetterField.NEXT_APPOINTMENT: "\n".join((moment(soon), str(_("Example House, room 2")))),
        LetterField.NEXT_DEADLINE: day(clock.today() + timedelta(days=21)),
    }


def address_of(case: AdviceCase) -> str:
    """Where the client lives, a line each; nothing where that is not known."""
    person = case.person
    return "\n".join(filter(None, (person.address, person.postcode))) if person else ""


def _own(found: LetterTemplate) -> Template:
    return Template(str(found.id), found.name, found.subject, found.body, found.to_client)


def _next_appointment(session: Session, actor: Actor, case_id: UUID) -> str:
    booked = of_case(session, actor, case_id)
    if not booked:
        return ""
    time = booked[0].appointment.time
    place = time.session.room.name if time.session.room else str(CHANNELS[time.channel])
    return f"{moment(time.session.starts_at)}\n{place}"
