"""Hours, places and costs of a listing: through the form, the proposal, the versions and back."""

from __future__ import annotations

import re
from datetime import time
from uuid import UUID

import html5lib
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.accounts.models import User
from app.core import clock
from app.directory.codes import AccessFeature, Frequency, Precision
from app.directory.curation import freshness, operations
from app.directory.curation.document import document_of
from app.directory.models import (
    Address,
    CostOption,
    IndexChange,
    Location,
    Metadata,
    Proposal,
    Schedule,
    Service,
    ServiceAtLocation,
)
from app.directory.postcodes.points import PostcodePoint, districts_of, write_points
from app.directory.upkeep import nothing_is_left_over
from app.library.documents import document, topic_parents
from app.notifications.models import Message
from tests import factories
from tests.signing_in import a_member, a_workplace, actor_of, signed_in_client


@pytest.fixture
def listing(session: Session) -> Service:
    service = factories.service(session, name="Open kitchen", description="A hot meal for whoever comes.")
    service.organization.member_organization_id = a_workplace(session, "Kitchen").id
    place = factories.location(session, name="The old mill", precision=Precision.EXACT)
    factories.address(session, place)
    factories.at_location(session, service, place)
    factories.schedule(session, service=service)
    sectors = [PostcodePoint(code="WX2 1", latitude=53.5, longitude=-1.5, postcodes=9)]
    write_points(session, "postcode_sector", sectors)
    write_points(session, "postcode_district", districts_of(sectors))
    session.commit()
    session.expire_all()
    return service


@pytest.fixture
def provider(session):
    return a_member(session, Role.PROVIDER, workplace="Kitchen", email="anna@kitchen.example").id


@pytest.fixture
def editor(session):
    return a_member(session, Role.DIRECTORY_EDITOR, workplace="Directory", email="ruth@directory.example").id


def fields_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form, untouched and by its last button."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    form = next(form for form in root.iter("form") if form.find(".//input[@name='has_rows']") is not None)
    sent: dict[str, list[str]] = {}
    for element in form.iter():
        name, kind = element.get("name"), element.get("type")
        if element.tag == "select":
            options = list(element.iter("option"))
            chosen = [option.get("value") for option in options if option.get("selected") is not None]
            sent.setdefault(name, []).extend(chosen or [options[0].get("value")])
        elif element.tag == "textarea":
            sent.setdefault(name, []).append((element.text or "").removeprefix("\n"))
        elif (
            element.tag == "input"
            and name
            and (kind not in {"checkbox", "radio"} or element.get("checked") is not None)
        ):
            sent.setdefault(name, []).append(element.get("value", ""))
    return sent


class Visit:
    """Somebody at the form of a listing."""

    def __init__(self, app, session: Session, user_id: UUID, listing_id: UUID) -> None:
        session.commit()
        self.session = session
        self.client, self.path = signed_in_client(app, user_id), f"/desk/listings/{listing_id}/edit"
        self.fields = fields_of(self.client.get(self.path).get_data(as_text=True))

    def press(self, name: str, value: str) -> str:
        self.session.commit()
        answer = self.client.post(self.path, data=self.fields | {name: value})
        assert answer.status_code == 200
        page = answer.get_data(as_text=True)
        self.fields = fields_of(page)
        return page

    def send(self, status: int = 303, **fields) -> str:
        told = {name.replace("__", "-"): value for name, value in fields.items()}
        self.session.commit()
        answer = self.client.post(self.path, data=self.fields | told)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.headers.get("Location", "") or answer.get_data(as_text=True)


def test_a_form_that_nobody_touched_changes_nothing(session, app, editor):
    service = factories.whole_service(session)
    factories.schedule(session, service=service, byday="1TU,3TU", freq=Frequency.MONTHLY)
    factories.schedule(session, service=service, byday="1TU", freq=Frequency.MONTHLY, closes_at=None)
    factories.schedule(session, service=service, byday=None, freq=None, opens_at=None, closes_at=None, notes="Ring.")
    factories.schedule(session, service=service, byday="SU,MO", opens_at=time(0), closes_at=time(23, 59))
    session.commit()
    before = document_of(service)
    assert "done=same" in Visit(app, session, editor, service.id).send()
    session.expire_all()
    assert document_of(service) == before


