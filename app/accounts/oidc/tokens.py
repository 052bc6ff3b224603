"""Whether an ID token can be believed (OpenID Connect Core 1.0, section 3.1.3.7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from app.accounts.oidc.problems import ProviderProblem, Reason
from app.core import clock

# Clocks of two machines are seldom the same.
CLOCKS_APART = timedelta(minutes=1)
LONGEST_TOKEN = 16 * 1024
# "It MUST NOT exceed 255 ASCII characters in length" (section 2).
LONGEST_SUBJECT = 255


class Keys(Protocol):
    """Gives a provider's keys, asked for anew where `fresh`."""

    def __call__(self, *, fresh: bool) -> Sequence[Mapping[str, Any]]:
        """The keys."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token must say. `signed_in_within` is set where somebody was asked to sign in anew."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    algorithms: tuple[str, ...]
    signed_in_within: timedelta | None = None


def believed(token: object, expected: Expected, keys: Keys) -> dict[str, Any]:
    """The claims of an ID token, signed by one of the provider's keys."""
    return claims_of_token(
        token,
        algorithms=expected.algorithms,
        keys=keys,
        check=lambda claims, header: _check(claims, header, expected),
    )


def claims_of_token(
    token: object,
    *,
    algorithms: Sequence[str],
    keys: Keys,
    check: Callable[[Mapping[str, Any], Mapping[str, Any]], None],
) -> dict[str, Any]:
    """The claims of a token that one of the keys signed, if `check` has nothing against them and the header."""
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN or token.count(".") != 2:
        raise ProviderProblem(Reason.BAD_TOKEN, "no signed token")
    try:
        decoded = jwt.decode(token, lambda sealed: _key(sealed.headers(), keys), algorithms=list(algorithms))
        check(decoded.claims, decoded.header)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ProviderProblem(Reason.BAD_TOKEN, _name_of(error)) from error
    return dict(decoded.claims)


def _key(header: Mapping[str, Any], keys: Keys) -> RSAKey | ECKey:
    """The key that the token names. A new one is looked for once: providers change theirs."""
    found = _fitting(header, keys(fresh=False)) or _fitting(header, keys(fresh=True))
    if len(found) != 1:
        raise ValueError("no one key fits")
    parts: dict[str, str | list[str]] = {n: value for n, value in found[0].items() if isinstance(value, str)}
    return RSAKey.import_key(parts) if parts["kty"] == "RSA" else ECKey.import_key(parts)


def _fitting(header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    kty = "EC" if str(header.get("alg", "")).startswith("ES") else "RSA"
    kid, alg = header.get("kid"), header.get("alg")
    return [
        key
        for key in keys
        if key.get("kty") == kty
        and key.get("use", "sig") == "sig"
        and key.get("alg", alg) == alg
        and (kid is None or key.get("kid") == kid)
    ]


def _check(claims: Mapping[str, Any], header: Mapping[str, Any], expected: Expected) -> None:
    now = int(clock.now().timestamp())
    leeway = int(CLOCKS_APART.total_seconds())
    options: dict[str, Any] = {"iss": {"essential": True, "value": expected.issuer}}
    params = {"nonce": expected.nonce, "client_id": expected.client_id, "access_token": expected.access_token}
    CodeIDToken(dict(claims), dict(header), options, params).validate(now=now, leeway=leeway)
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if expected.client_id not in audience:
        raise ValueError("audience")
    subject = claims["sub"]
    if not isinstance(subject, str) or not subject.strip() or len(subject) > LONGEST_SUBJECT or not subject.isascii():
        raise ValueError("subject")
    if not all(isinstance(claims[name], (int, float)) for name in ("exp", "iat")) or claims["iat"] > now + leeway:
        raise ValueError("times")
    if expected.signed_in_within is not None:
        _check_signed_in_lately(claims, now - leeway - int(expected.signed_in_within.total_seconds()))


def _check_signed_in_lately(claims: Mapping[str, Any], earliest: int) -> None:
    moment = claims.get("auth_time")
    if not isinstance(moment, (int, float)) or moment < earliest:
        raise ValueError("auth_time")


def _name_of(error: Exception) -> str:
    """A short name for the log; errors of the library name the claim, ours are short, others may quote the token."""
    claim = getattr(error, "claim", "")
    return f"{type(error).__name__} {claim}".strip() if isinstance(error, JoseError) else type(error).__name__
