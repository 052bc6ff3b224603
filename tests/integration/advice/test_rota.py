"""The rota: gaps, cover and swaps, nobody in two places at once; and the calls of a telephone shift."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, local

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.accounts.codes import OrganizationKind, Role
from app.advice.codes import CallResult, Result, SessionKind
from app.advice.models import AdviceContact, AdviceSession, Duty, PhoneCall
from app.advice.operations import rota as verbs
from app.advice.queries.rota import call_figures, calls_of, count_gaps, count_swaps_asked, rota
from app.core import clock
from app.core.engines import write_engine
from app.core.errors import Refused
from tests.advice import an_open_session
from tests.integration.advice.test_logging import CALL, let_go
from tests.signing_in import a_member, a_workplace, actor_of

PLACE = "Wexmoor Advice"


def colleague(session, name):
    place = a_workplace(session, PLACE, OrganizationKind.ADVICE).name
    return actor_of(session, a_member(session, Role.ADVISER, workplace=place, email=f"{name}@rota.example"))


def in_days(session, actor, days, hours=2, **told):
    start = clock.now() + timedelta(days=days)
    return an_open_session(session, actor, starts_at=start, ends_at=start + timedelta(hours=hours), **told)


def test_cover_is_confirmed_before_anybody_is_off(session, desk):
    sam, friday = colleague(session, "sam"), in_days(session, desk.actor, 2)
    duty = verbs.put_on(session, desk.actor, friday)
    assert count_gaps(session, desk.actor) == 0
    verbs.ask_for_cover(session, desk.actor, duty)
    assert (duty.adviser_id, count_gaps(session, desk.actor)) == (desk.actor.user_id, 1)
    verbs.cover(session, sam, duty)
    assert (duty.adviser_id, duty.cover_wanted_at, count_gaps(session, sam)) == (sam.user_id, None, 0)
    with pytest.raises(Refused):
        verbs.cover(session, desk.actor, duty)
    with pytest.raises(Refused):
        verbs.ask_for_cover(session, desk.actor, duty)


def test_a_swap_needs_the_other_to_agree(session, desk):
    sam = colleague(session, "sam")
    mine = verbs.put_on(session, desk.actor, in_days(session, desk.actor, 2))
    theirs = verbs.put_on(session, sam, in_days(session, desk.actor, 3))
    first, second = mine.session_id, theirs.session_id
    verbs.ask_for_cover(session, desk.actor, mine, swap_for=theirs)
    with pytest.raises(Refused):
        verbs.agree_to_swap(session, colleague(session, "ali"), mine)
    verbs.agree_to_swap(session, sam, mine)
    assert (mine.session_id, theirs.session_id, mine.cover_wanted_at) == (second, first, None)


def test_who_is_asked_to_swap_sees_it_on_their_home(session, desk):
    sam = colleague(session, "sam")
    mine = verbs.put_on(session, desk.actor, in_days(session, desk.actor, 2))
    theirs = verbs.put_on(session, sam, in_days(session, desk.actor, 3))
    verbs.ask_for_cover(session, sam, theirs, swap_for=mine)
    assert (count_swaps_asked(session, desk.actor), count_swaps_asked(session, sam)) == (1, 0)
    session.commit()
    assert "Colleagues ask you to swap" in desk.client.get("/desk").text
    verbs.decline_swap(session, desk.actor, theirs)
    session.commit()
    assert "Colleagues ask you to swap" not in desk.client.get("/desk").text


def test_nobody_is_in_two_places_at_once(session, desk):
    sam = colleague(session, "sam")
    hall = in_days(session, desk.actor, 2, place_name="Hall")
    phones = in_days(session, desk.actor, 2, kind=SessionKind.TELEPHONE)
    duty = verbs.put_on(session, desk.actor, hall)
    theirs = verbs.put_on(session, sam, phones)
    with pytest.raises(verbs.Clash) as clash:
        verbs.put_on(session, desk.actor, phones)
    assert clash.value.other is hall
    verbs.ask_for_cover(session, sam, theirs)
    with pytest.raises(verbs.Clash):
        verbs.cover(session, desk.actor, theirs)
    verbs.ask_for_cover(session, sam, theirs, swap_for=duty)
    verbs.agree_to_swap(session, desk.actor, theirs)
    assert (duty.session_id, theirs.session_id) == (phones.id, hall.id)


def test_two_presses_at_once_put_nobody_in_two_places(session, desk, database_url):
    ids = [in_days(session, desk.actor, 2).id for _n in range(2)]
    session.commit()
    let_go(session)
    engine, together = write_engine(database_url), Barrier(2)

    def press(session_id):
        together.wait()
        with Session(engine) as own:
            try:
                verbs.put_on(own, desk.actor, own.get_one(AdviceSession, session_id))
                own.commit()
            except verbs.Clash:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, ids)) == [False, True]
    engine.dispose()
    assert session.scalar(select(func.count()).select_from(Duty)) == 1


@pytest.mark.parametrize("verb", ["ask", "agree"])
def test_two_who_swap_the_same_two_at_once_do_not_wait_for_each_other(session, desk, database_url, verb):
    sam = colleague(session, "sam")
    mine = verbs.put_on(session, desk.actor, in_days(session, desk.actor, 2))
    theirs = verbs.put_on(session, sam, in_days(session, desk.actor, 3))
    if verb == "agree":
        verbs.ask_for_cover(session, desk.actor, mine, swap_for=theirs)
        verbs.ask_for_cover(session, sam, theirs, swap_for=mine)
    ids, actors = (mine.id, theirs.id), (desk.actor, sam)
    session.commit()
    let_go(session)
    engine, both_hold, waited = write_engine(database_url), Barrier(2), local()

    @event.listens_for(engine, "after_cursor_execute")
    def wait_with_the_first_lock(_connection, _cursor, statement, *_rest):
        """Until the other has its first lock too; where it has to wait for ours, not for long."""
        if re.search("FOR (NO KEY )?UPDATE", statement) and not getattr(waited, "done", False):
            waited.done = True
            with suppress(BrokenBarrierError):
                both_hold.wait(timeout=0.5)

    def press(number):
        with Session(engine) as own:
            first, second = (own.get_one(Duty, ids[at]) for at in (number, 1 - number))
            try:
                if verb == "ask":
                    verbs.ask_for_cover(own, actors[number], first, swap_for=second)
                else:
                    verbs.agree_to_swap(own, actors[number], second)
            except Refused:
                return False
            own.commit()
            return True

    with ThreadPoolExecutor(2) as pool:
        went = sorted(pool.map(press, range(2)))
    engine.dispose()
    # Of two who agree at once the second finds it done.
    assert went == ([True, True] if verb == "ask" else [False, True])


def test_the_rota_on_screen(session, desk, supervisor, elsewhere):
    hall = in_days(session, desk.actor, 1, place_name="Lindentree Hall", advisers_needed=2)
    same_time = in_days(session, desk.actor, 1, place_name="Elsewhere Hall")
    session.commit()
    hall_id, other_id, user_id = hall.id, same_time.id, desk.actor.user_id
    let_go(session)
    page = desk.client.get("/desk/advice/rota").text
    assert "2 more needed" in page
    assert "Lindentree" not in elsewhere.client.get("/desk/advice/rota").text
    assert elsewhere.client.post(f"/desk/advice/sessions/{hall_id}/duties").status_code == 404
    done = desk.client.post(f"/desk/advice/sessions/{hall_id}/duties", follow_redirects=True).text
    assert "You are on the rota" in done
    assert "1 more needed" in done
    refused = supervisor.client.post(f"/desk/advice/sessions/{other_id}/duties", data={"adviser": str(user_id)})
    assert refused.status_code == 422
    assert "is at “Lindentree Hall” then" in refused.text
    assert supervisor.client.post(f"/desk/advice/sessions/{other_id}/duties").status_code == 422
    duty_id = re.search(r"/desk/advice/duties/([^\"]+)", done)[1]
    assert elsewhere.client.post(f"/desk/advice/duties/{duty_id}", data={"do": "cover"}).status_code == 404
    assert "Cover is asked for" in desk.client.post(
        f"/desk/advice/duties/{duty_id}", data={"do": "ask"}, follow_redirects=True
    ).text  # fmt: skip
    assert "Wants cover" in supervisor.client.get("/desk/advice/rota").text
    assert supervisor.client.post(f"/desk/advice/sessions/{hall_id}/take-out").status_code == 303
    assert [line.session.id for line in rota(session, desk.actor, clock.now(), clock.now() + timedelta(days=7))] == [
        other_id
    ]


def test_the_calls_of_a_shift(session, desk, elsewhere):
    shift = an_open_session(session, desk.actor, kind=SessionKind.TELEPHONE)
    session.commit()
    url = f"/desk/advice/sessions/{shift.id}"
    let_go(session)
    assert "Answered" in desk.client.get(url).text
    missing = desk.client.post(f"{url}/calls", data={"result": "answered"})
    assert missing.status_code == 422
    assert "Choose how many minutes it took" in missing.text
    for result, minutes in (("answered", "15"), ("engaged", ""), ("not-reached", ""), ("call-back", "5")):
        desk.client.post(f"{url}/calls", data={"result": result, "minutes": minutes})
    assert desk.client.post(f"{url}/queue").status_code == 422
    page = desk.client.get(url).text
    call_id = re.findall(r"log\?call=([^\"]+)\"", page)[-1]
    form = desk.client.get(f"/desk/advice/log?call={call_id}").text
    assert re.search(r'name="minutes" type="radio" value="15" checked', form)
    assert elsewhere.client.get(f"/desk/advice/log?call={call_id}").status_code == 404
    desk.client.post("/desk/advice/log", data=CALL | {"call": call_id})
    assert desk.client.post(f"/desk/advice/calls/{call_id}/take-back").status_code == 422
    wrong = re.findall(r"calls/([^/\"]+)/take-back", desk.client.get(url).text)[1]
    desk.client.post(f"/desk/advice/calls/{wrong}/take-back")
    session.rollback()
    figures = call_figures(calls_of(session, session.scalars(select(AdviceSession)).one()))
    assert (figures.calls, figures.minutes, figures.contacts) == (3, 20, 1)
    assert figures.by_result[CallResult.ENGAGED] + figures.by_result[CallResult.NOT_REACHED] == 1
    contact = session.scalars(select(AdviceContact)).one()
    tied = session.scalars(select(PhoneCall).where(PhoneCall.contact_id == contact.id)).one()
    assert (contact.session_id, contact.result, tied.minutes) == (tied.session_id, Result.REACHED, 15)
