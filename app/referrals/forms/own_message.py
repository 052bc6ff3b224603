"""What the person answers who reads the word back before it goes."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField, ValidationError
from wtforms.validators import Length

from app.directory.dangers import dangers_in
from app.referrals.forms.fields import as_choices, needed
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

    @property
    def speaks_of_danger(self) -> bool:
        """Whether what should be different sounds like danger."""
        return bool(dangers_in(self.wish.data or ""))

    @property
    def done(self) -> str | None:
        """What the next page says first: whom to call, where danger was written whatever was chosen."""
        return "help" if self.speaks_of_danger else None

    def validate_wish(self, field: Any) -> None:
        """A change needs words."""
        if self.answer.data == CHANGE and not (field.data or "").strip():
            raise ValidationError(gettext("Say what should be different"))
