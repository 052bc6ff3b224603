"""In through the organisation's own provider: by keyboard, in a browser that runs no scripts."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.accounts import operations, sessions
from app.accounts.codes import ClientProof, ProviderKind, Role
from app.accounts.current import vault
from app.accounts.models import IdentityProvider, User
from app.accounts.operations import providers
from app.accounts.vault import PROVIDER
from app.core.actor import SYSTEM
from app.web.database import db
from tests.pages.browser import PHONE, axe_violations
from tests.pages.site import Site
from tests.provider_stand_in import CLIENT_ID, SECRET, Stand, provider_stand_in
from tests.signing_in import a_member, member_of_demo

pytestmark = pytest.mark.browser


@pytest.fixture
def stand(site: Site) -> Iterator[Stand]:
    """A provider of the hub, which knows its worker; switched off again afterwards."""
    worker_id = member_of_demo(site.app, Role.HUB)
    with provider_stand_in() as running, site.app.app_context():
        with Session(db.engines[None]) as session:
            place = sessions.organizations_of(session, worker_id)[0]
            kept = vault(PROVIDER).seal(SECRET)
            given = providers.Settings(
                ProviderKind.OTHER, "Stand-in", running.issuer, CLIENT_ID, ClientProof.SECRET_BASIC, kept
            )
            row = providers.add_provider(session, SYSTEM, place.id, given)
            providers.switch(session, SYSTEM, row, on=True)
            worker = session.get_one(User, worker_id)
            providers.connect(session, SYSTEM, row, worker, "subject-1")
            row_id = row.id
            session.commit()
        yield running
        _switch_off(row_id)


def _switch_off(provider_id: UUID) -> None:
    with Session(db.engines[None]) as session:
        providers.switch(session, SYSTEM, session.get_one(IdentityProvider, provider_id), on=False)
        session.commit()


@pytest.fixture
def plain(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport=PHONE, locale="en-GB")
    yield context.new_page()
    context.close()


def test_in_and_out_again(plain: Page, stand: Stand) -> None:
    stand.tell(claims={"amr": ["mfa"]})
    plain.goto("/sign-in?next=/account")
    plain.get_by_role("button", name="Sign in with Stand-in").press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(plain.get_by_text("You came in through Stand-in")).to_be_visible()
    plain.get_by_role("button", name="Sign out", exact=True).press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_have_text("You are signed out")
    expect(plain.get_by_role("link", name="Sign out of Stand-in")).to_be_visible()


def test_who_is_not_known_is_told_what_to_do(plain: Page, stand: Stand) -> None:
    stand.tell(subject="a stranger", claims={"amr": ["mfa"]})
    plain.goto("/sign-in")
    plain.get_by_role("button", name="Sign in with Stand-in").press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_have_text("You are not signed in")
    expect(plain.get_by_text("We do not know who you are at Stand-in")).to_be_visible()
    plain.get_by_role("link", name="Back to signing in").press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_page_on_the_way_is_accessible(browser: Browser, site: Site, stand: Stand, axe: str) -> None:
    context = browser.new_context(base_url=site.url, viewport=PHONE, locale="en-GB")
    # A browser that is given nothing keeps the page it has.
    context.route(f"{stand.issuer}/**", lambda route: route.fulfill(status=204))
    page = context.new_page()
    page.goto("/sign-in")
    with page.expect_request(lambda request: request.url.startswith(stand.issuer)):
        page.get_by_role("button", name="Sign in with Stand-in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("On to Stand-in")
    assert axe_violations(page, axe) == []
    context.close()


def test_the_password_still_comes_first_with_the_enter_key(plain: Page, site: Site, stand: Stand) -> None:
    with site.app.app_context(), Session(db.engines[None]) as session:
        a_member(session, Role.HUB, email="enter@wexmoor.example").password_hash = operations.hash_password(
            "kettle marsh"
        )
        session.commit()
    plain.goto("/sign-in")
    plain.get_by_label("Email address").fill("enter@wexmoor.example")
    plain.get_by_label("Password", exact=True).fill("kettle marsh")
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Make your sign-in safe")
