"""Contacts, cases, sessions and appointments of advice."""

from __future__ import annotations

from collections.abc import Mapping

from app.accounts.codes import Role
from tests.contract.entry.rows import Address, Row, of_more, roles

ADVISERS = (Role.ADVISER, Role.MANAGER)
AT_DESK = (*ADVISERS, Role.FRONT_DESK)


def of_advice(*held: Role, what: str = "contact", suffix: str = "") -> Row:
    """A page about a contact, or something that belongs to one, of the visitor's organisation."""
    irregular = {"money": "money", "queue": "queue", "duty": "duties", "check-in": "front"}
    place = irregular.get(what, f"{what}s")
    return roles(
        *held,
        own=lambda world: f"/desk/advice/{place}/{world.advice_of_hub[what]}{suffix}",
        other=lambda world: f"/desk/advice/{place}/{world.advice_elsewhere[what]}{suffix}",
    )


def _moving(whose: str) -> Address:
    """The page that gives somebody who has an appointment another time."""
    return lambda world: f"/desk/advice/appointments/book?moves={getattr(world, f'advice_{whose}')['appointment']}"


ROUTES: Mapping[str, Row] = {
    "add_to_case": of_advice(Role.ADVISER, what="case", suffix="/add/step"),
    "case": of_advice(*ADVISERS, what="case"),
    "case_calendar": of_advice(*ADVISERS, what="case", suffix="/dates.ics"),
    "cases": roles(*ADVISERS),
    "change_money": of_advice(Role.ADVISER, what="money"),
    "deadlines": roles(*ADVISERS),
    "decide_conflict": of_advice(Role.MANAGER, what="case", suffix="/conflict"),
    "household": of_advice(*ADVISERS, what="case", suffix="/household"),
    "new_household": of_advice(Role.ADVISER, what="case", suffix="/household/new"),
    "add_document": of_advice(Role.ADVISER, what="case", suffix="/documents/new"),
    "download_document": of_advice(*ADVISERS, what="document"),
    "take_document_out": of_advice(Role.ADVISER, what="document", suffix="/take-out"),
    "letter": of_advice(*ADVISERS, what="letter"),
    "choose_letter": of_advice(Role.ADVISER, what="case", suffix="/letters/new"),
    "letter_template": of_advice(Role.MANAGER, what="letter-template"),
    "letter_templates": roles(Role.MANAGER),
    "new_letter_template": roles(Role.MANAGER),
    "use_letter_template": of_advice(Role.MANAGER, what="letter-template", suffix="/use"),
    "new_letter": of_advice(Role.ADVISER, what="case", suffix="/letters/new/closing"),
    "own_calendar": roles(Role.ADVISER),
    "review": of_advice(*ADVISERS, what="review"),
    "review_case": of_advice(Role.MANAGER, what="case", suffix="/review"),
    "review_done": of_advice(Role.MANAGER, what="review", suffix="/done"),
    "reviews": roles(Role.MANAGER),
    "reopen_case": of_advice(Role.ADVISER, what="case", suffix="/reopen"),
    "called_back": of_advice(Role.ADVISER, suffix="/called-back"),
    "contact": of_advice(*ADVISERS),
    "contacts": roles(*ADVISERS),
    "draft": of_more("draft", "/desk/advice/drafts", "", Role.ADVISER),
    "export_contacts": roles(*ADVISERS),
    "home": roles(*ADVISERS),
    "log": roles(Role.ADVISER),
    "offline": roles(Role.ADVISER),
    "offline_script": roles(Role.ADVISER),
    "rates_checked": roles(*ADVISERS),
    "log_sent": roles(Role.ADVISER),
    "throw_draft_away": of_more("draft", "/desk/advice/drafts", "/throw-away", Role.ADVISER),
    "change_duty": of_advice(*ADVISERS, what="duty"),
    "group": of_advice(*ADVISERS, what="group"),
    "groups": roles(*ADVISERS),
    "new_group": roles(*ADVISERS),
    "new_template": roles(Role.MANAGER),
    "note_call": of_advice(Role.ADVISER, what="session", suffix="/calls"),
    "put_on": of_advice(*ADVISERS, what="session", suffix="/duties"),
    "rota": roles(*ADVISERS),
    "take_call_back": of_advice(Role.ADVISER, what="call", suffix="/take-back"),
    "take_session_out": of_advice(Role.MANAGER, what="session", suffix="/take-out"),
    "template": of_advice(Role.MANAGER, what="template"),
    "templates": roles(Role.MANAGER),
    "use_template": of_advice(Role.MANAGER, what="template", suffix="/use"),
    "call_next": of_advice(Role.ADVISER, what="session", suffix="/next"),
    "close_session": of_advice(*ADVISERS, what="session", suffix="/close"),
    "queue": of_advice(*AT_DESK, what="session", suffix="/queue"),
    "join_queue": of_advice(*AT_DESK, what="session", suffix="/queue"),
    "move_on": of_advice(*AT_DESK, what="queue"),
    "new_session": roles(*ADVISERS),
    "session_desk": of_advice(*AT_DESK, what="session"),
    "sessions": roles(*AT_DESK),
    "front_desk": roles(*AT_DESK),
    "appointments": roles(*ADVISERS),
    "offer_times": roles(Role.ADVISER),
    "choose_time": roles(Role.ADVISER, own=_moving("of_hub")),
    "book_time": roles(Role.ADVISER, own=_moving("of_hub")),
    "appointment": of_advice(*ADVISERS, what="appointment"),
    "change_appointment": of_advice(*ADVISERS, what="appointment"),
    "one_time": of_advice(*ADVISERS, what="time"),
    "take_time_out": of_advice(*ADVISERS, what="time"),
    "check_in": of_advice(*AT_DESK, what="check-in"),
    "tick_date": of_advice(Role.ADVISER, what="date"),
    "tick_step": of_advice(Role.ADVISER, what="step"),
}
