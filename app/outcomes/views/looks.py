"""Whose outcomes a page shows, and that somebody looked: written down also where the page refuses a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import render_template

from app.accounts.current import current_actor
from app.audit.codes import Action
from app.audit.operations import record
from app.core.actor import Actor
from app.core.errors import NotFound, Refused
from app.outcomes.measures import Measure, find_measure
from app.outcomes.operations.choices import is_usable
from app.outcomes.wording import usable_measures
from app.people.models import Person
from app.people.operations import open_person, open_to_change
from app.people.queries import age_of
from app.web.blueprint import afterwards
from app.web.database import db

REASON = "outcomes"


def opened(person_id: UUID) -> tuple[Actor, Person]:
    """The actor and the person, if the actor may see them; the look is put on record."""
    return _opened(open_person, person_id)


def opened_to_change(person_id: UUID) -> tuple[Actor, Person]:
    """The same, where something is to be written down. Refused to who may only read the person's record."""
    return _opened(open_to_change, person_id)


def _opened(opening: Callable[..., Person], person_id: UUID) -> tuple[Actor, Person]:
    actor = current_actor()
    return actor, opening(db.session(), actor, person_id, reason=REASON)


def known_measure(reference: str) -> Measure:
    """The measure that an address names, `phq-9` or `phq-9.1`; NotFound for any other."""
    try:
        return find_measure(reference.replace(".", "/"))
    except NotFound as error:
        raise NotFound("measure") from error


def usable(actor: Actor) -> list[Measure]:
    """What the actor's organisation can use: its words may be shown, and somebody is on duty where one needs that."""
    if actor.organization_id is None:
        raise Refused("Choose the organisation that you work in first.")
    session, place = db.session(), actor.organization_id
    return [each for each in usable_measures(session, place) if is_usable(session, place, each)]


def page(template: str, person: Person, form: Any, **values: Any) -> str | tuple[str, int]:
    """A page with a form: 422 where something in it is wrong, with the look put on record all the same."""
    body = render_template(template, person=person, form=form, age=age_of(person), **values)
    if not form.errors:
        return body
    actor, person_id = current_actor(), person.id
    afterwards(
        lambda session: record(session, actor, Action.READ, ("person", person_id), person_id=person_id, reason=REASON)
    )
    return body, 422
