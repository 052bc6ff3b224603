"""What a surgery waits for: referrals that are late with others, and word back that has not come. It can ask."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.core import clock
from app.core.errors import Refused
from app.referrals.codes import ClosureOutcome, Destination, Shown, TaskKind, Way
from app.referrals.operations import asking, ending, letters, work
from app.referrals.operations.tasks import finish_task
from app.referrals.queries import desks
from app.referrals.queries.times import tellings
from tests.integration.referrals.test_nobody_gets_lost import at_work
from tests.referrals import a_cast, a_referral
from tests.signing_in import signed_in_client


@pytest.fixture
def cast(session):
    made = a_cast(session)
    # The practice is another than the one that refers: it gets a letter, which nobody has sent yet.
    made.person.gp_ods_code, made.person.gp_name = "", "Quay Practice"
    return made


def ended(session, cast):
    row = at_work(session, cast)
    goal = work.add_goal(session, cast.worker, row, words="Sleep again", version=row.version)
    outcomes = {goal.id: ClosureOutcome.PARTLY}
    end = ending.Ending(
        destination=Destination.GP_ONLY, outcomes=outcomes, summary="It went well", shown=Shown.YES.value
    )
    ending.complete(session, cast.worker, row, end, version=row.version)
    return row


def counted(page: str) -> dict[str, int]:
    """The lists of referrals on a desk, and how many wait in each."""
    found = re.findall(r'/desk/referrals\?list=([a-z-]+)".*?wm-worklist__count">\s*(\d+)', page, re.DOTALL)
    return {name: int(number) for name, number in found}


def test_each_list_on_the_desk_of_a_surgery_has_as_many_as_it_says(app, session, cast):
    ended(session, cast)
    a_referral(session, cast)
    gp_id = cast.gp_user.id
    session.commit()
    with clock.moved_to(clock.now() + timedelta(days=30)):
        gp = signed_in_client(app, gp_id)
        lists = counted(gp.get("/desk").get_data(as_text=True))
        assert (lists["late"], lists["to-hear"]) == (1, 1)
        for name, number in lists.items():
            page = gp.get(f"/desk/referrals?list={name}").get_data(as_text=True)
            assert page.count('class="wm-rows__row wm-case"') == number, name


def test_a_surgery_asks_once_for_the_word_back_and_a_named_worker_has_the_task(app, session, cast):
    row = ended(session, cast)
    row_id, gp_id = row.id, cast.gp_user.id
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    gp = signed_in_client(app, gp_id)
    path = f"/desk/referrals/{row_id}/do/ask-word"
    assert path in gp.get(f"/desk/referrals/{row_id}").get_data(as_text=True)
    assert gp.get(path).status_code == 200
    page = gp.post(path, data={"version": "1"}, follow_redirects=True).get_data(as_text=True)
    assert "They have been asked for the word back" in page
    assert path not in page
    assert gp.post(path, data={"version": "1"}).status_code == 409
    (task,) = desks.my_tasks(session, cast.worker)
    assert (task.kind, task.referral_id) == (TaskKind.WORD_ASKED, row_id)
    finish_task(session, cast.worker, task.id)
    assert asking.can_ask(session, row)


def test_nothing_is_asked_for_once_everybody_was_told(session, cast):
    row = ended(session, cast)
    (letter,) = (each for each in tellings(session, row) if each.done_at is None)
    assert (desks.count(session, cast.gp, "to-hear"), desks.count(session, cast.worker, "loop")) == (1, 1)
    letters.say_sent(session, cast.worker, letter, way=Way.LETTER)
    assert (desks.count(session, cast.gp, "to-hear"), desks.count(session, cast.worker, "loop")) == (0, 0)
    with pytest.raises(Refused):
        asking.ask_for_word(session, cast.gp, row)
