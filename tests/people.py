"""People for tests: every one of them made up. NHS numbers begin with 999, which is never given to anybody."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.people.details import Details
from app.people.models import Person
from app.people.operations import add_person

NHS_NUMBER = "9990000018"


def a_person(session: Session, actor: Actor, name: str = "Rowan Ashby", **details: Any) -> Person:
    """A record kept by the actor's organisation."""
    return add_person(session, actor, Details(**({"name": name, "born_on": date(1984, 2, 29)} | details)))
