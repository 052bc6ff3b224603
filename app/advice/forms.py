"""The form that a contact is logged with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Regexp
from wtforms.validators import Optional as MayBeEmpty

from app.advice.codes import Channel, ClientKind, DateKind, Direction, Emergency, Format, Level, Place, Result, StepBy
from app.advice.details import ToldContact, ToldDate, ToldStep
from app.advice.issue_tree import issue_tree
from app.advice.labels import (
    CHANNELS,
    CLIENT_KINDS,
    DATE_QUESTIONS,
    DIRECTIONS,
    EMERGENCIES,
    FORMATS,
    LEVELS,
    PLACES,
    RESULTS,
    STEP_BY,
)
from app.advice.rules.deadlines import FROM_A_LETTER
from app.core import clock
from app.people.forms import LONG, SHORT, choices_of
from app.people.languages import languages
from app.people.safe_time_field import clock_time
from app.web.dates import DateField
from app.web.forms import Form

TEXT = [Length(max=8000, message=_("Use 8,000 characters or fewer"))]
MINUTES = (5, 10, 15, 20, 30, 45, 60, 90)
MORE_MINUTES = (25, 35, 40, 50, 55, 75, 105, 120, 150, 180, 240)
# A person who is not there yet, in the field that chooses one.
NEW = "new"
NEW_CASE = "new"
STEPS, DATES = 3, 2
MOST_ISSUES = 10
MOST_SERVICES = 10


def _none_and(labels: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice("", _("Choose")), *choices_of(labels)]


def _minutes(values: Iterable[int]) -> list[SelectChoice]:
    return [SelectChoice(str(value), str(value)) for value in values]


class ContactForm(Form):
    """One contact. What is asked first is enough for most; the rest waits under headings of its own."""

    client_kind = RadioField(
        _("Who was it?"), choices=choices_of(CLIENT_KINDS), default=ClientKind.NAMED.value, validate_choice=True
    )
    name = StringField(_("Name"), validators=SHORT)
    person = RadioField(_("Which of them?"), choices=[], validate_choice=False)
    client_number = StringField(_("Their number"), validators=SHORT)
    relation = StringField(_("Who got in touch about them?"), validators=SHORT)

    channel = SelectField(_("How?"), choices=choices_of(CHANNELS), default=Channel.PHONE.value)
    direction = RadioField(_("Who got in touch?"), choices=choices_of(DIRECTIONS), default=Direction.IN.value)
    result = RadioField(_("Did you speak?"), choices=choices_of(RESULTS), default=Result.REACHED.value)
    minutes = RadioField(_("How many minutes?"), choices=_minutes(MINUTES), validate_choice=False)
    other_minutes = SelectField(
        _("Another length"), choices=[SelectChoice("", _("Choose")), *_minutes(MORE_MINUTES)], default=""
    )
    level = RadioField(_("How far did it go?"), choices=choices_of(LEVELS), default=Level.ADVICE.value)

    words = StringField(_("What was it about, in their words?"), validators=LONG)
    issues = SelectMultipleField(_("Issues"), choices=[], validate_choice=False)
    main_issue = SelectField(_("Which is the main one?"), choices=[], validate_choice=False)

    emergencies = SelectMultipleField(_("Is there an emergency?"), choices=choices_of(EMERGENCIES))
    emergencies_asked = BooleanField(_("I asked about emergencies"))
    safeguarding = BooleanField(_("I raised a safeguarding concern"))

    services = SelectMultipleField(_("Which of these?"), choices=[], validate_choice=False)

    advice = TextAreaField(_("What did you tell them?"), validators=TEXT)
    sources = TextAreaField(_("Where is it from?"), validators=LONG)

    date_1_kind = SelectField(_("What happens"), choices=_none_and(DATE_QUESTIONS), default="")
    date_1_on = DateField(_("Its date"))
    date_2_kind = SelectField(_("What else happens"), choices=_none_and(DATE_QUESTIONS), default="")
    date_2_on = DateField(_("The date of that"))

    step_1 = StringField(_("What happens next?"), validators=SHORT)
    step_1_by = SelectField(_("Who does it?"), choices=choices_of(STEP_BY), default=StepBy.ADVISER.value)
    step_1_on = DateField(_("By when?"))
    step_2 = StringField(_("And then?"), validators=SHORT)
    step_2_by = SelectField(_("Who does that?"), choices=choices_of(STEP_BY), default=StepBy.CLIENT.value)
    step_2_on = DateField(_("By when is that?"))
    step_3 = StringField(_("And after that?"), validators=SHORT)
    step_3_by = SelectField(_("Who does this?"), choices=choices_of(STEP_BY), default=StepBy.ADVISER.value)
    step_3_on = DateField(_("By when is this?"))
    call_back_on = DateField(_("Call back on"))

    case = RadioField(_("Is it part of a case?"), choices=[], validate_choice=False)

    happened_on = DateField(_("The day"))
    started_at = StringField(_("From when?"), validators=SHORT)
    travel_minutes = StringField(
        _("Minutes of travel"), validators=[MayBeEmpty(), Regexp(r"^[0-9]{1,3}$", message=_("Enter a whole number"))]
    )
    place = SelectField(_("Where were you?"), choices=choices_of(PLACES), default=Place.OFFICE.value)
    place_ods_code = StringField(
        _("Code of the surgery"),
        validators=[
            MayBeEmpty(),
            Regexp(r"^[A-Za-z0-9]{3,10}$", message=_("Enter letters and digits, such as A81001")),
        ],
    )
    language = SelectField(_("In which language?"), default="en")
    interpreter = BooleanField(_("With an interpreter"))
    format = SelectField(_("In what form?"), choices=choices_of(FORMATS), default=Format.VERBAL.value)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = [SelectChoice(code, name) for code, name in languages()]
        chosen = self.issue_codes
        self.main_issue.choices = [SelectChoice(code, issue_tree().label(code)) for code in chosen]

    @property
    def issue_codes(self) -> list[str]:
        """The issues that were ticked, the main one first; what is no issue is left out."""
        ticked = [code for code in dict.fromkeys(self.issues.data or ()) if code in issue_tree()]
        main = self.main_issue.data
        return sorted(ticked, key=lambda code: code != main)

    @property
    def services_picked(self) -> list[UUID]:
        """The listings that were ticked, to be signposted or referred to next."""
        told = [as_uuid(text) for text in dict.fromkeys(self.services.data or ())]
        return [service_id for service_id in told if service_id is not None][:MOST_SERVICES]

    @property
    def person_id(self) -> UUID | None:
        """The person who was chosen."""
        return as_uuid(self.person.data)

    @property
    def is_new_person(self) -> bool:
        """Whether a record is to be made for the name that was typed."""
        return bool(self.person.data == NEW and self.name.data)

    @property
    def has_person(self) -> bool:
        """Whether a person belongs into this sort of contact at all."""
        return self.client_kind.data in {ClientKind.NAMED.value, ClientKind.THIRD_PARTY.value}

    def validate_person(self, field: Any) -> None:
        """Somebody with a name is chosen or added."""
        if self.client_kind.data != ClientKind.NAMED.value or self.person_id or self.is_new_person:
            return
        if field.data == NEW or not self.name.data:
            raise ValidationError(_("Enter their name and look for them, or choose “No name”"))
        raise ValidationError(_("Look for the name and choose the person, or add them"))

    def validate_client_number(self, field: Any) -> None:
        """A number where that is all there is."""
        if self.client_kind.data == ClientKind.NUMBERED.value and not field.data:
            raise ValidationError(_("Enter the number that they go by"))

    def validate_relation(self, field: Any) -> None:
        """Who it was, where it was not the client."""
        if self.client_kind.data == ClientKind.THIRD_PARTY.value and not field.data:
            raise ValidationError(_("Say who got in touch, such as a sister or a support worker"))

    def validate_minutes(self, field: Any) -> None:
        """A length that was asked for."""
        if not self.other_minutes.data and field.data not in {str(value) for value in MINUTES}:
            raise ValidationError(_("Choose how many minutes it took"))

    def validate_issues(self, _field: Any) -> None:
        """At least one issue where they were reached."""
        if self.result.data == Result.REACHED.value and not self.issue_codes:
            raise ValidationError(_("Choose at least one issue"))
        if len(self.issue_codes) > MOST_ISSUES:
            raise ValidationError(_("Choose ten issues or fewer"))

    def validate_happened_on(self, field: Any) -> None:
        """Not in the future."""
        if field.data is not None and field.data > clock.today():
            raise ValidationError(_("The day of the contact must not be in the future"))

    def validate_started_at(self, field: Any) -> None:
        """A time of day."""
        if field.data and clock_time(field.data) is None:
            raise ValidationError(_("Enter a time like 9:30am, or leave it empty"))

    def validate_date_1_on(self, field: Any) -> None:
        """A day for what happens."""
        _needs_day(self.date_1_kind.data, field)

    def validate_date_2_on(self, field: Any) -> None:
        """A day for what happens."""
        _needs_day(self.date_2_kind.data, field)

    def validate_case(self, _field: Any) -> None:
        """A case is for somebody who can be known again."""
        if self.case.data and self.client_kind.data == ClientKind.ANONYMOUS.value:
            raise ValidationError(_("A case needs a name or a number"))
        nobody = self.client_kind.data == ClientKind.THIRD_PARTY.value and not (self.person_id or self.is_new_person)
        if self.case.data == NEW_CASE and nobody:
            raise ValidationError(_("A case needs a name or a number"))

    def told(self, *, follows_id: UUID | None = None, seconds: int | None = None) -> ToldContact:
        """What the form says, once it is valid."""
        kind = ClientKind(self.client_kind.data)
        return ToldContact(
            client_kind=kind,
            person_id=self.person_id if self.has_person else None,
            new_name=self.name.data if self.has_person and self.is_new_person else "",
            client_number=self.client_number.data or "" if kind is ClientKind.NUMBERED else "",
            relation=self.relation.data or "" if kind is ClientKind.THIRD_PARTY else "",
            channel=Channel(self.channel.data),
            direction=Direction(self.direction.data),
            result=Result(self.result.data),
            minutes=int(self.other_minutes.data or self.minutes.data),
            level=Level(self.level.data),
            words=self.words.data or "",
            issues=tuple(self.issue_codes),
            emergencies=frozenset(Emergency(each) for each in self.emergencies.data or ()),
            emergencies_asked=bool(self.emergencies_asked.data or self.emergencies.data),
            safeguarding=bool(self.safeguarding.data),
            advice=self.advice.data or "",
            sources=self.sources.data or "",
            dates=tuple(self._dates()),
            steps=tuple(self._steps()),
            call_back_on=self.call_back_on.data,
            case_id=as_uuid(self.case.data),
            opens_case=self.case.data == NEW_CASE,
            happened_on=self.happened_on.data or clock.today(),
            started_at=_as_time(self.started_at.data),
            travel_minutes=int(self.travel_minutes.data or 0),
            place=Place(self.place.data),
            place_ods_code=(self.place_ods_code.data or "").upper(),
            language=self.language.data,
            interpreter=bool(self.interpreter.data),
            format=Format(self.format.data),
            follows_id=follows_id,
            seconds=seconds,
        )

    def _dates(self) -> Iterable[ToldDate]:
        for number in range(1, DATES + 1):
            kind, day = self[f"date_{number}_kind"].data, self[f"date_{number}_on"].data
            if kind and day:
                yield ToldDate(kind=DateKind(kind), on=day)

    def _steps(self) -> Iterable[ToldStep]:
        for number in range(1, STEPS + 1):
            words = self[f"step_{number}"].data
            if words:
                by, day = self[f"step_{number}_by"].data, self[f"step_{number}_on"].data
                yield ToldStep(words=words, by=StepBy(by), due_on=day)


def _needs_day(kind: str | None, field: Any) -> None:
    if kind and field.data is None:
        raise ValidationError(_("Enter the day"))
    if kind and DateKind(kind) in FROM_A_LETTER and field.data > clock.today():
        raise ValidationError(_("The date of a letter is in the past"))
    if field.data is not None and not date(2000, 1, 1) <= field.data <= date(2100, 1, 1):
        raise ValidationError(_("Check the year"))


def as_uuid(text: str | None) -> UUID | None:
    """What a form says of a thing; None for what is no id."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _as_time(text: str | None) -> time | None:
    return clock_time(text) if text else None
