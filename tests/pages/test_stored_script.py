"""Script stored in every text of every table: nothing of it runs in Chromium, even with the security policy off.

The columns are found by walking the models, so a later feature's texts join by themselves. What is no text for people
(a code, a key, a part of a recurrence) is named in `NOT_WORDS`, or with its table in `NOT_WORDS_OF`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, Route
from sqlalchemy import JSON, Column, Table, Text, func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from app.core.orm import Base
from app.library.engine import engine_of, index_writer
from app.library.indexing import rebuild
from app.upkeep import sqlite_copy
from app.web.database import db
from tests.conftest import settings_for
from tests.pages.addresses import PAGES, STAFF_PAGES
from tests.pages.site import Site
from tests.signing_in import member_of_demo, signed_in_client

pytestmark = pytest.mark.browser
# Codes, keys and marks that programs read, by the name of the column in whichever table.
NOT_WORDS = frozenset(
    "address_hash amount area attending_type byday bymonthday calendar calendar_method challenge code code_hash "
    "code_verifier column country credential_id dedupe_key digest district extent extent_type "
    "external_identifier_type field_name filled_in gp_ods_code hash html idempotency_key identifier_scheme "
    "identifier_type issuer key kind lad_code language last_action_type lease_holder lad levels mail_id mobile "
    "nhs_number nonce notify_email ods_code password_hash postal_code postcode previous_value provider "
    "provider_reference pseudonym public_key purpose replacement_value request_id resource_type roles sealed_link "
    "sealed_secret search_name secret slug source source_id stage state_hash status_before subject_type "
    "submission_key token_hash topic type unmet_topic updated_by value version zone".split()
)
NOT_WORDS_OF = frozenset(
    {
        ("user_account", "email"),  # finds who signs in
        ("person", "phone"),
        ("phone", "number"),  # made into a tel: link, and searched by
        ("place", "name"),  # place names are how a search is understood
        ("installation_secret", "purpose"),
        ("sweep_turn", "name"),
        ("outbox_hold", "name"),
        ("started_sign_in", "next_path"),
        ("provider_visit", "next_path"),
        ("signed_link", "detail"),
        ("message", "recipient"),
        ("message", "reply_to"),
        ("message", "reason"),
        ("message_event", "detail"),
        ("booking", "address"),
        ("attendee", "address"),
        ("sign_in_code", "address"),
        ("signpost", "made_as"),
        ("signpost", "reference"),
        ("signpost", "remind_to"),
        ("referral", "reference"),
        ("referral", "closing_detail"),
        ("referral", "waiting_list"),
        ("referral_checklist_item", "checklist"),
        ("absence_call", "outcome"),
        ("advice_case_review", "answers"),
        ("audit_entry", "object_type"),
        ("audit_entry", "fields"),
        ("audit_entry", "address"),
    }
)
ADDRESSES = re.compile(r"(^|_)(url|uri|website|link|logo)$")
MARK_CALL = "(window.ran=window.ran||[]).push(`{}`)"


def script(name: str) -> str:
    """Every usual way out of the place where a text stands."""
    ran = MARK_CALL.format(name)
    ways = f'<img src=x onerror="{ran}"><svg onload="{ran}"><script>{ran}</script>'
    return f"""'"></title></textarea></script>{ways}{{{{7*7}}}}"""


def text_columns() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column that holds words."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            is_words = type(column.type) is Text and column.name not in NOT_WORDS
            if is_words and (table.name, column.name) not in NOT_WORDS_OF:
                yield table, column


def poison(session: Session) -> int:
    """Put script into every text of every row, whatever guards the table; says how many columns there are."""
    connection, changed = session.connection(), 0
    connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
    for (trigger,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
        connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
    for table, column in text_columns():
        name = f"{table.name}.{column.name}"
        is_link = ADDRESSES.search(column.name)
        value = "javascript:" + MARK_CALL.format(name) if is_link else func.coalesce(column, "") + f" {script(name)}"
        session.execute(update(table).values({column.name: value}))
        changed += 1
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, JSON) and (table.name, column.name) not in NOT_WORDS_OF:
                _poison_documents(session, table, column)
    return changed


