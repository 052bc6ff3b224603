"""What is done once somebody was accepted, until the end and after it."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext as _

from app.accounts.current import current_actor
from app.core import clock
from app.core.actor import Actor
from app.referrals.codes import Attendance, DoneBy, Move, Party, Status
from app.referrals.forms import moves as forms
from app.referrals.forms.fields import at
from app.referrals.models import Referral
from app.referrals.operations import ending, missed, previews, work
from app.referrals.parties import parties_of
from app.referrals.queries import referrals as queries
from app.referrals.queries.times import definition_for, has_carer
from app.referrals.views.actions import AT_WORK, Act, Form, add, part, plain, reasoned
from app.web.database import db


def _ending(referral: Referral, *, early: bool) -> Form:
    session = db.session()
    goals = queries.goals(session, referral.id)
    told = definition_for(session, referral)
    first = previews.can_read_first(session, referral)
    form = forms.end_form(goals, told, early=early, by=parties_of(current_actor(), referral), can_read_first=first)
    if request.method == "GET":
        form.version.data = str(referral.version)
    return form


def message_form(referral: Referral) -> Form:
    """The word back as it stands."""
    return forms.ChangeMessageForm(
        data={
            "version": str(referral.version),
            "summary": referral.closing_summary,
            "next_step": referral.next_step,
            "detail": referral.closing_detail,
        }
    )


def change_message(actor: Actor, row: Referral, form: Form, version: int) -> None:
    """Other words for the word back."""
    told = previews.WordBack(form.summary.data or "", form.next_step.data or "", form.detail.data or "")
    previews.change(db.session(), actor, row, told, again=form.then.data == "again", version=version)


def pause(actor: Actor, row: Referral, form: Form, version: int) -> None:
    """Let it rest until a day."""
    ending.pause(
        db.session(),
        actor,
        row,
        reason=form.reason.data,
        review_by=form.review_by.data,
        comment=form.comment.data or "",
        version=version,
    )


def _starting(referral: Referral) -> Form:
    form = forms.StartForm(data={"version": str(referral.version)})
    if referral.first_contact_at is not None:
        del form.day
    return form


def _start(actor: Actor, row: Referral, form: Form, version: int) -> Referral:
    first = None
    if "day" in form:
        first = min(at(form.day.data, "12:00"), clock.now())
    return work.start(db.session(), actor, row, first_contact_at=first, version=version)


def _contact(actor: Actor, row: Referral, form: Form, version: int) -> None:
    channel, result, note = form.attempt
    attempt = work.Attempt(channel=channel, result=result, note=note)
    work.log_contact(db.session(), actor, row, attempt, version=version)


def _book(actor: Actor, row: Referral, form: Form, version: int) -> None:
    meeting = work.Meeting(
        kind=form.kind.data,
        starts_at=at(form.day.data, form.time.data),
        minutes=form.minutes.data or 60,
        place=form.place.data or "",
    )
    work.book(db.session(), actor, row, meeting, version=version)


def _attendance(actor: Actor, row: Referral, form: Form, version: int) -> None:
    work.record_attendance(
        db.session(),
        actor,
        row,
        part(),
        attendance=Attendance(form.attendance.data),
        reason=form.reason.data or "",
        version=version,
    )


def _plan(actor: Actor, row: Referral, form: Form, version: int) -> None:
    work.add_plan_item(
        db.session(),
        actor,
        row,
        words=form.step.data,
        done_by=DoneBy(form.done_by.data),
        due_on=form.due_on.data,
        version=version,
    )


add(
    Act(
        name="start",
        title=_("Start the work"),
        button=_("Start the work"),
        make=_starting,
        do=_start,
        move=Move.START,
        is_first=True,
    ),
    Act(
        name="contact",
        title=_("Write down a contact"),
        button=_("Write down a contact"),
        lead=_("Also when nobody answered: the attempts count."),
        make=plain(forms.ContactForm),
        do=_contact,
        states=AT_WORK | {Status.SENT, Status.INFO_REQUESTED},
        is_first=True,
    ),
    Act(
        name="appointment",
        title=_("Make an appointment"),
        button=_("Make an appointment"),
        make=plain(forms.AppointmentForm),
        do=_book,
        states=AT_WORK,
    ),
    Act(
        name="attendance",
        title=_("What became of the appointment?"),
        button=_("Say what became of it"),
        lead=_("Nobody is discharged for not coming. You will see what to do next."),
        make=plain(forms.AttendanceForm),
        do=_attendance,
        states=AT_WORK,
        is_shown=False,
    ),
    Act(
        name="decide",
        title=_("Three or more appointments in a row were missed"),
        button=_("We keep trying"),
        lead=_("Talk with your manager. What else could be wrong? Who should know? Only your team reads this."),
        make=plain(forms.KeepTryingForm),
        do=lambda actor, row, form, version: missed.keep_trying(
            db.session(), actor, row, why=form.why.data, version=version
        ),
        states=AT_WORK,
        parties=frozenset({Party.WORKER, Party.MANAGER}),
        when=lambda row: missed.decision_is_due(db.session(), row),
        is_shown=False,
    ),
    Act(
        name="goal",
        title=_("Add a goal"),
        button=_("Add a goal"),
        make=plain(forms.GoalForm),
        do=lambda actor, row, form, version: work.add_goal(
            db.session(), actor, row, words=form.goal.data, version=version
        ),
        states=AT_WORK,
    ),
    Act(
        name="plan",
        title=_("Add a step to the plan"),
        button=_("Add a step"),
        make=plain(forms.PlanForm),
        do=_plan,
        states=AT_WORK,
    ),
    Act(
        name="tick",
        title=_("Item of the checklist"),
        button=_("Done"),
        make=plain(forms.TickForm),
        do=lambda actor, row, form, version: work.tick(
            db.session(), actor, row, part(), not_needed=form.not_needed.data or "", version=version
        ),
        states=AT_WORK,
        is_shown=False,
    ),
    Act(
        name="step-done",
        title=_("Step of the plan"),
        button=_("It is done"),
        make=plain(forms.MoveForm),
        do=lambda actor, row, _form, version: work.close_plan_item(
            db.session(), actor, row, part(), dropped=False, version=version
        ),
        states=AT_WORK,
        is_shown=False,
    ),
    Act(
        name="step-dropped",
        title=_("Step of the plan"),
        button=_("It is not wanted any more"),
        make=plain(forms.MoveForm),
        do=lambda actor, row, _form, version: work.close_plan_item(
            db.session(), actor, row, part(), dropped=True, version=version
        ),
        states=AT_WORK,
        is_shown=False,
    ),
    Act(
        name="note",
        title=_("Add a note"),
        button=_("Add a note"),
        lead=_("Only your team reads it, unless you share it."),
        make=plain(forms.NoteForm),
        do=lambda actor, row, form, _version: work.add_note(
            db.session(), actor, row, text=form.text.data, shared=bool(form.shared.data)
        ),
        states=AT_WORK | {Status.SENT, Status.INFO_REQUESTED},
    ),
    Act(
        name="reviewed",
        title=_("The plan was looked at together"),
        button=_("Plan reviewed today"),
        make=plain(forms.MoveForm),
        do=lambda actor, row, _form, version: work.reviewed(db.session(), actor, row, version=version),
        states=frozenset({Status.ACTIVE}),
    ),
    Act(
        name="carers-asked",
        title=_("Whoever cares for them was asked"),
        button=_("Carers asked today"),
        lead=_("What do they need themselves? The next time is counted from today."),
        make=plain(forms.MoveForm),
        do=lambda actor, row, _form, version: work.carers_asked(db.session(), actor, row, version=version),
        states=frozenset({Status.ACTIVE}),
        when=lambda row: has_carer(db.session(), row, definition_for(db.session(), row)),
    ),
    Act(
        name="pause",
        title=_("Pause"),
        button=_("Pause"),
        make=reasoned(forms.PauseForm, Move.PAUSE),
        do=pause,
        move=Move.PAUSE,
    ),
    Act(
        name="resume",
        title=_("Go on"),
        button=_("Go on"),
        make=plain(forms.MoveForm),
        do=lambda actor, row, _form, version: ending.resume(db.session(), actor, row, version=version),
        move=Move.RESUME,
        is_first=True,
    ),
    Act(
        name="complete",
        title=_("Complete, and tell those who are to hear"),
        button=_("Complete"),
        lead=_("The message goes as far as the person allows."),
        make=lambda row: _ending(row, early=False),
        do=lambda actor, row, form, version: ending.complete(db.session(), actor, row, form.ending(), version=version),
        move=Move.COMPLETE,
    ),
    Act(
        name="end-early",
        title=_("End early"),
        button=_("End early"),
        lead=_("A person decides this, never a missed appointment alone."),
        make=lambda row: _ending(row, early=True),
        do=lambda actor, row, form, version: ending.end_early(db.session(), actor, row, form.ending(), version=version),
        move=Move.END_EARLY,
    ),
    Act(
        name="message",
        title=_("Change the word back"),
        button=_("Save"),
        lead=_("Nobody but the person has had it yet, or they had it without words."),
        make=message_form,
        do=change_message,
        states=frozenset({Status.COMPLETED, Status.ENDED_EARLY}),
        parties=frozenset({Party.WORKER, Party.MANAGER}),
        is_shown=False,
    ),
    Act(
        name="reopen",
        title=_("Open again"),
        button=_("Open again"),
        make=plain(forms.CommentForm),
        do=lambda actor, row, form, version: ending.reopen(
            db.session(), actor, row, comment=form.comment.data, version=version
        ),
        move=Move.REOPEN,
    ),
    Act(
        name="error",
        title=_("Entered in error"),
        button=_("Entered in error"),
        lead=_("It stays in the history and is counted nowhere."),
        make=plain(forms.CommentForm),
        do=lambda actor, row, form, version: ending.mark_error(
            db.session(), actor, row, comment=form.comment.data, version=version
        ),
        move=Move.MARK_ERROR,
    ),
)
