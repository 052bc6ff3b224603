"""An OpenID Connect provider for tests, made of Authlib's server side: `python -m tests.provider_stand_in PORT`.

It holds Waymark to the rules (client authentication, PKCE, nonce, redirect address, each code once), signs everybody
in at once as whom it was last told to, and can be told to hand out every sort of bad token.
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from authlib.oidc.core.util import create_half_hash
from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server

from tests.databases import free_port

CLIENT_ID, SECRET = "waymark-client", "a secret of the provider"


class Client:
    """Waymark, as the provider knows it."""

    client_id = CLIENT_ID

    def __init__(self) -> None:
        self.public_key = ""
        self.proofs = {"client_secret_basic", "client_secret_post", "private_key_jwt"}

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, uri: str) -> bool:
        return "/sign-in/with/" in uri and uri.endswith("/back")

    def check_client_secret(self, secret: str) -> bool:
        return secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in self.proofs

    def check_response_type(self, kind: str) -> bool:
        return kind == "code"

    def check_grant_type(self, kind: str) -> bool:
        return kind == "authorization_code"


@dataclass
class Code:
    """What a code stands for."""

    code: str
    client_id: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())


class State:
    """What the provider was told."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.client = Client()
        self.keys = [RSAKey.generate_key(2048, {"kid": "one"}, private=True)]
        self.codes: dict[str, Code] = {}
        self.asked: list[dict[str, str]] = []
        self.told: dict[str, Any] = {}


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt")
    state: State

    def save_authorization_code(self, code: str, request: Any) -> None:
        data = request.payload.data
        self.state.codes[code] = Code(
            code,
            CLIENT_ID,
            request.payload.redirect_uri,
            request.payload.scope,
            data.get("nonce"),
            data.get("code_challenge"),
            data.get("code_challenge_method"),
        )

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return self.state.codes.get(code)

    def delete_authorization_code(self, code: Code) -> None:
        self.state.codes.pop(code.code, None)

    def authenticate_user(self, code: Code) -> str:
        return "somebody"


class IdToken(OpenIDCode):
    def __init__(self, state: State) -> None:
        super().__init__(require_nonce=True)
        self.state = state

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return any(code.nonce == nonce for code in self.state.codes.values())

    def process_token(self, grant: Any, response: Any) -> Any:
        _, token, _ = response
        told, now = self.state.told, int(time.time())
        claims = {
            "iss": self.state.issuer,
            "sub": told.get("subject", "subject-1"),
            "aud": CLIENT_ID,
            "exp": now + 300,
            "iat": now,
            "auth_time": now,
            "nonce": grant.request.authorization_code.nonce,
            "at_hash": create_half_hash(token["access_token"], "RS256").decode(),
        } | told.get("claims", {})
        for name, seconds in told.get("times", {}).items():
            claims[name] = now + seconds
        for name in told.get("without", []):
            del claims[name]
        if (made := _signed(self.state, told, claims)) is not None:
            token["id_token"] = made
        return token


def _signed(state: State, told: dict[str, Any], claims: dict[str, Any]) -> str | None:
    key, fault = state.keys[-1], told.get("fault", "")
    header = {"alg": told.get("alg", "RS256"), "kid": key.kid}
    if fault == "no token":
        return None
    if fault == "rubbish":
        return "rubbish"
    if fault == "other key":
        key = RSAKey.generate_key(2048, private=True)
    if fault == "unknown kid":
        header["kid"] = "nobody's"
    if fault == "no kid":
        del header["kid"]
    if fault == "none":
        return jwt.encode(header | {"alg": "none"}, claims, OctKey.import_key("x"), algorithms=["none"])
    if fault == "public key as secret":
        return _with_shared_secret(header | {"alg": "HS256"}, claims, state.keys[-1].as_pem(private=False))
    made = jwt.encode(header, claims, key, algorithms=[header["alg"]])
    if fault == "changed":
        head, _body, signature = made.split(".")
        other = jwt.encode(header, claims | {"sub": "somebody-else"}, key, algorithms=[header["alg"]])
        return ".".join((head, other.split(".")[1], signature))
    return made


