"""The forms of outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.validators import Optional as MayBeEmpty

from app.accounts.queries import Member
from app.core import clock
from app.outcomes.codes import Mode
from app.outcomes.labels import ABOUT, ALERT_OUTCOMES, CHOSEN_BY, CLOSE_REASONS, END_REASONS, ENTERED_MODES, MODES
from app.outcomes.measures import Measure, measures
from app.outcomes.operations.answering import GOALS
from app.outcomes.plans import plans
from app.people.safe_time_field import SafeTimeField
from app.web.dates import DateField
from app.web.forms import Form

SHORT = [Length(max=200, message=_("Use 200 characters or fewer"))]
LONG = [Length(max=2000, message=_("Use 2,000 characters or fewer"))]
PLAN_NAMES = {
    "support": _("While support lasts: at the start, and every 3 months"),
    "after-close": _("When support ends, and 3, 6 and 9 months after"),
    "job-kept": _("A new job: still there after 3, 6 and 9 months?"),
}


def named(codes: Mapping[Any, Any], only: Iterable[Any] | None = None) -> list[SelectChoice]:
    """Codes with their words, as choices."""
    return [SelectChoice(str(code), codes[code]) for code in (only or codes)]


def not_to_come(field: Any) -> None:
    """A day that has been."""
    if field.data is not None and field.data > clock.today():
        raise ValidationError(_("Enter today or a day that has passed"))


def not_far_off(field: Any) -> None:
    """Not so far off that nothing of it could be meant."""
    if field.data is not None and abs((field.data - clock.today()).days) > 730:
        raise ValidationError(_("Enter a day within two years of today"))


def not_over(field: Any) -> None:
    """A day on which somebody can still be asked."""
    if field.data is not None and field.data < clock.today():
        raise ValidationError(_("Enter today or a day to come"))


def as_choices(known: Iterable[Measure]) -> list[SelectChoice]:
    """Measures to choose from."""
    return [SelectChoice(each.reference, f"{each.title} ({each.name})") for each in known]


def in_plain_words(measure: Measure) -> str:
    """What a measure is about, for somebody who is to choose one, with how much it asks."""
    about = str(ABOUT.get(measure.id, measure.title))
    if measure.id == GOALS:
        return about
    asks = ngettext("%(num)d question", "%(num)d questions", len(measure.items))
    return f"{about}: {asks} ({measure.name})"


class ChooseForm(Form):
    """Which measure is used, who chose it and why."""

    measure = RadioField(_("Which one?"), validate_choice=True)
    chosen_by = RadioField(_("Who chose it?"), choices=named(CHOSEN_BY))
    reason = TextAreaField(_("Why this one?"), validators=LONG)

    @classmethod
    def offering(cls, known: Iterable[Measure]) -> ChooseForm:
        """The form with what may be used here."""
        form = cls()
        form.measure.choices = [SelectChoice(each.reference, in_plain_words(each)) for each in known]
        return form


class GoalsForm(Form):
    """Up to three goals in the person's own words."""

    goal_1 = StringField(_("First goal"), validators=SHORT)
    goal_2 = StringField(_("Second goal"), validators=SHORT)
    goal_3 = StringField(_("Third goal"), validators=SHORT)
    chosen_by = RadioField(_("Whose words are these?"), choices=named(CHOSEN_BY))

    def validate_goal_1(self, field: Any) -> None:
        """At least one."""
        if not any((field.data, self.goal_2.data, self.goal_3.data)):
            raise ValidationError(_("Enter at least one goal"))


class PlanForm(Form):
    """Follow-ups from a template."""

    template = RadioField(_("What for?"), choices=named(PLAN_NAMES), default="support")
    anchor_on = DateField(_("Counted from which day?"), validators=[DataRequired(_("Enter the day it counts from"))])
    measures = SelectMultipleField(_("What is asked?"))
    label = StringField(_("Which job?"), validators=SHORT)

    @classmethod
    def offering(cls, known: Iterable[Measure], chosen: Iterable[str]) -> PlanForm:
        """The form with what may be used here, and what was chosen for the person ticked."""
        form = cls(data={"anchor_on": clock.today(), "template": "support", "measures": list(chosen)})
        form.measures.choices = as_choices(known)
        return form

    def validate_measures(self, field: Any) -> None:
        """Something to ask, unless the plan asks its own question."""
        if self.template.data != "job-kept" and self.template.data in plans() and not field.data:
            raise ValidationError(_("Choose at least one thing to ask"))

    def validate_anchor_on(self, field: Any) -> None:
        """Not so far off that nothing of it could be meant."""
        not_far_off(field)


class AskForm(Form):
    """What to ask once, today or on a day to come."""

    measures = SelectMultipleField(_("What is asked?"), validators=[InputRequired(_("Choose at least one"))])
    due_on = DateField(_("Ask on which day?"), validators=[DataRequired(_("Enter a day"))])

    @classmethod
    def offering(cls, known: Iterable[Measure], chosen: Iterable[str]) -> AskForm:
        """The form with what may be used here."""
        form = cls(data={"measures": list(chosen), "due_on": clock.today()})
        form.measures.choices = as_choices(known)
        return form

    def validate_due_on(self, field: Any) -> None:
        """Not a day that is over, nor one so far off that it could not be meant."""
        not_over(field)
        not_far_off(field)