def test_hours_are_proposed_told_in_words_and_found_once_approved(session, app, listing, provider, editor):
    visit = Visit(app, session, provider, listing.id)
    visit.press("add", "hours")
    done = visit.send(
        hours__0__opens="10am", hours__0__closes="4pm",
        hours__1__days=["SA"], hours__1__often="1", hours__1__opens="13:30", hours__1__closes="5pm",
    )  # fmt: skip
    assert done.endswith("done=proposed")
    session.expire_all()
    assert [(one.byday, one.opens_at) for one in listing.schedules] == [("MO", time(9))]
    proposal_id = session.scalars(select(Proposal.id)).one()
    changes, openings = session.scalar(select(func.max(IndexChange.sequence))), openings_of(session, listing)
    assert all(opening.weekday != 5 for opening in openings)
    session.rollback()
    client, listing_id = signed_in_client(app, editor), listing.id
    session.rollback()
    page = client.get(f"/desk/proposals/{proposal_id}").get_data(as_text=True)
    assert re.findall(r"<(?:del|ins) class=[^>]*>([^<]*)", page) == [
        "Monday 9am to 5pm", "Monday 10am to 4pm", "First Saturday of the month 1:30pm to 5pm",
    ]  # fmt: skip
    sent = {"fields": "hours", "decision": "approve"}
    assert client.post(f"/desk/proposals/{proposal_id}", data=sent).status_code == 303
    session.expire_all()
    assert [(one.byday, one.freq) for one in listing.schedules] == [
        ("MO", Frequency.WEEKLY),
        ("1SA", Frequency.MONTHLY),
    ]
    assert any(opening.weekday == 5 for opening in openings_of(session, listing))
    assert session.scalar(select(func.max(IndexChange.sequence))) > changes
    session.rollback()
    assert "First Saturday of the month" in client.get(f"/services/{listing_id}").get_data(as_text=True)


def openings_of(session, service):
    return document(service, topic_parents(session)).openings


def test_hours_that_the_form_cannot_say_stay_until_they_are_removed(session, app, listing, editor):
    rare = {"interval": 2, "dtstart": clock.today(), "byday": "WE", "opens_at": time(18), "closes_at": time(20)}
    rare_id = factories.schedule(session, service=listing, position=1, **rare).id
    session.commit()
    visit = Visit(app, session, editor, listing.id)
    page = visit.client.get(visit.path).get_data(as_text=True)
    assert "Wednesday, every 2 weeks 6pm to 8pm" in page
    visit.send(hours__0__opens="8am")
    session.expire_all()
    assert [(one.opens_at, one.interval) for one in listing.schedules] == [(time(8), None), (time(18), 2)]
    assert listing.schedules[1].id == rare_id
    session.rollback()
    visit = Visit(app, session, editor, listing.id)
    assert "every 2 weeks" not in visit.press("remove", "hours-1")
    visit.send()
    session.expire_all()
    assert [one.byday for one in listing.schedules] == ["MO"]
    operations.restore(session, actor_of(session, _user(session, editor)), listing, 2)
    assert [(one.byday, one.interval) for one in listing.schedules] == [("MO", None), ("WE", 2)]


def _user(session, user_id):
    return session.get_one(User, user_id)


def test_what_is_kept_of_a_row_goes_with_its_simple_part(session, app, listing, editor):
    listing.schedules[0].valid_to = clock.today()
    listing.schedules[0].schedule_link = "https://k.example/hours"
    session.commit()
    Visit(app, session, editor, listing.id).send(hours__0__days=["TU", "WE"])
    session.expire_all()
    one = listing.schedules[0]
    assert (one.byday, one.valid_to, one.schedule_link) == ("TU,WE", clock.today(), "https://k.example/hours")


