"""The figures of advice: each counted as its definition says, nobody counted who said no, only one's organisation."""

from __future__ import annotations

import csv
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import func, select, update

from app.accounts.codes import Role
from app.advice.codes import (
    Achieved,
    Channel,
    ClientKind,
    Closure,
    Frequency,
    MoneyKind,
    MoneyStatus,
    Result,
    ResultKind,
)
from app.advice.models import AdviceContact, AdviceResult
from app.advice.operations.appointments import book, cancel, tie_contact
from app.advice.operations.cases import close_case, open_case
from app.advice.operations.outcomes import ToldMoney, add_money, set_result
from app.advice.queries.appointments import appointment
from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.booking.operations.appointments import Client
from app.core import clock
from app.people.codes import Ethnicity, PermissionKind, PermissionMethod, Sex
from app.people.models import EqualityAnswers
from app.people.operations import Answer, answer_permission
from app.people.operations.equality import answer_equality
from app.reporting import advice
from app.reporting.queries import advice as counts
from app.reporting.queries import results
from app.reporting.rules.periods import Period, named
from seed.demo import last_months, staff
from seed.demo.people import actor_named
from tests.advice import a_contact, some_times
from tests.people import a_person
from tests.signing_in import a_member, a_workplace, actor_of, signed_in_client

TODAY = clock.today()
NOW = Period(TODAY - timedelta(days=30), TODAY)
NOON = datetime.combine(TODAY, time(12), clock.LONDON)
SECRET = "Zephaniah"


@pytest.fixture(autouse=True)
def one_day():
    """All of it happens on the day that these tests were read, though they may run past its midnight."""
    with clock.moved_to(NOON):
        yield


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


def actor_at(session, workplace, *roles):
    a_workplace(session, workplace)
    return actor_of(session, a_member(session, *roles, workplace=workplace))


@pytest.fixture
def adviser(session):
    return actor_at(session, "Wexmoor Advice", Role.ADVISER, Role.MANAGER)


def named_client(session, actor, number=0, **told):
    return a_person(session, actor, f"{SECRET} {chr(97 + number)}", **told)


def no_to_reports(session, actor, person):
    no = Answer(kind=PermissionKind.ANONYMOUS_REPORTING, given=False, method=PermissionMethod.VERBAL)
    answer_permission(session, actor, person, no)


def lines(table):
    return {str(line.label): line.values for line in table.lines}


def test_clients_contacts_and_what_is_left_out(session, adviser):
    one, two, no = (named_client(session, adviser, number) for number in range(3))
    for person in (one, one, two, no):
        a_contact(session, adviser, person_id=person.id)
    a_contact(session, adviser, client_kind=ClientKind.NUMBERED, client_number="Q-1")
    a_contact(session, adviser, client_kind=ClientKind.NUMBERED, client_number="q-1")
    a_contact(session, adviser)
    a_contact(session, adviser)
    a_contact(session, adviser, person_id=two.id, result=Result.NO_ANSWER)
    a_contact(session, adviser, happened_on=TODAY - timedelta(days=31))
    no_to_reports(session, adviser, no)
    found = counts.totals(session, adviser, NOW)
    assert (found.clients, found.contacts, found.attempts, found.left_out) == (5, 7, 1, 1)
    assert found.minutes == 140
    other = actor_at(session, "Other Advice", Role.MANAGER)
    assert counts.totals(session, other, NOW).contacts == 0
    tutor = actor_at(session, "Wexmoor Advice", Role.TUTOR)
    assert counts.totals(session, tutor, NOW).contacts == 0


def test_each_client_once_under_the_first(session, adviser):
    client = named_client(session, adviser, gp_ods_code="A81001", gp_name="Elm Surgery")
    day = TODAY - timedelta(days=9)
    a_contact(session, adviser, person_id=client.id, channel=Channel.VIDEO, issues=("housing", "debt/rent"))
    a_contact(session, adviser, person_id=client.id, channel=Channel.EMAIL, happened_on=day, issues=("benefits/pip",))
    a_contact(session, adviser)
    contacts = counts.counted(session, adviser, NOW)
    assert counts.by_channel(contacts) == {
        Channel.EMAIL: (1, 1), Channel.VIDEO: (1, 0), Channel.PHONE: (1, 1),
    }  # fmt: skip
    assert counts.by_main_issue(contacts) == {"benefits": (1, 1), "housing": (1, 0), "debt": (1, 1)}
    assert counts.by_any_issue(session, adviser, NOW) == {
        "benefits/pip": (1, 1), "housing": (1, 1), "debt/rent": (1, 1), "debt/council-tax": (1, 1),
    }  # fmt: skip
    assert counts.by_practice(contacts) == {("", ""): (1, 1), ("A81001", "Elm Surgery"): (2, 1)}


