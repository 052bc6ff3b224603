"""Signed links: a token in an address that lets whoever has it do one thing to one object, for a while.

GET shows (`find`), POST does (`use`): programs that scan mail open every link in it.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFound
from app.core.orm import table_of
from app.notifications.about import About
from app.notifications.models import SignedLink

TOKEN_BYTES = 32  # 256 bits; OWASP ASVS 5 asks for 128
LONGEST_TOKEN = 100
_OF_TOKEN = select(SignedLink).where(
    SignedLink.digest == bindparam("of_digest"), SignedLink.purpose == bindparam("of_purpose")
)
_INSERT = insert(table_of(SignedLink))


def issue(
    session: Session,
    purpose: str,
    about: About,
    *,
    lifetime: timedelta,
    once: bool = True,
    detail: str | None = None,
) -> str:
    """Make a link and return its token, which is kept nowhere else. `once=False` may be used until it expires."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {
        "digest": _digest(token),
        "purpose": purpose,
        "subject_type": about.type,
        "subject_id": about.id,
        "detail": detail,
        "once": once,
        "expires_at": clock.now() + lifetime,
    }
    session.execute(_INSERT, values)
    return token


def find(session: Session, purpose: str, token: str) -> SignedLink | None:
    """The link of a token, if it was made for `purpose` and can still be used. Uses nothing up."""
    link = look_up(session, purpose, token)
    return link if link is not None and is_open(link) else None


def look_up(session: Session, purpose: str, token: str) -> SignedLink | None:
    """As `find`, but also a link that was used, has expired or was revoked: for a page that says which."""
    if len(token) > LONGEST_TOKEN:
        return None
    digest = _digest(token)
    link = session.scalars(_OF_TOKEN, {"of_digest": digest, "of_purpose": purpose}).one_or_none()
    return link if link is not None and hmac.compare_digest(link.digest, digest) else None


def is_open(link: SignedLink) -> bool:
    """Whether the link can still be used."""
    is_spent = link.once and link.used_at is not None
    return not is_spent and link.revoked_at is None and clock.now() < link.expires_at


def use(session: Session, purpose: str, token: str) -> SignedLink:
    """Use a link; NotFound if it cannot be used. Of two who use a once-only link at the same time one succeeds."""
    link = find(session, purpose, token)
    if link is None:
        raise NotFound("This link does not work any more. Ask for a new one.")
    now = clock.now()
    taken = session.execute(
        update(SignedLink)
        .where(
            SignedLink.id == link.id,
            SignedLink.revoked_at.is_(None),
            SignedLink.expires_at > now,
            or_(SignedLink.used_at.is_(None), SignedLink.once.is_(False)),
        )
        .values(used_at=now)
        .returning(SignedLink.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not taken:
        raise NotFound("This link was used a moment ago. Ask for a new one.")
    session.refresh(link)
    return link


def revoke(session: Session, about: About, *, purpose: str | None = None) -> int:
    """Make every open link of an object useless, or only those made for `purpose`. Says how many."""
    wanted = [
        SignedLink.subject_type == about.type,
        SignedLink.subject_id == about.id,
        SignedLink.revoked_at.is_(None),
        *([SignedLink.purpose == purpose] if purpose else []),
    ]
    revoked = session.execute(update(SignedLink).where(*wanted).values(revoked_at=clock.now()).returning(SignedLink.id))
    return len(revoked.all())


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
