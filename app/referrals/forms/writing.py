"""The form of a referral, made from its pathway, and the agreement under which it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Optional

from app.accounts.addresses import as_reached
from app.core import postcode
from app.people.codes import AddressStatus, ContactChannel, PermissionMethod, SharingLevel
from app.people.details import Details
from app.people.forms import is_birth_date, is_nhs_number
from app.people.queries import Search
from app.people.rules.nhs_number import nhs_number
from app.referrals import words
from app.referrals.codes import DangerCall, Priority, Source
from app.referrals.forms.fields import LONG, SHORT, as_choices, needed
from app.referrals.operations.drafts import Agreement, Written
from app.referrals.pathway_texts import as_read
from app.referrals.pathways.definition import Definition, Question, QuestionKind
from app.web.dates import DateField
from app.web.forms import Form

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
CHANNELS = (ContactChannel.SMS, ContactChannel.PHONE, ContactChannel.EMAIL, ContactChannel.LETTER)


class FindForm(Form):
    """Whom the referral is about, among the people whom the organisation knows."""

    name = StringField(_("Name"), validators=SHORT)
    born_on = DateField(_("Date of birth"))
    nhs_number = StringField(_("NHS number"), validators=[*SHORT, lambda _form, field: is_nhs_number(field)])

    def validate_born_on(self, field: Any) -> None:
        """A date that somebody can be born on."""
        is_birth_date(field)

    def validate_name(self, field: Any) -> None:
        """Something must be looked for."""
        if not (field.data or self.nhs_number.data or any(self.born_on.typed.values())):
            raise ValidationError(gettext("Enter a name, a date of birth or an NHS number"))

    def search(self) -> Search:
        """What was asked."""
        number = nhs_number(self.nhs_number.data) if self.nhs_number.data else None
        return Search(name=self.name.data or "", born_on=self.born_on.data, nhs_number=number)


class PersonForm(Form):
    """Somebody new: as little as a referral needs, and how it is safe to reach them."""

    name = StringField(_("Name"), validators=[*needed(_("Enter a name, or what they want to be called")), *SHORT])
    born_on = DateField(_("Date of birth"))
    nhs_number = StringField(_("NHS number"), validators=[*SHORT, lambda _form, field: is_nhs_number(field)])
    mobile = StringField(_("Mobile number"), validators=SHORT)
    email = EmailField(_("Email address"), validators=[Length(max=254, message=_("Use 254 characters or fewer"))])
    postcode = StringField(_("Postcode"), validators=SHORT)
    safe_channels = SelectMultipleField(
        _("Which ways to reach them are safe?"), choices=as_choices(words.choices(words.CHANNEL, only=CHANNELS))
    )
    voicemail_allowed = BooleanField(_("It is safe to leave a message"))
    contact_note = TextAreaField(_("What else must be known before anybody gets in touch?"), validators=LONG)

    def validate_born_on(self, field: Any) -> None:
        """A date that somebody can be born on."""
        is_birth_date(field)

    def validate_mobile(self, field: Any) -> None:
        """A British mobile."""
        if field.data and ("@" in field.data or as_reached(field.data) is None):
            raise ValidationError(gettext("Enter a UK mobile number like 07700 900123, or leave it empty"))

    def validate_email(self, field: Any) -> None:
        """An address that mail can go to."""
        if field.data and ("@" not in field.data or as_reached(field.data) is None):
            raise ValidationError(gettext("Enter an email address like name@example.com, or leave it empty"))

    def validate_postcode(self, field: Any) -> None:
        """A postcode or a part of one."""
        if field.data and postcode.parse(field.data) is None:
            raise ValidationError(gettext("Enter a postcode like WX2 1AA, or leave it empty"))

    def details(self, *, gp_name: str = "", gp_ods_code: str = "") -> Details:
        """What was sent, as a new record."""
        return Details(
            name=self.name.data or "",
            born_on=self.born_on.data,
            nhs_number=nhs_number(self.nhs_number.data) if self.nhs_number.data else None,
            mobile=as_reached(self.mobile.data) if self.mobile.data else None,
            email=as_reached(self.email.data) if self.email.data else None,
            address_status=AddressStatus.KNOWN if self.postcode.data else AddressStatus.NOT_GIVEN,
            postcode=self.postcode.data or "",
            safe_channels=frozenset(ContactChannel(each) for each in self.safe_channels.data or ()),
            voicemail_allowed=bool(self.voicemail_allowed.data),
            contact_note=self.contact_note.data or "",
            gp_name=gp_name,
            gp_ods_code=gp_ods_code,
        )


class ReferralForm(Form):
    """What every referral says; `referral_form` adds the questions of its pathway."""

    submission_key = HiddenField(validators=[Length(max=64)])
    person = HiddenField()
    version = HiddenField()
    danger = RadioField(
        _("Is somebody in immediate danger, now?"),
        choices=as_choices(words.choices(words.DANGER)),
        validators=needed(_("Say whether somebody is in danger now")),
    )
    source = SelectField(_("Who is referring?"))
    priority = RadioField(_("How urgent is it?"), default=Priority.ROUTINE.value)
    what_would_help = TextAreaField(
        _("What would help?"), validators=[*needed(_("Say in a sentence what would help")), *LONG]
    )
    risk_words = TextAreaField(_("What should the team know to keep everybody safe?"), validators=LONG)

    told: Definition

    def written(self) -> Written:
        """What was sent."""
        return Written(
            source=Source(self.source.data),
            priority=Priority(self.priority.data) if self.priority.data else Priority.ROUTINE,
            danger=DangerCall(self.danger.data) if self.danger.data else DangerCall.NO_DANGER,
            what_would_help=self.what_would_help.data or "",
            risk_words=self.risk_words.data or "",
            answers={each.key: getattr(self, field_name(each.key)).data or "" for each in self.told.questions},
            eligibility={each.key: getattr(self, field_name(each.key)).data or "" for each in self.told.eligibility},
        )

    def question(self, key: str) -> Any:
        """The field of a question of the pathway."""
        return getattr(self, field_name(key))


def field_name(key: str) -> str:
    """The name of the field of a question."""
    return "q_" + key.replace("-", "_")


def referral_form(told: Definition, *, data: Mapping[str, Any] | None = None, **options: Any) -> ReferralForm:
    """The form of a pathway: its eligibility questions and its sections beside what every referral asks."""
    # As a class of its own, because WTForms makes fields of a class and not of a form.
    made: ReferralForm = type("PathwayForm", (ReferralForm,), question_fields(told, oneself=False))(
        data=data, **options
    )
    made.told = told
    sources = sorted(told.sources, key=list(Source).index)
    made.source.choices = as_choices((each.value, words.SOURCE[each]) for each in sources)
    made.priority.choices = as_choices((each.value, words.PRIORITY[each]) for each in told.urgencies)
    return made


def question_fields(told: Definition, *, oneself: bool) -> dict[str, Any]:
    """The fields of the questions of a pathway, by name."""
    found: dict[str, Any] = {
        field_name(each.key): RadioField(
            _in_words(each.asked(of_oneself=oneself), oneself=oneself),
            choices=as_choices(words.choices(words.ANSWER)),
            validators=[Optional() if oneself else DataRequired(_("Choose one of the answers"))],
        )
        for each in told.eligibility
    }
    return found | {field_name(each.key): _field(each, oneself=oneself) for each in told.questions}


def _in_words(text: str, *, oneself: bool) -> str:
    """A text of a pathway: in the reader's language for whoever asks for themselves."""
    return as_read(text) if oneself else text


