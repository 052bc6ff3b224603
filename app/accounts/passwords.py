"""Passwords: kept as Argon2id, and checked in the same time whether the user is known or not."""

from __future__ import annotations

import threading
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# Operations take the hash and not the password: to make one takes a while, and they run inside a transaction.
PasswordHash = NewType("PasswordHash", str)

# OWASP's first choice of Argon2id parameters: 19 MiB, two passes, one lane (Password Storage Cheat Sheet).
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Each hash takes 19 MiB: a burst of sign-ins must not exhaust the machine.
_at_once = threading.BoundedSemaphore(4)
# The hash of a password that nobody has, so that an unknown user costs as much as a known one.
_NOBODYS = _hasher.hash("nobody has this password")


def hash_password(password: str) -> PasswordHash:
    """An Argon2id hash with its parameters and salt. It takes a while: no transaction that writes may be open."""
    with _at_once:
        return PasswordHash(_hasher.hash(password))


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether `password` fits; without a hash the same work is done and the answer is no."""
    with _at_once:
        try:
            _hasher.verify(password_hash or _NOBODYS, password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)
