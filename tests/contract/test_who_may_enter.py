"""The authorisation matrix: every route, as everybody, on an object of one's own place, of another's, and on none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.accounts.codes import Role, UserKind
from app.accounts.current import vault
from app.accounts.models import MemberOrganization, User
from app.accounts.operations import create_user
from app.accounts.operations.invitations import invite
from app.accounts.sessions import organizations_of
from app.accounts.vault import SIGNPOST
from app.booking.models import BookableSession
from app.booking.operations import booking as bookings
from app.booking.operations.attendees import nameless_attendee
from app.core.actor import SYSTEM
from app.directory.curation import collections
from app.directory.models import Service
from app.library import saved
from app.referrals.codes import Source
from app.referrals.operations import drafts
from app.referrals.signposts import operations
from app.web import errors
from app.web.database import db
from tests import booking_factories
from tests.advice import advice_parts
from tests.contract.entry import ROUTES
from tests.contract.entry.rows import EVERY_ROLE, Programme, Row, Visitors, World
from tests.contract.own_and_other import matrix_objects
from tests.outcomes import something_of_each
from tests.pages.site import site_of
from tests.people import a_person
from tests.referrals import AGREED, WRITTEN, a_pathway
from tests.signing_in import a_member, a_provider, actor_of, signed_in_client
from tests.town import demo_town

NOBODY = UUID(int=0)
PLACE = "Wexmoor Wellbeing Hub"
SAMPLES = {"uuid": str(NOBODY), "int": "1", "string": "rubbish", "path": "app.css"}
SETTLED = frozenset({Visitors.PUBLIC, Visitors.BY_TOKEN})


class Everybody:
    """A member of staff for each role, all at one place, and a person looking for help."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._clients: dict[UUID, FlaskClient] = {}
        site = site_of(app)
        with app.app_context(), Session(db.engines[None]) as session:
            self.members = {
                role: a_member(session, role, workplace=PLACE, email=f"{role}@matrix.example").id for role in Role
            }
            victim = a_member(session, Role.HUB, workplace=PLACE, email="own@matrix.example")
            stranger = a_member(session, Role.HUB, workplace="Elsewhere", email="other@matrix.example")
            person = create_user(session, SYSTEM, name="", email="person@matrix.example", kind=UserKind.PERSON)
            here, there = (_place(session, user.id) for user in (victim, stranger))
            own, _token = invite(session, SYSTEM, organization_id=here, email="a@matrix.example", roles=[Role.HUB])
            other, _token = invite(session, SYSTEM, organization_id=there, email="b@matrix.example", roles=[Role.HUB])
            self.person = person.id
            self.world = World(
                service=site.service,
                member_of_hub=victim.id,
                member_elsewhere=stranger.id,
                invitation_of_hub=own.id,
                invitation_elsewhere=other.id,
                proposal=site.proposal,
                problem=site.problem,
                suggestion=site.suggestion,
                collection_of_hub=_collection(session, victim),
                collection_elsewhere=_collection(session, stranger),
                person_of_hub=a_person(session, actor_of(session, victim)).id,
                person_elsewhere=a_person(session, actor_of(session, stranger)).id,
                signpost_of_hub=_signpost(session, victim, site.service),
                signpost_elsewhere=_signpost(session, stranger, site.service),
                search_of_other=saved.keep(session, actor_of(session, stranger), name="Food", query="q=food").id,
                provider_of_hub=site.provider,
                provider_elsewhere=a_provider(session, there).id,
                advice_of_hub=advice_parts(session, actor_of(session, victim)),
                advice_elsewhere=advice_parts(session, actor_of(session, stranger)),
                **_referrals(session, victim, "of_hub"),
                **_referrals(session, stranger, "elsewhere"),
                programme_of_hub=_programme(session, here),
                programme_elsewhere=_programme(session, there),
                **_outcomes(session, victim, "of_hub"),
                **_outcomes(session, stranger, "elsewhere"),
                more_of_hub={},
                more_elsewhere={},
            )
            self.world = replace(
                self.world,
                more_of_hub=_more(session, victim, self.world, "of_hub"),
                more_elsewhere=_more(session, stranger, self.world, "elsewhere"),
            )
            session.commit()

    def as_role(self, role: Role) -> FlaskClient:
        return self._as(self.members[role])

    def as_person(self) -> FlaskClient:
        return self._as(self.person)

    def _as(self, user_id: UUID) -> FlaskClient:
        """The same client until it is signed out."""
        client = self._clients.get(user_id)
        if client is None or client.get_cookie("sid") is None:
            client = self._clients[user_id] = signed_in_client(self.app, user_id)
        return client


