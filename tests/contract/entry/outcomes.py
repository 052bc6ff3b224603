"""Follow-ups and measures."""

from __future__ import annotations

from collections.abc import Mapping

from app.accounts.codes import Role
from tests.contract.entry.rows import PUBLIC, READERS, WORKERS, Row, of_object, of_person, roles

KEEPERS = (Role.MANAGER, Role.ADMINISTRATOR)


def of_outcome(folder: str, what: str, suffix: str = "") -> Row:
    """A page about something that the visitor's organisation follows up."""
    return of_object(what, f"/desk/outcomes/{folder}", suffix, *WORKERS)


ROUTES: Mapping[str, Row] = {
    "alert": of_outcome("alerts", "alert"),
    "alerts": roles(*READERS),
    "as_csv": of_person(*READERS, suffix="/outcomes.csv"),
    "ask_now": of_person(*WORKERS, suffix="/outcomes/ask"),
    "batch": roles(*WORKERS),
    "called": of_outcome("occasions", "occasion", "/called"),
    "choose_measure": of_person(*WORKERS, suffix="/outcomes/choose"),
    "duty_desk": roles(*KEEPERS),
    "end_follow_ups": of_outcome("plans", "plan", "/end"),
    "end_measure": of_person(*WORKERS, suffix="/outcomes/rubbish/end"),
    "enter": of_person(*WORKERS, suffix="/outcomes/enter"),
    "entered": of_outcome("forms", "form", "/entered"),
    "fill_in": of_outcome("forms", "form"),
    "fill_in_new": of_person(*WORKERS, suffix="/outcomes/ucla-3/enter/6b1f1c7e-0000-4000-8000-000000000001"),
    "follow_ups": roles(*READERS),
    "form_file": of_outcome("forms", "form", ".json"),
    "group": roles(Role.MANAGER, Role.COMMISSIONER),
    "group_file": roles(Role.MANAGER, Role.COMMISSIONER),
    "response_board": roles(Role.MANAGER, Role.COMMISSIONER),
    "goals": of_person(*WORKERS, suffix="/outcomes/goals"),
    "hand_over": PUBLIC,
    "hold_follow_ups": of_outcome("plans", "plan", "/hold"),
    "load_words": roles(*KEEPERS),
    "move_occasion": of_outcome("occasions", "occasion", "/move"),
    "on_paper": of_person(*WORKERS, suffix="/outcomes/ucla-3/paper"),
    "one_occasion": of_outcome("occasions", "occasion"),
    "outside": of_person(*WORKERS, suffix="/outcomes/outside"),
    "over_time": of_person(*READERS, suffix="/outcomes/rubbish"),
    "overview": of_person(*READERS, suffix="/outcomes"),
    "plan_follow_ups": of_person(*WORKERS, suffix="/outcomes/plan"),
    "reopen_occasion": of_outcome("occasions", "occasion", "/reopen"),
    "reply": PUBLIC,
    "reply_all": PUBLIC,
    "reply_answer": PUBLIC,
    "reply_finish": PUBLIC,
    "reply_fresh": PUBLIC,
    "reply_help": PUBLIC,
    "reply_not_me": PUBLIC,
    "reply_question": PUBLIC,
    "reply_stop": PUBLIC,
    "reply_thanks": PUBLIC,
    "send_again": of_outcome("occasions", "occasion", "/again"),
    "wrong_number": of_outcome("occasions", "occasion", "/wrong-number"),
    "schedule": roles(*KEEPERS, own=lambda _world: "/desk/outcomes/settings/schedules/support"),
    "settings": roles(*KEEPERS),
    "tablet": of_outcome("occasions", "occasion", "/tablet"),
    "take_alert": of_outcome("alerts", "alert", "/take"),
    "withdraw_words": roles(
        *KEEPERS,
        own=lambda world: f"/desk/outcomes/settings/words/{world.pack_of_hub}/withdraw",
        other=lambda world: f"/desk/outcomes/settings/words/{world.pack_elsewhere}/withdraw",
    ),
}
