"""What the person answers who reads the word back before it goes, and how a worker changes it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField, ValidationError
from wtforms.validators import Length

from app.referrals.forms.fields import LONG, as_choices, needed
from app.referrals.forms.moves import MoveForm
from app.referrals.operations.previews import LONGEST_WISH
from app.web.forms import Form

AGREE, ONLY_THE_END, CHANGE = "agree", "only-the-end", "change"


class PreviewForm(Form):
    """Right, too much, or to be changed."""

    answer = RadioField(
        _("Is this right for you?"),
        choices=as_choices(
            [
                (AGREE, _("Yes. Send it")),
                (CHANGE, _("No. Please change something")),
                (ONLY_THE_END, _("Tell them only that it has ended, without these words")),
            ]
        ),
        validators=needed(_("Choose one")),
    )
    wish = TextAreaField(
        _("What should be different?"),
        validators=[Length(max=LONGEST_WISH, message=_("Use 2,000 characters or fewer"))],
    )

    def validate_wish(self, field: Any) -> None:
        """A change needs words."""
        if self.answer.data == CHANGE and not (field.data or "").strip():
            raise ValidationError(gettext("Say what should be different"))


class ChangeMessageForm(MoveForm):
    """The word back, written anew."""

    summary = TextAreaField(
        _("A short summary for the referrer and the GP"),
        validators=[*needed(_("Write a short summary")), *LONG],
        description=_("They read it only as far as the person allows."),
    )
    next_step = TextAreaField(_("What happens next, and who does it?"), validators=LONG)
    detail = TextAreaField(_("More, for those who may hear everything"), validators=LONG)
    then = RadioField(
        _("And then?"),
        choices=as_choices(
            [
                ("again", _("The person reads it again before it goes")),
                ("now", _("It goes now: I have spoken with the person")),
            ]
        ),
        validators=needed(_("Choose one")),
    )