def _poison_documents(session: Session, table: Table, column: Column[Any]) -> None:
    words = {found.name for _table, found in text_columns()} | {"phrase"}
    for key, kept in session.execute(select(table.c.id, column)).all():
        value = _poisoned(kept, words, f"{table.name}.{column.name}")
        session.execute(update(table).where(table.c.id == key).values({column.name: value}))


def _poisoned(kept: Any, words: set[str], name: str) -> Any:
    if isinstance(kept, dict):
        return {
            key: f"{value} {script(f'{name}.{key}')}"
            if isinstance(value, str) and key in words and not ADDRESSES.search(key)
            else _poisoned(value, words, name)
            for key, value in kept.items()
        }
    return [_poisoned(value, words, name) for value in kept] if isinstance(kept, list) else kept


@pytest.fixture(scope="module")
def poisoned(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A copy of the site's database, with script in it, and an application on it."""
    folder: Path = tmp_path_factory.mktemp("poisoned")
    # By the library that the application has the file open with: a second one would lose the locks of the first.
    sqlite_copy.copy(Path(site.app.instance_path) / "waymark.sqlite3", folder / "waymark.sqlite3")
    app = create_app(settings_for(f"sqlite:///{folder / 'waymark.sqlite3'}", folder))
    with app.app_context(), Session(db.engines[None]) as session:
        assert poison(session) > 100
        session.commit()
        with index_writer(app) as writer:
            rebuild(session, writer)
    engine_of(app).warm()
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def open_context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that takes no notice of the security policy, so that escaping alone holds."""
    context = browser.new_context(bypass_csp=True, base_url="http://localhost")
    yield context
    context.close()


# Asked all at once: each question takes as long as a page does.
FOUND = """() => {
    const script = /^[\\s\\u0000-\\u001f]*(javascript|data|vbscript):/i;
    const links = [...document.querySelectorAll("[href],[src],[action],[formaction]")]
        .flatMap(one => ["href", "src", "action", "formaction"].map(name => one.getAttribute(name) || ""));
    return [window.ran || [], links.filter(told => script.test(told) && !told.startsWith("data:image/"))];
}"""


def show(page: Page, path: str, given: TestResponse) -> tuple[list[str], list[str]]:
    """Open what the application answered in the browser; what ran, and the links that would run."""

    def answer(route: Route) -> None:
        if route.request.is_navigation_request():
            route.fulfill(status=given.status_code, body=given.data, headers={"Content-Type": given.content_type})
        else:
            route.abort()

    page.unroute_all()
    page.route("**/*", answer)
    page.goto(path, wait_until="load")
    ran, links = page.evaluate(FOUND)
    return ran, links


def test_no_stored_script_runs(poisoned: Flask, site: Site, open_context: BrowserContext) -> None:
    page, wrong, seen = open_context.new_page(), [], 0
    visits = [(poisoned.test_client(), address(site)) for address in PAGES.values()]
    members: dict[object, FlaskClient] = {}
    for role, address in STAFF_PAGES.values():
        if role not in members:
            members[role] = signed_in_client(poisoned, member_of_demo(poisoned, role))
        visits.append((members[role], address(site)))
    for client, path in visits:
        body = client.get(path)
        if body.status_code >= 500:
            wrong.append(f"{path}: {body.status_code}; is a poisoned column no text for people? See NOT_WORDS.")
        elif b"window.ran" in body.data:
            seen += 1
            ran, links = show(page, path, body)
            wrong += [f"{path}: {what}" for what in (*ran, *links)]
    assert wrong == []
    assert seen > 60


def test_the_test_sees_a_script_that_runs(poisoned: Flask, open_context: BrowserContext) -> None:
    poisoned.view_functions["library.cookies"] = lambda: f"<p>{script('trial')}</p><a href=' JavaScript:1'>x</a>"
    ran, links = show(open_context.new_page(), "/cookies", poisoned.test_client().get("/cookies"))
    assert "trial" in ran
    assert links == [" JavaScript:1"]
