"""When to look at a listing again, how far to trust it, what is missing in it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.directory.codes import CheckKind, Kind
from app.directory.curation.rules import (
    Freshness,
    confidence,
    freshness,
    may_publish_at_once,
    next_check,
    quality_gaps,
    reading_age,
)

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(Kind.COURSE, date(2027, 2, 28)), (Kind.PEER_GROUP, date(2027, 5, 30)), (Kind.SERVICE, date(2027, 11, 30))],
)
def test_a_check_holds_for_months_by_kind(kind, expected):
    assert next_check(kind, date(2026, 11, 30)) == expected


@pytest.mark.parametrize(
    ("days", "standing"),
    [(-1, "fresh"), (0, "due"), (13, "due"), (14, "second"), (28, "stale"), (119, "stale"), (120, "expired")],
)
def test_where_a_listing_stands(days, standing):
    assert freshness(TODAY - timedelta(days=days), TODAY) == Freshness(standing)


def test_a_listing_that_nobody_took_on_never_expires():
    assert freshness(None, TODAY) is Freshness.UNOWNED


def trust(checked_on, *evidence, reports=0):
    return confidence(checked_on=checked_on, evidence=evidence, open_reports=reports, today=TODAY)


def test_confidence_falls_with_age_and_with_evidence_since_the_check():
    fresh = trust(TODAY)
    assert fresh.level == "high"
    assert trust(TODAY - timedelta(days=400)).value < fresh.value
    wrong = trust(TODAY - timedelta(days=30), (CheckKind.FOUND_WRONG, TODAY - timedelta(days=2)))
    assert wrong.reasons == ("found-wrong",)
    assert wrong.value < trust(TODAY - timedelta(days=30)).value
    assert trust(None).reasons == ("unchecked",)
    assert trust(TODAY, reports=3).level != "high"


def test_a_check_wipes_out_what_was_found_before_it():
    assert trust(TODAY, (CheckKind.FOUND_WRONG, TODAY - timedelta(days=1))) == trust(TODAY)


def test_confidence_stays_between_nought_and_one():
    evidence = [(kind, TODAY) for kind in CheckKind]
    assert trust(None, *evidence, reports=9).value == 0.0


def test_only_small_safe_fields_are_published_at_once():
    assert may_publish_at_once(["alert", "wait_time"])
    assert not may_publish_at_once(["alert", "description"])
    assert not may_publish_at_once(["phones"])


def test_what_is_missing_is_named_the_worst_first():
    bare = {
        "phones": [], "email": "", "url": "", "access_routes": [], "application_process": "", "topics": [],
        "fees_description": "", "description": "Help.",
    }  # fmt: skip
    gaps = quality_gaps(bare, has_hours=False, has_costs=False, has_contact=False)
    assert gaps == ["no-contact", "no-way-in", "no-topics", "no-hours", "no-cost", "short-description"]
    assert quality_gaps(bare | {"phones": ["1"]}, has_hours=True, has_costs=True, has_contact=False)[0] == "no-way-in"


def test_long_words_in_long_sentences_are_hard_to_read():
    plain = "We help you with your rent. You can come in on any day. We will sit down with you. " * 3
    dense = "Multidisciplinary practitioners facilitate comprehensive biopsychosocial formulation alongside " * 6
    assert reading_age(plain) < 9
    assert reading_age(dense) > 18
    assert reading_age("Too short to say") == 0.0
