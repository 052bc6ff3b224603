"""Which sign-in at a provider counts as two steps."""

from __future__ import annotations

import pytest

from app.accounts.codes import ProviderKind
from app.accounts.oidc.presets import PRESETS, Steps, request_parameters, steps_of


@pytest.mark.parametrize(
    ("kind", "claims", "levels", "steps"),
    [
        (ProviderKind.NHS_LOGIN, {"vot": "P9.Cp.Cd"}, "", Steps.TWO),
        (ProviderKind.NHS_LOGIN, {"vot": "P9.Cp.Ck"}, "", Steps.TWO),
        (ProviderKind.NHS_LOGIN, {"vot": "P9.Cm"}, "", Steps.TWO),
        (ProviderKind.NHS_LOGIN, {"vot": "P5.Cp.Cd"}, "", Steps.TOO_FEW),
        (ProviderKind.NHS_LOGIN, {"vot": "P9.Cp"}, "", Steps.TOO_FEW),
        (ProviderKind.NHS_LOGIN, {"vot": ["P9.Cm"]}, "", Steps.TOO_FEW),
        (ProviderKind.NHS_LOGIN, {"amr": ["mfa"]}, "", Steps.TOO_FEW),
        (ProviderKind.CIS2, {"acr": "AAL2_OR_AAL3_ANY"}, "", Steps.TWO),
        (ProviderKind.CIS2, {"acr": "AAL3_ANY"}, "", Steps.TWO),
        (ProviderKind.CIS2, {"acr": "AAL1_USERPASS"}, "", Steps.TOO_FEW),
        (ProviderKind.CIS2, {}, "", Steps.TOO_FEW),
        (ProviderKind.OTHER, {"amr": ["pwd", "mfa"]}, "", Steps.TWO),
        (ProviderKind.OTHER, {"amr": ["pwd"]}, "", Steps.ONE),
        (ProviderKind.OTHER, {"amr": "mfa"}, "", Steps.ONE),
        (ProviderKind.OTHER, {}, "", Steps.ONE),
        (ProviderKind.OTHER, {"acr": "b"}, "a b", Steps.TWO),
        (ProviderKind.OTHER, {"acr": ["b"]}, "a b", Steps.TOO_FEW),
        (ProviderKind.OTHER, {"acr": "a b"}, "a b", Steps.TOO_FEW),
    ],
)
def test_how_many_steps(kind: ProviderKind, claims: dict[str, object], levels: str, steps: Steps) -> None:
    assert steps_of(kind, claims, levels) is steps


def test_the_issuers_are_those_that_are_known() -> None:
    assert PRESETS[ProviderKind.NHS_LOGIN].issuer == "https://auth.login.nhs.uk"
    assert PRESETS[ProviderKind.CIS2].issuer.split("/")[3:] == [
        *("openam oauth2 realms root realms NHSIdentity realms Healthcare".split())
    ]


def test_the_level_is_asked_for() -> None:
    assert request_parameters(ProviderKind.NHS_LOGIN, "") == {"vtr": '["P9.Cp.Cd","P9.Cp.Ck","P9.Cm"]'}
    assert request_parameters(ProviderKind.CIS2, "") == {"acr_values": "AAL2_OR_AAL3_ANY"}
    assert request_parameters(ProviderKind.OTHER, "") == {}
    assert request_parameters(ProviderKind.OTHER, "a b") == {"acr_values": "a b"}
