"""What the lists are called, and which are offered to whom."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.accounts.codes import Role
from app.core.actor import Actor
from app.referrals.parties import REFERRING

LIST_TITLES: dict[str, LazyString] = {
    "needs-me": _("Needs me"),
    "waiting": _("Waiting for an answer"),
    "answered": _("Answered"),
    "late": _("Late with them"),
    "to-hear": _("No word back yet"),
    "this-month": _("Sent this month"),
    "triage": _("To triage"),
    "overdue": _("Overdue"),
    "due-soon": _("Due within a day"),
    "unallocated": _("Nobody looks after them"),
    "with-us": _("With us"),
    "waiting-list": _("Waiting list"),
    "mine": _("My people"),
    "my-overdue": _("My overdue ones"),
    "today": _("Today"),
    "loop": _("Word back not sent"),
    "ended": _("Ended lately"),
}
NOTHING_WAITS = _("Nothing here at the moment.")
# What was taken on and has not ended: it can be given to another worker.
OF_WORK = frozenset({"unallocated", "with-us", "waiting-list", "mine", "my-overdue"})
OF_SENDERS = ("needs-me", "late", "to-hear", "waiting", "answered", "this-month")
_OF_HUB = ("triage", "overdue", "unallocated", "mine", "due-soon", "today", "with-us", "waiting-list", "loop", "ended")
_OF_WORKER = ("today", "mine", "my-overdue", "triage", "overdue", "with-us", "waiting-list", "loop", "ended")
_OF_MANAGER = ("overdue", "unallocated", "triage", "loop", "due-soon", "with-us", "waiting-list", "ended")
# With more lists than are seen at one glance on a phone, so many lead and the others are folded away.
AT_A_GLANCE, LEADING = 6, 4


def lists_for(actor: Actor) -> list[str]:
    """The lists for the roles that the actor holds, most pressing first, each once."""
    found: list[str] = []
    if actor.holds(Role.SURGERY):
        found += OF_SENDERS
    if actor.holds(Role.HUB):
        found += _OF_HUB
    if actor.holds(Role.ADVISER, Role.PROVIDER):
        found += _OF_WORKER
    if actor.holds(Role.MANAGER):
        found += _OF_MANAGER
    if actor.holds(*REFERRING):
        found += OF_SENDERS
    return list(dict.fromkeys(found))


def leading(offered: list[str], chosen: str) -> list[str]:
    """Those that are always in sight: the most pressing, what waits for the sender, and the one that is looked at."""
    if len(offered) <= AT_A_GLANCE:
        return offered
    wanted = {*offered[:LEADING], "needs-me", chosen}
    return [name for name in offered if name in wanted]
