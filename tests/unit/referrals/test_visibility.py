"""Every cell of the matrix, against the table as it is written in the design."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from app.people.codes import SharingLevel
from app.referrals.rules.visibility import MATRIX, Condition, Field, Relation, Sight, View, Viewer, Writing, may_see

# R read, W write (and read), w write only what is their own, v write without reading, S summary, C counts, L log,
# - nothing; ? under a condition.
TABLE = """
                 person carer referrer triage worker peer manager commissioner auditor
directory        R      R     R        R      w      R    W       R            R
referral         R      R     w        R      R      -    R       -            L
status           R      R     R        W      W      R?   R       C            R
appointments     W      R     S?       W      W      R?   R       C            -
notes            R?     -     -        -      w      w?   R       -            R?
risk             R      R?    S        R      W      S    R       -            R?
contact-safety   W      -     R        R      W      R    R       -            R
money            R      -     R?       R      W      -    R       C            -
scores           R      -     S        R      W      -    R       C            -
equality         W      -     -        S      S      -    R       C            R
safeguarding     -      -     R?       W?     W?     v    R       C            R
message-back     R      R     R        -      W      -    R       C            R
who-looked       R?     -     -        -      -      -    R       -            R
"""
HEAD, *LINES = [line.split() for line in TABLE.strip().splitlines()]
WRITTEN = {(line[0], viewer): mark for line in LINES for viewer, mark in zip(HEAD, line[1:], strict=True)}
SIGHTS = {"R": "full", "W": "full", "w": "full", "S": "summary", "C": "counts", "L": "log", "-": "none", "v": "none"}
EVERYTHING = Relation(
    connected=True,
    own=True,
    agreed=True,
    risk_agreed=True,
    asked=True,
    level=SharingLevel.FULL,
    raised_it=True,
    named=True,
    break_glass=True,
)
# The carer needs the recorded agreement for anything at all.
PLAIN = Relation(connected=True, agreed=True)


def test_the_matrix_is_whole() -> None:
    assert set(MATRIX) == set(product(Field, Viewer))
    assert len(MATRIX) == 13 * 9
    assert set(WRITTEN) == set(MATRIX)


@pytest.mark.parametrize("field", Field)
def test_each_cell(field: Field) -> None:
    for viewer in Viewer:
        mark = WRITTEN[field, viewer]
        most = may_see(viewer, EVERYTHING, field)
        assert most.sight == SIGHTS[mark[0]], viewer
        assert most.may_write is (mark[0] in "Wwv"), viewer
        plain = may_see(viewer, PLAIN, field)
        assert plain == (View() if mark.endswith("?") else replace(most, may_write=mark[0] in "Wv")), viewer


@pytest.mark.parametrize("viewer", Viewer)
def test_who_has_nothing_to_do_with_it_sees_nothing(viewer: Viewer) -> None:
    stranger = replace(EVERYTHING, connected=False)
    for field in set(Field) - {Field.DIRECTORY}:
        if viewer not in {Viewer.COMMISSIONER, Viewer.AUDITOR}:
            assert may_see(viewer, stranger, field) == View()


def test_a_commissioner_never_sees_one_person() -> None:
    seen = {may_see(Viewer.COMMISSIONER, EVERYTHING, field).sight for field in set(Field) - {Field.DIRECTORY}}
    assert seen == {Sight.COUNTS, Sight.NONE}


@pytest.mark.parametrize("viewer", [Viewer.CARER, Viewer.TRIAGE, Viewer.WORKER, Viewer.PEER])
def test_access_ends_with_the_referral(viewer: Viewer) -> None:
    after = replace(EVERYTHING, open=False)
    assert all(may_see(viewer, after, field) == View() for field in set(Field) - {Field.DIRECTORY})
    assert may_see(Viewer.REFERRER, after, Field.STATUS).sight is Sight.FULL
    assert may_see(Viewer.PERSON, after, Field.MESSAGE_BACK).sight is Sight.FULL


def test_a_carer_without_agreement_sees_nothing() -> None:
    revoked = replace(EVERYTHING, agreed=False)
    assert all(may_see(Viewer.CARER, revoked, field) == View() for field in set(Field) - {Field.DIRECTORY})


@pytest.mark.parametrize("level", SharingLevel)
def test_the_level_rules_what_the_referrer_sees(level: SharingLevel) -> None:
    relation = Relation(connected=True, level=level)
    appointments = may_see(Viewer.REFERRER, relation, Field.APPOINTMENTS).sight
    assert (appointments is Sight.SUMMARY) is (level in {SharingLevel.SUMMARY, SharingLevel.FULL})
    money = may_see(Viewer.REFERRER, relation, Field.MONEY).sight
    assert (money is Sight.FULL) is (level is SharingLevel.FULL)
    assert may_see(Viewer.REFERRER, relation, Field.NOTES) == View()


def test_every_condition_is_used_and_needed() -> None:
    assert {cell.condition for cell in MATRIX.values()} == set(Condition)
    assert {cell.writing for cell in MATRIX.values()} == set(Writing)
    assert may_see(Viewer.AUDITOR, Relation(), Field.NOTES) == View()
    assert may_see(Viewer.AUDITOR, Relation(break_glass=True), Field.NOTES).sight is Sight.FULL
