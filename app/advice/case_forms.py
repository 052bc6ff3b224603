"""The small forms of a case: one thing to add, one page. Each knows its words and how its fields are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from app.advice.codes import (
    Achieved,
    Closure,
    ConflictState,
    DateKind,
    Frequency,
    MoneyKind,
    MoneyStatus,
    ResultKind,
    StepBy,
)
from app.advice.details import ToldDate, ToldStep
from app.advice.labels import (
    ACHIEVED,
    CLOSURES,
    CONFLICTS,
    DATE_QUESTIONS,
    FREQUENCIES,
    MONEY_KINDS,
    MONEY_STATUSES,
    RESULT_KINDS,
    STEP_BY,
)
from app.advice.models import AdviceCase, AdviceResult, MoneyOutcome
from app.advice.operations import cases, contacts, outcomes
from app.advice.operations.outcomes import ToldMoney
from app.advice.queries import has_open_work, has_outcomes
from app.advice.queries import outcomes as queries
from app.advice.rules.deadlines import FROM_A_LETTER
from app.advice.rules.household import MOST_PENCE
from app.advice.version_form import VersionForm
from app.core import clock
from app.core.actor import Actor
from app.people.forms import LONG, SHORT, choices_of
from app.web.dates import DateField
from app.web.forms import Form

# How a field is shown, which one it is, and a hint.
Shown = tuple[str, str, LazyString | str]
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


def pence_of(text: str) -> int:
    """Pounds as people type them, "1,250.50" or "£20", in pence. ValueError for what is no amount."""
    plain = text.strip().removeprefix("£").replace(",", "")
    try:
        amount = Decimal(plain) if plain.replace(".", "", 1).isdigit() and plain.isascii() else None
    except InvalidOperation:
        amount = None
    if amount is None or amount != amount.quantize(Decimal("0.01")) or amount * 100 > MOST_PENCE:
        raise ValueError(text)
    return int(amount * 100)


def is_amount(_form: Any, field: Any) -> None:
    """Pounds, or empty."""
    if field.data:
        try:
            pence_of(field.data)
        except (ValueError, InvalidOperation) as problem:
            raise ValidationError(_("Enter an amount like 120 or 85.50")) from problem


def _is_near(_form: Any, field: Any) -> None:
    if field.data is not None and not EARLIEST <= field.data <= LATEST:
        raise ValidationError(_("Check the year"))


class CaseForm(Form):
    """A form about a case. `save` does what it says; what is wrong with it comes back as a named error."""

    title: ClassVar[LazyString]
    button: ClassVar[LazyString | str] = _("Save")
    shown: ClassVar[tuple[Shown, ...]]
    # What has to be done before it: in words, and where, from the page of the case.
    first: Sequence[tuple[LazyString, str]] = ()

    @classmethod
    def begin(cls, session: Session, case: AdviceCase) -> CaseForm:  # noqa: ARG003 - most know nothing of the case
        """The form of a case, empty or as it was sent."""
        return cls()

    def save(self, session: Session, actor: Actor, case: AdviceCase) -> None:
        """Do it. Each form says how; WTForms' own metaclass leaves no room for an abstract method."""
        raise NotImplementedError

    def kept(self, session: Session, case: AdviceCase) -> VersionForm | None:  # noqa: ARG002 - those that change nothing
        """What somebody else kept in place of what this form was to change."""
        return None


class StepForm(CaseForm):
    """A next step."""

    title = _("Add a next step")
    shown = (("input", "words", ""), ("select", "by", ""), ("date", "due_on", ""))
    words = StringField(_("What happens next?"), validators=[DataRequired(_("Say what happens next")), *SHORT])
    by = SelectField(_("Who does it?"), choices=choices_of(STEP_BY), default=StepBy.ADVISER.value)
    due_on = DateField(_("By when?"), validators=[_is_near])

    def save(self, session: Session, actor: Actor, case: AdviceCase) -> None:
        """Add the step."""
        told = ToldStep(words=self.words.data, by=StepBy(self.by.data), due_on=self.due_on.data)
        cases.require_open(session, case)
        session.add(contacts.next_step(actor, told, case_id=case.id))


class KeyDateForm(CaseForm):
    """A key date."""

    title = _("Add a date that must not be missed")
    shown = (
        ("select", "kind", _("From the date of a letter the last day is worked out for you.")),
        ("date", "on", ""),
    )
    kind = SelectField(_("What happens"), choices=choices_of(DATE_QUESTIONS), default=DateKind.COURT.value)
    on = DateField(_("Its date"), validators=[DataRequired(_("Enter the day")), _is_near])

    def validate_on(self, field: Any) -> None:
        """A letter is not from the future."""
        if self.kind.data in {kind.value for kind in FROM_A_LETTER} and field.data and field.data > clock.today():
            raise ValidationError(_("The date of a letter is in the past"))

    def save(self, session: Session, actor: Actor, case: AdviceCase) -> None:
        """Add the date."""
        cases.require_open(session, case)
        told = ToldDate(kind=DateKind(self.kind.data), on=self.on.data or clock.today())
        session.add(contacts.key_date(actor, told, case_id=case.id))


