"""Signing in, members and their providers."""

from __future__ import annotations

from collections.abc import Mapping

from app.accounts.codes import Role
from tests.contract.entry.rows import (
    EVERY_ROLE,
    PERSON,
    PUBLIC,
    SIGNED_IN,
    STAFF_ACCOUNT,
    STARTED,
    Row,
    Visitors,
    of_object,
    of_somebody,
    roles,
)

ADMINISTRATOR = Role.ADMINISTRATOR


def of_member(suffix: str = "") -> Row:
    """A page about a member of the administrator's organisation."""
    return of_object("member", "/desk/members", suffix, ADMINISTRATOR)


def of_provider(suffix: str = "") -> Row:
    """A page about a provider that signs the staff of the administrator's organisation in."""
    return of_object("provider", "/desk/members/providers", suffix, ADMINISTRATOR)


ROUTES: Mapping[str, Row] = {
    "account": STAFF_ACCOUNT,
    "add_provider": roles(ADMINISTRATOR, own=lambda _world: "/desk/members/providers/new/other"),
    "ask_for_reset": PUBLIC,
    "back_from_provider": PUBLIC,
    "change_provider": of_provider("/change"),
    "connect_provider": Row(
        Visitors.STAFF_ACCOUNT,
        own=lambda world: f"/account/providers/{world.provider_of_hub}/connect",
        other=lambda world: f"/account/providers/{world.provider_elsewhere}/connect",
        strangers=EVERY_ROLE,
    ),
    "disconnect_provider": of_somebody("identity", "/account/identities", "/disconnect"),
    "end_member_sessions": of_member("/end-sessions"),
    "end_other_sessions": STAFF_ACCOUNT,
    "end_session": of_somebody("session", "/account/sessions", "/end"),
    "invite_member": roles(ADMINISTRATOR),
    "join": PUBLIC,
    "member_page": of_member(),
    "members_list": roles(ADMINISTRATOR),
    "own_password": STAFF_ACCOUNT,
    "person_account": PERSON,
    "person_code": PUBLIC,
    "person_end_others": PERSON,
    "person_sign_in": PUBLIC,
    "prove": STAFF_ACCOUNT,
    "prove_through_provider": STAFF_ACCOUNT,
    "provider_keys": PUBLIC,
    "provider_page": of_provider(),
    "providers_list": roles(ADMINISTRATOR),
    "remove_member": of_member("/remove"),
    "reset": PUBLIC,
    "reset_sent": PUBLIC,
    "second_step": STAFF_ACCOUNT,
    "second_step_app": STAFF_ACCOUNT,
    "second_step_codes": STAFF_ACCOUNT,
    "second_step_passkey": STAFF_ACCOUNT,
    "second_step_passkey_options": STAFF_ACCOUNT,
    "second_step_passkey_remove": of_somebody("passkey", "/account/second-step/passkey", "/remove"),
    "sign_in": PUBLIC,
    "sign_in_code": STARTED,
    "sign_in_passkey": STARTED,
    "sign_in_passkey_options": STARTED,
    "sign_in_recovery": STARTED,
    "sign_in_set_up": STARTED,
    "sign_in_set_up_passkey": STARTED,
    "sign_in_set_up_passkey_options": STARTED,
    "sign_in_through": PUBLIC,
    "sign_out": SIGNED_IN,
    "signed_out": PUBLIC,
    "signed_out_there": PUBLIC,
    "start_member_over": of_member("/start-over"),
    "switch_provider": of_provider("/switch"),
    "withdraw_invitation": roles(
        ADMINISTRATOR,
        own=lambda world: f"/desk/members/invitations/{world.invitation_of_hub}/withdraw",
        other=lambda world: f"/desk/members/invitations/{world.invitation_elsewhere}/withdraw",
    ),
    "work_in": SIGNED_IN,
}
