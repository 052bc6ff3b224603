"""The verbs of outcomes, one module a journey. Import from here."""

from app.outcomes.operations.alerts import acknowledge, escalate_overdue
from app.outcomes.operations.alerts import close as close_alert
from app.outcomes.operations.answering import correct, finish, open_form, save_answer, void
from app.outcomes.operations.choices import choose, end_choice, record_outside, require_usable, set_goals
from app.outcomes.operations.closing import end_without_answer
from app.outcomes.operations.following import (
    ask_what_is_measured,
    begin_support,
    end_support,
    follow_up,
    resume_support,
    take_back,
)
from app.outcomes.operations.moving_on import move_on
from app.outcomes.operations.occasions import move, note_call
from app.outcomes.operations.planning import ask_once, end_plan, hold, note_contact, start_plan
from app.outcomes.operations.reopening import reopen
from app.outcomes.operations.scheduling import save_schedule
from app.outcomes.operations.setting_up import load_text_pack, set_duty, withdraw_text_pack

__all__ = [
    "acknowledge",
    "ask_once",
    "ask_what_is_measured",
    "begin_support",
    "choose",
    "close_alert",
    "correct",
    "end_choice",
    "end_plan",
    "end_support",
    "end_without_answer",
    "escalate_overdue",
    "finish",
    "follow_up",
    "hold",
    "load_text_pack",
    "move",
    "move_on",
    "note_call",
    "note_contact",
    "open_form",
    "record_outside",
    "reopen",
    "require_usable",
    "resume_support",
    "save_answer",
    "save_schedule",
    "set_duty",
    "set_goals",
    "start_plan",
    "take_back",
    "void",
    "withdraw_text_pack",
]