class EnterForm(Form):
    """A form that was answered on paper, by phone or in person."""

    measure = RadioField(_("Which one?"), validate_choice=True)
    mode = RadioField(_("How is it answered?"), choices=named(MODES, ENTERED_MODES), default=Mode.PAPER.value)
    answered_on = DateField(_("Answered on"), validators=[DataRequired(_("Enter the day it was answered"))])
    helped = BooleanField(_("Somebody helped them to answer"))

    @classmethod
    def offering(cls, known: Iterable[Measure], first: str = "") -> EnterForm:
        """The form with what may be used here."""
        form = cls(data={"answered_on": clock.today(), "mode": Mode.PAPER.value, "measure": first})
        form.measure.choices = as_choices(known)
        return form

    def validate_answered_on(self, field: Any) -> None:
        """Not a day to come."""
        not_to_come(field)


class SheetForm(Form):
    """What stands on the sheet beside the answers."""

    answered_on = DateField(_("Answered on"), validators=[DataRequired(_("Enter the day it was answered"))])
    helped = BooleanField(_("Somebody helped them to answer"))

    def validate_answered_on(self, field: Any) -> None:
        """Not a day to come."""
        not_to_come(field)


class OutsideForm(Form):
    """A result of a tool that is used elsewhere."""

    tool = SelectField(_("Which tool?"))
    other = StringField(_("Its name, if it is another"), validators=SHORT)
    happened_on = DateField(_("When was it done?"), validators=[DataRequired(_("Enter the day"))])
    summary = TextAreaField(
        _("What came out, in your own words"), validators=[DataRequired(_("Say what came out")), *LONG]
    )
    link = StringField(_("Where it can be found"), validators=[MayBeEmpty(), *SHORT])

    @classmethod
    def offering(cls) -> OutsideForm:
        """The form with the tools that may only be recorded."""
        form = cls(data={"happened_on": clock.today()})
        kept_elsewhere = [each.name for each in measures().values() if each.is_record_only]
        form.tool.choices = [SelectChoice("", _("Another")), *(SelectChoice(name, name) for name in kept_elsewhere)]
        return form

    def validate_other(self, field: Any) -> None:
        """A name, where it is none of the list."""
        if not self.tool.data and not field.data:
            raise ValidationError(_("Enter the name of the tool"))

    def validate_happened_on(self, field: Any) -> None:
        """Not a day to come."""
        not_to_come(field)

    def validate_link(self, field: Any) -> None:
        """An address of the web, where there is one."""
        if field.data and not field.data.startswith("https://"):
            raise ValidationError(_("Enter an address that begins with https://"))


class MoveForm(Form):
    """Another day for an occasion."""

    due_on = DateField(_("Ask on which day?"), validators=[DataRequired(_("Enter a day"))])

    def validate_due_on(self, field: Any) -> None:
        """Not a day that is over, nor one so far off that it could not be meant."""
        not_over(field)
        not_far_off(field)


class CloseForm(Form):
    """Why an occasion ends without an answer."""

    reason = RadioField(_("Why is there no answer?"), choices=named(CLOSE_REASONS))


class ReopenForm(Form):
    """Why an ended occasion is taken up again."""

    reason = StringField(
        _("Why is it taken up again?"),
        validators=[DataRequired(_("Say why, such as: they would like to answer after all")), *SHORT],
    )


class EndForm(Form):
    """Why a plan ends."""

    reason = RadioField(_("Why do the follow-ups end?"), choices=named(END_REASONS))


class AlertForm(Form):
    """What came of looking at an alert."""

    # None is ticked beforehand: nobody says by mistake that they spoke with somebody.
    outcome = RadioField(
        _("What came of it?"), choices=named(ALERT_OUTCOMES), validators=[DataRequired(_("Choose what came of it"))]
    )
    note = TextAreaField(_("What was done"), validators=[DataRequired(_("Say in a sentence what was done")), *LONG])


class VoidForm(Form):
    """Why a form is taken back."""

    reason = StringField(
        _("Why is it taken back?"), validators=[DataRequired(_("Say why, such as: another person's form")), *SHORT]
    )


class DutyForm(Form):
    """Who looks at answers, and when."""

    owner = SelectField(_("Who is on duty?"))
    deputy = SelectField(_("Who is next, if nobody takes it on in time?"))
    within_minutes = IntegerField(
        _("Within how many minutes?"),
        validators=[
            InputRequired(_("Enter a number of minutes")),
            NumberRange(min=15, max=1440, message=_("Enter 15 to 1440")),
        ],
    )
    time_1 = SafeTimeField(_("Hours on duty"))
    time_2 = SafeTimeField(_("More hours on duty"))

    @classmethod
    def offering(cls, members: Iterable[Member], data: Mapping[str, Any]) -> DutyForm:
        """The form with those who work here."""
        form = cls(data=dict(data))
        people = [SelectChoice(str(each.user.id), each.user.name or each.user.email or "") for each in members]
        form.owner.choices = people
        form.deputy.choices = [SelectChoice("", _("Nobody")), *people]
        return form

    def validate_deputy(self, field: Any) -> None:
        """Somebody else."""
        if field.data and field.data == self.owner.data:
            raise ValidationError(_("Choose two different people"))

    def validate_time_1(self, field: Any) -> None:
        """Some hours."""
        if field.data is None and not field.errors:
            raise ValidationError(_("Say on which days and at what times somebody is on duty"))


class PackForm(Form):
    """Words of a measure."""

    content = TextAreaField(
        _("The text pack"),
        validators=[
            DataRequired(_("Paste the text pack")),
            Length(max=100_000, message=_("This is too long for the words of a questionnaire")),
        ],
    )


class BatchForm(Form):
    """Rows of a spreadsheet, pasted or from a file."""

    file = FileField(_("A file saved as CSV"))
    rows = TextAreaField(_("Or paste the rows here, with their headings"))

    def text(self) -> str:
        """What was sent; a file counts before what was pasted."""
        sent = self.file.data
        content = sent.read() if sent else b""
        if not content:
            return self.rows.data or ""
        try:
            return str(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return str(content.decode("cp1252", errors="replace"))
