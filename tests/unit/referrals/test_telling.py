"""What it is called elsewhere, what follows a missed appointment, the loop, the aid, the text for the GP."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.referrals.codes import NATIONAL_SOURCES, Attendance, BserStatus, Nation, Source, Status, TaskStatus
from app.referrals.rules.aid import Tick, Way, suggest
from app.referrals.rules.attendance import Step, ladder, tally, try_by
from app.referrals.rules.gp_record import (
    DECLINED,
    KNOWN_CODES,
    OFFERED,
    REFERRAL,
    Consultation,
    Interaction,
    consultation_text,
    may_be_given,
    record_code,
)
from app.referrals.rules.loop import (
    EndState,
    LoopState,
    Recipient,
    Telling,
    end_state,
    loop_closed_at,
    loop_state,
    recipients,
)
from app.referrals.rules.standards import APPOINTMENT_STATUS, bser_status, task_status

ENDED_AT = datetime(2026, 5, 6, 12, tzinfo=UTC)
LATER = ENDED_AT + timedelta(hours=3)


def test_task_status_of_every_state() -> None:
    told = """draft draft sent requested info_requested requested rejected rejected redirected rejected
        accepted accepted waiting accepted active in-progress paused on-hold completed completed withdrawn cancelled
        error entered-in-error""".split()
    expected = dict(zip(told[::2], told[1::2], strict=True))
    for state in set(Status) - {Status.ENDED_EARLY}:
        assert {task_status(state, work_began=began).value for began in (True, False)} == {expected[state]}
    assert task_status(Status.ENDED_EARLY, work_began=True) is TaskStatus.FAILED
    assert task_status(Status.ENDED_EARLY, work_began=False) is TaskStatus.CANCELLED


def test_waiting_never_goes_out_as_on_hold() -> None:
    on_hold = {s for s in Status for began in (True, False) if task_status(s, work_began=began) is TaskStatus.ON_HOLD}
    assert on_hold == {Status.PAUSED}


def test_bser_status() -> None:
    assert bser_status(Status.DRAFT) is bser_status(Status.ERROR) is None
    assert bser_status(Status.WAITING) is BserStatus.ACCEPTED
    assert bser_status(Status.REDIRECTED) is BserStatus.DECLINED
    assert bser_status(Status.ENDED_EARLY) is bser_status(Status.WITHDRAWN) is BserStatus.CANCELLED
    assert bser_status(Status.ACTIVE, Attendance.DID_NOT_ATTEND) is BserStatus.EVENT_UNATTENDED
    assert bser_status(Status.PAUSED, Attendance.FUTURE) is BserStatus.EVENT_SCHEDULED


def test_appointments() -> None:
    words = {code.value: APPOINTMENT_STATUS[code] for code in Attendance}
    expected = "fulfilled fulfilled noshow cancelled noshow cancelled booked".split()
    assert words == {**dict(zip("5672340", expected, strict=True)), "9": None}


@pytest.mark.parametrize(
    ("codes", "count", "last"),
    [
        ("", 0, None),
        ("5", 0, None),
        ("3", 1, Step.REBOOK),
        ("7", 1, Step.REBOOK),
        ("35", 0, None),
        ("33", 2, Step.TELL_REFERRER_AND_GP),
        ("343", 2, Step.TELL_REFERRER_AND_GP),  # what the service cancelled neither counts nor breaks the row
        ("3637", 2, Step.TELL_REFERRER_AND_GP),
        ("3273", 3, Step.DECIDE),
        ("33330", 4, Step.DECIDE),
        ("4444", 0, None),
    ],
)
def test_the_ladder(codes: str, count: int, last: Step | None) -> None:
    found = ladder([Attendance(code) for code in codes])
    assert found.in_a_row == count
    assert (found.steps[-1] if found.steps else None) is last
    if count:
        assert found.steps[0] is Step.TRY_SAFE_CHANNEL


@given(st.lists(st.sampled_from(list(Attendance)), max_size=30))
def test_no_row_of_absences_ends_a_referral(attendances: list[Attendance]) -> None:
    steps = ladder(attendances).steps
    assert len(steps) in {0, 3, 5, 6}
    assert not any(word in step for step in Step for word in ("discharge", "end", "close"))


def test_the_person_is_tried_the_same_or_the_next_working_day() -> None:
    assert try_by(date(2026, 4, 2), Nation.ENGLAND_AND_WALES) == date(2026, 4, 7)
    assert try_by(date(2026, 4, 2), Nation.SCOTLAND) == date(2026, 4, 6)


def test_both_sides_of_absence() -> None:
    found = tally(Attendance(code) for code in "5637244490")
    assert (found.seen, found.missed, found.cancelled_by_person, found.cancelled_by_provider) == (2, 2, 1, 3)


BOTH = frozenset({Recipient.REFERRER, Recipient.GP})
TO_REFERRER = Telling(Recipient.REFERRER, issued_at=ENDED_AT)


@pytest.mark.parametrize(
    ("tellings", "closed_at"),
    [
        ([], None),
        ([TO_REFERRER], None),
        ([TO_REFERRER, Telling(Recipient.GP, issued_at=LATER)], LATER),
        ([TO_REFERRER, Telling(Recipient.GP, issued_at=LATER, bounced=True)], None),
        ([TO_REFERRER, Telling(Recipient.GP, forbidden_noted_at=LATER)], LATER),
        ([TO_REFERRER, Telling(Recipient.GP)], None),  # forbidden or not, somebody has to say so
        ([TO_REFERRER, Telling(Recipient.GP, issued_at=ENDED_AT - timedelta(days=1))], None),
        (
            [TO_REFERRER, Telling(Recipient.GP, issued_at=LATER, bounced=True), Telling(Recipient.GP, issued_at=LATER)],
            LATER,
        ),
    ],
)
def test_the_loop(tellings: list[Telling], closed_at: datetime | None) -> None:
    assert loop_closed_at(ENDED_AT, BOTH, tellings) == closed_at
    assert loop_state(ENDED_AT, BOTH, tellings) is (LoopState.CLOSED if closed_at else LoopState.OPEN)
    assert loop_state(None, BOTH, tellings) is LoopState.NOT_ENDED


def test_with_nobody_to_tell_it_is_not_closed() -> None:
    assert loop_closed_at(ENDED_AT, frozenset(), []) is None


def test_a_self_referral_is_answered_to_the_person() -> None:
    assert recipients(self_referral=True, has_gp=False) == {Recipient.PERSON}
    assert recipients(self_referral=False, has_gp=True) == BOTH


@pytest.mark.parametrize(
    ("concluded", "asked", "report", "end"),
    [
        (False, True, True, EndState.OPEN),
        (True, False, False, EndState.COMPLETED),
        (True, True, False, EndState.CANCELLED),
        (True, True, True, EndState.ENDED),
    ],
)
def test_end_state(concluded: bool, asked: bool, report: bool, end: EndState) -> None:
    assert end_state(concluded=concluded, end_asked=asked, end_report=report) is end


@given(st.sets(st.sampled_from(list(Tick))))
def test_the_aid(ticks: set[Tick]) -> None:
    found = suggest(ticks)
    assert found.way is (Way.REFER if ticks else Way.SIGNPOST)
    assert set(found.because) == ticks


def test_only_verified_codes_are_given() -> None:
    assert not may_be_given(OFFERED)
    assert len({code.code for code in KNOWN_CODES}) == len(KNOWN_CODES)
    for interaction in Interaction:
        for before in (True, False):
            code = record_code(interaction, already_given=before)
            assert code is None or may_be_given(code)
    assert record_code(Interaction.REFERRED, already_given=False) is REFERRAL
    assert record_code(Interaction.REFERRED, already_given=True) is None
    assert record_code(Interaction.ONGOING, already_given=False) is None
    assert record_code(Interaction.DECLINED, already_given=True) is DECLINED


def test_the_text_for_the_record() -> None:
    given_help = Consultation(
        on=date(2026, 5, 6),
        by="A Receptionist",
        interaction=Interaction.REFERRED,
        services=["Harbour Debt Advice", "Quay\nGarden"],
        need="Debt",
    )
    assert consultation_text(given_help) == (
        "Referred on 06/05/2026 by A Receptionist.\n"
        "Need: Debt\n"
        "To: Harbour Debt Advice; Quay Garden\n"
        "SNOMED CT: 871731000000106 Referral to social prescribing service"
    )


@pytest.mark.parametrize("interaction", [Interaction.SIGNPOSTED, Interaction.OFFERED, Interaction.ONGOING])
def test_without_a_verified_code_the_text_has_none(interaction: Interaction) -> None:
    text = consultation_text(Consultation(on=date(2026, 5, 6), by="A", interaction=interaction, services=["Quay"]))
    assert "SNOMED" not in text
    assert OFFERED.code not in text


def test_sources() -> None:
    assert set(NATIONAL_SOURCES) == set(Source)
    assert NATIONAL_SOURCES[Source.ASSERTIVE_OUTREACH_TEAM] == "J1"
    assert NATIONAL_SOURCES[Source.NURSING_HOME] == "M5"
    assert NATIONAL_SOURCES[Source.HOUSING_PROVIDER] is None
