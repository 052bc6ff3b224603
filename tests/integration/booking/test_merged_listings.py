"""What hangs on a listing that is merged into another goes with it: dates, whoever is booked, and ways to refer."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.booking.models import Course
from app.booking.operations import booking as verbs
from app.booking.operations.attendees import attendee_of
from app.booking.queries import on_behalf, programme
from app.booking.queries.invariants import faults
from app.booking.queries.offers import offers_of_service, public_pool
from app.core.actor import ANONYMOUS, SYSTEM
from app.core.errors import InvalidInput
from app.directory.codes import Experience, Kind
from app.directory.curation import experiences, merging
from app.directory.models import ListingExperience, Service
from app.referrals.operations.pathways import pathway_to_listing
from app.referrals.queries import pathways
from seed.reference import pathway_templates
from tests import booking_factories as make
from tests import factories
from tests.referrals import a_cast, a_referral
from tests.signing_in import a_member, actor_of, signed_in_client


@pytest.fixture
def actor(session):
    return actor_of(session, a_member(session, Role.DIRECTORY_EDITOR))


def twins(session: Session) -> tuple[Service, Service]:
    owner = factories.organization(session, name="Sleep well", email="hello@sleep.example")
    one, two = (
        factories.service(session, name=name, organization=owner, kind=Kind.COURSE)
        for name in ("Better nights", "Better Nights")
    )
    return one, two


def bookable(session: Session, service: Service) -> list[object]:
    return [offer.pool.id for offer in offers_of_service(session, service.id)]


def book(session: Session, pool_id: UUID, address: str) -> None:
    held = verbs.begin(session, ANONYMOUS, pool_id, key=address)
    verbs.give_details(session, ANONYMOUS, held, verbs.Details(name="Somebody", address=address))
    verbs.confirm(session, ANONYMOUS, held, attendee_of(session, address))


def test_dates_stay_bookable_and_whoever_is_booked_stays_so(session, actor):
    keep, drop = twins(session)
    pool = make.pool(session, of=make.run(session, of=make.course(session, service=drop, you_learn="To sleep")))
    book(session, pool.id, "sam@example.org")
    merging.merge(session, actor, keep=keep, drop=drop)
    assert bookable(session, keep) == [pool.id]
    assert programme.course_for(session, keep.id).you_learn == "To sleep"
    assert public_pool(session, pool.id).run.course.name == "Better nights"
    book(session, pool.id, "ann@example.org")
    session.refresh(pool)
    assert (pool.taken, list(faults(session))) == (2, [])

    merging.undo_merge(session, actor, drop.id)
    assert (bookable(session, keep), bookable(session, drop)) == ([], [pool.id])
    session.refresh(pool)
    assert (pool.taken, list(faults(session))) == (2, [])
    assert [course.service_id for course in session.scalars(select(Course).order_by(Course.id))] == [drop.id]


def test_what_a_listing_told_of_its_course_before_is_still_told_after_the_undo(session, actor):
    keep, drop = twins(session)
    college = make.college(session)
    told = make.course(session, of=college, service=keep, you_learn="To wake")
    pool = make.pool(session, of=make.run(session, of=make.course(session, of=college, service=drop)))
    merging.merge(session, actor, keep=keep, drop=drop)
    assert bookable(session, keep) == [pool.id]
    merging.undo_merge(session, actor, drop.id)
    assert programme.course_for(session, keep.id) is told


def test_dates_of_both_are_dates_of_one_and_go_apart_again_but_for_those_made_since(session, actor):
    keep, drop = twins(session)
    college = make.college(session)
    courses = [make.course(session, of=college, service=service) for service in (keep, drop)]
    first, second = (make.pool(session, of=make.run(session, of=course)) for course in courses)
    merging.merge(session, actor, keep=keep, drop=drop)
    since = make.pool(session, of=make.run(session, of=programme.course_for(session, keep.id)))
    assert set(bookable(session, keep)) == {first.id, second.id, since.id}
    merging.undo_merge(session, actor, drop.id)
    assert set(bookable(session, keep)) == {first.id, since.id}
    assert bookable(session, drop) == [second.id]


def test_a_listing_that_went_into_a_third_gets_its_own_back_in_either_order(session, actor):
    one, two = twins(session)
    third = factories.service(session, kind=Kind.COURSE, organization=one.organization)
    college = make.college(session)
    first, second = (
        make.pool(session, of=make.run(session, of=make.course(session, of=college, service=service)))
        for service in (one, two)
    )
    for order in ((one, two), (two, one)):
        merging.merge(session, actor, keep=two, drop=one)
        merging.merge(session, actor, keep=third, drop=two)
        assert set(bookable(session, third)) == {first.id, second.id}
        for service in order:
            merging.undo_merge(session, actor, service.id)
        told = [bookable(session, service) for service in (one, two, third)]
        assert told == [[first.id], [second.id], []]


def test_dates_of_two_organisations_are_never_mixed_and_the_editor_hears_why(session, app):
    keep, drop = twins(session)
    for service in (keep, drop):
        make.pool(session, of=make.run(session, of=make.course(session, service=service)))
    with pytest.raises(InvalidInput):
        merging.merge(session, SYSTEM, keep=keep, drop=drop)
    session.rollback()

    keep, drop = twins(session)
    pools = [make.pool(session, of=make.run(session, of=make.course(session, service=one))).id for one in (keep, drop)]
    ids, user_id = (keep.id, drop.id), a_member(session, Role.DIRECTORY_EDITOR).id
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    editor: FlaskClient = signed_in_client(app, user_id)
    answer = editor.post(f"/desk/duplicates/{ids[0]}/{ids[1]}", data={"take-name": "stays"})
    assert answer.status_code == 422
    assert "Two organisations give dates" in answer.get_data(as_text=True)
    session.expire_all()
    assert [offers_of_service(session, one)[0].pool.id for one in ids] == pools


def test_the_way_to_refer_leads_to_the_one_that_stays_and_back(session, actor):
    pathway_templates.load(session)
    keep, drop = twins(session)
    way = pathway_to_listing(session, actor, drop)
    merging.merge(session, actor, keep=keep, drop=drop)
    assert pathways.of_service(session, keep) == [way]
    assert pathway_to_listing(session, actor, keep) is way
    merging.undo_merge(session, actor, drop.id)
    assert (pathways.of_service(session, keep), pathways.of_service(session, drop)) == ([], [way])


def test_of_two_ways_to_one_group_one_is_closed_until_the_undo(session, actor):
    pathway_templates.load(session)
    keep, drop = twins(session)
    stays, goes = (pathway_to_listing(session, actor, service) for service in (keep, drop))
    merging.merge(session, actor, keep=keep, drop=drop)
    assert pathways.of_service(session, keep) == [stays]
    assert not goes.is_open
    merging.undo_merge(session, actor, drop.id)
    assert pathways.of_service(session, drop) == [goes]


def test_what_is_under_way_counts_for_the_one_that_stays(session, actor):
    """Who was referred to the one that went can be booked on its dates, and what they met with is told of the other."""
    pathway_templates.load(session)
    cast = a_cast(session)
    keep, drop = twins(session)
    way = pathway_to_listing(session, actor, drop)
    pool = make.pool(session, of=make.run(session, of=make.course(session, service=drop)))
    held = a_referral(session, replace(cast, pathway=way), answers={"wish": "To sleep"})
    merging.merge(session, actor, keep=keep, drop=drop)
    assert held.receiver_service_id == drop.id
    offered = on_behalf.offers_for(session, cast.worker, referral=held)
    assert [offer.pool.id for offer in offered] == [pool.id]
    experiences.tell(session, drop.id, told_by=held.id, met_with=Experience.HELPED)
    assert session.scalars(select(ListingExperience.service_id)).all() == [keep.id]
