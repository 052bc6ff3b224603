"""The one message of this feature's own: it shows an operator that messages arrive."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.notifications.kinds import BOTH, MessageKind, register

TEST = register(
    MessageKind(name="notifications.test", title=_("Test message"), channels=BOTH, sample=dict[str, object])
)
