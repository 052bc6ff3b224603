"""Referrals and pathways."""

from __future__ import annotations

from collections.abc import Mapping

from app.accounts.codes import Role
from tests.contract.entry.rows import NO_ID, PUBLIC, Row, of_more, of_object, roles

REFERRING = (Role.SURGERY, Role.HUB, Role.ADVISER, Role.PROVIDER)
RECEIVING = (Role.HUB, Role.ADVISER, Role.PROVIDER, Role.MANAGER)


def of_referral(*held: Role, suffix: str = "") -> Row:
    """A page about a referral that the visitor's organisation sent or received."""
    return of_object("referral", "/desk/referrals", suffix, *held)


def for_person(suffix: str = "") -> Row:
    """A step of a new referral: the pathway may be anybody's, the person must be known where the visitor works."""
    return roles(
        *REFERRING,
        own=lambda world: f"/desk/referrals/new/{world.pathway_elsewhere}{suffix}?person={world.person_of_hub}",
        other=lambda world: f"/desk/referrals/new/{world.pathway_elsewhere}{suffix}?person={world.person_elsewhere}",
    )


def of_pathway(suffix: str = "") -> Row:
    """A page about a pathway of the manager's organisation."""
    return of_object("pathway", "/desk/pathways", suffix, Role.MANAGER)


ROUTES: Mapping[str, Row] = {
    "close_pathway": of_pathway("/close"),
    "edit_pathway": of_pathway(),
    "open_pathway": of_pathway("/open"),
    "pathways": roles(Role.MANAGER),
    "take_over": roles(Role.MANAGER),
    "acknowledge": of_referral(*RECEIVING, suffix="/acknowledge"),
    "act": of_referral(*REFERRING, Role.MANAGER, suffix="/do/rubbish"),
    "answer_by_link": PUBLIC,
    "check": of_referral(*REFERRING, suffix="/check"),
    "choose_pathway": roles(*REFERRING),
    "choose_person": for_person(),
    "edit": of_referral(*REFERRING, suffix="/edit"),
    "do_several": roles(*REFERRING, Role.MANAGER),
    "export": roles(*REFERRING, Role.MANAGER),
    "letter": of_more("letter", "/desk/referrals/letters", "", *REFERRING),
    "letters": roles(*REFERRING),
    "lists": roles(*REFERRING, Role.MANAGER),
    "manager": roles(Role.MANAGER),
    "word_letter": of_referral(*REFERRING, Role.MANAGER, suffix=f"/messages/{NO_ID}"),
    "letter_by_link": PUBLIC,
    "person_letter": of_referral(*RECEIVING, Role.MANAGER, suffix="/letter"),
    "own_answer": PUBLIC,
    "own_message": PUBLIC,
    "own_pathways": PUBLIC,
    "own_request": PUBLIC,
    "own_status": PUBLIC,
    "own_withdraw": PUBLIC,
    "show": of_referral(*REFERRING, Role.MANAGER),
    "task_done": of_more("task", "/desk/referrals/tasks", "/done", *REFERRING, Role.MANAGER),
    "tasks": roles(*REFERRING, Role.MANAGER),
    "use_listing": roles(*REFERRING, own=lambda world: f"/desk/referrals/new/listing/{world.service}"),
    "write": for_person("/write"),
}
