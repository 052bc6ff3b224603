"""Setting up, using and taking away second factors: an authenticator app and recovery codes."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.accounts import sessions, totp
from app.accounts.codes import EndReason
from app.accounts.models import Authenticator, Passkey, RecoveryCode, User
from app.accounts.vault import Vault
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound, Refused

CODES = 10
# Letters and digits that nobody mixes up; 16 of them have 80 bits, too many to guess from the hash.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Factors:
    """What a user has to prove who they are, besides the password."""

    authenticator: Authenticator | None
    passkeys: tuple[Passkey, ...]
    recovery_codes_left: int

    @property
    def any(self) -> bool:
        """Whether there is one with which a sign-in can be completed."""
        return self.authenticator is not None or bool(self.passkeys)


def factors_of(session: Session, user_id: UUID) -> Factors:
    """Those of a user."""
    left = select(func.count()).select_from(RecoveryCode)
    return Factors(
        session.scalars(select(Authenticator).where(Authenticator.user_id == user_id)).one_or_none(),
        tuple(
            session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.created_at, Passkey.id))
        ),
        session.scalar(left.where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))) or 0,
    )


def set_up_authenticator(session: Session, actor: Actor, user: User, vault: Vault, *, secret: str, code: str) -> bool:
    """Keep an app's key once a code of it was typed right; it takes the place of the app before. Else False."""
    step = totp.matching_step(secret, code, after=None)
    if step is None:
        return False
    session.execute(delete(Authenticator).where(Authenticator.user_id == user.id))
    session.add(Authenticator(user_id=user.id, secret=vault.seal(secret), last_step=step))
    session.flush()
    record(session, actor, Action.CHANGED, ("user", user.id), fields=("authenticator",))
    return True


def use_code(session: Session, user_id: UUID, vault: Vault, code: str) -> bool:
    """Whether `code` is one that the user's app shows now, and used here for the first time."""
    found = session.scalars(select(Authenticator).where(Authenticator.user_id == user_id)).one_or_none()
    secret = vault.open(found.secret) if found else None
    if found is None or secret is None:
        return False
    step = totp.matching_step(secret, code, after=found.last_step)
    if step is None:
        return False
    # Of two who show the same code at the same time, one gets in.
    taken = session.execute(
        update(Authenticator)
        .where(Authenticator.id == found.id, or_(Authenticator.last_step.is_(None), Authenticator.last_step < step))
        .values(last_step=step)
        .returning(Authenticator.id)
        .execution_options(synchronize_session=False)
    ).all()
    return bool(taken)


def new_recovery_codes(session: Session, actor: Actor, user_id: UUID) -> list[str]:
    """Ten new codes in place of those before, to be shown this once."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [_code() for _number in range(CODES)]
    session.add_all(RecoveryCode(user_id=user_id, code_hash=_hash(code)) for code in codes)
    session.flush()
    record(session, actor, Action.CHANGED, ("user", user_id), fields=("recovery_codes",))
    return codes


def use_recovery_code(session: Session, actor: Actor, user_id: UUID, code: str) -> bool:
    """Whether `code` is one of the user's that was not used before; it is used up."""
    taken = session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.code_hash == _hash(code), RecoveryCode.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    ).all()
    if taken:
        record(session, actor, Action.CHANGED, ("user", user_id), fields=("recovery_code_used",))
    return bool(taken)


def take_away_passkey(session: Session, actor: Actor, user_id: UUID, passkey_id: UUID) -> None:
    """Forget a passkey. The last factor stays, for without one nobody could come in. NotFound for another's."""
    known = factors_of(session, user_id)
    chosen = next((passkey for passkey in known.passkeys if passkey.id == passkey_id), None)
    if chosen is None:
        raise NotFound("passkey")
    if known.authenticator is None and len(known.passkeys) == 1:
        raise Refused("This is your only second step. Set up another one first.")
    session.delete(chosen)
    session.flush()
    record(session, actor, Action.CHANGED, ("user", user_id), fields=("passkey",))


def start_over(session: Session, actor: Actor, user_id: UUID) -> None:
    """Take all second factors away, so that the next sign-in sets one up anew: for a member who lost theirs."""
    for kind in (Authenticator, Passkey, RecoveryCode):
        session.execute(delete(kind).where(kind.user_id == user_id))
    sessions.end_all(session, user_id, EndReason.FACTOR_CHANGED)
    record(session, actor, Action.CHANGED, ("user", user_id), fields=("authenticator", "passkey", "recovery_codes"))


def end_other_sessions(session: Session, user_id: UUID, running_id: UUID | None) -> None:
    """After a factor was changed nobody stays signed in but whoever changed it."""
    sessions.end_all(session, user_id, EndReason.FACTOR_CHANGED, but=running_id)


def _code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def _hash(code: str) -> str:
    plain = "".join(character for character in code.lower() if character.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
