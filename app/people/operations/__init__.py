"""The verbs of people, one module a journey. What other features use can be imported from here."""

from app.people.operations.ending import note_seen
from app.people.operations.permissions import (
    Answer,
    answer_permission,
    hold_answers,
    permit_sharing,
    withdraw_permission,
)
from app.people.operations.reach import end_access, give_access
from app.people.operations.records import add_person, change_person, find_people, open_person, open_to_change
from app.people.operations.secrets import secret_for
from app.people.operations.wrong_addresses import note_wrong_address, say_addresses_are_right

__all__ = [
    "Answer",
    "add_person",
    "answer_permission",
    "change_person",
    "end_access",
    "find_people",
    "give_access",
    "hold_answers",
    "note_seen",
    "note_wrong_address",
    "open_person",
    "open_to_change",
    "permit_sharing",
    "say_addresses_are_right",
    "secret_for",
    "withdraw_permission",
]
