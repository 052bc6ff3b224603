"""The forms of people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Regexp
from wtforms.validators import Optional as MayBeEmpty

from app.accounts.addresses import as_reached
from app.core import clock, postcode
from app.core.errors import InvalidInput
from app.people.codes import (
    AccessibleFormat,
    AddressStatus,
    ContactChannel,
    NeedGroup,
    NhsNumberStatus,
)
from app.people.details import MOST_ADJUSTMENTS, OLDEST, Details, can_be_rung, phone_shown
from app.people.labels import ADDRESS_STATUSES, CHANNELS, FORMATS, NEED_GROUPS
from app.people.languages import languages
from app.people.queries import Search
from app.people.rules import access_needs
from app.people.rules.ages import age_on
from app.people.rules.nhs_number import nhs_number, shown
from app.people.safe_time_field import SafeTimeField
from app.web.dates import DateField
from app.web.forms import Form

SHORT = [Length(max=200, message=_("Use 200 characters or fewer"))]
LONG = [Length(max=1000, message=_("Use 1,000 characters or fewer"))]


def choices_of(labels: Any) -> list[SelectChoice]:
    """Codes and their words as choices."""
    return [SelectChoice(code.value, words) for code, words in labels.items()]


def is_birth_date(field: Any) -> None:
    """Not in the future, and not longer ago than anybody lives."""
    if field.data is None:
        return
    if field.data > clock.today():
        raise ValidationError(_("The date of birth must be in the past"))
    if age_on(field.data, clock.today()) > OLDEST:
        raise ValidationError(_("Check the year of birth"))


def is_nhs_number(field: Any) -> None:
    """Ten digits with the right check digit, or empty."""
    if field.data:
        try:
            nhs_number(field.data)
        except InvalidInput as problem:
            raise ValidationError(problem.message) from problem


class SearchForm(Form):
    """Who is looked for."""

    name = StringField(_("Name"), validators=SHORT)
    born_on = DateField(_("Date of birth"))
    nhs_number = StringField(_("NHS number"), validators=[*SHORT, lambda _form, field: is_nhs_number(field)])

    def validate_born_on(self, field: Any) -> None:
        """A date that somebody can be born on."""
        is_birth_date(field)

    def validate_name(self, field: Any) -> None:
        """Something must be looked for."""
        if not (field.data or self.nhs_number.data or any(self.born_on.typed.values())):
            raise ValidationError(_("Enter a name, a date of birth or an NHS number"))

    def search(self) -> Search:
        """What was asked."""
        number = nhs_number(self.nhs_number.data) if self.nhs_number.data else None
        return Search(name=self.name.data or "", born_on=self.born_on.data, nhs_number=number)


class IdentityForm(Form):
    """Who somebody is, as far as it is needed to help them."""

    revision = HiddenField()
    name = StringField(_("Name"), validators=[DataRequired(_("Enter a name, or what they want to be called")), *SHORT])
    known_as = StringField(_("What they like to be called"), validators=SHORT)
    born_on = DateField(_("Date of birth"))
    nhs_number = StringField(_("NHS number"), validators=[*SHORT, lambda _form, field: is_nhs_number(field)])
    traced = BooleanField(_("The number was looked up in the national record"))
    address_status = RadioField(
        _("Where do they live?"), choices=choices_of(ADDRESS_STATUSES), default=AddressStatus.NOT_GIVEN.value
    )
    address = TextAreaField(_("Address"), validators=LONG)
    postcode = StringField(_("Postcode"), validators=SHORT)
    gp_name = StringField(_("GP practice"), validators=SHORT)
    gp_ods_code = StringField(
        _("Code of the GP practice"),
        validators=[
            MayBeEmpty(),
            Regexp(r"^[A-Za-z0-9]{3,10}$", message=_("Enter letters and digits, such as A81001")),
        ],
    )

    @classmethod
    def showing(cls, details: Details, revision: int = 1, **options: Any) -> IdentityForm:
        """The form as the record stands, or as it was sent."""
        number = shown(details.nhs_number) if details.nhs_number else ""
        traced = details.nhs_number_status is NhsNumberStatus.TRACED
        values = details.as_dict() | {"nhs_number": number, "traced": traced, "revision": str(revision)}
        return cls(data=values | {"address_status": details.address_status.value}, **options)

    def validate_born_on(self, field: Any) -> None:
        """A date that somebody can be born on."""
        is_birth_date(field)

    def validate_postcode(self, field: Any) -> None:
        """A postcode, or a part of one, where an address is given."""
        lives_somewhere = self.address_status.data == AddressStatus.KNOWN.value
        if lives_somewhere and field.data and postcode.parse(field.data) is None:
            raise ValidationError(_("Enter a postcode like WX2 1AA, or leave it empty"))

    def onto(self, details: Details) -> Details:
        """`details` with what was sent."""
        number = nhs_number(self.nhs_number.data) if self.nhs_number.data else None
        traced = bool(self.traced.data and number)
        return replace(
            details,
            name=self.name.data,
            known_as=self.known_as.data or "",
            born_on=self.born_on.data,
            nhs_number=number,
            nhs_number_status=NhsNumberStatus.TRACED if traced else NhsNumberStatus.NOT_TRACED,
            address_status=AddressStatus(self.address_status.data),
            address=self.address.data or "",
            postcode=self.postcode.data or "",
            gp_ods_code=self.gp_ods_code.data or "",
            gp_name=self.gp_name.data or "",
        )


class ContactForm(Form):
    """How it is safe to reach somebody."""

    revision = HiddenField()
    do_not_contact = BooleanField(_("Do not contact them at all"))
    safe_channels = SelectMultipleField(_("Which ways are safe?"), choices=choices_of(CHANNELS))
    mobile = StringField(_("Mobile number"), validators=SHORT)
    mobile_is_private = BooleanField(_("Nobody else reads texts on this phone"))
    email = StringField(_("Email address"), validators=[Length(max=254, message=_("Use 254 characters or fewer"))])
    email_is_private = BooleanField(_("Nobody else reads this email"))
    phone = StringField(_("Another phone number"), validators=SHORT)
    voicemail_allowed = BooleanField(_("It is safe to leave a message on voicemail"))
    discreet = BooleanField(_("Say nothing that gives away what it is about"))
    time_1 = SafeTimeField(_("Safe times"))
    time_2 = SafeTimeField(_("More safe times"))
    time_3 = SafeTimeField(_("And more safe times"))
    contact_note = TextAreaField(_("What else must we know before we get in touch?"), validators=LONG)

    def validate_phone(self, field: Any) -> None:
        """A number that can be rung."""
        if field.data and not can_be_rung(field.data):
            raise ValidationError(gettext("Enter a phone number like 01632 960001, or leave it empty"))

    @classmethod
    def showing(cls, details: Details, revision: int) -> ContactForm:
        """The form as the record stands, or as it was sent."""
        times = dict(zip(("time_1", "time_2", "time_3"), details.safe_times, strict=False))
        channels = [channel.value for channel in details.safe_channels]
        mobile = phone_shown(details.mobile) if details.mobile else ""
        return cls(
            data=details.as_dict() | times | {"mobile": mobile, "safe_channels": channels, "revision": str(revision)}
        )

    def validate_mobile(self, field: Any) -> None:
        """A British mobile."""
        if field.data and ("@" in field.data or as_reached(field.data) is None):
            raise ValidationError(_("Enter a UK mobile number like 07700 900123, or leave it empty"))

    def validate_email(self, field: Any) -> None:
        """An address that mail can go to."""
        if field.data and ("@" not in field.data or as_reached(field.data) is None):
            raise ValidationError(_("Enter an email address like name@example.com, or leave it empty"))

    def onto(self, details: Details) -> Details:
        """`details` with what was sent."""
        times = (self.time_1.data, self.time_2.data, self.time_3.data)
        return replace(
            details,
            do_not_contact=bool(self.do_not_contact.data),
            safe_channels=frozenset(ContactChannel(each) for each in self.safe_channels.data or ()),
            mobile=as_reached(self.mobile.data) if self.mobile.data else None,
            mobile_is_private=bool(self.mobile_is_private.data),
            email=as_reached(self.email.data) if self.email.data else None,
            email_is_private=bool(self.email_is_private.data),
            phone=self.phone.data or None,
            voicemail_allowed=bool(self.voicemail_allowed.data),
            discreet=bool(self.discreet.data),
            safe_times=tuple(each for each in times if each is not None),
            contact_note=self.contact_note.data or "",
        )


def _needs(group: NeedGroup) -> Any:
    codes = access_needs.of_group(group)
    return SelectMultipleField(NEED_GROUPS[group], choices=choices_of({code: FORMATS[code] for code in codes}))


class NeedsForm(Form):
    """What somebody needs to take part: language, formats, adjustments."""

    revision = HiddenField()
    language = SelectField(_("Language"))
    interpreter = BooleanField(_("They need an interpreter"))
    format = _needs(NeedGroup.FORMAT)
    professional = _needs(NeedGroup.PROFESSIONAL)
    contact = _needs(NeedGroup.CONTACT)
    support = _needs(NeedGroup.SUPPORT)
    adjustments = TextAreaField(_("What must be done differently for them?"), validators=LONG)

    @classmethod
    def showing(cls, details: Details, revision: int) -> NeedsForm:
        """The form as the record stands, or as it was sent."""
        form = cls(
            data={
                "language": details.language,
                "interpreter": details.interpreter,
                **{
                    group.value: [each.value for each in access_needs.of_group(group, details.formats)]
                    for group in NeedGroup
                },
                "adjustments": "\n".join(details.adjustments),
                "revision": str(revision),
            }
        )
        form.language.choices = [SelectChoice(code, name) for code, name in languages()]
        return form

    def validate_adjustments(self, field: Any) -> None:
        """Not more than anybody reads."""
        if len((field.data or "").splitlines()) > MOST_ADJUSTMENTS:
            raise ValidationError(_("Put them into fewer lines"))

    def onto(self, details: Details) -> Details:
        """`details` with what was sent."""
        return replace(
            details,
            language=self.language.data,
            interpreter=bool(self.interpreter.data),
            formats=frozenset(
                AccessibleFormat(each) for group in NeedGroup for each in getattr(self, group.value).data or ()
            ),
            adjustments=tuple((self.adjustments.data or "").splitlines()),
        )
