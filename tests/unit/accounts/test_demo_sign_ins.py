"""Whoever tries the demo can sign in as everybody that the pages speak of."""

from __future__ import annotations

from app.accounts.codes import OrganizationKind, Role
from seed.demo.staff import MEMBERS, WORKPLACES


def test_every_role_has_somebody_who_can_sign_in() -> None:
    assert {role for member in MEMBERS for role in member.roles} == set(Role)


def test_where_waymark_is_run_there_is_an_administrator() -> None:
    operators = {place.slug for place in WORKPLACES if place.kind is OrganizationKind.OPERATOR}
    held = {role for member in MEMBERS if member.workplace in operators for role in member.roles}
    assert held >= {Role.ADMINISTRATOR, Role.DIRECTORY_EDITOR, Role.PRIVACY_OFFICER}
