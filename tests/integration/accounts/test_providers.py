"""Signing in through an organisation's own provider: a real one, in a process of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import operations, sessions
from app.accounts.codes import ClientProof, EndReason, ProviderKind, Role
from app.accounts.current import vault
from app.accounts.models import IdentityProvider, ProviderIdentity, ProviderVisit, User, UserSession
from app.accounts.oidc import discovery
from app.accounts.oidc.own_keys import new_private_key, public_pem
from app.accounts.operations import providers
from app.accounts.operations.invitations import invite
from app.accounts.sweeps import answer_resets
from app.accounts.vault import PROVIDER
from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.core import clock
from app.core.actor import SYSTEM
from app.core.errors import Refused
from app.notifications.models import Message
from app.web.database import db
from tests.provider_stand_in import CLIENT_ID, SECRET, Stand, provider_stand_in
from tests.signing_in import a_member, a_workplace, code_now, give_authenticator, signed_in_client

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "a long enough sentence"


@pytest.fixture(scope="module")
def running() -> Iterator[Stand]:
    with provider_stand_in() as stand:
        yield stand


@pytest.fixture
def stand(running: Stand, app: Flask) -> Stand:
    app.config["WTF_CSRF_ENABLED"] = False
    discovery.forget()
    running.tell(claims={"amr": ["pwd", "mfa"]})
    return running


@pytest.fixture
def provider(session: Session, stand: Stand) -> UUID:
    """The hub's provider, switched on, with a member whom it knows as subject-1."""
    found = make_provider(session, stand)
    user = a_member(session, Role.HUB, email="dele@hub.example")
    providers.connect(session, SYSTEM, found, user, "subject-1")
    found_id = found.id
    session.commit()
    return found_id


def make_provider(session: Session, stand: Stand, **changes: str) -> IdentityProvider:
    given = {
        "kind": ProviderKind.OTHER,
        "name": "Hub sign-in",
        "issuer": stand.issuer,
        "client_id": CLIENT_ID,
        "client_proof": ClientProof.SECRET_BASIC,
        "sealed_secret": vault(PROVIDER).seal(SECRET),
    } | changes
    place = a_workplace(session, "Wexmoor Hub")
    found = providers.add_provider(session, SYSTEM, place.id, providers.Settings(**given))
    providers.switch(session, SYSTEM, found, on=True)
    return found


def go(client: FlaskClient, path: str, **data: str) -> str:
    """Press a button that leads to the provider; gives the address that the page leads on to."""
    page = client.post(path, data=data)
    assert page.status_code == 200, page.get_data(as_text=True)
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.get_data(as_text=True))
    assert found
    return unescape(found[1])


def there(address: str) -> str:
    """What the browser brings back from the provider: the path of ours, with its query."""
    answer = requests.get(address, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].removeprefix("http://localhost")


def sign_in(client: FlaskClient, provider: UUID, **data: str):
    return client.get(there(go(client, f"/sign-in/with/{provider}", **data)))


def test_the_sign_in_page_offers_it_and_its_user_gets_in(client: FlaskClient, provider: UUID, stand: Stand) -> None:
    page = client.get("/sign-in?next=/account").get_data(as_text=True)
    assert f'formaction="/sign-in/with/{provider}"' in page
    assert "Hub sign-in" in page
    assert sign_in(client, provider, next="/account").headers["Location"] == "/account"
    assert client.get("/desk").status_code == 200
    asked = stand.asked()[-1]
    assert asked["scope"] == "openid"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"http://localhost/sign-in/with/{provider}/back"


def test_nothing_is_offered_where_there_is_none(client: FlaskClient, app: Flask) -> None:
    assert "formaction" not in client.get("/sign-in").get_data(as_text=True)
    assert client.post(f"/sign-in/with/{UUID(int=0)}").status_code in {400, 404}


@pytest.mark.parametrize("proof", list(ClientProof))
def test_every_way_to_show_who_asks(
    app: Flask, client: FlaskClient, session: Session, provider: UUID, stand: Stand, proof: ClientProof
) -> None:
    key = new_private_key()
    row = session.get_one(IdentityProvider, provider)
    row.client_proof = proof
    row.sealed_secret = vault(PROVIDER).seal(key if proof is ClientProof.PRIVATE_KEY else SECRET)
    session.commit()
    stand.tell(claims={"amr": ["mfa"]}, public_key=public_pem(key), proofs=[proof.value])
    assert sign_in(client, provider).status_code == 303
    stand.tell(proofs=[other.value for other in ClientProof])


