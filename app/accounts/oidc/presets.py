"""What is known of each kind of provider, with its source; and which sign-in there counts as two steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.accounts.codes import ClientProof, ProviderKind

# Signatures that need a key of the provider's own. Never one with a shared secret, and never "none".
ASYMMETRIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")


class Steps(StrEnum):
    """How somebody signed in at a provider."""

    TWO = "two"
    ONE = "one"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Preset:
    """The ready-made settings of a kind of provider.

    `client_proof` is None where the administrator chooses. `parameters` go with every request to sign in;
    `knows_max_age` says whether one can ask for a sign-in of just now and see it in the token.
    """

    issuer: str = ""
    client_proof: ClientProof | None = None
    proof_algorithm: str = "RS256"
    token_algorithms: tuple[str, ...] = ASYMMETRIC
    parameters: Mapping[str, str] = field(default_factory=dict)
    knows_max_age: bool = True


# NHS login, External Interface Specification 1.9 (github.com/nhsconnect/nhslogin): issuer, 4.2; signature RS512, 4.4;
# `private_key_jwt` and nothing else, 7.2.1; `vtr` in place of `acr_values`, `max_age` not supported, 3.4.1. The three
# vectors are those that it takes where none is asked for: identity checked at level P9, and two factors.
NHS_LOGIN_VECTORS = ("P9.Cp.Cd", "P9.Cp.Ck", "P9.Cm")
NHS_LOGIN = Preset(
    issuer="https://auth.login.nhs.uk",
    client_proof=ClientProof.PRIVATE_KEY,
    proof_algorithm="RS512",
    token_algorithms=("RS512",),
    parameters={"vtr": '["P9.Cp.Cd","P9.Cp.Ck","P9.Cm"]'},
    knows_max_age=False,
)

# NHS CIS2 Authentication. All its authenticators have two factors, of level AAL2 or AAL3, and AAL2 is advised
# (digital.nhs.uk, "Authenticator guidance for developers"). `AAL2_OR_AAL3_ANY` and the issuer of the live service as
# NHS England's own software uses them (github.com/NHSDigital); not tried against CIS2 itself.
CIS2_LEVELS = ("AAL2_OR_AAL3_ANY", "AAL2_ANY", "AAL3_ANY")
CIS2_SERVER = "https://am.nhsidentity.spineservices.nhs.uk:443/openam/oauth2"
CIS2 = Preset(
    issuer="/realms/".join((CIS2_SERVER, "root", "NHSIdentity", "Healthcare")),
    client_proof=ClientProof.PRIVATE_KEY,
    proof_algorithm="RS256",
    parameters={"acr_values": "AAL2_OR_AAL3_ANY"},
)

PRESETS: Mapping[ProviderKind, Preset] = {
    ProviderKind.NHS_LOGIN: NHS_LOGIN,
    ProviderKind.CIS2: CIS2,
    ProviderKind.OTHER: Preset(),
}


def request_parameters(kind: ProviderKind, levels: str) -> dict[str, str]:
    """What a request to sign in says of the level that is wanted."""
    asked = {"acr_values": levels} if levels else {}
    return {**PRESETS[kind].parameters, **asked}


def steps_of(kind: ProviderKind, claims: Mapping[str, Any], levels: str) -> Steps:
    """How somebody signed in, by what the ID token says.

    Where a level was asked for and not reached it is too few. A provider that says nothing of a level counts as one
    step, unless `amr` has "mfa", which RFC 8176 defines as more than one factor.
    """
    if kind is ProviderKind.NHS_LOGIN:
        return Steps.TWO if _is_strong_vector(claims.get("vot")) else Steps.TOO_FEW
    if kind is ProviderKind.CIS2:
        return Steps.TWO if claims.get("acr") in CIS2_LEVELS else Steps.TOO_FEW
    if levels:
        return Steps.TWO if claims.get("acr") in levels.split() else Steps.TOO_FEW
    methods = claims.get("amr")
    return Steps.TWO if isinstance(methods, list) and "mfa" in methods else Steps.ONE


def _is_strong_vector(told: object) -> bool:
    """Whether a vector of trust has all that one of those we asked for has (RFC 8485; the order does not matter)."""
    parts = set(told.split(".")) if isinstance(told, str) else set()
    return any(set(vector.split(".")) <= parts for vector in NHS_LOGIN_VECTORS)
