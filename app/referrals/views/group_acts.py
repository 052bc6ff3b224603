"""What a group without an account says by its link once it has said yes: each with its form and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.core import clock
from app.core.actor import Actor
from app.referrals.codes import ENDED, ClosureOutcome, Destination, Move, Party, Status
from app.referrals.forms import moves as forms
from app.referrals.forms.fields import as_choices, at
from app.referrals.forms.group import GroupEndEarlyForm, GroupEndForm
from app.referrals.models import Referral
from app.referrals.operations import ending, group, previews, triage, work
from app.referrals.parties import moves_of, parties_of
from app.referrals.queries.previews import preview_of
from app.referrals.queries.times import definition_for
from app.referrals.views.actions import plain
from app.referrals.views.work_actions import change_message, message_form, pause
from app.web.database import db

Form = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAct:
    """One thing to say. `move` is what the state machine must allow, or the status one of `also`."""

    name: str
    title: LazyString
    button: LazyString
    move: Move
    make: Callable[[Referral], Form]
    do: Callable[[Actor, Referral, Form, int], object]
    lead: LazyString | str = ""
    also: frozenset[Status] = frozenset()

    def is_open_to(self, actor: Actor, referral: Referral) -> bool:
        """Whether it can be said now."""
        open_now = (moves_of(referral, party) for party in parties_of(actor, referral))
        return any(self.move in moves for moves in open_now) or referral.status in self.also


def may_change_word(actor: Actor, referral: Referral) -> bool:
    """Whether the word back is still with the person, or went without words because nobody changed it."""
    preview = preview_of(db.session(), referral) if referral.status in ENDED else None
    is_theirs = Party.WORKER in parties_of(actor, referral)
    return is_theirs and preview is not None and (preview.is_open or preview.is_kept_back)


def _started(referral: Referral) -> Form:
    return forms.StartForm(data={"version": str(referral.version)})


def _start(actor: Actor, row: Referral, form: Form, version: int) -> object:
    first = min(at(form.day.data, "12:00"), clock.now())
    return work.start(db.session(), actor, row, first_contact_at=first, version=version)


def _paused(referral: Referral) -> Form:
    made = plain(forms.PauseForm)(referral)
    made.reason.choices = as_choices(forms.reasons_for(Move.PAUSE, {Party.WORKER}))
    return made


def _ended(referral: Referral, form: Form) -> Form:
    session = db.session()
    first = previews.can_read_first(session, referral)
    forms.offer_end(form, definition_for(session, referral), can_read_first=first)
    return form


def _ended_early(referral: Referral) -> Form:
    made = _ended(referral, plain(GroupEndEarlyForm)(referral))
    made.reason.choices = as_choices(forms.reasons_for(Move.END_EARLY, {Party.WORKER}))
    return made


def _told(form: Form) -> ending.Ending:
    return ending.Ending(
        destination=Destination(form.destination.data), summary=form.summary.data or "", shown=form.shown.data or ""
    )


def _end(actor: Actor, row: Referral, form: Form, version: int) -> object:
    outcome = ClosureOutcome(form.outcome.data)
    return group.finish(db.session(), actor, row, outcome=outcome, ending=_told(form), version=version)


def _end_early(actor: Actor, row: Referral, form: Form, version: int) -> object:
    told = replace(
        _told(form),
        reason=form.reason.data,
        comment=form.comment.data or "",
        risk_decision=form.risk_decision.data or "",
    )
    return ending.end_early(db.session(), actor, row, told, version=version)


_ALL = (
    GroupAct(
        name="began",
        title=_("The work has begun"),
        button=_("We have met or spoken with the person"),
        move=Move.START,
        make=_started,
        do=_start,
    ),
    GroupAct(
        name="wait",
        title=_("They are on your waiting list"),
        button=_("They are on our waiting list"),
        move=Move.ADD_TO_WAITING_LIST,
        lead=_("We write to you again on that day, so that nobody is forgotten."),
        make=plain(forms.WaitForm),
        do=lambda actor, row, form, version: triage.add_to_waiting_list(
            db.session(), actor, row, next_check_on=form.next_check_on.data, version=version
        ),
    ),
    GroupAct(
        name="pause",
        title=_("It rests for a while"),
        button=_("It rests for a while"),
        move=Move.PAUSE,
        lead=_("We write to you again on that day, so that nobody is forgotten."),
        make=_paused,
        do=pause,
    ),
    GroupAct(
        name="resume",
        title=_("It goes on"),
        button=_("It goes on"),
        move=Move.RESUME,
        make=plain(forms.MoveForm),
        do=lambda actor, row, _form, version: ending.resume(db.session(), actor, row, version=version),
    ),
    GroupAct(
        name="end",
        title=_("It has come to its end"),
        button=_("It has come to its end"),
        # Whom nobody has written down as met yet was met when it is said how it went (`operations.group`).
        move=Move.COMPLETE,
        also=frozenset({Status.ACCEPTED, Status.WAITING}),
        make=lambda referral: _ended(referral, plain(GroupEndForm)(referral)),
        do=_end,
    ),
    GroupAct(
        name="end-early",
        title=_("It ends early"),
        button=_("It ends early"),
        move=Move.END_EARLY,
        lead=_("A person decides this, never a missed appointment alone."),
        make=_ended_early,
        do=_end_early,
    ),
)
GROUP_ACTS = {act.name: act for act in _ALL}


# Offered beside the word back, and not among the rest.
CHANGE_WORD = GroupAct(
    name="message",
    title=_("Change the word back"),
    button=_("Change it, or send it now"),
    move=Move.COMPLETE,
    make=message_form,
    do=change_message,
)


def group_acts(actor: Actor, referral: Referral) -> list[GroupAct]:
    """What the group can say now, in order."""
    return [act for act in _ALL if act.is_open_to(actor, referral)]