def test_equality_is_counted_by_client_and_unknown_is_told(session, adviser):
    one, two = named_client(session, adviser), named_client(session, adviser, 1, born_on=None)
    answer_equality(session, adviser, one, {"sex": Sex.FEMALE, "ethnicity": Ethnicity.CHINESE})
    for person in (one, one, two):
        a_contact(session, adviser, person_id=person.id)
    a_contact(session, adviser)
    contacts = counts.counted(session, adviser, NOW)
    found = counts.by_equality(session, contacts)
    assert found["sex"] == {Sex.FEMALE: 1, None: 2}
    assert found["religion"] == {None: 3}
    ages = counts.by_age(contacts, NOW)
    assert ages[None] == 2
    assert ages.total() == 3
    assert session.scalar(select(func.count()).select_from(EqualityAnswers)) == 1


def test_money_stays_apart_by_how_sure_it_is(session, adviser):
    case = open_case(session, adviser, client_number="7")
    plain = {"kind": MoneyKind.GAIN, "pence": 1000, "frequency": Frequency.WEEKLY, "starts_on": TODAY}
    for status, evidence in ((MoneyStatus.EXPECTED, ""), (MoneyStatus.EXPECTED, ""), (MoneyStatus.CONFIRMED, "x")):
        add_money(session, adviser, case, ToldMoney(**plain, status=status, evidence=evidence))
    gone = add_money(session, adviser, case, ToldMoney(**plain, status=MoneyStatus.CONFIRMED, evidence="x"))
    gone.confirmed_on = TODAY - timedelta(days=99)
    session.flush()
    assert counts.money(session, adviser, NOW) == {
        (MoneyStatus.EXPECTED, MoneyKind.GAIN): (2, 1, 104_000),
        (MoneyStatus.CONFIRMED, MoneyKind.GAIN): (1, 1, 52_000),
    }


def test_results_are_followed_up_on_a_later_day_and_confirmed_where_they_held(session, adviser):
    def ended(number, *, later=None, closed_on=TODAY - timedelta(days=9)):
        """A case that ended with a tenancy that was kept; what was noted of it on a later day."""
        case = open_case(session, adviser, client_number=str(number))
        set_result(session, adviser, case, ResultKind.TENANCY_SUSTAINED, Achieved.FULLY, theirs=False)
        close_case(session, adviser, case, Closure.COMPLETE, "")
        case.closed_on = closed_on
        if later is None:
            noted = session.scalars(select(AdviceResult).where(AdviceResult.case_id == case.id)).one()
            noted.noted_on = closed_on
        else:
            set_result(session, adviser, case, ResultKind.TENANCY_SUSTAINED, later, theirs=True)
        session.flush()
        return case

    after = [None, Achieved.FULLY, Achieved.PARTLY, Achieved.NOT]
    for number, later in enumerate(after):
        ended(number, later=later)
    ended(8, later=Achieved.FULLY, closed_on=NOW.since - timedelta(days=1))
    no = named_client(session, adviser)
    ended(9, later=Achieved.FULLY).person_id = no.id
    no_to_reports(session, adviser, no)
    session.flush()
    assert results.followed_up(session, adviser, NOW) == results.FollowedUp(4, 3, 2)
    kept = ResultKind.TENANCY_SUSTAINED
    assert results.by_result(session, adviser, NOW) == {
        (Achieved.FULLY, kept): 3, (Achieved.PARTLY, kept): 1, (Achieved.NOT, kept): 1,
    }  # fmt: skip
    other = actor_at(session, "Other Advice", Role.MANAGER)
    assert results.followed_up(session, other, NOW) == results.FollowedUp(0, 0, 0)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ((80, 60, 41), [80, 60, 41, 68]),
        ((80, 60, 57), [80, 60, None]),
        ((64, 60, 41), [64, None, None]),
        ((20, 9, 9), [20, 9, 9]),
        ((20, 3, 0), [20, None, None]),
        ((5, 5, 5), [None, None, None]),
    ],
)
def test_what_was_confirmed_is_told_with_of_how_many_and_no_small_number(found, told):
    table = advice._followed_up_table(results.FollowedUp(*found))
    assert [line.values[0] for line in table.lines] == told


