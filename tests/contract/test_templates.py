"""No template without a test that renders it, and no public route that nobody visits."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import pytest
from flask import Flask, render_template
from sqlalchemy import Text, select
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.codes import Role, UserKind
from app.accounts.models import User
from app.accounts.operations import create_user
from app.accounts.operations.invitations import invite
from app.accounts.operations.passwords import issue_reset
from app.accounts.operations.sealing import sealed_columns
from app.accounts.passwords import hash_password
from app.core import clock
from app.core.actor import SYSTEM
from app.core.orm import Base
from app.core.upkeep import run_checks
from app.directory.codes import Status
from app.directory.models import Service
from app.notifications.rendering import previews
from app.people.codes import PermissionKind, SharingLevel
from app.people.operations.permissions import withdraw_permission
from app.referrals.codes import Recipient, Source
from app.referrals.models import Referral, Telling
from app.referrals.operations import drafts
from app.settings import ROOT
from app.web.database import db
from seed.demo import referrals, staff
from seed.demo.people import actor_named
from tests.pages.addresses import PAGES, PERSON_PAGES, STAFF_PAGES, STRANGER_PAGES
from tests.pages.site import site_of
from tests.signing_in import a_member, member_of_demo, signed_in_client
from tests.town import demo_town

TEMPLATES = {str(path.relative_to(ROOT / "templates")) for path in (ROOT / "templates").rglob("*.*") if path.is_file()}
# Where a process keeps HTML that templates made.
CACHE = type(lru_cache(maxsize=1)(len))
KEEPING = ("app.library.showing.", "app.library.views.")
LESSER = re.compile(r"wm-button--(second|text|small)")
# Addresses beside the pages that the browser tests walk.
OTHERS = ("/opensearch.xml", "/sitemap.xml", "/sitemap-pages.xml", "/robots.txt", "/search?q=help+with+debt+near+WX1")


class Watching(jinja2.BaseLoader):
    """Notes which templates are loaded."""

    def __init__(self, behind: jinja2.BaseLoader) -> None:
        self.behind = behind
        self.seen: set[str] = set()

    def get_source(self, environment: jinja2.Environment, template: str) -> Any:
        self.seen.add(template)
        return self.behind.get_source(environment, template)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return demo_town(tmp_path_factory.mktemp("templates"))


def test_every_secret_that_is_kept_encrypted_stands_in_a_column_that_says_so(town: Flask) -> None:
    declared = {f"{table.name}.{column.name}" for table, column in sealed_columns()}
    found = set()
    with town.app_context(), Session(db.engines[None]) as session:
        for table in Base.metadata.sorted_tables:
            for column in (column for column in table.columns if isinstance(column.type, Text)):
                # How a Fernet token begins: its version, and a time of this century.
                if session.execute(select(column).where(column.startswith("gAAAA")).limit(1)).first():
                    found.add(f"{table.name}.{column.name}")
    assert found <= declared, "mark the column with info=sealed(purpose), so that a change of keys finds it"
    assert found


def test_the_doctor_finds_nothing_wrong_with_the_demo(town: Flask) -> None:
    with town.app_context(), Session(db.engines[None]) as session:
        found = {outcome.name: outcome.problems for outcome in run_checks(session)}
    told = ("people", "places", "points of outcomes", "orphans", "imports", "words of queues", "audit")
    assert {name: found[name] for name in told} == dict.fromkeys(told, ())


def test_every_template_is_rendered(town: Flask) -> None:
    assert town.jinja_env.loader is not None
    town.jinja_env.loader = watching = Watching(town.jinja_env.loader)
    town.jinja_env.cache.clear()  # type: ignore[union-attr]
    _forget_kept_html()
    client, site = town.test_client(), site_of(town)
    for path in (*(address(site) for address in PAGES.values()), *OTHERS):
        answer = client.get(path)
        assert answer.status_code < 500, path
        assert len(_main_actions(answer.text)) <= 1, path
    for role, address in STAFF_PAGES.values():
        member = signed_in_client(town, member_of_demo(town, role))
        answer = member.get(address(site))
        assert answer.status_code < 500, address
        assert len(_main_actions(answer.text)) <= 1, address(site)
    for user_id, pages in ((site.care.user, PERSON_PAGES), (site.care.stranger, STRANGER_PAGES)):
        person = signed_in_client(town, user_id)
        for address in pages.values():
            answer = person.get(address(site))
            assert answer.status_code == 200, address
            assert len(_main_actions(answer.text)) <= 1, address(site)
    _visit_the_rare(town, client, site)
    assert TEMPLATES - watching.seen == set()


def _main_actions(page: str) -> list[str]:
    """The buttons of a page that are its main action; what is folded away is not there until it is asked for."""
    open_parts = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    found = re.findall(r'<(?:button|a)\b[^>]*class="([^"]*\bwm-button(?= |")[^"]*)', open_parts)
    return [one for one in found if not LESSER.search(one)]


def _forget_kept_html() -> None:
    """What a process keeps of pages may have been made before anybody watched."""
    shown = [module for name, module in sys.modules.items() if name.startswith(KEEPING)]
    for module in shown:
        for kept in vars(module).values():
            if type(kept) is CACHE:
                kept.cache_clear()


def _visit_the_rare(town: Flask, client: Any, site: Any) -> None:
    """Pages that need something to have happened first."""
    client.post("/list/add", data={"service": str(site.service), "next": "/list"})
    page = client.get("/list").get_data(as_text=True)
    shared = "/list/shared/" + page.split("/list/shared/", 1)[1].split('"', 1)[0].split("<", 1)[0]
    assert client.get(shared).status_code == 200
    assert client.get("/list/shared/no-such-list").status_code == 404
    assert client.get("/check/no-such-link").status_code == 404
    assert client.get("/reply/no-such-link").status_code == 404
    assert client.get(f"/reply/{site.old_reply_token}").status_code == 410
    assert client.get("/bookings/no-such-link").status_code == 404
    _visit_referrals(town, client, site)
    assert client.get("/me/link/no-such-link").status_code == 404
    editor = signed_in_client(town, member_of_demo(town, Role.DIRECTORY_EDITOR))
    town.config["WTF_CSRF_ENABLED"] = False
    adviser = signed_in_client(town, member_of_demo(town, Role.ADVISER))
    assert adviser.get("/desk/advice/offline.js").status_code == 200
    hub = signed_in_client(town, member_of_demo(town, Role.HUB))
    handed = hub.post(f"/desk/outcomes/occasions/{site.outcomes['asked']}/tablet")
    assert handed.status_code == 200
    assert "Sign out and hand over" in hub.get(re.search(r"/reply/[\w-]+", handed.text)[0]).text
    rows = "name,date of birth,measure,answered on,1\nNobody,1/2/1980,UCLA-3,1/2/2026,1\n"
    assert hub.post("/desk/outcomes/import", data={"rows": rows}).status_code == 200
    assert client.post(f"/reply/{site.reply_token}/stop").status_code == 200
    assert client.post(f"/reply/{site.reply_token}/not-me").status_code == 200
    assert editor.post(f"/desk/listings/{site.service}/capacity", data={}).status_code == 422
    ticked = {"listing": str(site.service), "act": "hide"}
    assert editor.post("/desk/listings/several", data=ticked).status_code == 200
    assert editor.post("/desk/listings/several", data=ticked | {"do": "show"}).status_code == 200
    _sign_in_by_steps(town)
    _book_by_steps(town, site)
    tutor = signed_in_client(town, member_of_demo(town, Role.TUTOR))
    assert tutor.post(f"/desk/programme/bookings/{site.places.completed_one}/not-completed").status_code == 303
    assert client.get(f"/bookings/{site.places.completed}/certificate").status_code == 410
    with town.test_request_context():
        render_template("library/list_expired.html")
        render_template("accounts/to_provider.html", name="Work sign-in", address="https://sign-in.example/?a=1&b=2")
        for known, again in ((True, None), (False, site.provider)):
            told = {"name": "Work sign-in", "text": "It took too long.", "next_path": "/account"}
            render_template(
                "accounts/provider_problem.html", **told, signed_in=known, again=again, can_connect=again is None
            )
        previews()
    with town.app_context(), Session(db.engines[None]) as session:
        closed = session.scalars(select(Service).where(Service.id == site.service)).one()
        closed.status = Status.DEFUNCT
        session.commit()
    assert client.get(f"/services/{site.service}").status_code == 410
    for engine in _engines(town):
        engine.dispose()
    Path(town.instance_path, "waymark.sqlite3").rename(Path(town.instance_path, "away.sqlite3"))
    assert client.get("/search?q=food").status_code == 503


def _visit_referrals(town: Flask, client: Any, site: Any) -> None:
    """A draft before it is sent, a message to a practice, and what somebody in danger is shown."""
    town.config["WTF_CSRF_ENABLED"] = False
    assert "999" in client.post(f"/ask-for-help/{site.pathway}", data={"danger": "yes"}).get_data(as_text=True)
    with town.app_context(), Session(db.engines[None]) as session:
        gp = actor_named(session, referrals.SURGERY)
        row = session.get_one(Referral, site.referrals["waiting"])
        written = drafts.Written(source=Source.GP, what_would_help="Company")
        draft = drafts.begin(session, gp, row.person, row.pathway, written, submission_key="templates")
        told = {"recipient": Recipient.GP, "level": SharingLevel.CODES, "organization_id": gp.organization_id}
        letter = Telling(referral_id=row.id, number=1, parts={}, issued_at=clock.now(), done_at=clock.now(), **told)
        session.add(letter)
        session.flush()
        draft_id, letter_id = draft.id, letter.id
        session.commit()
    surgery = signed_in_client(town, member_of_demo(town, Role.SURGERY))
    assert surgery.get(f"/desk/referrals/{draft_id}/check").status_code == 200
    assert surgery.get(f"/desk/referrals/letters/{letter_id}").status_code == 200
    ticked = {"pick": f"{site.referrals['waiting']}:1", "do": "read"}
    assert surgery.post("/desk/referrals/several", data=ticked).status_code == 200
    with town.app_context(), Session(db.engines[None]) as session:
        row = session.get_one(Referral, site.referrals["waiting"])
        withdraw_permission(session, actor_named(session, referrals.SURGERY), row.person, PermissionKind.SHARE_REFERRAL)
        session.commit()
    hub = signed_in_client(town, member_of_demo(town, Role.HUB))
    assert hub.get(f"/desk/referrals/{site.referrals['waiting']}").status_code == 410


def _sign_in_by_steps(town: Flask) -> None:
    town.config["WTF_CSRF_ENABLED"] = False
    client = town.test_client()
    given = {"email": staff.MEMBERS[0].email, "password": staff.PASSWORD}
    assert client.post("/sign-in", data=given).headers["Location"] == "/sign-in/code"
    assert client.get("/sign-in/code").status_code == 200
    assert client.get("/sign-in/recovery").status_code == 200
    with town.app_context(), Session(db.engines[None]) as session:
        a_member(session, Role.HUB, email="new@wexmoor.example").password_hash = hash_password(staff.PASSWORD)
        session.commit()
    client.post("/sign-in", data=given | {"email": "new@wexmoor.example"})
    assert client.get("/sign-in/set-up").status_code == 200
    assert client.post("/me/sign-in", data={"address": "ann@person.example"}).status_code == 303
    assert client.get("/me/sign-in/code").status_code == 200
    with town.app_context(), Session(db.engines[None]) as session:
        person = create_user(session, SYSTEM, name="", email="p@person.example", kind=UserKind.PERSON).id
        session.commit()
    assert signed_in_client(town, person).get("/me/account").status_code == 200
    hub_worker = member_of_demo(town, Role.HUB)
    member = signed_in_client(town, hub_worker)
    assert member.post("/account/second-step/codes").status_code == 200
    with town.app_context(), Session(db.engines[None]) as session:
        place = queries.organization_named(session, "Wexmoor Wellbeing Hub")
        assert place is not None
        _made, join = invite(session, SYSTEM, organization_id=place.id, email="x@x.example", roles=[Role.HUB])
        reset = issue_reset(session, session.get_one(User, hub_worker))
        session.commit()
    assert client.get(f"/join/{join}").status_code == 200
    assert client.get(f"/sign-in/reset/{reset}").status_code == 200


def _book_by_steps(town: Flask, site: Any) -> None:
    client = town.test_client()
    begun = client.post(f"/book/{site.places.pool}", data={"key": "a", "places": "1"}).headers["Location"]
    assert client.get(begun).status_code == 200
    asked = client.post(begun, data={"name": "Sam", "address": "sam@person.example"}).headers["Location"]
    assert client.get(asked).status_code == 200
    assert client.get(asked.replace("/code", "/wait")).status_code == 200
    with town.test_request_context():
        run = SimpleNamespace(course=SimpleNamespace(service_id=site.service))
        held = SimpleNamespace(id=site.service, pool=SimpleNamespace(run=run))
        render_template("booking/not_here.html", why="Why", booking=held, is_gone=False)


def _engines(town: Flask) -> list[Any]:
    with town.app_context():
        return list(db.engines.values())
