"""The person being helped, as tables. Import from here."""

from app.people.models.permissions import Permission, PermissionOrganization
from app.people.models.person import Adjustment, MatchKey, Person, PersonAccess
from app.people.models.secrets import InstallationSecret

__all__ = [
    "Adjustment",
    "InstallationSecret",
    "MatchKey",
    "Permission",
    "PermissionOrganization",
    "Person",
    "PersonAccess",
]
