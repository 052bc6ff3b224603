"""Users, organisations, sessions and what proves who somebody is, as tables. Import from here."""

from app.accounts.models.factors import Authenticator, Passkey, PasskeyChallenge, RecoveryCode
from app.accounts.models.invitations import Invitation, ResetRequest, SignInCode
from app.accounts.models.people import MemberOrganization, Membership, User
from app.accounts.models.providers import IdentityProvider, ProviderIdentity, ProviderVisit
from app.accounts.models.sessions import StartedSignIn, UserSession

__all__ = [
    "Authenticator",
    "IdentityProvider",
    "Invitation",
    "MemberOrganization",
    "Membership",
    "Passkey",
    "PasskeyChallenge",
    "ProviderIdentity",
    "ProviderVisit",
    "RecoveryCode",
    "ResetRequest",
    "SignInCode",
    "StartedSignIn",
    "User",
    "UserSession",
]
