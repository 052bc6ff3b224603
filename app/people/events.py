"""What people tells the features above it."""

from __future__ import annotations

from dataclasses import dataclass

from app.people.models import Permission, Person


@dataclass(frozen=True, slots=True)
class PermissionChanged:
    """A person answered one of the five questions anew: given, refused or withdrawn."""

    person: Person
    permission: Permission
