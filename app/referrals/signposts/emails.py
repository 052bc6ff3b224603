"""The messages of signposts. They say nothing of what is on the list: others may read them over a shoulder."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _

from app.notifications.kinds import BOTH, MessageKind, register
from app.notifications.rendering import address_of


def _sample() -> dict[str, object]:
    # A sample token; the messages page shows what a message looks like.
    return {"address": address_of("signposts.open_slip", token="a-sample"), "until": date(2027, 2, 24)}  # noqa: S106


GIVEN = register(
    MessageKind(name="signposts.given", title=_("A list that staff gave"), sample=_sample, channels=BOTH, secret=True)
)
REMINDER = register(
    MessageKind(
        name="signposts.reminder",
        title=_("Two weeks after a list was given"),
        sample=_sample,
        channels=BOTH,
        secret=True,
    )
)
