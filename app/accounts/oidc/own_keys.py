"""The key with which Waymark shows a provider that it is Waymark: made here, its private half never leaves."""

from __future__ import annotations

from joserfc.jwk import RSAKey

# What NHS login asks for (External Interface Specification, 7.1); others take it too.
BITS = 2048


def new_private_key() -> str:
    """A new key, as PEM."""
    return RSAKey.generate_key(BITS, private=True).as_pem(private=True).decode()


def public_pem(private_key: str) -> str:
    """The half to give to the provider, as PEM."""
    return RSAKey.import_key(private_key).as_pem(private=False).decode()


def public_key_set(private_key: str, algorithm: str) -> dict[str, list[dict[str, object]]]:
    """The same half as a JSON Web Key Set (RFC 7517)."""
    key = RSAKey.import_key(private_key)
    return {"keys": [{**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": algorithm}]}
