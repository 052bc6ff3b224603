"""The form with which people refer themselves: who they are as far as needed, and what would help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, EmailField, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from app.accounts.addresses import as_reached
from app.core import postcode
from app.directory.dangers import dangers_in
from app.people.codes import AddressStatus, ContactChannel
from app.people.details import Details, can_be_rung
from app.people.forms import is_birth_date
from app.referrals.codes import DangerCall, Source
from app.referrals.forms.fields import LONG, SHORT, as_choices, needed
from app.referrals.forms.writing import field_name, question_fields
from app.referrals.operations.drafts import Written
from app.referrals.pathways.definition import Definition
from app.web.dates import DateField
from app.web.forms import Form
from app.web.languages import chosen_language

HOW = [("text", _("By text message")), ("phone", _("By phone")), ("email", _("By email")), ("letter", _("By letter"))]
_CHANNEL = {
    "text": ContactChannel.SMS,
    "phone": ContactChannel.PHONE,
    "email": ContactChannel.EMAIL,
    "letter": ContactChannel.LETTER,
}


class OwnForm(Form):
    """What everybody is asked; `own_form` adds the questions of the pathway."""

    submission_key = HiddenField(validators=[Length(max=64)])
    danger = RadioField(
        _("Are you, or is somebody else, in danger now?"),
        choices=as_choices([("no", _("No")), ("yes", _("Yes"))]),
        validators=needed(_("Choose one of the answers")),
    )
    name = StringField(_("What shall we call you?"), validators=[*needed(_("Enter a name")), *SHORT])
    born_on = DateField(_("When were you born?"))
    how = RadioField(
        _("How is it safe to reach you?"),
        choices=as_choices(HOW),
        validators=needed(_("Choose a way that is safe for you")),
    )
    mobile = StringField(_("Your mobile or phone number"), validators=SHORT)
    email = EmailField(_("Your email address"), validators=[Length(max=254, message=_("Use 254 characters or fewer"))])
    address = TextAreaField(_("Your address"), validators=LONG)
    postcode = StringField(_("Your postcode"), validators=SHORT)
    voicemail_allowed = BooleanField(_("You may leave me a message"))
    contact_note = TextAreaField(_("When is a good time? Is there anything to be careful about?"), validators=LONG)
    what_would_help = TextAreaField(
        _("What would help you?"), validators=[*needed(_("Say in a sentence what would help")), *LONG]
    )
    gp_name = StringField(_("Your GP practice, if you like"), validators=SHORT)
    tell_gp = BooleanField(_("You may tell my GP how it went, in a short summary"))
    agrees = BooleanField(
        _("I agree that this team reads what I wrote, to help me"),
        validators=needed(_("Tick the box if you agree. Without it we cannot send this.")),
    )

    told: Definition

    def __iter__(self) -> Iterator[Any]:
        """The fields in the order of the page, which a summary of what is wrong keeps to."""
        may = [field_name(each.key) for each in self.told.eligibility]
        asked = [field_name(each.key) for each in self.told.questions]
        first = ["submission_key", "danger", *may, "what_would_help", *asked]
        return iter([self[name] for name in dict.fromkeys([*first, *self._fields])])

    @property
    def is_in_danger(self) -> bool:
        """Whether somebody needs help now, which no form can give."""
        return bool(self.danger.data == "yes")

    @property
    def speaks_of_danger(self) -> bool:
        """Whether what was written does, though no danger was ticked."""
        texts = (field.data or "" for field in self if isinstance(field, TextAreaField))
        return any(map(dangers_in, texts))

    def validate_born_on(self, field: Any) -> None:
        """A date that somebody can be born on."""
        is_birth_date(field)

    def validate_mobile(self, field: Any) -> None:
        """A number where it is to be used, a British mobile for texts."""
        if self.how.data in {"text", "phone"} and not (field.data or "").strip():
            raise ValidationError(gettext("Enter the number to reach you on"))
        if field.data and not can_be_rung(field.data):
            raise ValidationError(gettext("Enter a phone number like 01632 960001 or 07700 900123"))
        if self.how.data == "text" and ("@" in (field.data or "") or as_reached(field.data or "") is None):
            raise ValidationError(gettext("Enter a UK mobile number like 07700 900123"))

    def validate_email(self, field: Any) -> None:
        """An address where it is to be used."""
        is_address = bool(field.data) and "@" in field.data and as_reached(field.data) is not None
        if (self.how.data == "email" or field.data) and not is_address:
            raise ValidationError(gettext("Enter an email address like name@example.com"))

    def validate_address(self, field: Any) -> None:
        """An address where a letter is to go."""
        if self.how.data == "letter" and not (field.data or "").strip():
            raise ValidationError(gettext("Enter the address that letters may go to"))

    def validate_postcode(self, field: Any) -> None:
        """A postcode or a part of one."""
        if field.data and postcode.parse(field.data) is None:
            raise ValidationError(gettext("Enter a postcode like WX2 1AA, or leave it empty"))

    def details(self) -> Details:
        """Who it is, as a new record."""
        number = as_reached(self.mobile.data) if self.mobile.data and "@" not in self.mobile.data else None
        lives = bool(self.address.data or self.postcode.data)
        return Details(
            name=self.name.data or "",
            born_on=self.born_on.data,
            mobile=number,
            phone=None if number else self.mobile.data or None,
            email=as_reached(self.email.data) if self.email.data else None,
            address_status=AddressStatus.KNOWN if lives else AddressStatus.NOT_GIVEN,
            address=self.address.data or "",
            postcode=self.postcode.data or "",
            safe_channels=frozenset({_CHANNEL[self.how.data]}),
            voicemail_allowed=bool(self.voicemail_allowed.data),
            contact_note=self.contact_note.data or "",
            gp_name=self.gp_name.data or "",
            language=chosen_language(),
        )

    def written(self) -> Written:
        """What was asked for."""
        return Written(
            source=Source.SELF,
            danger=DangerCall.IN_WORDS if self.speaks_of_danger else DangerCall.NO_DANGER,
            what_would_help=self.what_would_help.data or "",
            answers={each.key: getattr(self, field_name(each.key)).data or "" for each in self.told.questions},
            eligibility={each.key: getattr(self, field_name(each.key)).data or "" for each in self.told.eligibility},
        )

    def question(self, key: str) -> Any:
        """The field of a question of the pathway."""
        return getattr(self, field_name(key))


def own_form(told: Definition, *, data: Mapping[str, Any] | None = None, **options: Any) -> OwnForm:
    """The form of a pathway for somebody who asks for themselves."""
    fields: dict[str, Any] = {"told": told, **question_fields(told, oneself=True)}
    made: OwnForm = type("PathwayOwnForm", (OwnForm,), fields)(data=data, **options)
    return made