def _field(question: Question, *, oneself: bool) -> Any:
    label = _in_words(question.asked(of_oneself=oneself), oneself=oneself)
    hint = _in_words(question.hint, oneself=oneself) if question.hint else ""
    check = [*(needed(_("Answer “%(question)s”", question=label)) if question.required else [Optional()])]
    match question.kind:
        case QuestionKind.TEXT:
            return StringField(label, description=hint, validators=[*check, *SHORT])
        case QuestionKind.LONG:
            return TextAreaField(label, description=hint, validators=[*check, *LONG])
        case QuestionKind.YES_NO:
            return RadioField(label, description=hint, choices=as_choices(YES_NO), validators=check)
        case QuestionKind.CHOICE:
            options = as_choices((option.code, _in_words(option.label, oneself=oneself)) for option in question.options)
            return RadioField(label, description=hint, choices=options, validators=check)


class AgreementForm(Form):
    """That the person agrees, how they said so, and how much may be told back."""

    version = HiddenField()
    agrees = RadioField(
        _("Does the person agree that this is shared?"),
        choices=as_choices(
            [
                ("yes", _("Yes, they agree")),
                ("no", _("No, but it cannot wait: somebody could come to harm")),
            ]
        ),
        validators=needed(_("Say whether the person agrees")),
    )
    method = SelectField(_("How did they agree?"), choices=as_choices(words.choices(words.METHOD)))
    level = RadioField(
        _("What may the GP and the referrer be told about how it went?"),
        choices=as_choices(words.choices(words.LEVEL)),
        validate_choice=False,
    )
    override_reason = TextAreaField(_("Why can it not wait for their agreement?"), validators=LONG)

    def validate_level(self, field: Any) -> None:
        """Nobody agrees to anything by leaving it out."""
        if self.agrees.data != "no" and field.data not in set(SharingLevel):
            raise ValidationError(gettext("Say how much they may be told"))

    def validate_override_reason(self, field: Any) -> None:
        """Sharing without agreement needs its reason in words."""
        if self.agrees.data == "no" and len((field.data or "").strip()) < 20:
            raise ValidationError(
                ngettext(
                    "Say in at least %(num)d character why it cannot wait",
                    "Say in at least %(num)d characters why it cannot wait",
                    20,
                )
            )

    def agreement(self) -> Agreement:
        """What was sent."""
        given = self.agrees.data == "yes"
        return Agreement(
            given=given,
            method=PermissionMethod(self.method.data),
            level=SharingLevel(self.level.data) if given else SharingLevel.NONE,
            override_reason="" if given else self.override_reason.data or "",
        )
