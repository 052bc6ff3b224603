"""Signing in without a password: people looking for help, by a code to their e-mail address or mobile."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.codes import UserKind, UserStatus
from app.accounts.models import SignInCode, User
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Refused
from app.core.orm import table_of

# OWASP ASVS 5.0, 6.5.5: a code by mail or text lasts ten minutes at most.
CODE_LASTS = timedelta(minutes=10)
_INSERT = insert(table_of(SignInCode))
_CODE = select(SignInCode).where(SignInCode.id == bindparam("code"))
_USE = (
    update(SignInCode)
    .where(SignInCode.id == bindparam("code"), SignInCode.used_at.is_(None))
    .values(used_at=bindparam("now"))
    .returning(SignInCode.id)
    .execution_options(synchronize_session=False)
)


def new_code(session: Session, address: str) -> tuple[SignInCode, str]:
    """A code of six digits for an address, whosever it is; nothing is looked up."""
    code = f"{secrets.randbelow(1_000_000):06}"
    code_id = uuid4()
    expires_at = clock.now() + CODE_LASTS
    told = {"id": code_id, "address": address, "code_hash": _hash(code_id, code), "expires_at": expires_at}
    session.execute(_INSERT, told)
    return SignInCode(**told), code


def open_code(session: Session, code_id: UUID) -> SignInCode | None:
    """The code that was asked for, while it can still be used: to look at, whatever becomes of the transaction."""
    row = session.scalars(_CODE, {"code": code_id}).one_or_none()
    if row is None or row.used_at is not None or clock.now() >= row.expires_at:
        return None
    session.expunge(row)
    return row


def person_by_code(session: Session, actor: Actor, row: SignInCode, code: str) -> User | None:
    """The person whose address got `code`, made at their first sign-in; None where the code is wrong.

    Refused where the address is that of a member of staff, who sign in with password and second step only.
    """
    return _person(session, actor, row.address) if use_code(session, row, code) else None


def use_code(session: Session, row: SignInCode, code: str) -> bool:
    """Whether `code` is the one that went to the address, which it can show once. It makes no account."""
    typed = "".join(code.split())
    if not hmac.compare_digest(row.code_hash, _hash(row.id, typed)):
        return False
    return bool(session.execute(_USE, {"code": row.id, "now": clock.now()}).all())


def _person(session: Session, actor: Actor, address: str) -> User:
    known = session.scalars(
        select(User).where(or_(User.email == address, User.mobile == address)).order_by(User.id)
    ).one_or_none()
    if known is None:
        is_email = "@" in address
        known = User(kind=UserKind.PERSON, email=address if is_email else None, mobile=None if is_email else address)
        session.add(known)
        session.flush()
        record(session, actor, Action.CREATED, ("user", known.id))
    if known.kind is not UserKind.PERSON or known.status is not UserStatus.ACTIVE:
        raise Refused("You cannot sign in here with this address. Use another one.")
    return known


def _hash(code_id: UUID, code: str) -> str:
    return hashlib.sha256(f"{code_id} {code}".encode()).hexdigest()