def _more(session: Session, user: User, world: World, whose: str) -> Mapping[str, UUID]:
    def of(what: str) -> UUID:
        return getattr(world, f"{what}_{whose}")  # type: ignore[no-any-return]

    booking = getattr(world, f"programme_{whose}").booking
    return matrix_objects(
        session, user, person=of("person"), referral=of("referral"), booking=booking, provider=of("provider")
    )


def _outcomes(session: Session, user: User, whose: str) -> dict[str, UUID]:
    return {f"{what}_{whose}": id_ for what, id_ in something_of_each(session, actor_of(session, user)).items()}


def _collection(session: Session, user: User) -> UUID:
    return collections.make(session, actor_of(session, user), name="A list").id


def _signpost(session: Session, user: User, service_id: UUID) -> UUID:
    picks = [operations.Pick(session.get_one(Service, service_id))]
    wanted = operations.Wanted(picks=picks)
    return operations.give(session, actor_of(session, user), vault(SIGNPOST), wanted, form_key=uuid4()).id


def _referrals(session: Session, user: User, where: str) -> dict[str, UUID]:
    """A referral of an organisation to itself, and the pathway by which it came."""
    actor = actor_of(session, user)
    pathway = a_pathway(session, actor.organization_id)
    written = replace(WRITTEN, source=Source.OTHER)
    person = a_person(session, actor)
    draft = drafts.begin(session, actor, person, pathway, written, submission_key=f"matrix-{where}")
    sent = drafts.send(session, actor, draft, AGREED, version=draft.version)
    return {f"referral_{where}": sent.id, f"pathway_{where}": pathway.id}


def _programme(session: Session, organization_id: UUID) -> Programme:
    course = booking_factories.course(session, of=session.get_one(MemberOrganization, organization_id))
    pool = booking_factories.pool(session, of=booking_factories.run(session, of=course))
    attendee = nameless_attendee(session)
    held = bookings.begin(session, SYSTEM, pool.id, key=uuid4().hex)
    booked = bookings.confirm(session, SYSTEM, held, attendee)
    one = session.scalars(select(BookableSession.id).where(BookableSession.run_id == pool.run_id)).one()
    return Programme(run=pool.run_id, session=one, pool=pool.id, booking=booked.id)


def _place(session: Session, user_id: UUID) -> UUID:
    return organizations_of(session, user_id)[0].id


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Everybody:
    app = demo_town(tmp_path_factory.mktemp("matrix"))
    app.config["WTF_CSRF_ENABLED"] = False
    return Everybody(app)


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints - ROUTES.keys() == set(), "add a line for each of these in tests/contract/entry"
    assert ROUTES.keys() - endpoints == set(), "take these out of tests/contract/entry"


def test_the_table_and_the_guards_say_the_same(app: Flask) -> None:
    wrong = []
    for endpoint, row in ROUTES.items():
        access = getattr(app.view_functions[endpoint], "access", None)
        guard = (access.name if access else "public").removesuffix(", proved lately")
        if guard != _guard_of(row) and row.visitors is not Visitors.BY_TOKEN:
            wrong.append(f"{endpoint}: guard {guard!r}, table {_guard_of(row)!r}")
    assert wrong == []


