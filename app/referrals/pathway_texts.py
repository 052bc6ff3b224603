"""The texts of the pathways that come with Waymark, as people read them who ask for themselves.

The database keeps them in English, as seed/reference/pathways has them; a page asks for them by these words. What a
manager wrote is shown as it was written.
"""

from __future__ import annotations

from flask_babel import gettext

from app.web.languages import AsTold


def _(text: str) -> str:
    """Mark a text for the catalogues; it is looked up when a page is read (`as_read`)."""
    return text


TEXTS = frozenset(
    {
        _("Befriending"),
        _("A volunteer visits or rings once a week, for company and to try things together."),
        _("A coordinator visits first. Finding a good match takes some weeks, and they say how long."),
        _("What do you like doing or talking about?"),
        _("Is there anything at home that a visitor should know, such as pets or smoking?"),
        _("Benefits advice"),
        _("An adviser checks what you can claim, fills in forms with you and helps you to challenge decisions."),
        _("An adviser rings or writes in the way that is safe. Keep letters and forms together until then."),
        _("What is it about?"),
        _("A new claim"),
        _("A form to fill in"),
        _("A decision that seems wrong"),
        _("Payments that stopped or fell"),
        _("A check of everything"),
        _("By when must a form or an appeal be in?"),
        _("What else should the adviser know?"),
        _("Debt advice"),
        _(
            "Free and private help with debts: making a budget, talking to creditors, breathing space and "
            "ways out of debt."
        ),
        _("An adviser gets in touch within five working days. There is no need to list every debt before that."),
        _("What is most pressing?"),
        _("Rent, mortgage or council tax"),
        _("Gas, electricity or water"),
        _("Bailiffs or court letters"),
        _("Cards, loans or catalogues"),
        _("Not sure"),
        _("Employment support in primary care"),
        _("Help to get a paid job"),
        _(
            "Help to get a paid job, for people whose GP looks after their mental health. An employment "
            "specialist works with you until you have settled in a job."
        ),
        _("An employment specialist gets in touch, and looking for work together starts within four weeks."),
        _("Do you want paid work?"),
        _("What work would you like to do?"),
        _("Are you in work now?"),
        _("What worries you about work?"),
        _("Housing support"),
        _(
            "Help to keep a home or to find one: arrears, notices, repairs, hostels, and talking to "
            "landlords and the council."
        ),
        _("A housing worker gets in touch within five working days, sooner if there is a date."),
        _("Do you have somewhere to sleep tonight?"),
        _("What is happening with your home?"),
        _("What kind of home do you have?"),
        _("Council or housing association"),
        _("Private landlord"),
        _("Own home or mortgage"),
        _("With family or friends"),
        _("Hostel or supported housing"),
        _("None at the moment"),
        _("Is there a date to meet, such as a hearing or the end of a notice?"),
        _("Peer support"),
        _("Time with somebody who has been through something like it, one to one or in a group."),
        _("A peer worker gets in touch to meet for a first talk, in a place that suits."),
        _("What do you hope for?"),
        _("One to one, or a group?"),
        _("One to one"),
        _("A group"),
        _("Either"),
        _("Recovery centre"),
        _("One-to-one recovery planning, and a personal budget where that is the best way to a goal."),
        _("First comes a meeting with a recovery worker, to make a plan together."),
        _("What would you like to change or try?"),
        _("What do you do well? Who is there for you?"),
        _("Would you like to hear about a personal budget?"),
        _("Recovery college"),
        _(
            "Courses about living well. People who have been through it and people who work in health teach "
            "them together. You can also book a course yourself: ask here if you would like help with that."
        ),
        _("Somebody from the college rings, talks about courses and helps with enrolling and getting there."),
        _("What would you like to learn about?"),
        _("What would make it easier to come?"),
        _("Single point of referral"),
        _("Help with your mental health"),
        _(
            "One place to ask when your mental health gets in the way of daily life. A worker reads what you "
            "write, talks with you and finds the right help with you."
        ),
        _(
            "A worker reads this within two working days. They get in touch in the way that is safe, and "
            "talk about what would help."
        ),
        _("May somebody get in touch with you about this?"),
        _("What are you finding hard at the moment?"),
        _("A few sentences are enough."),
        _("What have you tried already, and who else helps you?"),
        _("What is going well? What matters to you?"),
    }
)


def as_read(text: str) -> str:
    """A text of a pathway in the language of the page, where it is one of ours; else as it was told."""
    return gettext(text) if text in TEXTS else AsTold(text)


def in_words(text: str) -> str:
    """As `as_read`, for a place that can hold no mark of a language."""
    return gettext(text) if text in TEXTS else text