BAD_TOKENS = {
    "of another issuer": {"claims": {"iss": "https://evil.example"}},
    "for another client": {"claims": {"aud": "another"}},
    "for several, and not said for whom": {"claims": {"aud": [CLIENT_ID, "another"]}},
    "for several, issued to another": {"claims": {"aud": [CLIENT_ID, "another"], "azp": "another"}},
    "issued to another": {"claims": {"azp": "another"}},
    "run out": {"times": {"exp": -120}},
    "of tomorrow": {"times": {"iat": 3600}},
    "not good yet": {"times": {"nbf": 3600}},
    "without an end": {"without": ["exp"]},
    "without a beginning": {"without": ["iat"]},
    "of another sign-in": {"claims": {"nonce": "another"}},
    "of no sign-in": {"without": ["nonce"]},
    "about nobody": {"without": ["sub"]},
    "about a blank": {"claims": {"sub": " "}},
    "about a number": {"claims": {"sub": 1}},
    "about somebody endless": {"claims": {"sub": "x" * 256}},
    "with another access token": {"claims": {"at_hash": "AAAA"}},
    "unsigned": {"fault": "none"},
    "signed with our copy of the public key": {"fault": "public key as secret"},
    "signed in a way that the provider does not use": {"alg": "RS384"},
    "signed by somebody else": {"fault": "other key"},
    "signed by a key that nobody has": {"fault": "unknown kid"},
    "changed on the way": {"fault": "changed"},
    "that is none": {"fault": "rubbish"},
    "that is missing": {"fault": "no token"},
}


def test_no_bad_token_lets_anybody_in(client: FlaskClient, session: Session, provider: UUID, stand: Stand) -> None:
    told = {name: _told_with(client, provider, stand, fault) for name, fault in BAD_TOKENS.items()}
    assert told == dict.fromkeys(BAD_TOKENS, (400, True))
    assert client.get_cookie("sid") is None
    assert session.scalars(select(UserSession)).all() == []
    reasons = session.scalars(select(AuditEntry.reason).where(AuditEntry.action == Action.DENIED)).all()
    assert reasons == ["bad_token"] * len(BAD_TOKENS)


def _told_with(client: FlaskClient, provider: UUID, stand: Stand, fault: dict[str, object]) -> tuple[int, bool]:
    stand.tell(**{"claims": {"amr": ["mfa"]}, **fault})
    answer = sign_in(client, provider)
    return answer.status_code, "could not be trusted" in answer.get_data(as_text=True)


OTHER_FAULTS = [
    ({"fault": "token endpoint breaks"}, 503, "could not reach"),
    ({"fault": "token endpoint redirects"}, 503, "could not reach"),
    ({"fault": "token endpoint floods"}, 503, "could not reach"),
    ({"error": "access_denied"}, 400, "did not sign you in"),
    ({"error": "<script>"}, 400, "did not sign you in"),
    ({"tail": ""}, 400, "could not be trusted"),
    ({"tail": "&iss=https://evil.example"}, 400, "could not be trusted"),
    ({"subject": "nobody-here"}, 403, "We do not know who you are"),
    (
        {"claims": {"amr": ["mfa"], "email": "dele@hub.example", "email_verified": True}, "subject": "x"},
        403,
        "not know",
    ),
]


def test_what_else_can_go_wrong_is_said_plainly(client: FlaskClient, provider: UUID, stand: Stand) -> None:
    for told, status, words in OTHER_FAULTS:
        stand.tell(**told)
        answer = sign_in(client, provider)
        assert answer.status_code == status, told
        assert words in answer.get_data(as_text=True), told
        assert "Back to signing in" in answer.get_data(as_text=True)
        assert client.get_cookie("sid") is None
        assert (f'/sign-in/with/{provider}"' in answer.get_data(as_text=True)) == (status != 403)  # to try again


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "ftp://127.0.0.1/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "http://user@127.0.0.1/"},
    ],
)
def test_a_provider_that_is_not_what_it_says_is_not_gone_to(
    client: FlaskClient, provider: UUID, stand: Stand, metadata: dict[str, object]
) -> None:
    stand.tell(metadata=metadata)
    assert client.post(f"/sign-in/with/{provider}").status_code == 503


