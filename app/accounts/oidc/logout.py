"""Whether a logout token can be believed (OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from app.accounts.oidc import discovery
from app.accounts.oidc.presets import PRESETS
from app.accounts.oidc.tokens import CLOCKS_APART, LONGEST_SUBJECT, claims_of_token
from app.accounts.oidc.visits import Provider
from app.core import clock

EVENT = "http://schemas.openid.net/event/backchannel-logout"
# "logout+jwt" is recommended; many providers still say what they always said.
TYPES = frozenset({"logout+jwt", "jwt"})


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """Who signed out at the provider: a subject, one of its sessions there, or both; and when it said so."""

    subject: str
    session: str
    at: datetime


def logged_out(provider: Provider, token: object) -> LoggedOut:
    """What a logout token says. ProviderProblem where it cannot be believed."""
    metadata = discovery.metadata_of(provider.issuer, local=provider.local)
    preset = PRESETS[provider.kind]
    claims = claims_of_token(
        token,
        algorithms=tuple(name for name in metadata.algorithms if name in preset.token_algorithms),
        keys=partial(discovery.keys_of, metadata, local=provider.local),
        check=partial(_check, provider),
    )
    moment = datetime.fromtimestamp(float(claims["iat"]), UTC)
    return LoggedOut(subject=str(claims.get("sub", "")), session=session_named(claims), at=moment)


def session_named(claims: Mapping[str, Any]) -> str:
    """The provider's own session that claims name (`sid`); empty where they name none that can be kept."""
    sid = claims.get("sid")
    return sid if isinstance(sid, str) and len(sid) <= LONGEST_SUBJECT else ""


def _check(provider: Provider, claims: Mapping[str, Any], header: Mapping[str, Any]) -> None:
    now, leeway = clock.now().timestamp(), CLOCKS_APART.total_seconds()
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if claims["iss"] != provider.issuer or provider.client_id not in audience:
        raise ValueError("issuer or audience")
    if str(header.get("typ", "jwt")).casefold() not in TYPES:
        raise ValueError("type")
    if not all(isinstance(claims[name], (int, float)) for name in ("exp", "iat")):
        raise ValueError("times")
    if claims["exp"] < now - leeway or claims["iat"] > now + leeway:
        raise ValueError("times")
    if not isinstance(claims["events"], dict) or not isinstance(claims["events"].get(EVENT), dict):
        raise ValueError("event")
    if "nonce" in claims or not isinstance(claims["jti"], str):
        raise ValueError("an ID token, or none at all")
    if not any(isinstance(claims.get(name), str) and claims[name] for name in ("sub", "sid")):
        raise ValueError("nobody")
