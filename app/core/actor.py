"""Who acts: handed to every operation, so that rules, records and scopes all speak of the same one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """What sort of actor it is."""

    STAFF = "staff"
    PERSON = "person"
    LINK = "link"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One who acts, for the length of a request or of a sweep.

    Staff act in one organisation at a time, with all roles that they hold there. A `LINK` actor holds a signed link
    and is nobody else; its `subject_id` is what the link was made for. `address` is cut to its network.
    """

    kind: ActorKind
    user_id: UUID | None = None
    organization_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    subject_id: UUID | None = None
    request_id: str = ""
    address: str = ""

    @property
    def is_staff(self) -> bool:
        """Whether it is a member of an organisation at work."""
        return self.kind is ActorKind.STAFF

    def holds(self, *roles: str) -> bool:
        """Whether it holds at least one of `roles` in the organisation that it acts in."""
        return bool(self.roles.intersection(roles))


SYSTEM = Actor(kind=ActorKind.SYSTEM)
ANONYMOUS = Actor(kind=ActorKind.ANONYMOUS)