def test_no_other_machine_of_this_network_is_asked(client: FlaskClient, session: Session, stand: Stand) -> None:
    for number, issuer in enumerate(("http://10.0.0.1", "http://169.254.169.254", "http://[::ffff:10.0.0.1]")):
        row = make_provider(session, stand, issuer=issuer, name=f"{number}")
        row_id = row.id
        session.commit()
        assert client.post(f"/sign-in/with/{row_id}").status_code == 503


def test_this_machine_is_asked_only_where_waymark_is_for_trial(stand: Stand) -> None:
    with pytest.raises(discovery.ProviderProblem):
        discovery.metadata_of(stand.issuer, local=False, fresh=True)


def test_a_state_is_good_once_in_one_browser_for_a_quarter_of_an_hour(
    app: Flask, client: FlaskClient, provider: UUID
) -> None:
    back = there(go(client, f"/sign-in/with/{provider}"))
    assert app.test_client().get(back).status_code == 400
    token = client.get_cookie("visit").value
    other = app.test_client()
    go(other, f"/sign-in/with/{provider}")
    assert other.get(back).status_code == 400
    assert client.get(back).status_code == 303
    client.set_cookie("visit", token, domain="localhost")
    assert client.get(back).status_code == 400
    late = there(go(client, f"/sign-in/with/{provider}"))
    with clock.moved_to(clock.now() + timedelta(minutes=16)):
        assert client.get(late).status_code == 400


def test_a_code_of_one_visit_does_not_fit_another(app: Flask, client: FlaskClient, provider: UUID) -> None:
    """The provider checks the code verifier: a code that was slipped in is not exchanged."""
    stolen = there(go(app.test_client(), f"/sign-in/with/{provider}"))
    own = there(go(client, f"/sign-in/with/{provider}"))
    code, other = (re.search(r"code=([^&]+)", back)[1] for back in (own, stolen))
    assert client.get(own.replace(code, other)).status_code == 400
    assert client.get_cookie("sid") is None


def test_one_providers_answer_is_not_taken_for_anothers(
    client: FlaskClient, session: Session, provider: UUID, stand: Stand
) -> None:
    place = a_workplace(session, "Elsewhere")
    kept = vault(PROVIDER).seal(SECRET)
    given = providers.Settings(ProviderKind.OTHER, "Other", stand.issuer, CLIENT_ID, ClientProof.SECRET_BASIC, kept)
    other = providers.add_provider(session, SYSTEM, place.id, given)
    providers.switch(session, SYSTEM, other, on=True)
    other_id = other.id
    session.commit()
    back = there(go(client, f"/sign-in/with/{provider}"))
    assert client.get(back.replace(str(provider), str(other_id))).status_code == 400


@pytest.mark.parametrize(("seconds", "enters"), [(45, True), (-45, True)])
def test_clocks_may_be_a_little_apart(client: FlaskClient, provider: UUID, seconds: int, enters: bool) -> None:
    with clock.moved_to(clock.now() + timedelta(seconds=seconds)):
        assert (sign_in(client, provider).status_code == 303) is enters


def test_the_provider_may_change_its_keys(client: FlaskClient, provider: UUID, stand: Stand) -> None:
    sign_in(client, provider)
    stand.tell(rotate=True, claims={"amr": ["mfa"]})
    assert sign_in(client, provider).status_code == 303
    stand.tell(fault="no kid", claims={"amr": ["mfa"]})
    assert sign_in(client, provider).status_code == 303


def test_one_step_there_is_followed_by_our_own(
    client: FlaskClient, session: Session, provider: UUID, stand: Stand
) -> None:
    user = session.scalars(select(User).where(User.email == "dele@hub.example")).one()
    give_authenticator(session, user, KEY)
    session.commit()
    stand.tell(claims={"amr": ["pwd"]})
    assert sign_in(client, provider).headers["Location"] == "/sign-in/code"
    assert client.get("/desk").status_code == 303
    assert client.post("/sign-in/code", data={"code": code_now(KEY)}).headers["Location"] == "/desk"
    assert session.scalars(select(UserSession.provider_id)).one() == provider


