"""Secrets that must be read again (an authenticator's key), encrypted under a key made from the secret key."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core import clock
from app.core.errors import Refused

# The purposes that there are.
AUTHENTICATOR = "authenticator"
SIGNPOST = "signpost"
PROVIDER = "provider"


class Vault:
    """Encrypts for one purpose: what was sealed for another cannot be opened here.

    The first of `keys` encrypts; all of them open, so that the secret key can be changed.
    """

    def __init__(self, keys: Sequence[str], purpose: str) -> None:
        self._fernet = MultiFernet([Fernet(_derived(key, purpose)) for key in keys])

    def seal(self, text: str) -> str:
        """`text` encrypted."""
        return self._fernet.encrypt_at_time(text.encode(), int(clock.now().timestamp())).decode()

    def open(self, sealed: str, *, within: timedelta | None = None) -> str | None:
        """What was sealed; None where it was not sealed here, was tampered with, or longer ago than `within`."""
        try:
            token = sealed.encode()
            if within is None:
                return self._fernet.decrypt(token).decode()
            now = int(clock.now().timestamp())
            return self._fernet.decrypt_at_time(token, int(within.total_seconds()), now).decode()
        except (InvalidToken, UnicodeError):
            return None

    def resealed(self, sealed: str) -> str:
        """The same secret encrypted with the first of the keys. Refused where none of them opens it."""
        secret = self.open(sealed)
        if secret is None:
            raise Refused("A secret cannot be opened with the secret keys that are set. Nothing was changed.")
        return self.seal(secret)


def _derived(key: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"waymark {purpose}".encode()).derive(key.encode())
    return base64.urlsafe_b64encode(derived)
