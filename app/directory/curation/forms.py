"""The forms of curation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    EmailField,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from app.directory.codes import Accepting, AccessRoute, Coverage, Gender, Kind, Reach, Status
from app.directory.curation.bulk import Act, Wanted
from app.directory.curation.document import FIELDS, Document
from app.directory.curation.fields import LONG, OPTIONAL_EMAIL, SHORT, WEB_PAGE, lines_of, phone_lines, single_line_of
from app.directory.curation.row_forms import MOST_ROWS, ROWS, CostRow, HoursRow, PlaceRow, RowList, data_of
from app.directory.curation.row_words import place_choices
from app.directory.importing.cleaning.values import web_address
from app.web.dates import DateField
from app.web.forms import Form

KINDS = [
    SelectChoice(Kind.SERVICE.value, _("Service")),
    SelectChoice(Kind.COURSE.value, _("Course")),
    SelectChoice(Kind.PEER_GROUP.value, _("Peer group")),
]
STATUSES = [
    SelectChoice(Status.ACTIVE.value, _("Open")),
    SelectChoice(Status.TEMPORARILY_CLOSED.value, _("Closed for now")),
    SelectChoice(Status.INACTIVE.value, _("Not shown to the public")),
    SelectChoice(Status.DEFUNCT.value, _("Closed for good")),
]
REACHES = [
    SelectChoice(Reach.IN_PERSON.value, _("In person")),
    SelectChoice(Reach.PHONE.value, _("By phone")),
    SelectChoice(Reach.ONLINE.value, _("Online")),
    SelectChoice(Reach.HOME_VISIT.value, _("Home visits")),
]
COVERAGES = [
    SelectChoice(Coverage.LOCAL.value, _("The area around it")),
    SelectChoice(Coverage.REGIONAL.value, _("The region")),
    SelectChoice(Coverage.NATIONAL.value, _("The whole country")),
]
ROUTES = [
    SelectChoice(AccessRoute.SELF_REFERRAL.value, _("People contact it themselves")),
    SelectChoice(AccessRoute.PROFESSIONAL_REFERRAL.value, _("A professional refers them")),
    SelectChoice(AccessRoute.DROP_IN.value, _("People drop in")),
]
GENDERS = [
    SelectChoice("", _("Everyone")),
    SelectChoice(Gender.WOMEN.value, _("Women")),
    SelectChoice(Gender.MEN.value, _("Men")),
    SelectChoice(Gender.TRANS_NONBINARY.value, _("Trans and non-binary people")),
]
CAPACITY = [
    SelectChoice(Accepting.YES.value, _("It has places")),
    SelectChoice(Accepting.WAITING_LIST.value, _("There is a waiting list")),
    SelectChoice(Accepting.NO.value, _("It takes nobody new at the moment")),
]
AGE = [Optional(), NumberRange(0, 120, message=_("Enter an age from 0 to 120"))]


class NewListingForm(Form):
    """What a listing begins with; the rest is filled in on its own form."""

    name = StringField(_("Name"), filters=[single_line_of], validators=[DataRequired(_("Enter the name")), *SHORT])
    organization = StringField(
        _("Which organisation runs it?"),
        filters=[single_line_of],
        validators=[DataRequired(_("Enter the name of the organisation")), *SHORT],
    )
    description = TextAreaField(_("What it does"), validators=[DataRequired(_("Say what it does")), *LONG])


class ListingForm(Form):
    """The document of a listing."""

    name = StringField(_("Name"), validators=[DataRequired(_("Enter the name")), *SHORT])
    alternate_name = StringField(_("Another name it goes by"), validators=SHORT)
    kind = SelectField(_("What is it?"), choices=KINDS)
    status = SelectField(_("Is it open?"), choices=STATUSES)
    alert = TextAreaField(_("A notice for the top of its page"), validators=SHORT)
    description = TextAreaField(_("What it does"), validators=[DataRequired(_("Say what it does")), *LONG])
    topics = SelectMultipleField(_("What it helps with"))
    phones = TextAreaField(_("Telephone numbers"), validators=[*SHORT, phone_lines])
    email = EmailField(_("Email address"), validators=OPTIONAL_EMAIL)
    url = StringField(_("Website"), validators=WEB_PAGE)
    reach = SelectMultipleField(_("How do people meet it?"), choices=REACHES)
    coverage = SelectField(_("How far does it take people from?"), choices=COVERAGES)
    access_routes = SelectMultipleField(_("How do people get in?"), choices=ROUTES)
    application_process = TextAreaField(_("How to apply"), validators=LONG)
    what_to_say = TextAreaField(_("What to say"), validators=LONG)
    what_to_bring = TextAreaField(_("What to bring"), validators=LONG)
    what_happens_next = TextAreaField(_("What happens next"), validators=LONG)
    minimum_age = IntegerField(_("Youngest age"), validators=AGE)
    maximum_age = IntegerField(_("Oldest age"), validators=AGE)
    gender = SelectField(_("Who is it for?"), choices=GENDERS)
    eligibility_description = TextAreaField(_("Who it is for, in words"), validators=LONG)
    not_for = TextAreaField(_("Who it is not for"), validators=LONG)
    fees_description = StringField(_("What it costs"), validators=SHORT)
    interpretation_services = StringField(_("Interpreters"), validators=SHORT)
    wait_time = StringField(_("Waiting time, in words"), validators=SHORT)
    places = RowList(FormField(PlaceRow), label=_("Places"), max_entries=MOST_ROWS["places"])
    hours = RowList(FormField(HoursRow), label=_("Opening hours"), max_entries=MOST_ROWS["hours"])
    costs = RowList(FormField(CostRow), label=_("Prices"), max_entries=MOST_ROWS["costs"])
    # A form without the rows leaves them alone: that none were sent does not mean that there are none.
    has_rows = HiddenField()
    note = TextAreaField(_("Why you change it"), validators=SHORT)

    @classmethod
    def showing(
        cls, document: Document, topics: Iterable[tuple[str, str]], *, hides_secrets: bool = False
    ) -> ListingForm:
        """The form as the listing stands, or as it was sent. `topics`: slug and label of each.

        `hides_secrets` where whoever looks must not see the addresses that are kept private.
        """
        rows = {} if "has_rows" in request.form else data_of(document, hides_secrets=hides_secrets)
        form = cls(data={**document, **rows, "phones": "\n".join(document["phones"]), "has_rows": "1"})
        form.topics.choices = [SelectChoice(slug, label) for slug, label in topics]
        form._press()
        form._join(document, hides_secrets=hides_secrets)
        return form

    # Whether a button within the form was pressed that only changes its rows.
    was_pressed = False
    is_outdated = False

    def _press(self) -> None:
        """Add or take away the row that a button asks for."""
        pressed = {name: request.form.get(name, "") for name in ("add", "remove")}
        for kind in ROWS:
            rows = getattr(self, kind)
            if pressed["add"] == kind:
                self.was_pressed = True
                rows.add()
            elif pressed["remove"].startswith(f"{kind}-"):
                self.was_pressed = True
                rows.entries = [entry for entry in rows.entries if entry.name != pressed["remove"]]
        if not self.is_submitted() and not self.hours.entries:
            self.hours.add()

    def _join(self, document: Document, *, hides_secrets: bool) -> None:
        """Join each row with the one of the listing that it stands for."""
        choices = place_choices(document["places"], hides_secrets=hides_secrets)
        for kind in ROWS:
            for entry in getattr(self, kind).entries:
                self.is_outdated |= not entry.form.join(document[kind], hides_secrets=hides_secrets)
        for entry in self.hours.entries:
            entry.form.offer(choices)

    def validate(self, extra_validators: Any = None) -> bool:
        """As ever, and the rows must still be there that were to stay as they are."""
        is_right = bool(super().validate(extra_validators))
        if self.is_outdated:
            self.form_errors.append(_("The listing has changed since you opened this page. Open it again."))
        return is_right and not self.is_outdated

    def document(self) -> Document:
        """What was sent, as a listing's document."""
        told = {name: getattr(self, name).data for name in FIELDS}
        return {
            **{name: value if value is not None else "" for name, value in told.items() if FIELDS[name].kind == "text"},
            **{name: told[name] for name in FIELDS if FIELDS[name].kind in {"number", "code"}},
            **{name: sorted(told[name] or ()) for name in FIELDS if FIELDS[name].kind in {"codes", "topics"}},
            "phones": lines_of(told["phones"]),
            "url": web_address(told["url"]) or "" if told["url"] else "",
            **(self._rows() if self.has_rows.data else {}),
        }

    def _rows(self) -> Document:
        """The rows that are wanted. Hours of a place that goes become those of the listing."""
        wanted = {kind: getattr(self, kind).wanted() for kind in ROWS}
        places = {row.get("id") for row in wanted["places"]}
        for position, row in enumerate(wanted["hours"]):
            if row.get("place", None) not in places:
                wanted["hours"][position] = {name: value for name, value in row.items() if name != "place"}
        return wanted

    def validate_maximum_age(self, field: Any) -> None:
        """Not below the youngest."""
        if field.data is not None and self.minimum_age.data is not None and field.data < self.minimum_age.data:
            raise ValidationError(_("The oldest age must not be below the youngest"))