@pytest.mark.parametrize(
    ("claims", "enters"),
    [({"acr": "two"}, True), ({"acr": "three"}, True), ({"acr": "one"}, False), ({}, False), ({"amr": ["mfa"]}, False)],
)
def test_a_level_that_was_asked_for_is_insisted_on(
    client: FlaskClient, session: Session, provider: UUID, stand: Stand, claims: dict[str, object], enters: bool
) -> None:
    session.get_one(IdentityProvider, provider).levels = "two three"
    session.commit()
    stand.tell(claims=claims)
    answer = sign_in(client, provider)
    assert stand.asked()[-1]["acr_values"] == "two three"
    assert answer.status_code == (303 if enters else 403)


def test_it_is_believed_in_its_own_organisation_only(
    app: Flask, client: FlaskClient, session: Session, provider: UUID
) -> None:
    user = session.scalars(select(User).where(User.email == "dele@hub.example")).one()
    user.password_hash = operations.hash_password(PASSWORD)
    other = a_workplace(session, "A better place")
    operations.grant(session, SYSTEM, user=user, organization_id=other.id, role=Role.ADMINISTRATOR)
    other_id, user_id = other.id, user.id
    session.commit()
    sign_in(client, provider)
    assert client.post("/work-in", data={"organization": str(other_id)}).status_code == 409
    assert "A better place" not in client.get("/account").get_data(as_text=True)
    for path in ("/account/password", "/account/second-step/app", "/account/second-step/codes"):
        assert client.get(path).status_code == 409, path
    assert client.get("/desk/members").status_code == 403
    own = signed_in_client(app, user_id)
    assert own.post("/work-in", data={"organization": str(other_id)}).status_code == 303


def test_who_is_no_member_any_more_stays_out(client: FlaskClient, session: Session, provider: UUID) -> None:
    user = session.scalars(select(User).where(User.email == "dele@hub.example")).one()
    place = sessions.organizations_of(session, user.id)[0]
    operations.members.change_roles(session, SYSTEM, user=user, organization_id=place.id, roles=())
    session.commit()
    assert sign_in(client, provider).status_code == 403


def test_switched_off_it_signs_everybody_out(client: FlaskClient, session: Session, provider: UUID) -> None:
    sign_in(client, provider)
    providers.switch(session, SYSTEM, session.get_one(IdentityProvider, provider), on=False)
    session.commit()
    assert client.get("/desk").status_code == 303
    assert client.post(f"/sign-in/with/{provider}").status_code == 404
    assert session.scalars(select(UserSession.end_reason)).all() == [EndReason.PROVIDER_OFF]


def test_signing_out_says_where_one_is_still_signed_in(client: FlaskClient, provider: UUID, stand: Stand) -> None:
    sign_in(client, provider)
    onward = client.post("/sign-out").headers["Location"]
    assert onward == f"/signed-out/{provider}"
    page = client.get(onward).get_data(as_text=True)
    assert f"{stand.issuer}/end?client_id={CLIENT_ID}" in page
    assert client.get("/desk").status_code == 303


def test_joining_with_it_needs_no_password(client: FlaskClient, session: Session, provider: UUID, stand: Stand) -> None:
    stand.tell(subject="newcomer", claims={"amr": ["mfa"], "email": "other@evil.example"})
    place = a_workplace(session, "Wexmoor Hub")
    _made, token = invite(session, SYSTEM, organization_id=place.id, email="nell@hub.example", roles=[Role.TUTOR])
    session.commit()
    assert "Join with" in client.get(f"/join/{token}").get_data(as_text=True)
    nameless = client.post(f"/join/{token}", data={"through": str(provider), "name": ""})
    assert nameless.status_code == 422
    assert "Enter your name" in nameless.get_data(as_text=True)
    assert "New password" in nameless.get_data(as_text=True)
    back = there(go(client, f"/join/{token}", through=str(provider), name="Nell Hart"))
    assert client.get(back).headers["Location"] == "/desk"
    user = session.scalars(select(User).where(User.email == "nell@hub.example")).one()
    assert (user.name, user.password_hash) == ("Nell Hart", None)
    session.rollback()
    assert client.get(f"/join/{token}").status_code == 404


