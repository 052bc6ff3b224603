"""Codes of an authenticator app (TOTP, RFC 6238): six digits, a new one each thirty seconds."""

from __future__ import annotations

import hmac

import pyotp

from app.core import clock

STEP_SECONDS = 30
# One step to either side: a clock that is off, and a person who types slowly (RFC 6238, section 5.2).
STEPS_OFF = (0, -1, 1)
ISSUER = "Waymark"


def new_secret() -> str:
    """A random key of 160 bits in base 32, as RFC 4226 section 4 recommends."""
    return pyotp.random_base32(32)


def address_for(secret: str, account: str) -> str:
    """The otpauth address that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def is_like_code(typed: str) -> bool:
    """Whether it could be a code: six digits, however they are spaced."""
    plain = "".join(typed.split())
    return len(plain) == 6 and plain.isascii() and plain.isdigit()


def matching_step(secret: str, code: str, *, after: int | None) -> int | None:
    """The time step whose code was typed, if it is near enough and later than `after`; else None."""
    if not is_like_code(code):
        return None
    typed = "".join(code.split())
    present = int(clock.now().timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret)
    matching = None
    for off in STEPS_OFF:
        step = present + off
        is_new = after is None or step > after
        if hmac.compare_digest(generator.generate_otp(step), typed) and is_new and matching is None:
            matching = step
    return matching


def code_at_present(secret: str) -> str:
    """What an app with this key shows now."""
    return pyotp.TOTP(secret).generate_otp(int(clock.now().timestamp()) // STEP_SECONDS)


def grouped(secret: str) -> str:
    """The key in groups of four, for typing it into an app by hand."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
