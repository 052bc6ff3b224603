"""Passkeys (WebAuthn): asking a browser for one, and believing what it answers.

`rp_id` is the host name of this Waymark and `origin` its address, as the browser sees both.
"""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import webauthn
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.accounts.models import Passkey, PasskeyChallenge, User
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor

ANSWER_WITHIN = timedelta(minutes=5)
LONGEST_ANSWER = 20_000
MOST_PASSKEYS = 10


def registration_options(session: Session, user: User, *, rp_id: str) -> str:
    """What a browser needs to make a passkey for `user`, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=rp_id,
        rp_name="Waymark",
        user_id=user.id.bytes,
        user_name=user.email or "",
        user_display_name=user.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_descriptors(session, user.id),
    )
    _remember(session, user.id, options.challenge)
    return webauthn.options_to_json(options)


def authentication_options(session: Session, user_id: UUID, *, rp_id: str) -> str:
    """What a browser needs to show one of the user's passkeys, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=rp_id,
        allow_credentials=_descriptors(session, user_id),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    _remember(session, user_id, options.challenge)
    return webauthn.options_to_json(options)


def add_passkey(
    session: Session, actor: Actor, user: User, answer: str, *, rp_id: str, origin: str, name: str
) -> Passkey | None:
    """Keep the passkey that a browser made; None where the answer cannot be believed."""
    challenge = _take_challenge(session, user.id, answer)
    if challenge is None or len(_descriptors(session, user.id)) >= MOST_PASSKEYS:
        return None
    try:
        made = webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=rp_id, expected_origin=origin
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    credential_id = bytes_to_base64url(made.credential_id)
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == credential_id)) is not None:
        return None
    passkey = Passkey(
        user_id=user.id,
        credential_id=credential_id,
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        name=name,
    )
    session.add(passkey)
    session.flush()
    record(session, actor, Action.CHANGED, ("user", user.id), fields=("passkey",))
    return passkey


def use_passkey(session: Session, user_id: UUID, answer: str, *, rp_id: str, origin: str) -> bool:
    """Whether a browser's answer proves one of the user's passkeys."""
    challenge = _take_challenge(session, user_id, answer)
    passkey = _passkey_of(session, user_id, answer)
    if challenge is None or passkey is None:
        return False
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return False
    passkey.sign_count, passkey.last_used_at = verified.new_sign_count, clock.now()
    session.flush()
    return True


def _descriptors(session: Session, user_id: UUID) -> list[PublicKeyCredentialDescriptor]:
    ids = session.scalars(select(Passkey.credential_id).where(Passkey.user_id == user_id).order_by(Passkey.id))
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(known)) for known in ids]


def _remember(session: Session, user_id: UUID, challenge: bytes) -> None:
    session.add(
        PasskeyChallenge(
            user_id=user_id, challenge=bytes_to_base64url(challenge), expires_at=clock.now() + ANSWER_WITHIN
        )
    )
    session.flush()


def _take_challenge(session: Session, user_id: UUID, answer: str) -> bytes | None:
    """The challenge that an answer names, if this user was given it; it is used up."""
    named = _said(answer, "clientDataJSON")
    try:
        told = json.loads(base64url_to_bytes(named)) if named else {}
        challenge = str(told.get("challenge", ""))
    except (ValueError, AttributeError):
        return None
    taken = session.execute(
        update(PasskeyChallenge)
        .where(
            PasskeyChallenge.user_id == user_id,
            PasskeyChallenge.challenge == challenge,
            PasskeyChallenge.used_at.is_(None),
            PasskeyChallenge.expires_at > clock.now(),
        )
        .values(used_at=clock.now())
        .returning(PasskeyChallenge.id)
        .execution_options(synchronize_session=False)
    ).all()
    return base64url_to_bytes(challenge) if taken else None


def _passkey_of(session: Session, user_id: UUID, answer: str) -> Passkey | None:
    try:
        named = str(json.loads(answer).get("id", ""))
    except (ValueError, AttributeError):
        return None
    return session.scalars(
        select(Passkey).where(Passkey.user_id == user_id, Passkey.credential_id == named)
    ).one_or_none()


def _said(answer: str, name: str) -> str | None:
    """A text within the response of an answer; None where the answer is no such thing."""
    if len(answer) > LONGEST_ANSWER:
        return None
    try:
        told = json.loads(answer)["response"][name]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return told if isinstance(told, str) else None