def test_a_link_for_a_new_password_is_no_way_around_it(
    app: Flask, client: FlaskClient, session: Session, provider: UUID
) -> None:
    client.post("/sign-in/reset", data={"email": "dele@hub.example"})
    with app.app_context():
        assert answer_resets() == 1
    assert session.scalars(select(Message)).all() == []


def test_connecting_and_disconnecting(app: Flask, session: Session, provider: UUID, stand: Stand) -> None:
    user = a_member(session, Role.HUB, email="ada@hub.example")
    user_id = user.id
    session.commit()
    client = signed_in_client(app, user_id)
    stand.tell(subject="ada")
    back = there(go(client, f"/account/providers/{provider}/connect"))
    assert app.test_client().get(back).status_code == 400
    client_two = signed_in_client(app, user_id)
    back = there(go(client_two, f"/account/providers/{provider}/connect"))
    assert client_two.get(back).headers["Location"] == "/account?done=connected"
    identity = session.scalars(select(ProviderIdentity).where(ProviderIdentity.user_id == user_id)).one()
    assert identity.subject == "ada"
    path = f"/account/identities/{identity.id}/disconnect"
    session.rollback()
    assert client_two.post(path).status_code == 409
    session.get_one(User, user_id).password_hash = operations.hash_password(PASSWORD)
    session.commit()
    assert client_two.post(path).status_code == 303
    assert session.scalars(select(ProviderIdentity).where(ProviderIdentity.user_id == user_id)).all() == []


def test_nobody_connects_what_another_has(app: Flask, session: Session, provider: UUID, stand: Stand) -> None:
    user_id = a_member(session, Role.HUB, email="ada@hub.example").id
    session.commit()
    client = signed_in_client(app, user_id)
    answer = client.get(there(go(client, f"/account/providers/{provider}/connect")))
    assert answer.status_code == 400
    assert "Somebody else here uses this sign-in" in answer.get_data(as_text=True)
    assert "You are still signed in here" in answer.get_data(as_text=True)
    assert 'href="/account"' in answer.get_data(as_text=True)


def test_a_visit_begun_by_one_is_not_finished_by_another(
    app: Flask, session: Session, provider: UUID, stand: Stand
) -> None:
    victim, thief = (a_member(session, Role.HUB, email=f"{name}@hub.example").id for name in ("victim", "thief"))
    session.commit()
    stand.tell(subject="thief")
    client = signed_in_client(app, thief)
    back = there(go(client, f"/account/providers/{provider}/connect"))
    tricked = signed_in_client(app, victim)
    tricked.set_cookie("visit", client.get_cookie("visit").value, domain="localhost")
    assert tricked.get(back).status_code == 400
    assert session.scalars(select(ProviderIdentity.user_id).where(ProviderIdentity.subject == "thief")).all() == []


def test_proving_again_asks_the_provider_anew(app: Flask, session: Session, provider: UUID, stand: Stand) -> None:
    user = session.scalars(select(User).where(User.email == "dele@hub.example")).one()
    place = sessions.organizations_of(session, user.id)[0]
    operations.grant(session, SYSTEM, user=user, organization_id=place.id, role=Role.ADMINISTRATOR)
    session.commit()
    client = app.test_client()
    sign_in(client, provider)
    with clock.moved_to(clock.now() + timedelta(minutes=11)):
        assert client.get("/desk/members/invite").headers["Location"].startswith("/account/prove")
    page = client.get("/account/prove?next=/desk/members").get_data(as_text=True)
    assert "Sign in again with Hub sign-in" in page
    with session.begin():
        session.scalars(select(UserSession)).one().reauthenticated_at = clock.now() - timedelta(minutes=11)
    for told in ({"times": {"auth_time": -1000}}, {"without": ["auth_time"]}, {"subject": "another"}):
        stand.tell(claims={"amr": ["mfa"]}, **told)
        assert client.get(there(go(client, "/account/prove/through-provider"))).status_code in {400, 403}
        assert client.get("/desk/members/invite").status_code == 303
    stand.tell(claims={"amr": ["mfa"]})
    back = there(go(client, "/account/prove/through-provider", next="/desk/members"))
    assert stand.asked()[-1]["prompt"] == "login"
    assert client.get(back).headers["Location"] == "/desk/members"
    assert client.get("/desk/members/invite").status_code == 200


