"""What a provider says of itself (OpenID Connect Discovery 1.0), and the keys that it signs with."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests

from app.accounts.oidc.network import prepared
from app.accounts.oidc.presets import ASYMMETRIC
from app.accounts.oidc.problems import ProviderProblem, Reason

# How long a process believes what it was told; keys are asked for again at once when one is missing.
KEPT_SECONDS = 600.0
PATH = "/.well-known/openid-configuration"
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What Waymark needs to know of a provider."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str
    algorithms: tuple[str, ...]
    names_itself: bool


_metadata: dict[str, tuple[float, Metadata]] = {}
_keys: dict[str, tuple[float, list[dict[str, Any]]]] = {}


def metadata_of(issuer: str, *, local: bool, fresh: bool = False) -> Metadata:
    """What the provider at `issuer` says of itself."""
    return _kept(_metadata, issuer, lambda: _discover(issuer, local=local), fresh=fresh)


def keys_of(metadata: Metadata, *, local: bool, fresh: bool = False) -> list[dict[str, Any]]:
    """The public keys that the provider signs with at present."""
    return _kept(_keys, metadata.jwks_uri, lambda: _fetch_keys(metadata.jwks_uri, local=local), fresh=fresh)


def is_safe(address: str, *, local: bool) -> bool:
    """Whether an address is one that may be asked: HTTPS, without a user or a fragment in it."""
    try:
        parts = urlsplit(address)
        has_host = bool(parts.hostname) and parts.username is None and not parts.fragment
    except ValueError:
        return False
    return has_host and (parts.scheme == "https" or (local and parts.scheme == "http")) and address.isprintable()


def forget() -> None:
    """Ask everything anew."""
    _metadata.clear()
    _keys.clear()


def _kept(store: dict[str, tuple[float, Told]], name: str, ask: Callable[[], Told], *, fresh: bool) -> Told:
    at, told = store.get(name, (0.0, None))
    if told is None or fresh or time.monotonic() - at > KEPT_SECONDS:
        told = ask()
        store[name] = (time.monotonic(), told)
    return told


def _discover(issuer: str, *, local: bool) -> Metadata:
    if not is_safe(issuer, local=local):
        raise ProviderProblem(Reason.MISCONFIGURED, "the issuer is no https address")
    told = _fetch(issuer.rstrip("/") + PATH, local=local)
    if told.get("issuer") != issuer:
        raise ProviderProblem(Reason.MISCONFIGURED, "it calls itself by another name")
    end = told.get("end_session_endpoint")
    return Metadata(
        issuer,
        authorization_endpoint=_endpoint(told, "authorization_endpoint", local=local),
        token_endpoint=_endpoint(told, "token_endpoint", local=local),
        jwks_uri=_endpoint(told, "jwks_uri", local=local),
        end_session_endpoint=end if isinstance(end, str) and is_safe(end, local=local) else "",
        algorithms=_algorithms(told),
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
    )


def _endpoint(told: Mapping[str, Any], name: str, *, local: bool) -> str:
    address = told.get(name)
    if not isinstance(address, str) or not is_safe(address, local=local):
        raise ProviderProblem(Reason.MISCONFIGURED, f"{name} is missing or no https address")
    return address


def _algorithms(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Those that it says it signs with, of those that we take."""
    said = told.get("id_token_signing_alg_values_supported")
    return tuple(name for name in ASYMMETRIC if not isinstance(said, list) or name in said)


def _fetch_keys(address: str, *, local: bool) -> list[dict[str, Any]]:
    keys = _fetch(address, local=local).get("keys")
    if not isinstance(keys, list):
        raise ProviderProblem(Reason.MISCONFIGURED, "its list of keys is no list")
    return [key for key in keys if isinstance(key, dict)]


def _fetch(address: str, *, local: bool) -> dict[str, Any]:
    with prepared(requests.Session(), local=local) as session:
        try:
            response = session.get(address, headers={"Accept": "application/json"})
            told = response.json() if response.status_code == 200 else None
        except (requests.RequestException, OSError, ValueError, RecursionError) as error:
            raise ProviderProblem(Reason.UNREACHABLE, type(error).__name__) from error
    if not isinstance(told, dict):
        raise ProviderProblem(Reason.UNREACHABLE, f"status {response.status_code}")
    return told