class PartyForm(CaseForm):
    """Somebody on the other side."""

    title = _("Who is on the other side?")
    button = _("Add and check")
    shown = (("input", "name", _("A landlord, a creditor, an employer, a former partner. Their full name.")),)
    name = StringField(_("Name"), validators=[DataRequired(_("Enter a name")), *SHORT])

    def save(self, session: Session, actor: Actor, case: AdviceCase) -> None:
        """Add the party and look for a conflict."""
        cases.add_party(session, actor, case, self.name.data)


class MoneyForm(VersionForm, CaseForm):
    """A difference in money."""

    title = _("Money")
    shown = (
        ("select", "kind", ""),
        ("input", "amount", _("One payment, in pounds.")),
        ("select", "frequency", ""),
        ("radios", "status", _("Only what is confirmed counts as achieved.")),
        ("input", "evidence", _("Such as the award letter of 3 May.")),
        ("date", "starts_on", _("Leave it empty for today.")),
        ("date", "ends_on", _("When the award ends, where that is known.")),
    )
    kind = SelectField(_("What is it?"), choices=choices_of(MONEY_KINDS), default=MoneyKind.GAIN.value)
    amount = StringField(_("How much?"), validators=[DataRequired(_("Enter an amount like 120 or 85.50")), is_amount])
    frequency = SelectField(_("How often?"), choices=choices_of(FREQUENCIES), default=Frequency.WEEKLY.value)
    status = RadioField(_("How sure is it?"), choices=choices_of(MONEY_STATUSES), default=MoneyStatus.EXPECTED.value)
    evidence = StringField(_("What shows it?"), validators=SHORT)
    starts_on = DateField(_("From when?"), validators=[_is_near])
    ends_on = DateField(_("Until when?"), validators=[_is_near])

    @classmethod
    def of(cls, found: MoneyOutcome, **more: Any) -> MoneyForm:
        """The form as the outcome stands, or as it was sent."""
        amount = f"{found.pence // 100}.{found.pence % 100:02}".removesuffix(".00")
        codes = {name: getattr(found, name).value for name in ("kind", "frequency", "status")}
        days = {"starts_on": found.starts_on, "ends_on": found.ends_on}
        told = codes | days | {"amount": amount, "evidence": found.evidence, "version": str(found.version)}
        return cls(data=told, **more)

    def validate_amount(self, field: Any) -> None:
        """More than nothing."""
        if field.data and not field.errors and pence_of(field.data) == 0:
            raise ValidationError(_("Enter an amount like 120 or 85.50"))

    def validate_evidence(self, field: Any) -> None:
        """What is confirmed is confirmed by something."""
        if self.status.data == MoneyStatus.CONFIRMED.value and not field.data:
            raise ValidationError(_("Say what confirms it, such as a letter"))

    def validate_ends_on(self, field: Any) -> None:
        """After it begins."""
        if field.data and field.data < (self.starts_on.data or clock.today()):
            raise ValidationError(_("The end must be after the start"))

    def told(self) -> ToldMoney:
        """What the form says."""
        return ToldMoney(
            kind=MoneyKind(self.kind.data),
            status=MoneyStatus(self.status.data),
            pence=pence_of(self.amount.data),
            frequency=Frequency(self.frequency.data),
            starts_on=self.starts_on.data or clock.today(),
            ends_on=self.ends_on.data,
            evidence=self.evidence.data or "",
        )

    def save(self, session: Session, actor: Actor, case: AdviceCase) -> None:
        """Add it."""
        outcomes.add_money(session, actor, case, self.told())