@pytest.mark.usefixtures("stand")
class TestSettingUp:
    """An administrator's pages."""

    @pytest.fixture
    def boss(self, app: Flask, session: Session) -> FlaskClient:
        user_id = a_member(session, Role.ADMINISTRATOR, email="boss@hub.example").id
        session.commit()
        return signed_in_client(app, user_id)

    def fill(self, stand: Stand, **changes: str) -> dict[str, str]:
        return {
            "name": "Hub sign-in",
            "issuer": stand.issuer,
            "client_id": CLIENT_ID,
            "client_proof": "client_secret_post",
            "secret": SECRET,
        } | changes

    def test_from_nothing_to_the_sign_in_page(
        self, app: Flask, boss: FlaskClient, session: Session, stand: Stand
    ) -> None:
        made = boss.post("/desk/members/providers/new/other", data=self.fill(stand))
        path = made.headers["Location"].removesuffix("?done=added")
        row = session.scalars(select(IdentityProvider)).one()
        assert path == f"/desk/members/providers/{row.id}"
        assert SECRET not in row.sealed_secret
        assert vault(PROVIDER).open(row.sealed_secret) == SECRET
        row_id = row.id
        session.rollback()
        assert f"http://localhost/sign-in/with/{row_id}/back" in boss.get(path).get_data(as_text=True)
        assert "Hub sign-in" not in app.test_client().get("/sign-in").get_data(as_text=True)
        boss.post(f"{path}/switch", data={"on": "yes"})
        assert "Hub sign-in" in app.test_client().get("/sign-in").get_data(as_text=True)
        assert SECRET not in boss.get(f"{path}/change").get_data(as_text=True)

    def test_a_key_is_made_here_and_its_public_half_is_shown(
        self, boss: FlaskClient, session: Session, stand: Stand
    ) -> None:
        data = self.fill(stand, client_proof="private_key_jwt", secret="")
        path = boss.post("/desk/members/providers/new/other", data=data).headers["Location"]
        page = boss.get(path).get_data(as_text=True)
        row = session.scalars(select(IdentityProvider)).one()
        private = vault(PROVIDER).open(row.sealed_secret)
        row_id = row.id
        session.rollback()
        assert "BEGIN PUBLIC KEY" in page
        assert "PRIVATE KEY" not in page
        keys = boss.get(f"/sign-in/with/{row_id}/keys").get_json()["keys"]
        assert set(keys[0]) == {"kty", "n", "e", "kid", "use", "alg"}
        boss.post(f"/desk/members/providers/{row_id}/change", data=data | {"name": "Another name"})
        row = session.scalars(select(IdentityProvider)).one()
        assert row.name == "Another name"
        assert vault(PROVIDER).open(row.sealed_secret) == private

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"issuer": "http://127.0.0.1:1"}, "No provider answers there"),
            ({"issuer": "rubbish"}, "an address that starts with https:"),
            ({"secret": ""}, "Enter the secret"),
            ({"name": ""}, "Enter the name"),
            ({"client_id": "x" * 401}, "400 characters"),
        ],
    )
    def test_what_is_wrong_is_told_beside_the_field(
        self, boss: FlaskClient, session: Session, stand: Stand, changes: dict[str, str], words: str
    ) -> None:
        answer = boss.post("/desk/members/providers/new/other", data=self.fill(stand, **changes))
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)
        assert session.scalars(select(IdentityProvider)).all() == []

    def test_one_provider_once(self, boss: FlaskClient, session: Session, stand: Stand) -> None:
        boss.post("/desk/members/providers/new/other", data=self.fill(stand))
        again = boss.post("/desk/members/providers/new/other", data=self.fill(stand))
        assert again.status_code == 422
        assert len(session.scalars(select(IdentityProvider)).all()) == 1

    @pytest.mark.parametrize("kind", ["cis2", "nhs_login"])
    def test_the_ready_made_ones_ask_for_little(self, boss: FlaskClient, kind: str) -> None:
        page = boss.get(f"/desk/members/providers/new/{kind}").get_data(as_text=True)
        assert 'value="https://' in page
        assert "client_secret" not in page
        assert boss.get("/desk/members/providers/new/other-kind").status_code == 404


