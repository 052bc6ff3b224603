"""The forms by which staff change what is put on: its terms, its words, and who leads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.booking.clock_words import clock_time
from app.booking.codes import WhoMayBook
from app.booking.models import Course, Facilitator, Run, Term
from app.booking.operations.terms import CourseWords, RunTerms
from app.booking.staff_forms import A_TIME, SHORT, WHO, a_likely_year, districts, some_districts
from app.booking.wording import lead_words
from app.core.clock import LONDON
from app.core.text import single_line
from app.web.dates import DateField
from app.web.forms import Form

LONG = Length(max=2000, message=_("Use 2,000 characters or fewer"))
AGE = [Optional(), NumberRange(0, 120, message=_("Enter an age from 0 to 120"))]
OPENS_AT = time(9)


class TermsForm(Form):
    """Who may book, when, and how many at a time."""

    who = SelectField(_("Who may book?"), choices=WHO)
    area = StringField(_("Postcode districts of the area"), validators=[SHORT, some_districts])
    opens_on = DateField(_("Booking opens on"), validators=[Optional(), a_likely_year])
    opens_time = StringField(_("It opens at"), validators=[A_TIME])
    closes_on = DateField(_("The last day to book"), validators=[Optional(), a_likely_year])
    youngest = IntegerField(_("From what age?"), validators=AGE)
    oldest = IntegerField(_("Up to what age?"), validators=AGE)
    limit_each = IntegerField(
        _("How many bookings may one person have with you at a time?"),
        validators=[Optional(), NumberRange(1, 100, message=_("Enter a number from 1 to 100"))],
    )
    together = IntegerField(
        _("How many may come on one booking?"),
        validators=[
            InputRequired(_("Enter a number from 1 to 10")),
            NumberRange(1, 10, message=_("Enter a number from 1 to 10")),
        ],
    )
    waiting_list = BooleanField(_("Keep a waiting list"))
    term = SelectField(_("Term"), validators=[Optional()])
    name = StringField(_("A name for this time, to tell it from others"), validators=[SHORT])

    def show(self, terms: Sequence[Term]) -> None:
        """The organisation's terms."""
        self.term.choices = [SelectChoice("", _("No term")), *(SelectChoice(str(one.id), one.name) for one in terms)]

    def validate_opens_time(self, field: Any) -> None:
        """A time on a clock, or nothing."""
        if field.data and clock_time(field.data) is None:
            raise ValidationError(_("Enter a time, like 9am or 13:30"))

    def validate_closes_on(self, field: Any) -> None:
        """Not before it opens."""
        if field.data and self.opens_on.data and field.data < self.opens_on.data:
            raise ValidationError(_("Booking must not close before it opens"))

    def validate_oldest(self, field: Any) -> None:
        """Not below the youngest."""
        if field.data is not None and self.youngest.data is not None and field.data < self.youngest.data:
            raise ValidationError(_("This age must not be below the other"))

    @staticmethod
    def of(run: Run) -> dict[str, object]:
        """What the form shows of a run."""
        opens = run.opens_at.astimezone(LONDON) if run.opens_at else None
        closes = (run.closes_at - timedelta(seconds=1)).astimezone(LONDON) if run.closes_at else None
        return {
            "who": run.who.value,
            "area": run.area,
            "opens_on": opens.date() if opens else None,
            "opens_time": f"{opens:%H:%M}" if opens else "",
            "closes_on": closes.date() if closes else None,
            "youngest": run.youngest,
            "oldest": run.oldest,
            "limit_each": run.limit_each,
            "together": run.most_together,
            "waiting_list": run.has_waiting_list,
            "term": str(run.term_id or ""),
            "name": run.name,
        }

    def told(self) -> RunTerms:
        """What was typed; the last day to book is open to its end."""
        opens, closes = self.opens_on.data, self.closes_on.data
        at = clock_time(self.opens_time.data or "") or OPENS_AT
        return RunTerms(
            name=single_line(self.name.data or ""),
            term_id=UUID(self.term.data) if self.term.data else None,
            who=WhoMayBook(self.who.data),
            area=districts(self.area.data or ""),
            opens_at=datetime.combine(opens, at, LONDON) if opens else None,
            closes_at=datetime.combine(closes + timedelta(days=1), time.min, LONDON) if closes else None,
            youngest=self.youngest.data,
            oldest=self.oldest.data,
            limit_each=self.limit_each.data,
            most_together=self.together.data or 1,
            has_waiting_list=bool(self.waiting_list.data),
        )


class CourseForm(Form):
    """What people ask first about a course or a group."""

    you_learn = TextAreaField(_("What will I learn?"), validators=[LONG])
    what_happens = TextAreaField(_("What happens there?"), validators=[LONG])
    if_nervous = TextAreaField(_("What if I am nervous?"), validators=[LONG])
    made_by = TextAreaField(_("Who made it together?"), validators=[LONG])
    first_session_needed = BooleanField(_("People need the first session to come to the others"))

    @staticmethod
    def of(course: Course) -> dict[str, object]:
        """What the form shows of a course."""
        return {name: getattr(course, name) for name in CourseWords.__slots__}

    def told(self) -> CourseWords:
        """What was typed."""
        words = {name: (self[name].data or "").strip() for name in CourseWords.__slots__[:-1]}
        return CourseWords(**words, first_session_needed=bool(self.first_session_needed.data))


def named(one: Facilitator) -> str:
    """Who somebody is, and as what they lead: a peer trainer and a practitioner are needed."""
    return f"{one.name} ({lead_words(one.kind)})"


class LeadsForm(Form):
    """Who leads a session."""

    leads = SelectMultipleField(_("Who leads it?"))
    from_then_on = BooleanField(_("The same for every date after this one"))

    def show(self, people: Sequence[Facilitator]) -> None:
        """The organisation's people."""
        self.leads.choices = [SelectChoice(str(one.id), named(one)) for one in people]

    def people(self) -> set[UUID]:
        """Who was chosen."""
        return {UUID(one) for one in self.leads.data or ()}


class CoverForm(Form):
    """Who is asked to stand in."""

    stand_in = SelectField(_("Whom did you ask?"), validators=[DataRequired(_("Choose one"))])

    def show(self, people: Sequence[Facilitator], like: Facilitator) -> None:
        """Who is free then; first those who lead as whoever they stand in for does."""
        ordered = sorted(people, key=lambda one: one.kind is not like.kind)
        self.stand_in.choices = [SelectChoice("", _("Choose")), *(SelectChoice(str(p.id), named(p)) for p in ordered)]