def _with_shared_secret(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    """By hand, for the library refuses to."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    made = hmac.new(secret, b".".join(parts), "sha256").digest()
    return b".".join([*parts, base64.urlsafe_b64encode(made).rstrip(b"=")]).decode()


class Assertion(JWTBearerClientAssertion):
    CLIENT_AUTH_METHOD = "private_key_jwt"

    def __init__(self, state: State) -> None:
        super().__init__(validate_jti=True)
        self.state = state
        self.seen: set[str] = set()

    def get_audiences(self) -> list[str]:
        return [f"{self.state.issuer}/token"]

    def validate_jti(self, claims: dict[str, Any], jti: str) -> bool:
        is_new = jti not in self.seen
        self.seen.add(jti)
        return is_new

    def resolve_client_public_key(self, client: Client) -> Any:
        return RSAKey.import_key(client.public_key)


def make_app(port: int) -> Flask:
    app = Flask(__name__)
    state = State(f"http://127.0.0.1:{port}")
    server = AuthorizationServer(
        app, query_client=lambda name: state.client if name == CLIENT_ID else None, save_token=lambda *_told: None
    )
    server.register_grant(type("Grant", (CodeGrant,), {"state": state}), [IdToken(state), CodeChallenge(required=True)])
    server.register_client_auth_method("private_key_jwt", Assertion(state))
    app.add_url_rule("/control", view_func=lambda: _control(state), methods=["POST"], endpoint="control")
    app.add_url_rule(
        "/.well-known/openid-configuration", view_func=lambda: jsonify(_metadata(state)), endpoint="metadata"
    )
    app.add_url_rule("/jwks", view_func=lambda: jsonify(keys=_public(state)), endpoint="jwks")
    app.add_url_rule("/authorize", view_func=lambda: _authorize(state, server), endpoint="authorize")
    app.add_url_rule("/token", view_func=lambda: _token(state, server), methods=["POST"], endpoint="token")
    app.add_url_rule("/logout-token", view_func=lambda: _logout_token(state), methods=["POST"], endpoint="logout_token")
    app.add_url_rule("/asked", view_func=lambda: jsonify(state.asked), endpoint="asked")
    return app


def _logout_token(state: State) -> str:
    """A logout token as told: claims over the usual ones, `without` some, with a `fault` of its signature."""
    told, now = request.get_json(), int(time.time())
    claims = {
        "iss": state.issuer,
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + 120,
        "jti": str(time.time_ns()),
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    } | told.get("claims", {})
    for name, seconds in told.get("times", {}).items():
        claims[name] = now + seconds
    for name in told.get("without", []):
        del claims[name]
    return _signed(state, told, claims) or ""


def _control(state: State) -> Any:
    told = request.get_json()
    if told.pop("rotate", False):
        state.keys = [RSAKey.generate_key(2048, {"kid": f"key-{time.time_ns()}"}, private=True)]
    state.client.public_key = told.pop("public_key", state.client.public_key)
    state.client.proofs = set(told.pop("proofs", state.client.proofs))
    state.told = told
    return jsonify({})


def _metadata(state: State) -> dict[str, Any]:
    told = {
        "issuer": state.issuer,
        "authorization_endpoint": f"{state.issuer}/authorize",
        "token_endpoint": f"{state.issuer}/token",
        "jwks_uri": f"{state.issuer}/jwks",
        "end_session_endpoint": f"{state.issuer}/end",
        "id_token_signing_alg_values_supported": ["RS256", "RS512"],
        "authorization_response_iss_parameter_supported": True,
    }
    return told | state.told.get("metadata", {})


def _public(state: State) -> list[dict[str, Any]]:
    return [key.as_dict(private=False) | {"use": "sig"} for key in state.keys]


def _authorize(state: State, server: AuthorizationServer) -> Any:
    state.asked.append(request.args.to_dict())
    if error := state.told.get("error"):
        words = f"?error={error}&state={request.args['state']}&iss={state.issuer}"
        return redirect(request.args["redirect_uri"] + words)
    grant = server.get_consent_grant(end_user="somebody")
    answer = server.create_authorization_response(grant_user="somebody", grant=grant)
    answer.location += state.told.get("tail", f"&iss={state.issuer}")
    return answer


def _token(state: State, server: AuthorizationServer) -> Any:
    fault = state.told.get("fault", "")
    if fault == "token endpoint breaks":
        return "<h1>Sorry</h1>", 500
    if fault == "token endpoint redirects":
        return redirect(f"{state.issuer}/elsewhere")
    if fault == "token endpoint floods":
        return "x" * 3_000_000
    return server.create_token_response()


class Stand:
    """The running provider, as a test sees it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def tell(self, **told: Any) -> None:
        requests.post(f"{self.issuer}/control", json=told, timeout=10).raise_for_status()

    def logout_token(self, **told: Any) -> str:
        return requests.post(f"{self.issuer}/logout-token", json=told, timeout=10).text

    def asked(self) -> list[dict[str, str]]:
        return list(requests.get(f"{self.issuer}/asked", timeout=10).json())


@contextlib.contextmanager
def provider_stand_in() -> Iterator[Stand]:
    """Start the provider as a process of its own, and end it afterwards."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.provider_stand_in", str(port)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        yield Stand(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.communicate()


if __name__ == "__main__":
    running = make_server("127.0.0.1", int(sys.argv[1]), make_app(int(sys.argv[1])), threaded=True)
    print("ready", flush=True)
    running.serve_forever()