class DecisionForm(Form):
    """What an editor decides on a proposal."""

    fields = SelectMultipleField(_("Changes to approve"), validate_choice=False)
    answer = TextAreaField(_("Your answer"), validators=LONG)


class AnswerForm(Form):
    """What an editor answers to a report."""

    outcome = RadioField(
        _("What did you find?"),
        choices=[
            SelectChoice("mended", _("It was wrong and I have put it right")),
            SelectChoice("not-a-problem", _("The listing is right as it stands")),
        ],
        validators=[DataRequired(_("Choose what you found"))],
    )
    answer = TextAreaField(
        _("Your answer"), validators=[DataRequired(_("Write an answer, in a sentence or two")), *LONG]
    )


class SuggestionAnswerForm(Form):
    """What an editor answers to somebody who said that a service is missing."""

    outcome = RadioField(
        _("What will you do?"),
        choices=[
            SelectChoice("add", _("Add it, hidden until I have filled in the rest")),
            SelectChoice("decline", _("Leave it out")),
        ],
        validators=[DataRequired(_("Choose what you will do"))],
    )
    answer = TextAreaField(_("Your words to whoever sent it"), validators=LONG)

    def validate_answer(self, field: Any) -> None:
        """Whoever hears no is told why."""
        if self.outcome.data == "decline" and not (field.data or "").strip():
            raise ValidationError(_("Say in a sentence why you leave it out"))


