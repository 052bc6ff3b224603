"""Correcting a contact: both are kept, one counts. What is next: a signpost, a referral, a follow-up."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.advice.codes import Channel, ClientKind, Closure, DateKind, Emergency, Result
from app.advice.details import ToldContact, ToldDate, ToldStep
from app.advice.filling import as_told
from app.advice.models import AdviceCase, AdviceContact, KeyDate, NextStep
from app.advice.operations.cases import close_case
from app.advice.operations.contacts import correct_contact
from app.advice.queries import contact as contact_of
from app.core import clock
from app.core.errors import InvalidInput, Refused
from app.outcomes.models import AttendedContact
from tests import factories
from tests.advice import a_contact
from tests.people import a_person

MARK = "zebrafish"


def sent(values, **changes):
    """A form as a browser sends it, from what it was filled with."""
    day = values["happened_on"]
    parts = {f"happened_on-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    plain = {name: value for name, value in values.items() if name not in {"happened_on", "call_back_on"} and value}
    steps = {"step_1_by": "adviser", "step_2_by": "client", "step_3_by": "adviser"}
    return plain | parts | steps | {"do": "log"} | changes


def about(session, topic):
    """A listing that bears a topic."""
    term = factories.term(session, factories.taxonomy(session, slug="need"), code=topic)
    made = factories.service(session, name="Rent Help")
    factories.attribute(session, made, term)
    return made.id


@pytest.fixture
def wrong(session, desk, client_id):
    """A contact with a date and a step, in a case."""
    made = a_contact(
        session,
        desk.actor,
        person_id=client_id,
        opens_case=True,
        advice=f"Wrong {MARK}",
        issues=("debt/rent", "housing/eviction"),
        emergencies=frozenset({Emergency.NO_FOOD}),
        dates=(ToldDate(kind=DateKind.COURT, on=clock.today()),),
        steps=(ToldStep(words="Write"),),
        minutes=25,
        seconds=40,
    ).id
    session.commit()
    return made


def form_of(session, desk, wrong):
    values = as_told(contact_of(session, desk.actor, wrong))
    session.expunge_all()
    session.rollback()
    return values


def test_both_are_kept_and_one_counts(session, desk, wrong):
    page = desk.client.get(f"/desk/advice/log?corrects={wrong}").text
    assert all(text in page for text in (f"Wrong {MARK}", f'name="corrects" value="{wrong}"', "Save the correction"))
    told = sent(form_of(session, desk, wrong), corrects=str(wrong), advice="Right now", minutes="30", other_minutes="")
    answer = desk.client.post("/desk/advice/log", data=told)
    assert answer.status_code == 303
    old, new = (
        session.get_one(AdviceContact, wrong),
        session.scalars(select(AdviceContact).where(AdviceContact.id != wrong)).one(),
    )
    assert (old.advice, old.minutes, old.replaced_at is None) == (f"Wrong {MARK}", 25, False)
    assert (new.advice, new.minutes, new.replaces_id, new.seconds_to_log) == ("Right now", 30, wrong, 40)
    assert (new.case_id, new.adviser_id, new.emergencies) == (old.case_id, old.adviser_id, old.emergencies)
    assert session.scalars(select(KeyDate.contact_id)).one() == new.id
    assert session.scalars(select(NextStep.contact_id)).one() == new.id
    case_id, new_id = new.case_id, new.id
    session.expunge_all()
    session.rollback()
    assert "1 contact<" in desk.client.get("/desk/advice/contacts").text
    for path in (f"/desk/advice/cases/{case_id}", "/desk/advice/contacts"):
        assert MARK not in desk.client.get(path).text
    before = desk.client.get(f"/desk/advice/contacts/{wrong}").text
    assert all(text in before for text in ("This contact was corrected", MARK, f"/desk/advice/contacts/{new_id}"))
    assert "Correct it" not in before
    assert f"/desk/advice/contacts/{wrong}" in desk.client.get(f"/desk/advice/contacts/{new_id}").text
    export = desk.client.post("/desk/advice/contacts/export").text
    assert len(export.splitlines()) == 2


def test_it_is_corrected_once(session, desk, wrong):
    told = sent(form_of(session, desk, wrong), corrects=str(wrong))
    assert desk.client.post("/desk/advice/log", data=told).status_code == 303
    again = desk.client.post("/desk/advice/log", data=told | {"advice": f"half a {MARK}"})
    assert again.status_code == 303
    page = desk.client.get(again.headers["Location"]).text
    assert "This contact was corrected meanwhile" in page
    assert f"half a {MARK}" in page


def test_the_right_person_in_the_end(session, desk, client_id):
    wrong = a_contact(session, desk.actor, person_id=client_id, advice=MARK)
    right = a_person(session, desk.actor, "Sam Carrow")
    told = ToldContact(client_kind=ClientKind.NAMED, person_id=right.id, channel=Channel.PHONE, level=wrong.level,
                       minutes=5, happened_on=clock.today(), issues=("debt",), advice="Now right")  # fmt: skip
    correct_contact(session, desk.actor, wrong, told)
    session.commit()
    assert MARK not in desk.client.get(f"/desk/people/{client_id}").text
    from app.advice.reactions import erase

    erase(session, desk.actor, right.id)
    session.refresh(wrong)
    assert wrong.advice == ""
    in_case = a_contact(session, desk.actor, person_id=client_id, opens_case=True)
    with pytest.raises(InvalidInput):
        correct_contact(session, desk.actor, in_case, ToldContact(**_told(told), case_id=in_case.case_id))


def _told(told):
    return {name: getattr(told, name) for name in ("client_kind", "person_id", "channel", "level", "minutes",
                                                   "happened_on", "issues")}  # fmt: skip


def test_also_in_a_case_that_is_closed(session, desk, client_id):
    made = a_contact(session, desk.actor, person_id=client_id, opens_case=True)
    case = session.get_one(AdviceCase, made.case_id)
    close_case(session, desk.actor, case, Closure.WITHDREW, "")
    told = ToldContact(client_kind=ClientKind.NAMED, person_id=client_id, channel=Channel.EMAIL, level=made.level,
                       minutes=5, happened_on=clock.today(), issues=("debt",), case_id=case.id)  # fmt: skip
    right = correct_contact(session, desk.actor, made, told)
    assert right.case_id == case.id
    with pytest.raises(Refused):
        a_contact(session, desk.actor, person_id=client_id, case_id=case.id)


def test_a_draft_of_a_correction_stays_one(session, desk, wrong):
    told = sent(form_of(session, desk, wrong), corrects=str(wrong), do="autosave")
    kept = desk.client.post("/desk/advice/log", data=told).get_json()["draft"]
    assert f'name="corrects" value="{wrong}"' in desk.client.get(f"/desk/advice/drafts/{kept}").text


def test_nobody_elses(session, desk, elsewhere, wrong):
    told = sent(form_of(session, desk, wrong), corrects=str(wrong))
    assert elsewhere.client.get(f"/desk/advice/log?corrects={wrong}").status_code == 404
    assert elsewhere.client.post("/desk/advice/log", data=told | {"client_kind": "anonymous"}).status_code == 404
    assert session.get_one(AdviceContact, wrong).replaced_at is None


def test_a_missed_call_that_was_no_call_waits_no_more(session, desk):
    made = a_contact(session, desk.actor, result=Result.NO_ANSWER, call_back_on=clock.today())
    session.commit()
    assert "Log the call" in desk.client.get("/desk/advice").text
    told = ToldContact(client_kind=ClientKind.ANONYMOUS, channel=Channel.PHONE, level=made.level, minutes=5,
                       happened_on=clock.today(), issues=("debt",))  # fmt: skip
    correct_contact(session, desk.actor, made, told)
    session.commit()
    assert "Log the call" not in desk.client.get("/desk/advice").text


def test_signposting_and_referring_from_the_log(session, desk, client_id):
    service = about(session, "rent-arrears")
    session.commit()
    call = {"client_kind": "named", "name": "a", "person": str(client_id), "minutes": "20", "issues": "debt/rent",
            "channel": "phone", "level": "advice", "result": "reached", "direction": "in", "place": "office",
            "language": "en", "format": "verbal", "step_1_by": "adviser", "step_2_by": "client",
            "step_3_by": "adviser"}  # fmt: skip
    looked = desk.client.post("/desk/advice/log", data=call | {"do": "look"}).text
    assert f'value="{service}"' in looked
    answer = desk.client.post("/desk/advice/log", data=call | {"do": "log", "services": [str(service), "rubbish"]})
    page = desk.client.get(answer.headers["Location"]).text
    signpost = f"/desk/signposts/new?service={service}&amp;person={client_id}"
    assert signpost in page
    assert f"/desk/referrals/new?service={service}&amp;person={client_id}" in page
    given = desk.client.get(signpost.replace("&amp;", "&")).text
    assert re.search(rf'value="{client_id}" checked', given)
    assert "Rowan Ashby" in given


def test_a_signpost_for_somebody_elses_client_is_none(session, desk, elsewhere):
    stranger, service = a_person(session, elsewhere.actor, "Stranger").id, about(session, "rent-arrears")
    session.commit()
    assert desk.client.get(f"/desk/signposts/new?service={service}&person={stranger}").status_code == 404


def test_contacts_with_a_client_bring_reviews_nearer(session, desk, client_id):
    first = a_contact(session, desk.actor, person_id=client_id, happened_on=clock.today() - timedelta(days=1))
    a_contact(session, desk.actor, person_id=client_id, result=Result.NO_ANSWER)
    a_contact(session, desk.actor)
    assert [(row.because_id, row.person_id) for row in session.scalars(select(AttendedContact))] == [
        (first.id, client_id)
    ]
