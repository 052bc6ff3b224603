"""What waits for the demo's directory editor.

Proposals, problems, stale listings, one that is there twice, a list to import: done as people would do it. Nobody in it
is real.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import ANONYMOUS, Actor
from app.directory.codes import ProblemKind
from app.directory.curation import duplicates, imports, operations, problems, suggestions
from app.directory.curation.document import document_of
from app.directory.importing.identity import minted
from app.directory.models import ListingImport, Service
from seed.demo.listings import SOURCE
from seed.demo.people import actor_named

COMMUNITY_LIST = "Millgate community list"
# What a street's own list says of the repair bench, which the directory has already.
FIRST_LIST = """\
id,name,organisation,description,venue,address,town,postcode,telephone,email,opening times,cost,languages
7,Second Turn Repair Bench,The Weaving Shed,"Bring what is broken and mend it with somebody who knows how. The second \
Saturday of the month, tea and biscuits. Tools are there.",The Weaving Shed,90 Shuttle Lane,Wexmoor,WX1 3HX,\
01632 960116,bench@second-turn-reuse.example,Second Saturday 10:30am to 1:30pm,Free,English; Polish
"""
# A later one: a number that changed, a group that is new, and a line that nobody can use.
SECOND_LIST = (
    FIRST_LIST.replace("01632 960116", "01632 960119")
    + """\
12,Shuttle Lane knitting table,Millgate Neighbours,"Wool and needles are there. Sit down, knit or just talk. New faces \
every week.",The Weaving Shed,90 Shuttle Lane,Wexmoor,WX1 3HX,01632 960120,knit@millgate-neighbours.example,\
Wednesdays 2pm to 4pm,Free,English
13,,Millgate Neighbours,Bingo,,,,,,,,,
"""
)
# Listings that somebody checked so many days ago, and nobody since: of a course it is asked after three months.
LAST_CHECKED = {
    "pets-and-people-dog-walking": 405,
    "stand-beside-bystander-workshops": 125,
    "second-turn-bed-for-every-child": 371,
}


def load(session: Session) -> None:
    """Put what waits into the queues, once."""
    if session.scalar(select(ListingImport.id).order_by(ListingImport.id).limit(1)) is not None:
        return
    editor = actor_named(session, "editor@wexmoor.example")
    _check_long_ago(session, editor)
    _import(session, editor, FIRST_LIST, days_ago=9)
    _looked_at(session, editor, SECOND_LIST)
    _propose(session)
    _tell_problems(session)
    _tell_of_missing(session)
    session.flush()
    duplicates.look(session)


def _check_long_ago(session: Session, editor: Actor) -> None:
    for slug, days in LAST_CHECKED.items():
        with clock.moved_to(clock.now() - timedelta(days=days)):
            operations.still_right(session, editor, _listing(session, slug))


def _import(session: Session, editor: Actor, content: str, *, days_ago: int) -> None:
    with clock.moved_to(clock.now() - timedelta(days=days_ago)):
        made = _looked_at(session, editor, content)
        with imports.read_again(session, made) as listed:
            imports.confirm(session, editor, made, listed)


def _looked_at(session: Session, editor: Actor, content: str) -> ListingImport:
    made = imports.look(session, file_name="millgate.csv", content=content.encode(), source=COMMUNITY_LIST)
    imports.keep(session, editor, made)
    return made


def _propose(session: Session) -> None:
    """The pantry opens on another day; somebody passing by knows a better number; one was asked about."""
    pantry = actor_named(session, "provider@wexmoor.example")
    _ask_for(session, pantry, "northfield-pantry-membership", _later_on_saturdays, days_ago=2)
    _ask_for(session, pantry, "northfield-pantry-cook-along", _with_a_second_sitting, days_ago=1)
    _ask_for(
        session, ANONYMOUS, "wac-form-filling", _with_another_line, days_ago=4, reply_to="neighbour@wexmoor.example"
    )


def _later_on_saturdays(told: dict[str, Any]) -> str:
    told["hours"] = [{**row, "closes_at": "13:00"} if row.get("byday") == "SA" else row for row in told["hours"]]
    told["eligibility_description"] = "Households with a WX2 postcode."
    return "We have more volunteers on Saturdays, and WX2 2 may join now."


def _with_a_second_sitting(told: dict[str, Any]) -> str:
    told["description"] += " There are two sittings now: one at half past three, one at half past five."
    return "So many people come that we cook twice."


def _with_another_line(told: dict[str, Any]) -> str:
    told["phones"] = [*told["phones"], "01632 960188, forms only"]
    return "They gave me this number for forms. It was answered at once."


def _ask_for(
    session: Session,
    actor: Actor,
    slug: str,
    change: Callable[[dict[str, Any]], str],
    *,
    days_ago: int,
    reply_to: str | None = None,
) -> None:
    service = _listing(session, slug)
    told = document_of(service)
    note = change(told)
    with clock.moved_to(clock.now() - timedelta(days=days_ago)):
        operations.propose(session, actor, service, told, note=note, reply_to=reply_to)


def _tell_problems(session: Session) -> None:
    """One from a passer-by, one from a surgery that rang, one that was answered."""
    dogs, workshop = (_listing(session, slug) for slug in list(LAST_CHECKED)[:2])
    surgery, editor = (actor_named(session, f"{who}@wexmoor.example") for who in ("surgery", "editor"))
    with clock.moved_to(clock.now() - timedelta(days=3)):
        words = "I rang three times. A recorded voice says that the number is not in use."
        problems.report_problem(
            session, ANONYMOUS, dogs, kind=ProblemKind.PHONE, details=words, reply_to="dogwalker@wexmoor.example"
        )
    with clock.moved_to(clock.now() - timedelta(days=1)):
        problems.report_problem(session, surgery, workshop, kind=ProblemKind.CLOSED)
    with clock.moved_to(clock.now() - timedelta(days=6)):
        words = "The door is at the back now."
        told = problems.report_problem(
            session, ANONYMOUS, _listing(session, "second-turn-repair-bench"), kind=ProblemKind.OTHER, details=words
        )
    with clock.moved_to(clock.now() - timedelta(days=5)):
        words = "We rang them. The front door was only shut for the day."
        problems.answer_problem(session, editor, told, mended=False, answer=words)


def _tell_of_missing(session: Session) -> None:
    """One by somebody who runs it, one by somebody who only knows it."""
    with clock.moved_to(clock.now() - timedelta(days=4)):
        suggestions.suggest(
            session,
            name="Hob Lane Tool Library",
            organization="Hob Lane Neighbours",
            description="Borrow a drill, a ladder or a sewing machine for a week. It is free, and we show you how.",
            place="The old bus garage, Hob Lane, Wexmoor",
            phone="01632 960481",
            reply_to="tools@wexmoor.example",
        )
    with clock.moved_to(clock.now() - timedelta(days=2)):
        suggestions.suggest(
            session,
            name="Tuesday soup",
            organization="The chapel on Tarn Street",
            description="Soup and bread for whoever comes, and nobody asks why. My dad goes each week.",
            place="Tarn Street",
        )


def _listing(session: Session, slug: str) -> Service:
    return session.get_one(Service, minted(SOURCE, "service", slug))
