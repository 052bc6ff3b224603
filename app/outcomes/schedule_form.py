"""The form of a schedule: a row for each kind of follow-up, and the days of its messages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from wtforms import IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange
from wtforms.validators import Optional as MayBeEmpty

from app.core import clock
from app.outcomes.labels import KINDS as KIND_NAMES
from app.outcomes.labels import WRONG_SCHEDULE
from app.outcomes.plans import Messages, Plan, Step
from app.outcomes.rules.schedules import COUNTS_CONTACTS, KINDS, Wrong, wrong_messages, wrong_steps
from app.web.dates import DateField
from app.web.forms import Form

MOST_DAYS = 120
KEEP, MOVE = "keep", "move"
NUMBERS = re.compile(r"[0-9]{1,3}(?:[\s,;]+[0-9]{1,3})*", re.ASCII)


class NumbersField(StringField):  # type: ignore[misc]
    """Whole numbers, such as "3, 6, 9"; in order, each once. Empty is none."""

    numbers: tuple[int, ...] = ()

    def process_data(self, value: Any) -> None:
        """From a sequence of numbers."""
        self.numbers = tuple(value or ())
        self.data = ", ".join(map(str, self.numbers))

    def process_formdata(self, valuelist: Any) -> None:
        """From what was typed."""
        super().process_formdata(valuelist)
        typed = (self.data or "").strip().strip(",;")
        self.numbers = ()
        if typed and not NUMBERS.fullmatch(typed):
            raise ValueError(_("Enter whole numbers, such as 3, 6, 9"))
        self.process_data(sorted({int(each) for each in re.findall(r"[0-9]+", typed)}))


def days_field(label: Any, *validators: Any) -> IntegerField:
    """A count of days."""
    told = _("Enter a number of days from 0 to %(most)s", most=MOST_DAYS)
    return IntegerField(label, validators=[*validators, NumberRange(min=0, max=MOST_DAYS, message=told)])


class ScheduleForm(Form):
    """What every schedule has; the rows of its kinds are added to a class of its own."""

    reminders = NumbersField(_("Reminders, so many days after"))
    call = days_field(_("A call by staff, so many days after"), InputRequired(_("Enter the day of the call")))
    close = days_field(
        _("It ends without an answer, so many days after"), InputRequired(_("Enter the day on which it ends"))
    )
    merge_within = days_field(
        _("One message for all that is due within so many days"), InputRequired(_("Enter a number of days"))
    )
    running = RadioField(_("Follow-ups that run already"), default=KEEP)
    example = DateField(_("Counted from which day, for an example?"))

    rows: tuple[Row, ...]
    template: str

    def steps(self) -> list[Step]:
        """The follow-ups whose months were entered."""
        return [row.step() for row in self.rows if row.months.numbers]

    def messages(self) -> Messages:
        """The days of its messages."""
        told = (self.call.data or 0, self.close.data or 0, self.merge_within.data or 0)
        return Messages(self.reminders.numbers, *told)

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then all together."""
        is_valid = bool(super().validate(extra_validators))
        for row in self.rows:
            row.after.errors = [*row.after.errors, *_missing(row)]
        for kind, wrong in wrong_steps(self.steps()).items():
            row = next((each for each in self.rows if each.kind == kind), self.rows[0])
            row.months.errors = [*row.months.errors, WRONG_SCHEDULE[wrong]]
        if self.call.data is not None and self.close.data is not None:
            self._say(wrong_messages(self.messages()))
        return is_valid and not self.errors

    def _say(self, wrong: Wrong | None) -> None:
        if wrong is not None:
            field = {Wrong.FIRST_DAY: self.reminders, Wrong.CALL_TOO_SOON: self.call}.get(wrong, self.close)
            field.errors = [*field.errors, WRONG_SCHEDULE[wrong]]


@dataclass(frozen=True, slots=True)
class Row:
    """The boxes of one kind of follow-up."""

    kind: str
    name: Any
    months: NumbersField
    before: IntegerField
    after: IntegerField
    contact: IntegerField | None

    def step(self) -> Step:
        """The same as a step of a plan."""
        contact = self.contact.data if self.contact is not None else None
        return Step(self.kind, self.months.numbers, self.before.data or 0, self.after.data or 0, contact)


def _missing(row: Row) -> list[Any]:
    is_missing = row.months.numbers and row.after.data is None and not row.after.errors
    return [_("Enter for how many days afterwards an answer counts")] if is_missing else []


def schedule_form(plan: Plan, running: int) -> ScheduleForm:
    """The form with a schedule in it, or with what was sent. `running` is how many follow by it now."""
    kinds = KINDS[plan.id]
    counts = {kind: (plan.id, kind) == COUNTS_CONTACTS for kind in kinds}
    fields = {name: field for at, kind in enumerate(kinds) for name, field in _fields(at, contact=counts[kind]).items()}
    form = type("ScheduleFormOfKinds", (ScheduleForm,), fields)(data=_data(plan, kinds))
    form.running.choices = _choices(running)
    form.rows = tuple(_row(form, at, kind) for at, kind in enumerate(kinds))
    form.template = plan.id
    return form  # type: ignore[no-any-return]


def _fields(at: int, *, contact: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        f"months_{at}": NumbersField(_("Months")),
        f"before_{at}": days_field(_("Days before"), MayBeEmpty()),
        f"after_{at}": days_field(_("Days after"), MayBeEmpty()),
    }
    if contact:
        told = _("Enter a number of contacts from 2 to 50")
        found[f"contact_{at}"] = IntegerField(
            _("Sooner, at contact number"), validators=[MayBeEmpty(), NumberRange(min=2, max=50, message=told)]
        )
    return found


def _row(form: ScheduleForm, at: int, kind: str) -> Row:
    months, before, after = (form[f"{name}_{at}"] for name in ("months", "before", "after"))
    contact = form[f"contact_{at}"] if f"contact_{at}" in form else None  # noqa: SIM401 - a form has no get
    return Row(kind, KIND_NAMES[kind], months, before, after, contact)


def _data(plan: Plan, kinds: Sequence[str]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "reminders": plan.messages.reminders, "call": plan.messages.call, "close": plan.messages.close,
        "merge_within": plan.messages.merge_within, "running": KEEP, "example": clock.today(),
    }  # fmt: skip
    for step in plan.steps:
        at = kinds.index(step.kind)
        told |= {f"months_{at}": step.months, f"before_{at}": step.before, f"after_{at}": step.after}
        told[f"contact_{at}"] = step.or_contact
    return told


def _choices(running: int) -> list[SelectChoice]:
    people = ngettext("%(num)d runs now", "%(num)d run now", running)
    return [
        SelectChoice(KEEP, _("They keep the schedule that they have (%(people)s)", people=people)),
        SelectChoice(MOVE, _("Move them on: what was not asked yet follows the new schedule")),
    ]
