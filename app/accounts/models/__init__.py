"""Users, organisations, sessions and what proves who somebody is, as tables. Import from here."""

from app.accounts.models.factors import Authenticator, Passkey, PasskeyChallenge, RecoveryCode
from app.accounts.models.invitations import Invitation, ResetRequest, Throttle
from app.accounts.models.people import MemberOrganization, Membership, User
from app.accounts.models.sessions import StartedSignIn, UserSession

__all__ = [
    "Authenticator",
    "Invitation",
    "MemberOrganization",
    "Membership",
    "Passkey",
    "PasskeyChallenge",
    "RecoveryCode",
    "ResetRequest",
    "StartedSignIn",
    "Throttle",
    "User",
    "UserSession",
]
