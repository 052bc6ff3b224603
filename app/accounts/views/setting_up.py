"""Offering a new key for an authenticator app: as a picture to scan and as letters to type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import segno
from flask import Response, make_response
from markupsafe import Markup

from app.accounts import totp
from app.accounts.current import vault
from app.accounts.forms import SetUpForm
from app.accounts.models import User

SET_UP = "authenticator set-up"
SET_UP_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Offer:
    """A key that is not kept yet, and how an app takes it."""

    secret: str
    picture: Markup
    letters: str


def offer_for(user: User, form: SetUpForm) -> Offer:
    """The key that the form brought back, or a new one, which the form then carries sealed."""
    secret = _brought_back(user, form.setup.data or "")
    if secret is None:
        secret = totp.new_secret()
        form.setup.data = vault(SET_UP).seal(f"{user.id} {secret}")
    return Offer(secret, _picture(totp.address_for(secret, user.email or "")), totp.grouped(secret))


def _brought_back(user: User, sealed: str) -> str | None:
    owner, _, secret = (vault(SET_UP).open(sealed, within=SET_UP_WITHIN) or "").partition(" ")
    return secret if secret and owner == str(user.id) else None


def _picture(address: str) -> Markup:
    code = segno.make(address, error="m", micro=False)
    svg = code.svg_inline(omitsize=True, border=3, svgclass=None, lineclass=None, dark="#000", light="#fff")
    return Markup(svg)  # noqa: S704 - drawn by segno


def json_answer(body: str, *, status: int = 200) -> Response:
    """Ready-made JSON for a script."""
    response = make_response(body, status)
    response.mimetype = "application/json"
    return response
