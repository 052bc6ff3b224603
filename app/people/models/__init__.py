"""The person being helped, as tables. Import from here."""

from app.people.models.carers import Carer
from app.people.models.equality import EqualityAnswers
from app.people.models.looking_after import Emergency, PersonAccount, PersonRequest, RecordEnd
from app.people.models.merging import MergeMove, PersonMerge, PersonPair
from app.people.models.permissions import Permission, PermissionOrganization
from app.people.models.person import Adjustment, MatchKey, Person, PersonAccess
from app.people.models.secrets import InstallationSecret

__all__ = [
    "Adjustment",
    "Carer",
    "Emergency",
    "EqualityAnswers",
    "InstallationSecret",
    "MatchKey",
    "MergeMove",
    "Permission",
    "PermissionOrganization",
    "Person",
    "PersonAccess",
    "PersonAccount",
    "PersonMerge",
    "PersonPair",
    "PersonRequest",
    "RecordEnd",
]
