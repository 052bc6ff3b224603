"""A person's own page."""

from __future__ import annotations

from collections.abc import Mapping

from tests.contract.entry.rows import NO_ID, PERSON, PUBLIC, Row, Visitors


def of_own_record(suffix: str = "") -> Row:
    """A person's page about their own record; anybody else's is like none."""
    return Row(Visitors.PERSON, other=lambda world: f"/me/records/{world.person_of_hub}{suffix}")


ROUTES: Mapping[str, Row] = {
    "accept": PUBLIC,
    "answer_now": of_own_record("/doing/answer"),
    "ask": of_own_record("/ask"),
    "plan": Row(Visitors.PERSON, other=lambda world: f"/me/bookings/{world.programme_of_hub.booking}/plan"),
    "plan_goal": Row(
        Visitors.PERSON, other=lambda world: f"/me/bookings/{world.programme_of_hub.booking}/plan/goals/{NO_ID}"
    ),
    "booking": Row(Visitors.PERSON, other=lambda world: f"/me/bookings/{world.programme_of_hub.booking}"),
    "choose_own": of_own_record("/doing/choose"),
    "claim": PERSON,
    "contact": of_own_record("/contact"),
    "doing": of_own_record("/doing"),
    "end_own": of_own_record("/doing/end"),
    "copy": of_own_record(f"/copies/{NO_ID}"),
    "equality": of_own_record("/equality"),
    "home": PERSON,
    "leave": of_own_record("/leave"),
    "looks": of_own_record("/looks"),
    "message": of_own_record(f"/messages/{NO_ID}"),
    "own_goals": of_own_record("/doing/goals"),
    "permission": of_own_record("/permissions/share-referral"),
    "record": of_own_record(),
    "timeline": of_own_record("/timeline"),
}
