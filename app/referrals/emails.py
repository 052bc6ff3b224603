"""The messages of referrals. None names a person, a service or a reason: whoever reads over a shoulder learns nothing.

Staff find the rest behind their sign-in, a group without an account and the person behind a signed link.
"""

from __future__ import annotations

from uuid import uuid4

from flask_babel import lazy_gettext as _

from app.notifications.kinds import BOTH, MessageKind, register
from app.notifications.rendering import address_of

ARRIVED = register(
    MessageKind(
        name="referrals.arrived",
        title=_("Something new to look at"),
        sample=lambda: {"reference": "KTM-4W7R", "address": address_of("referrals.show", referral_id=uuid4())},
    )
)
UPDATE = register(
    MessageKind(
        name="referrals.update",
        title=_("News of a referral"),
        sample=lambda: {"reference": "KTM-4W7R", "address": address_of("referrals.show", referral_id=uuid4())},
    )
)
TASK = register(
    MessageKind(
        name="referrals.task",
        title=_("A task for you"),
        sample=lambda: {"reference": "KTM-4W7R", "address": address_of("referrals.show", referral_id=uuid4())},
    )
)
GROUP = register(
    MessageKind(
        name="referrals.group",
        title=_("A referral to a group without an account"),
        sample=lambda: {
            "reference": "KTM-4W7R",
            "address": address_of("referrals.answer_by_link", token="a-sample"),  # noqa: S106
        },
        secret=True,
    )
)
PERSON = register(
    MessageKind(
        name="referrals.person",
        title=_("News for somebody who asked for help"),
        sample=lambda: {"address": address_of("referrals.own_status", token="a-sample")},  # noqa: S106
        channels=BOTH,
        secret=True,
    )
)
PREVIEW = register(
    MessageKind(
        name="referrals.preview",
        title=_("Something to read before it goes"),
        sample=lambda: {"address": address_of("referrals.own_message", token="a-sample")},  # noqa: S106
        channels=BOTH,
        secret=True,
    )
)
