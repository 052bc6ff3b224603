"""The letters that Waymark comes with. An organisation that keeps one of the same name uses its own instead.

No letter to a client says what their case is about: somebody else may open it. None has a fact in it that could go
stale: no law, no number of days, no amount.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class ShippedLetter:
    """A template; `to_client` is whether it goes to the person whose case it is, or about them to somebody else."""

    name: LazyString
    subject: LazyString
    body: LazyString
    to_client: bool = True


SHIPPED_LETTERS: dict[str, ShippedLetter] = {
    "appointment": ShippedLetter(
        _("Appointment"),
        _("Your appointment"),
        _(
            "Dear ((name)),\n\n"
            "We have booked a time to meet you:\n\n"
            "((next appointment))\n\n"
            "Please bring this letter, and any letters that you want us to look at.\n\n"
            "If you cannot come, please let us know before then. We will find another time.\n\n"
            "Yours sincerely,\n\n\n"
            "((adviser))\n((organisation))"
        ),
    ),
    "missed": ShippedLetter(
        _("Missed appointment"),
        _("We did not see you"),
        _(
            "Dear ((name)),\n\n"
            "We had a time to meet and did not see you. We hope that you are all right.\n\n"
            "You have not lost our help. Please get in touch, and we will find another time. If it is hard for you to "
            "come to us, tell us: we may be able to phone you instead.\n\n"
            "If you have sorted things out and do not need us now, please tell us that too.\n\n"
            "Yours sincerely,\n\n\n"
            "((adviser))\n((organisation))"
        ),
    ),
    "authority": ShippedLetter(
        _("Authority to act"),
        _("Permission to act for me"),
        _(
            "I, ((full name)), of\n((address))\n\n"
            "ask ((organisation)) to act for me.\n\n"
            "((organisation)) may speak and write for me to those named here, ask them for information about me, and "
            "give them information about me where that is needed to help me:\n\n"
            "((fill in))\n\n"
            "Those named here may take this as my permission to give ((organisation)) information about me.\n\n"
            "I can end this permission at any time. I only have to tell ((organisation)).\n\n\n"
            "Signed: ........................................\n\n"
            "Date: ........................................"
        ),
        to_client=False,
    ),
    "creditor": ShippedLetter(
        _("Letter to a creditor: time to pay"),
        _("Our client: ((full name)). Your reference: ((fill in))"),
        _(
            "Dear Sir or Madam,\n\n"
            "We are helping ((full name)), of\n((address))\n\n"
            "Their signed permission for us to act is with this letter.\n\n"
            "Our client cannot pay what you ask for at the moment. We are going through what they have coming in and "
            "going out, and will write to you with an offer that they can keep to.\n\n"
            "Until ((fill in)), please:\n"
            "- take no further action on this account\n"
            "- add no more interest or charges\n"
            "- write to us about it, and not to our client\n"
            "- send us a statement of the account that shows how the sum is made up.\n\n"
            "If you cannot agree to this, please write and tell us why.\n\n"
            "Yours faithfully,\n\n\n"
            "((adviser))\n((organisation))"
        ),
        to_client=False,
    ),
    "information": ShippedLetter(
        _("Request for information"),
        _("Our client: ((full name)). Your reference: ((fill in))"),
        _(
            "Dear Sir or Madam,\n\n"
            "We are helping ((full name)), of\n((address))\n\n"
            "Their signed permission for us to act is with this letter.\n\n"
            "Please send us:\n\n"
            "((fill in))\n\n"
            "We would be grateful for an answer by ((fill in)). If you do not have this, please tell us who does.\n\n"
            "Yours faithfully,\n\n\n"
            "((adviser))\n((organisation))"
        ),
        to_client=False,
    ),
    "closing": ShippedLetter(
        _("Closing letter"),
        _("The end of our work"),
        _(
            "Dear ((name)),\n\n"
            "We have finished our work with you for now. This is what we did:\n\n"
            "((fill in))\n\n"
            "What you can do next:\n\n"
            "((fill in))\n\n"
            "If you need help again, please get in touch. You do not have to wait until it gets worse. If you were not "
            "happy with our help, please tell us: we will look into it.\n\n"
            "Yours sincerely,\n\n\n"
            "((adviser))\n((organisation))"
        ),
    ),
}