class ResultForm(VersionForm, CaseForm):
    """Another result. There is one of each kind: `version` says which there were, each with its version."""

    title = _("Add another result")
    shown = (("select", "kind", ""), ("radios", "achieved", ""), ("checkbox", "theirs", ""))
    kind = SelectField(_("What is it?"), choices=choices_of(RESULT_KINDS), default=ResultKind.UNDERSTANDS_OPTIONS.value)
    achieved = RadioField(_("How far was it reached?"), choices=choices_of(ACHIEVED))
    theirs = BooleanField(_("They say so themselves"))

    @classmethod
    def begin(cls, session: Session, case: AdviceCase) -> ResultForm:
        """It knows what there is."""
        return cls(data={"version": cls._versions(session, case)})

    @staticmethod
    def _versions(session: Session, case: AdviceCase) -> str:
        return " ".join(f"{each.kind.value}:{each.version}" for each in queries.results_of(session, case.id)) or "none"

    @classmethod
    def of(cls, found: AdviceResult) -> ResultForm:
        """The form as the result stands, whatever was sent."""
        told = {"kind": found.kind.value, "achieved": found.achieved.value, "theirs": found.theirs}
        return cls(formdata=None, data=told)

    def save(self, session: Session, actor: Actor, case: AdviceCase) -> None:
        """Note it, in place of what was said before."""
        kind, achieved = ResultKind(self.kind.data), Achieved(self.achieved.data)
        read = self._read_of(kind)
        outcomes.set_result(session, actor, case, kind, achieved, theirs=bool(self.theirs.data), read=read)

    def _read_of(self, kind: ResultKind) -> int | None:
        """The version of a kind that was read, 0 where there was none; None where the form does not say."""
        told = dict(each.partition(":")[::2] for each in (self.version.data or "").split())
        text = told.get(kind.value, "0")
        return (int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1) if told else None

    def kept(self, session: Session, case: AdviceCase) -> VersionForm | None:
        """What is noted of this kind; it has been seen when the form comes again."""
        found = queries.result_of(session, case, ResultKind(self.kind.data))
        if found is None:
            return None
        self.version.data = self._versions(session, case)
        return ResultForm.of(found)


class CloseForm(CaseForm):
    """The end of the work."""

    title = _("Close the case")
    button = _("Close the case")
    shown = (("radios", "closure", ""), ("textarea", "note", ""))
    closure = RadioField(_("Why?"), choices=choices_of(CLOSURES))
    note = TextAreaField(_("What is good to know later?"), validators=LONG)

    @classmethod
    def begin(cls, session: Session, case: AdviceCase) -> CloseForm:
        """With what was noted when it was closed before, so that it is not lost."""
        form = cls(data={"note": case.closing_note})
        form.first = [
            *([(_("Mark its steps and dates as done."), "")] if has_open_work(session, case.id) else []),
            *([(_("Write down what was achieved."), "/add/result")] if not has_outcomes(session, case.id) else []),
        ]
        return form

    def save(self, session: Session, actor: Actor, case: AdviceCase) -> None:
        """Close it."""
        cases.close_case(session, actor, case, Closure(self.closure.data), self.note.data or "")


_HINT_OF_REASONS = _(
    "Why, and which independent services can help instead. If you cannot act, the adviser reads this: name nobody."
)


class ConflictForm(VersionForm, CaseForm):
    """What a supervisor decided about a possible conflict."""

    title = _("Conflict of interest")
    shown = (("radios", "state", ""), ("textarea", "note", _HINT_OF_REASONS))
    state = RadioField(
        _("What did you decide?"),
        choices=choices_of(
            {
                ConflictState.NONE: _("There is none"),
                ConflictState.MANAGED: CONFLICTS[ConflictState.MANAGED],
                ConflictState.CANNOT_ACT: CONFLICTS[ConflictState.CANNOT_ACT],
            }
        ),
    )
    note = TextAreaField(_("Your reasons"), validators=[Length(max=4000, message=_("Use 4,000 characters or fewer"))])

    def validate_note(self, field: Any) -> None:
        """Reasons, unless there is nothing."""
        if self.state.data != ConflictState.NONE.value and not field.data:
            raise ValidationError(_("Write down why, and who else can help"))

    @classmethod
    def of(cls, case: AdviceCase) -> ConflictForm:
        """The form as it was decided, or as it was sent."""
        return cls(data=cls._told(case))

    @staticmethod
    def _told(case: AdviceCase) -> dict[str, str]:
        return {"state": case.conflict.value, "note": case.conflict_note, "version": str(case.conflict_version)}

    def words_of(self, field: Any) -> str:
        """Also that nothing is decided yet, which is not offered."""
        if field is self.state:
            return str(CONFLICTS[ConflictState(field.data)])
        return super().words_of(field)

    def save(self, session: Session, actor: Actor, case: AdviceCase) -> None:
        """Keep the decision."""
        state = ConflictState(self.state.data)
        cases.decide_conflict(session, actor, case, state, self.note.data or "", read=self.read_version)

    def kept(self, session: Session, case: AdviceCase) -> VersionForm | None:  # noqa: ARG002 - as every form is asked
        """What was decided; it has been seen when the form comes again."""
        self.goes_on_from(case.conflict_version)
        return ConflictForm(formdata=None, data=self._told(case))


FORMS: dict[str, type[CaseForm]] = {
    "step": StepForm,
    "date": KeyDateForm,
    "party": PartyForm,
    "money": MoneyForm,
    "result": ResultForm,
    "close": CloseForm,
}
