"""A visit to a provider: where to send the browser, and what became of the code that it brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import RSAKey

from app.accounts.codes import ClientProof, ProviderKind
from app.accounts.oidc import discovery
from app.accounts.oidc.network import prepared
from app.accounts.oidc.presets import PRESETS, request_parameters
from app.accounts.oidc.problems import ProviderProblem, Reason
from app.accounts.oidc.tokens import Expected, believed
from app.core import clock

# Nothing but who it is: no name and no address, which we would have to look after.
SCOPE = "openid"
ASSERTION_LASTS = timedelta(minutes=5)
# How long ago somebody may have signed in who was asked to do so just now.
JUST_NOW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as this package needs it, its secret opened. `local`: Waymark and it run on one machine for trial."""

    kind: ProviderKind
    issuer: str
    client_id: str
    client_proof: ClientProof
    secret: str
    levels: str
    back_to: str
    local: bool


@dataclass(frozen=True, slots=True)
class Pledge:
    """What ties the answer to the question."""

    state: str
    nonce: str
    code_verifier: str
    anew: bool = False


def way_there(provider: Provider, pledge: Pledge) -> str:
    """The address at the provider to send a browser to. With `anew` it must ask for the sign-in again."""
    metadata = discovery.metadata_of(provider.issuer, local=provider.local)
    parameters = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": provider.back_to,
        "scope": SCOPE,
        "state": pledge.state,
        "nonce": pledge.nonce,
        "code_challenge": create_s256_code_challenge(pledge.code_verifier),
        "code_challenge_method": "S256",
        **request_parameters(provider.kind, provider.levels),
        **(_asking_anew(provider) if pledge.anew else {}),
    }
    joint = "&" if "?" in metadata.authorization_endpoint else "?"
    return metadata.authorization_endpoint + joint + urlencode(parameters)


def _asking_anew(provider: Provider) -> dict[str, str]:
    knows = PRESETS[provider.kind].knows_max_age
    return {"prompt": "login"} | ({"max_age": str(int(JUST_NOW.total_seconds()))} if knows else {})


def claims_of(provider: Provider, pledge: Pledge, answer: Mapping[str, str]) -> dict[str, Any]:
    """What the provider says of whoever came back with `answer`, the query of the address."""
    metadata = discovery.metadata_of(provider.issuer, local=provider.local)
    _check_who_answers(metadata, answer)
    if "error" in answer:
        raise ProviderProblem(Reason.DECLINED, _known_error(answer["error"]))
    told = _exchange(provider, metadata, answer.get("code", ""), pledge.code_verifier)
    preset = PRESETS[provider.kind]
    expected = Expected(
        issuer=provider.issuer,
        client_id=provider.client_id,
        nonce=pledge.nonce,
        access_token=str(told.get("access_token", "")),
        algorithms=tuple(name for name in metadata.algorithms if name in preset.token_algorithms),
        signed_in_within=JUST_NOW if pledge.anew and preset.knows_max_age else None,
    )
    return believed(
        told.get("id_token"),
        expected,
        partial(discovery.keys_of, metadata, local=provider.local),
    )


def way_out(provider: Provider, *, back_to: str) -> str:
    """Where one signs out of the provider too; empty where it has no such place (RP-Initiated Logout 1.0)."""
    end = discovery.metadata_of(provider.issuer, local=provider.local).end_session_endpoint
    if not end:
        return ""
    words = urlencode({"client_id": provider.client_id, "post_logout_redirect_uri": back_to})
    return end + ("&" if "?" in end else "?") + words


def _check_who_answers(metadata: discovery.Metadata, answer: Mapping[str, str]) -> None:
    """Whether it is the provider that was asked (RFC 9207); the address to come back to is each provider's own too."""
    said = answer.get("iss")
    if (said is None and metadata.names_itself) or (said is not None and said != metadata.issuer):
        raise ProviderProblem(Reason.WRONG_PROVIDER)


# RFC 6749, 4.1.2.1, and OpenID Connect Core 1.0, 3.1.2.6. What else a browser brings stays out of the log.
ERRORS = frozenset(
    "invalid_request unauthorized_client access_denied unsupported_response_type invalid_scope server_error "
    "temporarily_unavailable interaction_required login_required account_selection_required consent_required "
    "invalid_request_uri invalid_request_object request_not_supported request_uri_not_supported "
    "registration_not_supported unmet_authentication_requirements".split()
)


def _known_error(told: str) -> str:
    return told if told in ERRORS else "another error"


def _exchange(provider: Provider, metadata: discovery.Metadata, code: str, code_verifier: str) -> Mapping[str, Any]:
    if not code:
        raise ProviderProblem(Reason.CODE_REFUSED, "no code")
    client = OAuth2Session(
        provider.client_id, provider.secret, token_endpoint_auth_method=provider.client_proof.value, scope=SCOPE
    )
    if provider.client_proof is ClientProof.PRIVATE_KEY:
        client.register_client_auth_method(_assertion(provider, metadata.token_endpoint))
    with prepared(client, local=provider.local):
        try:
            told = client.fetch_token(
                metadata.token_endpoint,
                grant_type="authorization_code",
                code=code,
                redirect_uri=provider.back_to,
                code_verifier=code_verifier,
            )
        except AuthlibBaseError as error:
            raise ProviderProblem(Reason.CODE_REFUSED, _known_error(str(error.error))) from error
        except (requests.RequestException, OSError) as error:
            raise ProviderProblem(Reason.UNREACHABLE, type(error).__name__) from error
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise ProviderProblem(Reason.CODE_REFUSED, type(error).__name__) from error
    if not isinstance(told, Mapping):
        raise ProviderProblem(Reason.CODE_REFUSED, "no answer that can be read")
    return told


def _assertion(provider: Provider, token_endpoint: str) -> PrivateKeyJWT:
    """Says by a signature that it is we who ask (RFC 7523)."""
    now = int(clock.now().timestamp())
    return PrivateKeyJWT(
        token_endpoint,
        claims={"iat": now, "exp": now + int(ASSERTION_LASTS.total_seconds())},
        headers={"kid": RSAKey.import_key(provider.secret).thumbprint()},
        alg=PRESETS[provider.kind].proof_algorithm,
    )
