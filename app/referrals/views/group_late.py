"""What somebody of a group reads who came too late: who said what before, and what they wrote, so it is not lost."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask_babel import LazyString
from wtforms import StringField

from app.referrals.codes import Move
from app.referrals.forms.group import ReplyForm
from app.referrals.models import Referral
from app.referrals.showing import Seen, Step
from app.referrals.views.group_acts import CHANGE_WORD, GROUP_ACTS

_IN_WORDS = frozenset({"StringField", "TextAreaField"})
_ANSWERS = frozenset({Move.ACKNOWLEDGE, Move.ASK, Move.ACCEPT, Move.REJECT, Move.REDIRECT})


@dataclass(frozen=True, slots=True)
class Late:
    """The step that came first, where it can be read still, and each thing that was written beside its question."""

    step: Step | None
    is_word: bool
    typed: list[tuple[LazyString | str, str]]


def late_of(name: str, referral: Referral, seen: Seen) -> Late:
    """For the form of that name, or for the first answer."""
    act = CHANGE_WORD if name == CHANGE_WORD.name else GROUP_ACTS.get(name)
    form = act.make(referral) if act is not None else ReplyForm()
    came_first = {act.move} if act is not None else _ANSWERS
    steps = [step for step in seen.steps if step.move in came_first] or seen.steps
    fields = [each for each in form if isinstance(each, StringField) and each.type in _IN_WORDS]
    typed = [(each.label.text, each.data) for each in fields if each.name in request.form and each.data]
    return Late(steps[-1] if steps else None, act is CHANGE_WORD, typed)
