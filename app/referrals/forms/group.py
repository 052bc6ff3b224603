"""What a group without an account answers and says by its link."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField, ValidationError

from app.referrals import words
from app.referrals.codes import Move, Party
from app.referrals.forms.fields import LONG, SHORT, as_choices, needed
from app.referrals.forms.moves import MoveForm, ReasonForm, check_shown, shown_field
from app.referrals.reasons import LIST_OF_MOVE, REASONS


class ReplyForm(MoveForm):
    """What it answers first: it has it, has a question, or says yes or no."""

    answer = RadioField(
        _("What is your answer?"),
        choices=as_choices(
            [
                ("have-it", _("We have it, and answer soon")),
                ("ask", _("We need to ask something first")),
                ("yes", _("Yes, we can help")),
                ("no", _("No, we cannot help")),
            ]
        ),
        validators=needed(_("Choose your answer")),
    )
    question = TextAreaField(_("If you ask: what would you like to know?"), validators=LONG)
    name = StringField(_("If yes: who looks after this person?"), validators=SHORT)
    reason = SelectField(_("If not: why?"), default="")
    comment = StringField(_("If for another reason: which?"), validators=SHORT)
    next_step = TextAreaField(_("If not: what could the person try instead?"), validators=LONG)

    def offer(self, *, asked: bool, opened: bool) -> None:
        """The reasons for a no. What was said once is not said again."""
        reasons = [
            (reason.code, words.REASON[reason.code])
            for (each, _code), reason in REASONS.items()
            if each is LIST_OF_MOVE[Move.REJECT] and Party.RECEIVER in reason.usable_by
        ]
        self.reason.choices = as_choices([("", _("Choose a reason")), *reasons])
        gone = {"ask", "have-it"} if asked else {"have-it"} if opened else set()
        self.answer.choices = [each for each in self.answer.choices if each.value not in gone]
        if asked:
            del self.question

    def validate_question(self, field: Any) -> None:
        """A question has words."""
        if self.answer.data == "ask" and not (field.data or "").strip():
            raise ValidationError(gettext("Write your question"))

    def validate_name(self, field: Any) -> None:
        """Yes needs a name."""
        if self.answer.data == "yes" and not (field.data or "").strip():
            raise ValidationError(gettext("Say who looks after this person"))

    def validate_reason(self, field: Any) -> None:
        """No needs a reason."""
        if self.answer.data == "no" and not field.data:
            raise ValidationError(gettext("Choose a reason"))

    def validate_comment(self, field: Any) -> None:
        """Another reason must be said in words."""
        if self.answer.data == "no" and self.reason.data == "other" and not (field.data or "").strip():
            raise ValidationError(gettext("Say what the other reason is"))

    def validate_next_step(self, field: Any) -> None:
        """No needs a next step."""
        if self.answer.data == "no" and not (field.data or "").strip():
            raise ValidationError(gettext("Say what the person could try instead"))


def _destination() -> Any:
    return SelectField(_("Where does the person go on to?"), validators=needed(_("Choose where they go on to")))


def _summary() -> Any:
    return TextAreaField(
        _("A sentence for the referrer and the GP"),
        validators=[*needed(_("Write a sentence")), *LONG],
        description=_("They read it only as far as the person allows."),
    )


class GroupEndForm(MoveForm):
    """How it came to its end."""

    outcome = RadioField(
        _("What became of what the person wished for?"),
        choices=as_choices(words.choices(words.OUTCOME)),
        validators=needed(_("Choose one")),
    )
    destination = _destination()
    summary = _summary()
    shown = shown_field()

    def validate_shown(self, field: Any) -> None:
        """Who has died reads nothing."""
        check_shown(field, self.destination.data)


class GroupEndEarlyForm(ReasonForm):
    """Why it ends before its time; after the person stopped coming, how the risk was weighed."""

    risk_decision = TextAreaField(
        _("If the person stopped coming: how did you weigh the risk, and what did you decide?"), validators=LONG
    )
    destination = _destination()
    summary = _summary()
    shown = shown_field()

    def validate_shown(self, field: Any) -> None:
        """Who has died reads nothing."""
        check_shown(field, self.destination.data)
