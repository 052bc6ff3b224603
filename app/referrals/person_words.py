"""Where a referral stands, in words for the person whom it is about: translated, as the words for staff are not."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.referrals.codes import PreviewState, Status
from app.referrals.told_words import Labels

STATUS_PLAIN: Labels = {
    Status.DRAFT: _("You have not sent this yet."),
    Status.SENT: _("We have it. Somebody will read it soon."),
    Status.INFO_REQUESTED: _("There is a question for you."),
    Status.REJECTED: _("This service cannot help with it. They say below what may help instead."),
    Status.REDIRECTED: _("Somebody else can help better, and it was passed on to them, as agreed with you."),
    Status.ACCEPTED: _("They will help you. Somebody will get in touch."),
    Status.WAITING: _("You are on the waiting list. They will ask you now and then whether you still wait."),
    Status.ACTIVE: _("Somebody is helping you now."),
    Status.PAUSED: _("It is paused for now."),
    Status.COMPLETED: _("It has come to its end."),
    Status.ENDED_EARLY: _("It has ended. You can ask for help again at any time."),
    Status.WITHDRAWN: _("You took this back. You can ask for help again at any time."),
    Status.ERROR: _("This was written by mistake."),
}
MESSAGE_BECAME: Labels = {
    PreviewState.READING: _("You have not answered yet."),
    PreviewState.AGREED: _("Thank you. It has gone."),
    PreviewState.ONLY_THE_END: _("Thank you. They are told only that it has ended."),
    PreviewState.CHANGE_ASKED: _("They were told only that it has ended. What you asked to change is still looked at."),
    PreviewState.SENT_BY_WORKER: _("It was changed with you, and it has gone."),
    PreviewState.NOT_ANSWERED: _("The time to read it first is over, and it has gone."),
    PreviewState.CALLED_OFF: _("It did not go."),
}
