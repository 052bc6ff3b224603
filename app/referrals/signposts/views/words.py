"""Codes of signposts in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.referrals.signposts.codes import Contacted, Helped, Hindrance, Way
from app.referrals.signposts.models import Signpost
from app.referrals.signposts.operations import answer_of
from app.referrals.signposts.rules import Answer

WAYS = {
    Way.A4: lazy_gettext("Printed, A4"),
    Way.A5: lazy_gettext("Printed, A5"),
    Way.SMS: lazy_gettext("Text message"),
    Way.EMAIL: lazy_gettext("Email"),
    Way.LINK: lazy_gettext("Link shown"),
}
# The record of a practice is in English.
RECORD_WAYS = {
    Way.A4: "printed slip",
    Way.A5: "printed slip",
    Way.SMS: "text message",
    Way.EMAIL: "email",
    Way.LINK: "link",
}
CONTACTED = {
    Contacted.YES: lazy_gettext("Yes"),
    Contacted.NOT_YET: lazy_gettext("Not yet"),
}
HELPED = {
    Helped.YES: lazy_gettext("Yes"),
    Helped.A_LITTLE: lazy_gettext("A little"),
    Helped.NO: lazy_gettext("No"),
}
HINDRANCES = {
    Hindrance.FULL: lazy_gettext("They were full"),
    Hindrance.CLOSED: lazy_gettext("It was closed"),
    Hindrance.NO_ANSWER: lazy_gettext("Nobody answered"),
    Hindrance.NOT_ELIGIBLE: lazy_gettext("It was not for people like me"),
    Hindrance.COST: lazy_gettext("It cost too much"),
    Hindrance.ACCESS: lazy_gettext("I could not get there or get in"),
    Hindrance.CHANGED_MIND: lazy_gettext("I changed my mind"),
}
_TOLD = {
    Helped.YES: lazy_gettext("It helped"),
    Helped.A_LITTLE: lazy_gettext("It helped a little"),
    Helped.NO: lazy_gettext("It did not help"),
}


def told(answer: Answer) -> str:
    """What somebody said of one service, for staff: "It did not help: they were full"."""
    if answer.helped is not None:
        words = str(_TOLD[answer.helped])
    elif answer.contacted is Contacted.YES:
        words = _("Got in touch")
    elif answer.contacted is Contacted.NOT_YET:
        words = _("Not in touch yet")
    else:
        words = ""
    why = str(HINDRANCES[answer.hindrance]) if answer.hindrance else ""
    return _("%(what)s: %(why)s", what=words, why=why) if words and why else words or why


def ways_of(signpost: Signpost) -> str:
    """In which ways it was given."""
    return ", ".join(str(WAYS[way]) for way in dict.fromkeys(giving.way for giving in signpost.givings))


def told_of(signpost: Signpost) -> str:
    """What was said of all its services, each thing once."""
    return "; ".join(dict.fromkeys(words for line in signpost.lines if (words := told(answer_of(line)))))
