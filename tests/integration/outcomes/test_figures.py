"""Outcomes of many people, counted in the database, and the pages and the file that tell of them."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.codes import Role
from app.core import clock
from app.core.clock import LONDON
from app.notifications.codes import Channel
from app.notifications.models import Message
from app.outcomes import dropouts, figures
from app.outcomes.codes import CloseReason, FormState, Mode, OccasionState
from app.outcomes.measures import find_measure
from app.outcomes.models import Measurement, MeasurementScore, Occasion, OutcomeInvitation
from app.outcomes.operations import ask_once, how_far, points, void
from app.outcomes.operations.occasions import close
from app.outcomes.rules.groups import Counted, Response
from app.outcomes.rules.periods import chosen_period
from app.outcomes.sending import attend_to
from app.referrals.models import Pathway
from tests.outcomes import a_reachable_person, a_worker
from tests.people import a_person
from tests.referrals import a_cast, a_referral
from tests.signing_in import signed_in_client

NOON = datetime(2026, 11, 26, 12, tzinfo=LONDON)
YEAR = chosen_period(NOON.date(), "2026-27")


def a_score(session, actor, person, day, value, *, measure="phq-9", key="", **more):
    """A form that was scored."""
    found = find_measure(measure)
    told = {"state": FormState.COMPLETE, "estimated": False, "band": None, "out_of": None} | more
    form = Measurement(
        organization_id=actor.organization_id,
        person_id=person.id,
        measure=found.reference,
        measure_hash=found.content_hash,
        mode=Mode.PAPER,
        state=told["state"],
        answered_on=day,
        finished_at=datetime.combine(day, NOON.timetz()),
    )
    form.scores = [
        MeasurementScore(
            key=key or found.main or "answer",
            value=None if value is None else Decimal(value),
            band=told["band"],
            estimated=told["estimated"],
            out_of=told["out_of"],
            rule="",
            scorer_version=1,
        )
    ]
    session.add(form)
    session.flush()
    points.refresh(session, form.organization_id, form.person_id, form.measure)
    return form


@pytest.fixture
def manager(session):
    with clock.moved_to(NOON):
        user, actor = a_worker(session, Role.MANAGER)
        yield user.id, actor


def wanted(actor, **more):
    return figures.Wanted(actor.organization_id, YEAR, **more)


def by_name(session, actor, **more):
    return {each.measure.id: each for each in figures.by_measure(session, wanted(actor, **more))}


def test_pairs_are_the_last_of_the_period_against_the_first_there_is(session, manager):
    _user, actor = manager
    changes = {"better": (20, 10), "just better": (12, 6), "not sure": (12, 7), "worse": (5, 11)}
    for first, last in changes.values():
        person = a_person(session, actor)
        a_score(session, actor, person, date(2025, 6, 1), first)
        a_score(session, actor, person, date(2026, 5, 1), 27)  # neither the first nor the last
        a_score(session, actor, person, date(2026, 9, 1), last)
    alone = a_person(session, actor)
    a_score(session, actor, alone, date(2026, 9, 1), 3)
    counted = by_name(session, actor)["phq-9"].scores[0]
    assert counted.counted == Counted(people=5, pairs=4, change=Decimal(-15), better=2, worse=1)
    assert "phq-9/1" in counted.rule


def test_for_wellbeing_higher_is_better(session, manager):
    _user, actor = manager
    person = a_person(session, actor)
    a_score(session, actor, person, date(2026, 5, 1), 40, measure="wemwbs")
    a_score(session, actor, person, date(2026, 9, 1), 49, measure="wemwbs")
    counted = by_name(session, actor)["wemwbs"].scores[0].counted
    assert (counted.better, counted.worse) == (1, 0)


def test_what_makes_no_pair(session, manager):
    _user, actor = manager
    before, here = date(2026, 5, 1), date(2026, 9, 1)
    same_day, estimated, part, other_scale, long_ago, another = (a_person(session, actor) for _ in range(6))
    a_score(session, actor, same_day, here, 20)
    a_score(session, actor, same_day, here, 10)
    a_score(session, actor, estimated, before, 20, estimated=True)
    a_score(session, actor, estimated, here, 10)
    a_score(session, actor, part, before, 20, state=FormState.INCOMPLETE)
    a_score(session, actor, part, here, 10)
    a_score(session, actor, other_scale, before, 20, out_of=Decimal(40))
    a_score(session, actor, other_scale, here, 10, out_of=Decimal(32))
    a_score(session, actor, long_ago, date(2024, 3, 1), 20)
    a_score(session, actor, long_ago, here, 10)
    taken_back = a_score(session, actor, another, before, 20)
    void(session, actor, taken_back, "another person's")
    a_score(session, actor, another, here, 10)
    a_score(session, actor, another, date(2025, 9, 1), 10, measure="gad-7")  # before the period only
    session.flush()
    found = by_name(session, actor)
    assert found["phq-9"].scores[0].counted == Counted(people=6, pairs=0, change=None, better=0, worse=0)
    assert "gad-7" not in found


def test_another_organisation_does_not_count(session, manager):
    _user, actor = manager
    _user, other = a_worker(session, Role.HUB, workplace="Elsewhere", email="e@e.example")
    a_score(session, other, a_person(session, other), date(2026, 9, 1), 3)
    assert by_name(session, actor) == {}


def test_answers_by_name_and_those_of_one_pathway(session):
    with clock.moved_to(NOON):
        cast = a_cast(session)
        for band in ("good", "good", "poor"):
            person = a_person(session, cast.worker)
            a_score(session, cast.worker, person, date(2026, 9, 1), 2, measure="satisfaction", band=band)
        referral = a_referral(session, cast)
        receiver = session.get_one(Pathway, cast.pathway.id).organization_id
        a_score(session, cast.worker, referral.person, date(2026, 9, 1), 1, measure="satisfaction", band="very good")
        assert by_name(session, cast.worker)["satisfaction"].answers == {"good": 2, "poor": 1, "very good": 1}
        assert by_name(session, cast.worker, pathway_id=cast.pathway.id) == {}
        referral.accepted_at = clock.now()
        session.flush()
        only = by_name(session, cast.worker, pathway_id=cast.pathway.id)["satisfaction"].answers
        assert only == {"very good": 1}
        assert receiver == cast.worker.organization_id


@pytest.fixture
def asked(session, manager):
    """One who answered by the link, one who opened it, one on paper, one who said no, one not yet asked."""
    _user, actor = manager
    people = [a_reachable_person(session, actor) for _ in range(4)]
    leads = [ask_once(session, actor, person.id, ["ucla-3"]) for person in people]
    for lead in leads[:3]:
        attend_to(session, lead.id)
    invitations = {each.occasion_id: each for each in session.scalars(select(OutcomeInvitation))}
    for lead in leads[:2]:
        invitations[lead.id].opened_at = clock.now()
    for lead, mode in ((leads[0], Mode.LINK), (leads[2], Mode.PAPER)):
        form = a_score(session, actor, lead.plan.person, NOON.date(), 5, measure="ucla-3")
        form.occasion_id, form.mode = lead.id, mode
        lead.state, lead.done_on = OccasionState.DONE, NOON.date()
    session.flush()
    assert how_far.rebuild(session) == 3
    assert how_far.rebuild(session) == 0
    close(session, actor, leads[3], CloseReason.DECLINED)
    return actor, leads


def test_where_people_drop_out(session, asked):
    actor, _leads = asked
    board = dropouts.board(session, wanted(actor))
    rows = {row.channel: row.drop for row in board.channels}
    text = rows[Channel.SMS]
    assert (text.asked, text.opened, text.started, text.finished) == (3, 2, 1, 1)
    assert (text.other_way, text.ended, text.waiting) == (1, 0, 1)
    assert rows[None].ended == 1
    assert board.after_message == {0: 1}
    assert figures.reasons(session, wanted(actor)) == {CloseReason.DECLINED: 1}
    assert figures.responses(session, wanted(actor)) == {"ucla-3/1": Response(over=3, answered=2)}


def test_what_is_asked_together_counts_once(session, asked):
    actor, leads = asked
    with_it = Occasion(
        plan_id=leads[1].plan_id, organization_id=actor.organization_id, person_id=leads[1].person_id, kind="review",
        months=3, measures=["phq-9/1"], due_on=NOON.date(), opens_on=NOON.date(), closes_on=NOON.date(),
        state=OccasionState.SENT, lead_id=leads[1].id,
    )  # fmt: skip
    session.add(with_it)
    session.flush()
    rows = {row.channel: row.drop for row in dropouts.board(session, wanted(actor)).channels}
    assert rows[Channel.SMS].asked == 3
    # What leads may have been due just before the period; what went with it is counted by how that one was asked.
    leads[1].due_on = leads[1].opens_on = wanted(actor).period.begins - timedelta(days=1)
    session.flush()
    text = {row.channel: row.drop for row in dropouts.board(session, wanted(actor)).channels}[Channel.SMS]
    assert (text.asked, text.opened, text.waiting) == (3, 2, 1)


def test_a_link_is_opened_once_by_its_page_and_uses_nothing_up(app: Flask, session):
    with clock.moved_to(NOON):
        _user, actor = a_worker(session)
        lead = ask_once(session, actor, a_reachable_person(session, actor).id, ["ucla-3"])
        attend_to(session, lead.id)
        address = session.scalars(select(Message.text)).one().split("http://localhost")[1].split()[0]
        session.commit()
        client = app.test_client()
        assert client.head(address).status_code == 200
        assert _opened(session) is None
        assert client.get(address).status_code == 200
    first = _opened(session)
    assert first is not None
    with clock.moved_to(NOON + timedelta(days=1)):
        assert client.get(address).status_code == 200
    assert _opened(session) == first


def _opened(session):
    session.rollback()
    found = session.scalars(select(OutcomeInvitation.opened_at)).one()
    session.rollback()
    return found


@pytest.fixture
def crowd(app, session, manager):
    """Thirty people with a pair each: ten better, fifteen the same, five worse."""
    user_id, actor = manager
    for number in range(30):
        person = a_person(session, actor, name=f"Quillon{number}")
        a_score(session, actor, person, date(2026, 5, 1), 15)
        a_score(session, actor, person, date(2026, 9, 1), 5 if number < 10 else 15 if number < 25 else 22)
    session.commit()
    return signed_in_client(app, user_id)


def test_the_page_tells_what_may_be_told(crowd):
    page = crowd.get("/desk/outcomes/group").get_data(as_text=True)
    plain = " ".join(page.split())
    assert "<dt>People</dt><dd>30</dd>" in plain
    assert "<dt>First and last</dt><dd>30</dd>" in plain
    minus = '<span aria-hidden="true">−2.2</span><span class="govuk-visually-hidden">minus 2.2</span>'
    assert f"<dt>Mean change</dt><dd>{minus}</dd>" in plain
    assert "<dt>No sure change</dt><dd>15</dd>" in plain
    assert plain.count('aria-label="hidden"') == 2  # the five who are worse, and with them the ten who are better
    assert "a change of 6 or more" in plain
    assert "Quillon" not in page


def test_the_file_tells_the_same_and_is_no_formula(crowd):
    answer = crowd.get("/desk/outcomes/group.csv")
    assert answer.headers["Cache-Control"] == "no-store"
    row = next(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    told = [row[name] for name in ("people", "pairs", "mean_change", "reliably_better", "reliably_worse")]
    assert told == ["30", "30", "-2.2", "*", "*"]
    assert row["no_reliable_change"] == "15"
    assert not [cell for cell in row.values() if cell.startswith(("=", "+", "@"))]


@pytest.fixture
def elsewhere(session, manager):
    _user, actor = a_worker(session, Role.HUB, workplace="Elsewhere", email="e@e.example")
    a_score(session, actor, a_person(session, actor), date(2026, 9, 1), 3)
    session.commit()
    return f"place={actor.organization_id}"


def test_a_manager_reads_of_no_other_place(elsewhere, crowd):
    assert crowd.get(f"/desk/outcomes/group?{elsewhere}").status_code == 404
    assert crowd.get(f"/desk/outcomes/group.csv?{elsewhere}").status_code == 404
    assert crowd.get(f"/desk/outcomes/response?{elsewhere}").status_code == 404
    assert crowd.get("/desk/outcomes/group?pathway=rubbish").status_code == 404
    assert crowd.get("/desk/outcomes/response?period=2026-q3").status_code == 200


def test_a_commissioner_reads_of_every_place(app, session, elsewhere):
    user, _actor = a_worker(session, Role.COMMISSIONER, workplace="Buyers", email="b@b.example")
    user_id = user.id
    session.commit()
    client = signed_in_client(app, user_id)
    page = client.get(f"/desk/outcomes/group?{elsewhere}").get_data(as_text=True)
    assert '<dt>People</dt><dd><abbr title="hidden"' in page
    assert client.get("/desk/outcomes/response").status_code == 200