class CapacityForm(Form):
    """Whether a service takes new people."""

    accepting = RadioField(_("Does it take new people?"), choices=CAPACITY, validators=[DataRequired(_("Choose one"))])
    wait_weeks = IntegerField(
        _("About how many weeks do people wait?"),
        validators=[Optional(), NumberRange(0, 520, message=_("Enter the weeks as a number from 0 to 520"))],
    )


class BulkForm(Form):
    """What is to be done to several listings."""

    act = RadioField(
        _("What do you want to do?"),
        choices=[
            SelectChoice(Act.NEXT_CHECK.value, _("Set the day of their next check")),
            SelectChoice(Act.ADD_TOPIC.value, _("Add a topic")),
            SelectChoice(Act.TAKE_TOPIC.value, _("Take a topic away")),
            SelectChoice(Act.TOPICS_RIGHT.value, _("Say that the topics proposed for them are right")),
            SelectChoice(Act.OWNER.value, _("Say whose staff look after them")),
            SelectChoice(Act.HIDE.value, _("Hide them from the public")),
            SelectChoice(Act.SHOW.value, _("Show hidden ones to the public again")),
        ],
        validators=[DataRequired(_("Choose what you want to do"))],
    )
    day = DateField(_("Next check"))
    topic = SelectField(_("Topic"), choices=[])
    owner = SelectField(_("Whose staff look after them"), choices=[])

    def validate(self, extra_validators: Any = None) -> bool:
        """Each thing to do needs its own field and no other; what was typed into the others does no harm."""
        if self.act.data and self.act.data != Act.NEXT_CHECK:
            self.day.problem, self.day.wrong, self.day.data = "", (), None
        if not super().validate(extra_validators):
            return False
        needs = {
            Act.NEXT_CHECK: (self.day, _("Enter the day of the next check")),
            Act.ADD_TOPIC: (self.topic, _("Choose a topic")),
            Act.TAKE_TOPIC: (self.topic, _("Choose a topic")),
        }
        field, words = needs.get(Act(self.act.data), (None, ""))
        if field is not None and not field.data:
            field.errors = [words]
            return False
        return True

    def wanted(self) -> Wanted:
        """What was chosen."""
        owner = UUID(self.owner.data) if self.owner.data else None
        return Wanted(act=Act(self.act.data), day=self.day.data, topic=self.topic.data or "", owner=owner)


class UploadForm(Form):
    """A list of services to import."""

    file = FileField(_("The file"), validators=[FileRequired(_("Choose a file"))])
    source = StringField(
        _("What is this list called?"), validators=[Length(max=80, message=_("Use 80 characters or fewer"))]
    )


class CollectionForm(Form):
    """The words at the top of a collection."""

    name = StringField(
        _("What is it called?"),
        validators=[
            DataRequired(_("Enter a name, like “For new parents”")),
            Length(max=100, message=_("Use 100 characters or fewer")),
        ],
    )
    introduction = TextAreaField(
        _("What is it for?"), validators=[Length(max=600, message=_("Use 600 characters or fewer"))]
    )
