"""Courses, groups and who comes to them."""

from __future__ import annotations

from collections.abc import Mapping

from app.accounts.codes import Role
from tests.contract.entry.rows import NO_ID, PUBLIC, READERS, WORKERS, Row, of_more, of_object, of_person, roles

RUNNERS = (Role.TUTOR, Role.PROVIDER)


def of_run(suffix: str = "") -> Row:
    """A page about a run of the visitor's organisation."""
    return of_object("programme.run", "/desk/programme/runs", suffix, *RUNNERS)


def of_session(suffix: str) -> Row:
    """A page about a session of the visitor's organisation."""
    return of_object("programme.session", "/desk/programme/sessions", suffix, *RUNNERS)


def of_places(suffix: str = "") -> Row:
    """A page about places of the visitor's organisation."""
    return of_object("programme.pool", "/desk/programme/places", suffix, *RUNNERS)


_FOR_ALL = (
    "accept calendar_file certificate change code details devices find give_up manage programme_feed "
    "prospectus say_needs start take_device_off wait"
).split()

ROUTES: Mapping[str, Row] = {
    "feed": PUBLIC,
    "book_for": of_places("/book"),
    "book_for_person": of_person(*WORKERS, suffix=f"/book/{NO_ID}"),
    "calls": roles(*RUNNERS),
    "certificate_for_staff": roles(
        *RUNNERS,
        other=lambda world: f"/desk/programme/bookings/{world.programme_elsewhere.booking}/certificate",
    ),
    "choose_for_person": of_person(*WORKERS, suffix="/book"),
    "cancel_run": of_run("/cancel"),
    "cancel_session": of_session("/cancel"),
    "complete_run": of_run("/complete"),
    "take_completion_back": roles(
        *RUNNERS,
        other=lambda world: f"/desk/programme/bookings/{world.programme_elsewhere.booking}/not-completed",
    ),
    "finish_call": of_more("call", "/desk/programme/calls", "", *RUNNERS),
    "plan": roles(
        *RUNNERS, Role.MANAGER, other=lambda world: f"/desk/programme/bookings/{world.programme_elsewhere.booking}/plan"
    ),
    "plan_goal": roles(
        *RUNNERS,
        Role.MANAGER,
        other=lambda world: f"/desk/programme/bookings/{world.programme_elsewhere.booking}/plan/goals/{NO_ID}",
    ),
    "plan_talk": roles(
        *RUNNERS,
        Role.MANAGER,
        other=lambda world: f"/desk/programme/bookings/{world.programme_elsewhere.booking}/plan/talks/{NO_ID}",
    ),
    "plans_due": roles(*RUNNERS, Role.MANAGER),
    "invited": PUBLIC,
    "invitations": roles(
        *RUNNERS, other=lambda world: f"/desk/programme/runs/{world.programme_elsewhere.run}/invitations"
    ),
    "take_invitation_back": roles(*RUNNERS),
    "keep_places": of_places("/keep"),
    "open_places": of_places("/open"),
    "fewer_places": of_places("/fewer"),
    "keep_register": of_session("/register"),
    "meet_need": of_more("need", "/desk/programme/needs", "", *RUNNERS),
    "move_session": of_session("/move"),
    "needs": roles(*RUNNERS),
    "new_run": roles(*RUNNERS),
    "of_person": of_person(*READERS, suffix=f"/bookings/{NO_ID}"),
    "one_booking": roles(
        *RUNNERS,
        own=lambda world: f"/desk/programme/bookings/{world.programme_of_hub.booking}",
        other=lambda world: f"/desk/programme/bookings/{world.programme_elsewhere.booking}",
    ),
    "programme_list": roles(*RUNNERS),
    "publish_run": of_run("/publish"),
    "register": of_session("/register"),
    "run": of_run(),
    "set_places": of_places(),
    "set_up": roles(*RUNNERS),
    "set_up_person": of_more("facilitator", "/desk/programme/set-up/person", "", *RUNNERS),
    "set_up_room": of_more("room", "/desk/programme/set-up/room", "", *RUNNERS),
    "set_up_term": of_more("term", "/desk/programme/set-up/term", "", *RUNNERS),
    "person_leaves": of_more("facilitator", "/desk/programme/set-up/person", "/leaves", *RUNNERS),
    "move_run": of_run("/dates"),
    "tell_run": of_run("/tell"),
    "run_terms": of_run("/terms"),
    "course_words": of_run("/words"),
    "leads": of_session("/leads"),
    "lead": of_more("lead", "/desk/programme/leads", "", *RUNNERS),
    "cover": of_more("lead", "/desk/programme/leads", "/cover", *RUNNERS),
} | dict.fromkeys(_FOR_ALL, PUBLIC)
