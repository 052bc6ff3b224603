"""The records of people."""

from __future__ import annotations

from collections.abc import Mapping

from app.accounts.codes import Role
from tests.contract.entry.rows import NO_ID, READERS, WORKERS, Row, of_more, of_object, of_person, roles


def of_record(suffix: str = "") -> Row:
    """A page of the privacy officer about a record that the visitor's organisation keeps."""
    return of_object("person", "/desk/privacy/records", suffix, Role.PRIVACY_OFFICER)


ROUTES: Mapping[str, Row] = {
    "add": roles(*WORKERS),
    "contact": of_person(*WORKERS, suffix="/contact"),
    "find": roles(*READERS),
    "find_record": roles(Role.PRIVACY_OFFICER),
    "identity": of_person(*WORKERS, suffix="/identity"),
    "invite_to_own_page": of_person(*WORKERS, suffix="/invite"),
    "needs": of_person(*WORKERS, suffix="/needs"),
    "answer": of_more("request", "/desk/privacy/requests", "", Role.PRIVACY_OFFICER),
    "ask": of_person(*WORKERS, suffix="/ask-hub"),
    "asked": of_person(*WORKERS, suffix="/asked"),
    "carers": of_person(*WORKERS, suffix="/carers"),
    # Pairs are of two organisations as a rule: every hub worker decides on each.
    "decide": roles(Role.HUB, own=lambda world: f"/desk/people/duplicates/{world.more_of_hub['pair']}"),
    "destroy": of_record("/destroy"),
    "duplicates": roles(Role.HUB),
    "emergency": roles(*READERS),
    "end_of_carer": of_person(*WORKERS, suffix=f"/carers/{NO_ID}/end"),
    "equality": of_person(*WORKERS, suffix="/equality"),
    "right_address": of_person(*WORKERS, suffix="/right-address"),
    "wrong_addresses": roles(*WORKERS),
    "permission": of_person(*WORKERS, suffix="/permissions/rubbish"),
    "privacy": roles(Role.PRIVACY_OFFICER),
    "record": of_person(*READERS),
    "restricting": of_person(Role.MANAGER, suffix="/restrict"),
    "retention": of_record(),
    "review": of_more("emergency", "/desk/privacy/emergencies", "", Role.PRIVACY_OFFICER),
    "search": roles(*READERS),
    "undo": roles(Role.HUB, own=lambda world: f"/desk/people/merges/{world.more_of_hub['merge']}/undo"),
}