def busy(session, adviser):
    """Forty clients: twelve by email, three by video, the others on the phone; the last ones women."""
    for number in range(40):
        person = a_person(session, adviser, f"{SECRET} {number}")
        channel = Channel.EMAIL if number < 12 else Channel.VIDEO if number < 15 else Channel.PHONE
        a_contact(session, adviser, person_id=person.id, channel=channel, issues=("debt/rent",))
        if number >= 15:
            answer_equality(session, adviser, person, {"sex": Sex.FEMALE})


def test_no_small_number_on_screen_or_in_the_file(app, session, adviser):
    busy(session, adviser)
    session.commit()
    report = advice.activity(session, adviser, NOW)
    tables = {table.definition.key: lines(table) for table in report.all_tables}
    session.rollback()
    assert tables["channel"] == {"Phone": (25, 25), "Email": (None, None), "Video": (None, None)}
    assert tables["sex"] == {"Female": (25,), "Not known": (15,)}
    client = signed_in_client(app, adviser.user_id)
    address = f"?since={NOW.since}&until={NOW.until}"
    page = client.get("/desk/reports/advice" + address).text
    assert all(words in page for words in ("each client under the channel", "Wexmoor Advice", "H45", "hidden"))
    answer = client.post("/desk/reports/advice/csv", data={"since": str(NOW.since), "until": str(NOW.until)})
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(answer.data.decode("utf-8-sig").splitlines()))
    assert ["Phone", "25", "25"] in rows
    assert ["Video", "*", "*"] in rows
    assert ["Clients", "40"] in rows
    for told in (page, answer.text):
        assert SECRET not in told
    exported = select(func.count()).where(AuditEntry.action == Action.EXPORTED, AuditEntry.object_type == "report")
    assert session.scalar(exported) == 1


def test_the_demo_has_enough_to_report(app, session):
    with app.app_context():
        staff.load(session)
        for _twice in range(2):
            last_months.load(session)
    manager = actor_named(session, "supervisor@wexmoor.example")
    report = advice.activity(session, manager, Period(TODAY - timedelta(days=200), TODAY))
    tables = {table.definition.key: lines(table) for table in report.all_tables}
    assert tables["activity"]["Clients"] == (60,)
    assert tables["practice"]["Harbour Street Surgery (WX0001)"] > (8,)
    assert tables["sex"]["Female"] > (8,)
    assert tables["money"]["Confirmed: More income"] > (8,)
    assert list(tables["followed-up"].values()) == [(24,), (16,), (8,), (50,)]


def test_few_clients_are_only_told_to_be_few(session, adviser):
    for _number in range(5):
        a_contact(session, adviser)
    report = advice.activity(session, adviser, NOW)
    assert report.tables == ()
    told = lines(report.headline)
    assert (told["Clients"], told["Contacts"], told["Hours of contact"]) == ((None,), (None,), (None,))


def test_appointments_are_counted_with_the_contacts_that_came_of_them(session, adviser):
    began = clock.now() - timedelta(hours=10)
    with clock.moved_to(began):
        times = some_times(session, adviser, 9, starts_at=began + timedelta(minutes=5))
        made = [book(session, adviser, time, Client(name="Sam"), key=str(time.id)) for time in times]
        cancel(session, adviser, appointment(session, adviser, made[0].id))
    for one in made[2:]:
        tie_contact(session, adviser, one, a_contact(session, adviser))
    assert counts.appointments(session, adviser, NOW) == counts.Kept(8, 7, 7)
    before = Period(NOW.since - timedelta(days=9), NOW.since - timedelta(days=8))
    assert counts.appointments(session, adviser, before) == counts.Kept(0, 0, 0)


