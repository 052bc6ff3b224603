"""The forms of what can be done with a referral, one for each move that asks for something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional

from app.accounts.models import User
from app.core import clock
from app.directory.dangers import dangers_in
from app.people.codes import ContactChannel
from app.referrals import words
from app.referrals.codes import Attendance, ClosureOutcome, Destination, DoneBy, Move, Party, Reached, Shown, Told
from app.referrals.forms.fields import LONG, SHORT, as_choices, needed, time_of
from app.referrals.forms.writing import AgreementForm
from app.referrals.models import Pathway, ReferralGoal
from app.referrals.operations.ending import Ending
from app.referrals.operations.triage import Refusal
from app.referrals.pathways.definition import Definition
from app.referrals.reasons import LIST_OF_MOVE, PERSON_SAID_NO, REASONS
from app.web.dates import DateField
from app.web.forms import Form

CHOOSE_REASON = _("Choose a reason")
FOR_THE_REFERRER = _("The referrer reads this, as far as the person allows.")
FOR_THE_PERSON = _("The person reads this.")
FOR_THE_TEAM = _("Only your team reads this.")


def reasons_for(move: Move, by: Iterable[Party]) -> list[tuple[str, Any]]:
    """The reasons of a move that somebody in these parts may give, in words."""
    parties = frozenset(by)
    return [
        (reason.code, words.REASON[reason.code])
        for (each, _code), reason in REASONS.items()
        if each is LIST_OF_MOVE[move]
        and reason.usable_by & parties
        # Who is passed on has agreed to that.
        and not (move is Move.REDIRECT and reason.code in PERSON_SAID_NO)
    ]


class MoveForm(Form):
    """Every form of a move says which version of the referral was looked at, and which press of its button it is."""

    version = HiddenField()
    press = HiddenField()


class ReasonForm(MoveForm):
    """A coded reason and, where it is another one, what it is."""

    reason = RadioField(_("Why?"), validators=needed(CHOOSE_REASON))
    comment = TextAreaField(_("Anything to add?"), validators=LONG)

    def validate_comment(self, field: Any) -> None:
        """Another reason must be said in words."""
        if self.reason.data == "other" and not (field.data or "").strip():
            raise ValidationError(gettext("Say what the other reason is"))


class AskForm(MoveForm):
    """A question to the referrer."""

    question = TextAreaField(_("What would you like to know?"), validators=[*needed(_("Write your question")), *LONG])


class AnswerForm(MoveForm):
    """The answer to it."""

    answer = TextAreaField(_("Your answer"), validators=[*needed(_("Write your answer")), *LONG])

    @property
    def speaks_of_danger(self) -> bool:
        """Whether the answer sounds like danger."""
        return bool(dangers_in(self.answer.data or ""))


class AllocateForm(MoveForm):
    """Who looks after the person."""

    coordinator = SelectField(_("Who looks after this person?"), validators=needed(_("Choose somebody")))

    def offer(self, workers: Sequence[User], chosen: UUID | None) -> None:
        """The workers to choose from, one of them chosen."""
        self.coordinator.choices = as_choices((str(user.id), user.name) for user in workers)
        if self.coordinator.data is None and chosen is not None:
            self.coordinator.data = str(chosen)


class RejectForm(ReasonForm):
    """Why not, what instead, and how the person hears."""

    comment = TextAreaField(_("Anything to add?"), validators=LONG, description=FOR_THE_REFERRER)
    next_step = TextAreaField(
        _("What is the person offered instead?"),
        validators=[*needed(_("Say what the person is offered instead")), *LONG],
        description=_("Another service, a number to ring, or when to try again."),
    )
    told_how = RadioField(
        _("How was the person told?"),
        choices=as_choices(words.choices(words.TOLD)),
        validators=needed(_("Say how the person was told")),
    )
    told_on = DateField(_("On which day?"), validators=needed(_("Enter the day on which they were told")))

    def offer(self, by: Iterable[Party], *, has_referrer: bool) -> None:
        """The reasons to choose from; that the referrer tells them only where there is one."""
        self.reason.choices = as_choices(reasons_for(Move.REJECT, by))
        if has_referrer:
            self.told_how.description = _("If the referrer tells them, they get a task that says so.")
        else:
            self.comment.description = FOR_THE_PERSON
            self.told_how.choices = [each for each in self.told_how.choices if each.value != Told.THROUGH_REFERRER]

    def refusal(self) -> Refusal:
        """What was sent."""
        return Refusal(
            reason=self.reason.data,
            comment=self.comment.data or "",
            next_step=self.next_step.data or "",
            told_how=Told(self.told_how.data),
            told_on=self.told_on.data,
        )


class RedirectForm(AgreementForm):
    """Where to, why, and that the person agreed to it anew."""

    submission_key = HiddenField()
    press = HiddenField()
    target = SelectField(_("To which pathway?"), validators=needed(_("Choose where the person is passed on to")))
    reason = RadioField(_("Why?"), validators=needed(CHOOSE_REASON))
    comment = TextAreaField(_("Anything to add?"), validators=LONG, description=FOR_THE_REFERRER)

    def offer(self, pathways: Sequence[Pathway], by: Iterable[Party]) -> None:
        """The pathways and reasons to choose from. Without agreement nothing is passed on."""
        named = (
            (str(each.id), f"{each.name}, {each.organization.name}" if each.organization else each.name)
            for each in pathways
        )
        # None stands there already: nobody is sent to the first of a list by mistake.
        self.target.choices = as_choices([("", _("Choose a pathway")), *named])
        self.reason.choices = as_choices(reasons_for(Move.REDIRECT, by))
        self.agrees.choices = as_choices([("yes", _("Yes, they agree"))])
        del self.override_reason

    def refusal(self) -> Refusal:
        """Why it is passed on."""
        return Refusal(reason=self.reason.data, comment=self.comment.data or "")


class WaitForm(MoveForm):
    """When somebody on the list is asked whether they still wait."""

    next_check_on = DateField(_("When do you ask whether they still wait?"))

    def validate_next_check_on(self, field: Any) -> None:
        """A day to come; without one it is in four weeks."""
        if field.data and field.data <= clock.today():
            raise ValidationError(gettext("Choose a day in the future"))


class ContactForm(MoveForm):
    """An attempt to reach the person."""

    channel = RadioField(
        _("How?"), choices=as_choices(words.choices(words.CHANNEL)), validators=needed(_("Choose how"))
    )
    result = RadioField(
        _("What came of it?"),
        choices=as_choices(words.choices(words.REACHED)),
        validators=needed(_("Choose what came of it")),
    )
    note = TextAreaField(_("A line for the team"), validators=LONG)

    @property
    def attempt(self) -> tuple[ContactChannel, Reached, str]:
        """What was sent."""
        return ContactChannel(self.channel.data), Reached(self.result.data), self.note.data or ""


class AppointmentForm(MoveForm):
    """An appointment."""

    kind = SelectField(_("What for?"), choices=as_choices(words.choices(words.APPOINTMENT)))
    day = DateField(_("Day"), validators=needed(_("Enter the day")))
    time = StringField(_("Time"), validators=[*needed(_("Enter the time")), *SHORT])
    minutes = IntegerField(
        _("How many minutes?"),
        default=60,
        validators=[Optional(), NumberRange(5, 600, message=_("Enter minutes from 5 to 600"))],
    )
    place = StringField(_("Where?"), validators=SHORT)

    def validate_time(self, field: Any) -> None:
        """A time of day."""
        if field.data:
            time_of(field.data)


class AttendanceForm(MoveForm):
    """What became of an appointment."""

    attendance = RadioField(
        _("What became of it?"),
        choices=as_choices(
            words.choices(words.ATTENDANCE, only=frozenset(Attendance) - {Attendance.FUTURE, Attendance.UNKNOWN})
        ),
        validators=needed(_("Choose what became of it")),
    )
    reason = TextAreaField(_("Why, as far as you know?"), validators=LONG)


class GoalForm(MoveForm):
    """A goal."""

    goal = TextAreaField(
        _("What does the person want, in their own words?"), validators=[*needed(_("Write the goal")), *LONG]
    )


class PlanForm(MoveForm):
    """A step of the plan."""

    step = StringField(_("What is to be done?"), validators=[*needed(_("Say what is to be done")), *SHORT])
    done_by = RadioField(
        _("Who does it?"),
        choices=as_choices(words.choices(words.DONE_BY)),
        default=DoneBy.TOGETHER.value,
    )
    due_on = DateField(_("By when?"))


class NoteForm(MoveForm):
    """A note, for the team alone unless it is shared."""

    text = TextAreaField(_("Note"), validators=[*needed(_("Write the note first")), *LONG])
    shared = BooleanField(_("Share this note with the referrer"))


class KeepTryingForm(MoveForm):
    """After missed appointments it goes on: why."""

    why = TextAreaField(
        _("What did you decide, and how did you weigh the risk?"), validators=[*needed(_("Write down why")), *LONG]
    )


class TickForm(MoveForm):
    """An item of a checklist."""

    not_needed = TextAreaField(_("If it is not needed, why?"), validators=LONG)


class PauseForm(ReasonForm):
    """Why it rests, and when it is looked at again."""

    comment = TextAreaField(_("Anything to add?"), validators=LONG, description=FOR_THE_TEAM)
    review_by = DateField(_("On which day do you look at it again?"), validators=needed(_("Enter the day")))

    def validate_review_by(self, field: Any) -> None:
        """A day to come."""
        if field.data and field.data <= clock.today():
            raise ValidationError(gettext("Choose a day in the future"))


def shown_field() -> Any:
    """Whether the person has seen the word back."""
    return RadioField(
        _("Has the person seen this message?"),
        choices=as_choices(
            [
                (Shown.LATER.value, _("Not yet: they read it first, and then it goes")),
                (Shown.YES.value, _("Yes, and it is right for them")),
                (Shown.NO.value, _("No, they did not want to")),
                (Shown.COULD_NOT.value, _("No, it was not possible")),
            ]
        ),
        validators=needed(_("Say whether the person has seen it")),
    )


def check_shown(field: Any, destination: str | None) -> None:
    """Who has died reads nothing."""
    if field.data == Shown.LATER and destination == Destination.DIED:
        raise ValidationError(gettext("They cannot read it first. Choose another answer"))


def offer_end(form: Any, told: Definition, *, can_read_first: bool) -> None:
    """The destinations of the pathway, and reading first where the person has a way to."""
    if can_read_first:
        days = ngettext(
            "They have %(num)d day to read it.", "They have %(num)d days to read it.", told.preview_days or 0
        )
        form.shown.description = days
    else:
        form.shown.choices = [each for each in form.shown.choices if each.value != Shown.LATER]
    form.destination.choices = as_choices(
        [("", _("Choose one")), *words.choices(words.DESTINATION, only=told.destinations)]
    )


class EndForm(MoveForm):
    """How it came out: outcomes, destination, and the word back."""

    destination = SelectField(_("Where does the person go on to?"), validators=needed(_("Choose where they go on to")))
    summary = TextAreaField(
        _("A short summary for the referrer and the GP"),
        validators=[*needed(_("Write a short summary")), *LONG],
        description=_("They read it only as far as the person allows."),
    )
    next_step = TextAreaField(_("What happens next, and who does it?"), validators=LONG)
    detail = TextAreaField(
        _("More, for those who may hear everything"),
        validators=LONG,
    )
    shown = shown_field()

    goals: Sequence[ReferralGoal]

    def validate_shown(self, field: Any) -> None:
        """Who has died reads nothing."""
        check_shown(field, self.destination.data)

    def offer(self, told: Definition, *, can_read_first: bool) -> None:
        """The destinations of the pathway, and reading first where the person has a way to."""
        offer_end(self, told, can_read_first=can_read_first)

    def ending(self) -> Ending:
        """What was sent."""
        return Ending(
            destination=Destination(self.destination.data) if self.destination.data else None,
            outcomes={
                goal.id: ClosureOutcome(chosen)
                for goal in self.goals
                if (chosen := getattr(self, f"goal_{goal.id.hex}").data)
            },
            summary=self.summary.data or "",
            next_step=self.next_step.data or "",
            detail=self.detail.data or "",
            shown=self.shown.data or "",
            reason=self.reason.data if hasattr(self, "reason") else None,
            comment=self.comment.data or "" if hasattr(self, "comment") else "",
            risk_decision=self.risk_decision.data or "" if hasattr(self, "risk_decision") else "",
        )


class EndEarlyForm(EndForm):
    """As `EndForm`, with the reason and, after a missed appointment, how the risk was weighed."""

    reason = RadioField(_("Why does it end?"), validators=needed(CHOOSE_REASON))
    comment = TextAreaField(_("Anything to add?"), validators=LONG, description=FOR_THE_TEAM)
    risk_decision = TextAreaField(
        _("If the person stopped coming: how did you weigh the risk, and what did you decide?"), validators=LONG
    )


def end_form(
    goals: Sequence[ReferralGoal], told: Definition, *, early: bool, by: Iterable[Party], can_read_first: bool
) -> EndForm:
    """The form of an end, with an outcome to choose for each goal."""
    check = [Optional()] if early else needed(_("Choose what became of it"))
    extra = {
        f"goal_{goal.id.hex}": RadioField(
            goal.words, choices=as_choices(words.choices(words.OUTCOME)), validators=check
        )
        for goal in goals
    }
    made: EndForm = type("GoalsForm", (EndEarlyForm if early else EndForm,), extra)()
    made.goals = goals
    made.offer(told, can_read_first=can_read_first)
    if early:
        made.reason.choices = as_choices(reasons_for(Move.END_EARLY, by))
    return made


class ChangeMessageForm(MoveForm):
    """The word back, written anew."""

    summary = TextAreaField(
        _("A short summary for the referrer and the GP"),
        validators=[*needed(_("Write a short summary")), *LONG],
        description=_("They read it only as far as the person allows."),
    )
    next_step = TextAreaField(_("What happens next, and who does it?"), validators=LONG)
    detail = TextAreaField(_("More, for those who may hear everything"), validators=LONG)
    then = RadioField(
        _("And then?"),
        choices=as_choices(
            [
                ("again", _("The person reads it again before it goes")),
                ("now", _("It goes now: I have spoken with the person")),
            ]
        ),
        validators=needed(_("Choose one")),
    )


class CommentForm(MoveForm):
    """Why, in words."""

    comment = TextAreaField(_("Why?"), validators=[*needed(_("Say why")), *LONG])


class StartForm(MoveForm):
    """The first contact both ways, where none was written down. Never filled in beforehand: it stops a clock."""

    day = DateField(
        _("When did you first speak with the person?"),
        validators=needed(_("Enter the day on which you first spoke with the person")),
    )

    def validate_day(self, field: Any) -> None:
        """Today or before."""
        if field.data and field.data > clock.today():
            raise ValidationError(gettext("Choose today, or a day that has been"))
