"""The blueprint that every module of signposts adds its routes to, and what they share."""

from __future__ import annotations

from datetime import timedelta

import segno
from flask import current_app
from markupsafe import Markup

from app.accounts.current import vault
from app.accounts.vault import SIGNPOST
from app.core.limits import Limit
from app.referrals.signposts import sending
from app.referrals.signposts.models import Signpost
from app.settings import Settings
from app.web.blueprint import FeatureBlueprint
from app.web.limits import too_soon

signposts = FeatureBlueprint("signposts", __name__)

# So that nobody can be flooded through a surgery's account; a busy desk sends a list every other minute at most.
BY_ONE_MEMBER = Limit("signposts sent by one member", 60, timedelta(hours=1))
TO_ONE_ADDRESS = Limit("signposts sent to one address", 5, timedelta(days=1))
# A whole town may answer from behind one network of a mobile operator.
ANSWERS = Limit("answers about signposts", 300, timedelta(hours=1))


def link_of(signpost: Signpost) -> str | None:
    """The address of the slip's page, as long as it works."""
    return sending.link_of(signpost, vault(SIGNPOST))


def must_wait_to_send(user_id: object, address: str) -> timedelta | None:
    """Count one message. None if it may go, else how long to wait."""
    return too_soon(BY_ONE_MEMBER, str(user_id)) or too_soon(TO_ONE_ADDRESS, address)


def qr_code(link: str) -> Markup:
    """The link as an SVG drawing without styles."""
    code = segno.make(link, error="m", micro=False)
    return Markup(code.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None, dark="#000", light="#fff"))  # noqa: S704 - drawn by segno, nothing of a person's in it


def house() -> str:
    """The host that a slip names, so that its link can be told from others."""
    settings: Settings = current_app.extensions["waymark_settings"]
    return settings.base_url.split("://", 1)[-1]
