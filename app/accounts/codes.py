"""The codes of accounts."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a member of an organisation does there; everything they may see or do follows from it."""

    SURGERY = "surgery"
    HUB = "hub"
    ADVISER = "adviser"
    FRONT_DESK = "front_desk"
    TUTOR = "tutor"
    PROVIDER = "provider"
    DIRECTORY_EDITOR = "directory_editor"
    MANAGER = "manager"
    COMMISSIONER = "commissioner"
    PRIVACY_OFFICER = "privacy_officer"
    ADMINISTRATOR = "administrator"


class OrganizationKind(StrEnum):
    """What an organisation that uses Waymark is."""

    SURGERY = "surgery"
    HUB = "hub"
    ADVICE = "advice"
    COLLEGE = "college"
    PROVIDER = "provider"
    COMMISSIONER = "commissioner"
    OPERATOR = "operator"


class UserKind(StrEnum):
    """Staff sign in with a password and a second factor; a person looking for help with a one-time code."""

    STAFF = "staff"
    PERSON = "person"


class UserStatus(StrEnum):
    """Whether a user can sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


class EndReason(StrEnum):
    """Why a session ended before its time."""

    SIGNED_OUT = "signed_out"
    ENDED_BY_USER = "ended_by_user"
    ENDED_BY_ADMINISTRATOR = "ended_by_administrator"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a reason, not a password
    FACTOR_CHANGED = "factor_changed"
    ROLE_CHANGED = "role_changed"
    DISABLED = "disabled"
    REPLACED = "replaced"
    RESTORED = "restored"
    PROVIDER_OFF = "provider_off"
    SIGNED_OUT_AT_PROVIDER = "signed_out_at_provider"


class ProviderKind(StrEnum):
    """Who signs staff in besides Waymark: one that Waymark knows, or any that speaks OpenID Connect."""

    NHS_LOGIN = "nhs_login"
    CIS2 = "cis2"
    OTHER = "other"


class ClientProof(StrEnum):
    """How Waymark shows a provider that it is Waymark who asks (OpenID Connect Core 1.0, section 9)."""

    SECRET_BASIC = "client_secret_basic"  # noqa: S105 - a way, not a secret
    SECRET_POST = "client_secret_post"  # noqa: S105 - as above
    PRIVATE_KEY = "private_key_jwt"


class ProviderPurpose(StrEnum):
    """What somebody went to a provider for."""

    SIGN_IN = "sign_in"
    CONNECT = "connect"
    JOIN = "join"
    PROVE = "prove"
