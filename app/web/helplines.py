"""The national lines of the help-now page and of the strip on every page.

Kept in code so that they show with database and index down. Each says where it comes from; the numbers were checked
against those sources, and the ones that are only likely are not in the strip.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Helpline:
    """A line to call or text. `link` is what a phone does with it; `short` goes into the strip."""

    name: LazyString | str
    number: LazyString | str
    link: str
    words: LazyString
    hours: LazyString
    source: str
    short: LazyString | str = ""


_ALWAYS = _("Open 24 hours, every day.")
_SEE_WEBSITE = _("See its website for the hours.")

EMERGENCY = Helpline(
    name=_("Emergency"),
    number="999",
    link="tel:999",
    words=_("Call if a life is in danger."),
    hours=_ALWAYS,
    source="nhs.uk",
    short=_("if a life is in danger"),
)
NHS_111 = Helpline(
    name=_("NHS 111, mental health option"),
    number="111",
    link="tel:111",
    words=_("Choose the mental health option. You can call for yourself or for someone else."),
    hours=_ALWAYS,
    source="NHS trusts: Sheffield; Tees, Esk and Wear Valleys (2025)",
    short=_("choose the mental health option"),
)
SAMARITANS = Helpline(
    name="Samaritans",
    number="116 123",
    link="tel:116123",
    words=_("Talk to someone who will listen, about anything. They do not judge."),
    hours=_ALWAYS,
    source="samaritans.org",
    short=_("Samaritans, to talk at any time"),
)
SHOUT = Helpline(
    name="Shout",
    number=_("Text SHOUT to 85258"),
    link="sms:85258?body=SHOUT",
    words=_("If you would rather text than talk."),
    hours=_ALWAYS,
    source="giveusashout.org (4 November 2024)",
    short=_("if you would rather not talk"),
)
STRIP = (EMERGENCY, NHS_111, SAMARITANS, SHOUT)

CALM = Helpline(
    name="CALM",
    number="0800 58 58 58",
    link="tel:0800585858",
    words=_("If you are struggling or feel that you cannot go on."),
    hours=_("5pm to midnight, every day."),
    source="thecalmzone.net",
    short=_("CALM, if you cannot go on"),
)
PAPYRUS = Helpline(
    name="PAPYRUS HOPELINE247",
    number="0800 068 4141",
    link="tel:08000684141",
    words=_("For anyone under 35 with thoughts of suicide, and for those who worry about them."),
    hours=_SEE_WEBSITE,
    source="council records (December 2024)",
    short=_("PAPYRUS, if you are under 35"),
)
CHILDLINE = Helpline(
    name="Childline",
    number="0800 1111",
    link="tel:08001111",
    words=_("For anyone under 19, about anything."),
    hours=_ALWAYS,
    source="NHS GP page (August 2024)",
    short=_("Childline, if you are under 19"),
)
NSPCC = Helpline(
    name="NSPCC",
    number="0808 800 5000",
    link="tel:08088005000",
    words=_("For adults who are worried about a child. You do not have to be sure."),
    hours=_SEE_WEBSITE,
    source="nspcc.org.uk, report child abuse (its pages differ on the hours)",
    short=_("NSPCC, if you are worried about a child"),
)
DOMESTIC_ABUSE = Helpline(
    name=_("National Domestic Abuse Helpline"),
    number="0808 2000 247",
    link="tel:08082000247",
    words=_("If someone close to you hurts, controls or frightens you. Run by Refuge."),
    hours=_ALWAYS,
    source="GOV.UK",
    short=_("National Domestic Abuse Helpline"),
)
TALK = (SAMARITANS, SHOUT, CALM, PAPYRUS, CHILDLINE, NSPCC, DOMESTIC_ABUSE)

_FOR_DANGER = {
    "suicide": (EMERGENCY, NHS_111, SAMARITANS, SHOUT, PAPYRUS),
    "self-harm": (EMERGENCY, NHS_111, SAMARITANS, SHOUT),
    "abuse": (EMERGENCY, DOMESTIC_ABUSE),
    "child-at-risk": (EMERGENCY, NSPCC, CHILDLINE),
    "emergency": (EMERGENCY, NHS_111),
}


def for_danger(kind: str) -> tuple[Helpline, ...]:
    """The lines for a kind of danger; of one that is not known here, those of the strip."""
    return _FOR_DANGER.get(kind, STRIP)


def for_dangers(kinds: frozenset[str]) -> list[Helpline]:
    """The lines to show first for words of danger, none where there were none."""
    return list(dict.fromkeys(line for kind in sorted(kinds) for line in for_danger(kind)))