def test_old_visits_are_forgotten(app: Flask, client: FlaskClient, session: Session, provider: UUID) -> None:
    from app.accounts.sweeps import forget_old_limits

    go(client, f"/sign-in/with/{provider}")
    with app.app_context(), clock.moved_to(clock.now() + timedelta(hours=2)):
        forget_old_limits()
    with Session(db.engines[None]) as own:
        assert own.scalars(select(ProviderVisit)).all() == []


def test_the_last_way_in_stays(session: Session, stand: Stand) -> None:
    row = make_provider(session, stand)
    user = a_member(session, Role.HUB, email="only@hub.example")
    identity = providers.connect(session, SYSTEM, row, user, "x")
    with pytest.raises(Refused):
        providers.disconnect(session, SYSTEM, user, identity)


def told_out(client: FlaskClient, provider: UUID, token: str) -> int:
    return client.post(f"/sign-in/with/{provider}/signed-out", data={"logout_token": token}).status_code


def test_who_signs_out_at_the_provider_is_signed_out_here(app: Flask, provider: UUID, stand: Stand) -> None:
    stand.tell(claims={"amr": ["pwd", "mfa"], "sid": "desk"})
    desk, phone, stranger = app.test_client(), app.test_client(), app.test_client()
    sign_in(desk, provider)
    stand.tell(claims={"amr": ["pwd", "mfa"], "sid": "phone"})
    sign_in(phone, provider)
    assert told_out(stranger, provider, stand.logout_token(claims={"sid": "desk"})) == 200
    assert (desk.get("/desk").status_code, phone.get("/desk").status_code) == (303, 200)
    # Said again, or of somebody who is nobody here, it does no harm; what began since stays.
    earlier = stand.logout_token(claims={"sub": "subject-1"}, times={"iat": -90, "exp": 60})
    assert told_out(stranger, provider, earlier) == 200
    assert told_out(stranger, provider, stand.logout_token(claims={"sub": "nobody"})) == 200
    assert phone.get("/desk").status_code == 200
    assert told_out(stranger, provider, stand.logout_token(claims={"sub": "subject-1"})) == 200
    assert phone.get("/desk").status_code == 303
    with app.app_context(), Session(db.engines["read"]) as session:
        reasons = set(session.scalars(select(UserSession.end_reason)))
        told = session.scalars(select(AuditEntry.reason).where(AuditEntry.action == Action.SIGNED_OUT)).all()
    assert reasons == {EndReason.SIGNED_OUT_AT_PROVIDER}
    assert told == ["provider", "provider"]


def test_no_bad_logout_token_is_believed(app: Flask, client: FlaskClient, provider: UUID, stand: Stand) -> None:
    sign_in(client, provider)
    good = {"claims": {"sub": "subject-1"}}
    bad = [
        {},
        good | {"without": ["events"]},
        {"claims": {"sub": "subject-1", "events": {"http://schemas.openid.net/event/other": {}}}},
        {"claims": {"sub": "subject-1", "nonce": "n"}},
        {"claims": {"sub": "subject-1", "iss": "https://other.example"}},
        {"claims": {"sub": "subject-1", "aud": "another-client"}},
        good | {"without": ["jti"]},
        good | {"without": ["exp"]},
        good | {"times": {"exp": -120}},
        good | {"times": {"iat": 600}},
        *(good | {"fault": fault} for fault in ("none", "other key", "changed", "rubbish", "public key as secret")),
    ]
    stranger = app.test_client()
    for told in bad:
        answer = stranger.post(
            f"/sign-in/with/{provider}/signed-out", data={"logout_token": stand.logout_token(**told)}
        )
        assert (answer.status_code, answer.json) == (400, {"error": "invalid_request"}), told
        assert "no-store" in answer.headers["Cache-Control"]
    assert told_out(stranger, provider, "") == 400
    assert told_out(stranger, UUID(int=7), stand.logout_token(**good)) == 404
    assert client.get("/desk").status_code == 200
