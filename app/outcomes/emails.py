"""The messages of outcomes. None says what it is about, to whom, or what anybody answered."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.notifications.kinds import BOTH, MessageKind, register
from app.notifications.rendering import address_of

ASK = register(
    MessageKind(
        name="outcomes.ask",
        title=_("A few questions"),
        sample=lambda: {"address": address_of("outcomes.reply", token="a-sample"), "is_reminder": False, "minutes": 2},  # noqa: S106
        channels=BOTH,
        secret=True,
    )
)
LOOK = register(
    MessageKind(
        name="outcomes.look",
        title=_("Something needs your eyes"),
        sample=lambda: {"address": address_of("outcomes.alerts"), "is_passed_on": False},
    )
)