def test_of_parts_of_signposts_no_difference_is_told():
    table = advice._signpost_table(counts.Signposted(40, 60, 30, 25, 10, 12))
    assert [line.values[0] for line in table.lines] == [40, 60, 30, None, None, 12]


@pytest.mark.parametrize("asked", ["?since=x&until=y", "?since=2026-05-02&until=2026-05-01", "?until=2026-01-01"])
def test_days_that_are_no_period(app, session, adviser, asked):
    session.commit()
    answer = signed_in_client(app, adviser.user_id).get("/desk/reports/advice" + asked)
    assert answer.status_code == 422
    assert "Enter a first and a last day" in answer.text


def test_a_commissioner_reads_sums_of_whole_periods_and_nothing_else(app, session, adviser):
    busy(session, adviser)
    over = named("last-quarter", TODAY)
    session.execute(update(AdviceContact).values(happened_on=over.since))
    other = actor_at(session, "Other Advice", Role.ADVISER)
    a_contact(session, other, happened_on=over.since)
    reader = actor_at(session, "Commissioning", Role.COMMISSIONER)
    hub = actor_at(session, "A hub without advice", Role.MANAGER)
    session.commit()
    client, place = signed_in_client(app, reader.user_id), f"place={adviser.organization_id}"
    page = client.get(f"/desk/reports/advice?{place}").text
    assert all(words in page for words in ("Wexmoor Advice", "Other Advice", ">25<"))
    assert "A hub without advice" not in page
    assert SECRET not in page
    chosen = client.get(f"/desk/reports/advice?{place}&since={over.since}&until={over.since}").text
    assert f'value="{over.since}"' not in chosen
    assert 'name="period" value="last-quarter"' in chosen
    running = client.get(f"/desk/reports/advice?{place}&period=month").text
    assert 'name="period" value="last-quarter"' in running
    assert client.get(f"/desk/reports/advice?place={hub.organization_id}").status_code == 404
    told = client.post("/desk/reports/advice/csv", data={"place": str(adviser.organization_id), "since": "2026-01-01"})
    assert "Phone,25,25" in told.text
    assert over.since.isoformat() in told.text
    assert client.get("/desk/advice").status_code == 403
    assert client.get("/desk/advice/contacts").status_code == 403
    exported = select(AuditEntry.user_id).where(AuditEntry.action == Action.EXPORTED)
    assert session.scalars(exported).all() == [reader.user_id]


def test_a_commissioner_reads_rounded_numbers_and_the_manager_exact_ones(app, session, adviser):
    """On the page and in the file; and no month, whose lines the quarter would give away."""
    busy(session, adviser)
    for number in range(2):
        a_contact(session, adviser, client_number=f"N{number}")
    over = named("last-quarter", TODAY)
    session.execute(update(AdviceContact).values(happened_on=over.since))
    reader = actor_at(session, "Commissioning", Role.COMMISSIONER)
    session.commit()
    manager, outside = (signed_in_client(app, each.user_id) for each in (adviser, reader))
    place = {"place": str(adviser.organization_id), "period": "last-quarter"}
    exact = manager.get("/desk/reports/advice?period=last-quarter").text
    told = outside.get("/desk/reports/advice", query_string=place).text
    assert ">42<" in exact
    assert "are rounded" not in exact
    assert ">42<" not in told
    assert ">40<" in told
    assert "are rounded" in told
    rows = list(csv.reader(outside.post("/desk/reports/advice/csv", data=place).text.splitlines()))
    assert ["Clients", "40"] in rows
    assert any("are rounded" in row[0] for row in rows if row)
    month = outside.get("/desk/reports/advice", query_string=place | {"period": "last-month"}).text
    assert 'name="period" value="last-quarter"' in month
    assert "Last month" not in month
    year = outside.get("/desk/reports/advice", query_string=place | {"period": "last-year"})
    assert year.status_code == 200


def test_no_other_report_and_rubbish_is_the_usual_period(app, session, adviser):
    session.commit()
    client = signed_in_client(app, adviser.user_id)
    assert client.get("/desk/reports/no-such").status_code == 404
    assert client.get("/desk/reports/advice?period=rubbish").status_code == 200