def test_a_row_that_stays_is_not_lost_where_the_listing_changed_meanwhile(session, app, listing, editor):
    factories.schedule(session, service=listing, position=1, interval=2, byday="WE")
    session.commit()
    visit = Visit(app, session, editor, listing.id)
    listing.schedules[1].closes_at = time(18)
    session.commit()
    assert "The listing has changed since you opened this page" in visit.send(422)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"hours-0-opens": "9"}, "Enter a time like 9am"),
        ({"hours-0-opens": "soon"}, "Enter a time like 9am"),
        ({"hours-0-closes": "8am"}, "The closing time must be after the opening time"),
        ({"hours-0-days": []}, "Tick the days"),
        ({"hours-0-opens": ""}, "Enter when it opens"),
        ({"hours-0-days": ["XX"]}, "Choose from the answers on the list"),
        ({"places-0-postal_code": "M33"}, "Enter a whole postcode"),
        ({"places-0-postal_code": "", "places-0-city": ""}, "Enter the postcode, or at least the town"),
        ({"places-0-name": "x" * 201}, "Use 200 characters or fewer"),
        ({"costs-0-amount": "cheap"}, "Enter an amount like 5 or 2.50"),
    ],
)
def test_a_wrong_row_is_said_beside_the_field_and_what_was_typed_stays(session, app, listing, editor, fields, words):
    visit = Visit(app, session, editor, listing.id)
    visit.press("add", "costs")
    before = document_of(listing)
    session.commit()
    answer = visit.client.post(visit.path, data=visit.fields | fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    name = next(iter(fields))
    assert re.search(rf'id="{name}-error">.*?{words}', page), page
    assert f'href="#{name}"' in page
    typed = fields_of(page)
    assert all(typed.get(name, []) == ([value] if isinstance(value, str) else []) for name, value in fields.items())
    session.expire_all()
    assert document_of(listing) == before


def test_a_new_place_is_found_by_its_postcode(session, app, listing, editor):
    visit = Visit(app, session, editor, listing.id)
    visit.press("add", "places")
    visit.send(
        places__1__name="Garden Room", places__1__address_1="3 Mill Lane", places__1__postal_code="wx21ab",
        places__1__access=["lift", "step-free"], places__1__access_words="Ring the bell",
    )  # fmt: skip
    session.expire_all()
    new = listing.service_at_locations[1].location
    assert (new.name, new.latitude, new.longitude, new.precision) == ("Garden Room", 53.5, -1.5, Precision.SECTOR)
    assert (new.addresses[0].postal_code, new.addresses[0].filled_in) == ("WX2 1AB", "city state_province")
    assert [(row.feature, row.description) for row in new.accessibility] == [
        (AccessFeature.LIFT, None), (AccessFeature.STEP_FREE, None), (None, "Ring the bell"),
    ]  # fmt: skip
    assert (53.5, -1.5) in document(listing, topic_parents(session)).points
    old = listing.service_at_locations[0].location
    assert (old.latitude, old.precision) == (53.42, Precision.EXACT)


def test_a_place_of_others_is_changed_for_this_listing_alone(session, app, listing, provider, editor):
    place = listing.service_at_locations[0].location
    other = factories.service(session, name="Elsewhere")
    factories.at_location(session, other, place)
    session.commit()
    assert Visit(app, session, editor, listing.id).send(
        places__0__address_1="2 High Street", places__0__confidential="y"
    )
    session.expire_all()
    moved, stayed = listing.service_at_locations[0].location, other.service_at_locations[0].location
    assert (moved.addresses[0].address_1, moved.confidential) == ("2 High Street", True)
    assert (stayed.id, stayed.addresses[0].address_1, stayed.confidential) == (place.id, "1 High Street", False)
    assert "2 High Street" not in " ".join(session.scalars(select(Metadata.replacement_value)))


def test_a_form_cannot_reach_a_place_of_another_listing(session, app, listing, editor):
    other = factories.service(session, name="Refuge")
    secret = factories.location(session, name="Rose House", confidential=True)
    link = factories.at_location(session, other, secret)
    session.commit()
    visit = Visit(app, session, editor, listing.id)
    visit.press("add", "places")
    for was in (str(link.id), str(secret.id)):
        visit.send(places__1__was=was, places__1__city="Sale", places__1__name=f"Mine {was[:4]}")
        session.expire_all()
        assert secret.name == "Rose House"
        assert secret.id not in {one.location_id for one in listing.service_at_locations}
        session.rollback()


def test_a_place_that_goes_leaves_its_hours_and_comes_back_with_the_version(session, app, listing, editor):
    link = listing.service_at_locations[0]
    factories.schedule(session, service_at_location=link, byday="FR")
    session.commit()
    link_id, place_id, before = link.id, link.location_id, document_of(listing)
    visit = Visit(app, session, editor, listing.id)
    visit.press("remove", "places-0")
    visit.send()
    session.expire_all()
    assert listing.service_at_locations == []
    assert [one.byday for one in listing.schedules] == ["MO", "FR"]
    assert session.get(Location, place_id) is None
    assert list(nothing_is_left_over(session)) == []
    operations.restore(session, actor_of(session, _user(session, editor)), listing, 1)
    session.commit()
    session.expire_all()
    assert document_of(listing) == before
    assert session.get_one(ServiceAtLocation, link_id).location_id == place_id
    assert session.scalar(select(func.count()).select_from(Schedule)) == 2
    assert session.scalar(select(func.count()).select_from(Address)) == 1


def test_only_the_part_that_an_editor_approves_is_changed(session, app, listing, provider, editor):
    visit = Visit(app, session, provider, listing.id)
    visit.press("add", "costs")
    visit.send(
        hours__0__closes="6pm", costs__0__option="Lunch", costs__0__amount="£2.50", places__0__name="The new mill"
    )
    proposal = session.scalars(select(Proposal)).one()
    operations.approve(session, actor_of(session, _user(session, editor)), proposal, fields=frozenset({"costs"}))
    session.commit()
    assert [(one.option, str(one.amount)) for one in session.scalars(select(CostOption))] == [("Lunch", "2.50")]
    assert listing.schedules[0].closes_at == time(17)
    assert listing.service_at_locations[0].location.name == "The old mill"


def test_the_link_of_a_reminder_never_shows_a_private_address_and_never_loses_it(session, client, listing, provider):
    listing.service_at_locations[0].location.confidential = True
    listing.next_check_on = clock.today()
    freshness.remind(session)
    text = session.scalars(select(Message.text)).one()
    before = document_of(listing)["places"]
    session.commit()
    path = re.search(r"/check/[\w-]+", text)[0]
    page = client.get(path + "/change").get_data(as_text=True)
    for secret in ("The old mill", "1 High Street", "M33 2AB"):
        assert secret not in page + client.get(path).get_data(as_text=True)
    assert "A private address" in page
    sent = fields_of(page) | {"hours-0-opens": "10am"}
    answer = client.post(path + "/change", data=sent)
    assert answer.status_code == 303
    proposal = session.scalars(select(Proposal)).one()
    assert list(proposal.after) == ["hours"]
    assert document_of(listing)["places"] == before
    session.rollback()
    # Nobody makes it public without seeing it.
    tried = sent | {"places-0-confidential": "", "places-0-name": "Open now", "places-0-city": "Sale"}
    assert client.post(path + "/change", data=tried).status_code == 303
    assert all("places" not in one.after for one in session.scalars(select(Proposal)))


def test_the_buttons_of_rows_write_nothing(session, app, listing, editor):
    visit = Visit(app, session, editor, listing.id)
    visit.press("remove", "hours-0")
    visit.press("add", "hours")
    session.expire_all()
    assert [one.byday for one in listing.schedules] == ["MO"]
    session.rollback()
    for name in ("hours-²-opens", "hours-99999999999999-opens", "hours--1-opens"):
        assert visit.client.post(visit.path, data=visit.fields | {name: "9am"}).status_code in {303, 422}
