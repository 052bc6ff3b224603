"""The points that figures are counted from follow every form: worked out anew they are the same."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.core import clock
from app.core.clock import LONDON
from app.outcomes.cli import outcomes_group
from app.outcomes.codes import AnswerKind, Mode
from app.outcomes.measures import find_measure
from app.outcomes.models import OutcomePoint
from app.outcomes.operations import correct, open_form, points, save_answer, void
from app.outcomes.rules.answers import OneAnswer
from app.outcomes.upkeep import points_fit_the_forms
from app.people.operations import merging
from app.people.operations.matches import ask_hub
from app.people.queries import pairs_to_decide
from tests.people import a_person
from tests.signing_in import a_member, actor_of

UCLA = find_measure("ucla-3")


def answered(session, actor, person, day, codes):
    form = open_form(
        session,
        actor,
        organization_id=actor.organization_id,
        person_id=person.id,
        measure=UCLA,
        mode=Mode.PAPER,
        answered_on=day,
    )
    for item, code in zip(UCLA.items, codes, strict=True):
        save_answer(session, actor, form, item, OneAnswer(AnswerKind.GIVEN, code))
    return form


def standing(session):
    rows = session.scalars(select(OutcomePoint).order_by(OutcomePoint.answered_on, OutcomePoint.measurement_id)).all()
    return [(row.person_id, row.key, row.answered_on, row.next_on, row.change, row.band) for row in rows]


@pytest.fixture
def surgery(session):
    with clock.moved_to(datetime(2026, 11, 26, 12, tzinfo=LONDON)):
        yield actor_of(session, a_member(session, Role.SURGERY, workplace="Harbour Street"))


def test_they_follow_what_is_finished_put_right_taken_back_and_merged(session, surgery):
    one = a_person(session, surgery, "Rowan Ashby")
    days = [date(2026, month, 1) for month in (3, 6, 9)]
    told = zip(days, ((3, 3, 3), (2, 2, 2), (1, 2, 1)), strict=True)
    forms = [answered(session, surgery, one, day, codes) for day, codes in told]
    assert [(change, band) for *_row, change, band in standing(session)] == [
        (None, None), (Decimal(-3), None), (Decimal(-5), None),
    ]  # fmt: skip
    right = {item.key: OneAnswer(AnswerKind.GIVEN, 1) for item in UCLA.items}
    correct(session, surgery, forms[0], right)
    assert [row[4] for row in standing(session)] == [None, Decimal(3), Decimal(1)]
    void(session, surgery, forms[2], "another person's")
    assert [(row[3], row[4]) for row in standing(session)] == [(days[1], None), (None, Decimal(3))]
    # Somebody else's record turns out to be theirs: their forms come into one row, and part again.
    adviser = actor_of(session, a_member(session, Role.ADVISER, workplace="Advice"))
    other = a_person(session, adviser, "Ashby, Rówan")
    answered(session, surgery, other, days[2], (3, 3, 2))
    assert ask_hub(session, surgery, one) == 1
    hub = actor_of(session, a_member(session, Role.HUB, workplace="Hub"))
    made = merging.merge(session, hub, pairs_to_decide(session)[0][0], keep_id=one.id)
    assert [(row[0], row[4]) for row in standing(session)] == [
        (one.id, None), (one.id, Decimal(3)), (one.id, Decimal(5)),
    ]  # fmt: skip
    followed = standing(session)
    assert (points.rebuild(session), standing(session)) == (3, followed)
    merging.undo_merge(session, hub, made.id)
    session.expire_all()
    assert [(row[0], row[4]) for row in standing(session)] == [(one.id, None), (one.id, Decimal(3)), (other.id, None)]


def test_the_doctor_sees_points_that_differ_and_the_command_mends_them(app, session, surgery):
    one = a_person(session, surgery, "Rowan Ashby")
    answered(session, surgery, one, date(2026, 3, 1), (3, 3, 3))
    answered(session, surgery, one, date(2026, 6, 1), (2, 2, 2))
    before = standing(session)
    assert list(points_fit_the_forms(session)) == []
    rows = session.scalars(select(OutcomePoint).order_by(OutcomePoint.answered_on)).all()
    session.delete(rows[0])
    rows[1].answered_on = date(2026, 7, 1)
    session.flush()
    assert len(list(points_fit_the_forms(session))) == 2
    session.commit()
    told = app.test_cli_runner().invoke(outcomes_group, ["rebuild-points"])
    assert (told.exit_code, told.output) == (0, "2 points; 0 follow-ups put right.\n"), told.output
    session.expire_all()
    assert standing(session) == before
    assert list(points_fit_the_forms(session)) == []