def _guard_of(row: Row) -> str:
    if row.visitors is not Visitors.ROLES:
        return row.visitors.value
    return "staff: " + ("any" if row.roles == EVERY_ROLE else ", ".join(sorted(role.value for role in row.roles)))


def test_nobody_enters_but_who_may(everybody: Everybody, monkeypatch: pytest.MonkeyPatch) -> None:
    # Three thousand times it is said that somebody may not: to lay that page out took a tenth of the time.
    monkeypatch.setattr(errors, "render_template", lambda *_told, **_values: "")
    wrong: list[str] = []
    for rule in everybody.app.url_map.iter_rules():
        row = ROUTES.get(rule.endpoint)
        if row is None or row.visitors in SETTLED:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            wrong += _as_everybody(everybody, rule, row, method)
    assert wrong == []


def _as_everybody(everybody: Everybody, rule: Rule, row: Row, method: str) -> list[str]:
    address = row.own(everybody.world) if row.own else sample(rule)
    wrong = []

    def expect(who: str, client: FlaskClient, *, enters: bool, refusal: str) -> None:
        told = verdict(client.open(address, method=method))
        if (told == refusal) if enters else (told != refusal):
            wrong.append(f"{method} {rule.rule} as {who}: {told}")

    expect("anonymous", everybody.app.test_client(), enters=False, refusal="asked to sign in")
    signed_in = row.visitors is Visitors.SIGNED_IN or row.visitors is Visitors.PERSON
    expect("person", everybody.as_person(), enters=signed_in, refusal="asked to sign in")
    for role in Role:
        if row.visitors is Visitors.ROLES:
            expect(role, everybody.as_role(role), enters=role in row.roles, refusal="refused")
        else:
            is_open = row.visitors in {Visitors.SIGNED_IN, Visitors.STAFF_ACCOUNT}
            expect(role, everybody.as_role(role), enters=is_open, refusal="asked to sign in")
    return wrong


def verdict(response) -> str:  # type: ignore[no-untyped-def]
    if response.status_code == 403:
        return "refused"
    if response.status_code == 303 and response.headers["Location"].startswith("/sign-in?"):
        return "asked to sign in"
    if response.status_code == 303 and response.headers["Location"] in {"/sign-in", "/me/sign-in"}:
        return "asked to sign in"
    return f"entered ({response.status_code})"


def sample(rule: Rule) -> str:
    """An address of the rule whose objects are not there."""

    def value(found: re.Match[str]) -> str:
        return SAMPLES[(found[1] or "string:").rstrip(":")]

    return re.sub(r"<(?:([a-z]+:))?[a-z_]+>", value, rule.rule)


@pytest.mark.parametrize("endpoint", [name for name, row in ROUTES.items() if row.other])
def test_an_object_of_another_place_is_like_none_at_all(everybody: Everybody, endpoint: str) -> None:
    row = ROUTES[endpoint]
    assert row.other is not None
    for rule in everybody.app.url_map.iter_rules(endpoint):
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for who, client in _strangers(everybody, row):
                answers = [client.open(path, method=method) for path in (row.other(everybody.world), sample(rule))]
                assert [answer.status_code for answer in answers] == [404, 404], (method, rule.rule, who)
                assert _without_ids(answers[0]) == _without_ids(answers[1])


def _strangers(everybody: Everybody, row: Row) -> list[tuple[str, FlaskClient]]:
    """Those who may enter the route, and are kept from the other's object."""
    if row.visitors is Visitors.PERSON:
        return [("person", everybody.as_person())]
    return [(role, everybody.as_role(role)) for role in sorted(row.strangers or row.roles)]


def _without_ids(answer) -> str:  # type: ignore[no-untyped-def]
    """The page without what its own address says of the object."""
    page = answer.get_data(as_text=True)
    page = page.replace(answer.request.full_path.rstrip("?"), "").replace(answer.request.path, "")
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", page)
