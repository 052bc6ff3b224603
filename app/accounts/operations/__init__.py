"""The verbs of accounts, one module a journey. Import the commonest from here."""

from app.accounts.operations.members import create_organization, create_user, grant
from app.accounts.operations.sign_in import sign_in, sign_out, work_in
from app.accounts.passwords import hash_password

__all__ = [
    "create_organization",
    "create_user",
    "grant",
    "hash_password",
    "sign_in",
    "sign_out",
    "work_in",
]
