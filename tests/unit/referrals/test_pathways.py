"""Pathways as data: every ready-made one is read, kept and edited without loss; faults are said; doubts are found."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from datetime import date

import pytest

from app.core.errors import InvalidInput
from app.referrals.codes import ClockKind, Source
from app.referrals.pathway_texts import TEXTS
from app.referrals.pathways import lines
from app.referrals.pathways.reading import definition_of, document_of, threshold_of
from app.referrals.rules.clocks import Threshold, Unit
from app.referrals.rules.eligibility import Applicant, Doubt, doubts
from seed.reference.pathway_templates import FOLDER

TEMPLATES = sorted(path.stem for path in FOLDER.glob("*.toml"))
TODAY = date(2026, 5, 6)


def told(slug):
    return definition_of(tomllib.loads((FOLDER / f"{slug}.toml").read_text("utf-8")))


def test_every_pathway_that_was_asked_for_is_there():
    assert set(TEMPLATES) == {
        *("single-point-of-referral", "housing", "benefits", "debt", "employment-primary-care"),
        *("employment-secondary-care", "peer-support", "befriending", "recovery-centre", "recovery-college"),
        *("rehabilitation-and-recovery", "listed-service"),
    }


@pytest.mark.parametrize("slug", TEMPLATES)
def test_nothing_is_lost_on_the_way_into_the_database_and_through_the_form(slug):
    what = told(slug)
    assert definition_of(json.loads(json.dumps(document_of(what)))) == what
    assert lines.sections_of(lines.lines_of_sections(what.sections), what.questions) == what.sections
    assert lines.eligibility_of(lines.lines_of_eligibility(what.eligibility), what.eligibility) == what.eligibility
    stages = lines.stages_of(lines.lines_of_stages(what.stages), what.stages)
    assert sorted(stages, key=lambda each: each.key) == sorted(what.stages, key=lambda each: each.key)
    for each in what.checklists:
        assert lines.items_of(lines.lines_of_items(each.items), each.items) == each.items


def test_a_clock_without_a_time_is_not_set():
    what = told("single-point-of-referral")
    assert what.threshold(ClockKind.INITIAL_CONTACT) is None
    assert what.threshold(ClockKind.FREQUENCY) is None
    assert what.threshold(ClockKind.ACKNOWLEDGE) == Threshold(2, Unit.WORKING_DAYS)
    assert told("rehabilitation-and-recovery").threshold(ClockKind.FREQUENCY) == Threshold(7, Unit.DAYS)


@pytest.mark.parametrize("wrong", ["soon", "0 days", "2 weeks", "-1 hours", "24"])
def test_a_time_that_is_none_is_refused(wrong):
    with pytest.raises(InvalidInput):
        threshold_of(wrong)


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "green"},
        {"sources": ["the-moon"]},
        {"sources": [], "self_referral": False},
        {"minimum_age": 30, "maximum_age": 20},
        {"clocks": {"lunch": "1 hours"}},
        {"sections": [{"title": "A", "questions": [{"key": "a", "label": "A"}, {"key": "a", "label": "B"}]}]},
        {"sections": [{"title": "A", "questions": [{"key": "a", "label": "A", "kind": "choice"}]}]},
        {"name": ""},
    ],
)
def test_a_faulty_pathway_is_refused(change):
    with pytest.raises(InvalidInput):
        definition_of(document_of(told("housing")) | change)


@pytest.mark.parametrize("text", ["No title first", "# A\nWhat? (choose: one)", "# A\nSame?\nSame?"])
def test_lines_that_cannot_be_read_are_refused(text):
    with pytest.raises(InvalidInput):
        lines.sections_of(text, ())


def test_what_does_not_fit_is_said_and_what_is_not_known_is_not_held_against_anybody():
    what = replace(told("housing"), areas=("WX1",), practices=("WX0001",), maximum_age=65)
    nothing = Applicant()
    assert doubts(what, source=Source.GP, applicant=nothing, answers={}, today=TODAY) == ()
    young = Applicant(born=date(2015, 1, 1), postcode="WX1 2LH")
    assert [each.doubt for each in doubts(what, source=Source.GP, applicant=young, answers={}, today=TODAY)] == [
        Doubt.TOO_YOUNG
    ]
    far = Applicant(born=date(1940, 1, 1), postcode="M1 1AA", practice="A1")
    found = doubts(what, source=Source.POLICE, applicant=far, answers={"has-tonight": "no"}, today=TODAY)
    assert [each.doubt for each in found] == [Doubt.SOURCE, Doubt.TOO_OLD, Doubt.AREA, Doubt.ANSWER]
    assert "council" in found[-1].otherwise
    by_practice = Applicant(postcode="M1 1AA", practice="wx0001")
    assert doubts(what, source=Source.GP, applicant=by_practice, answers={}, today=TODAY) == ()


def test_what_people_read_of_our_pathways_is_in_the_catalogues():
    for path in sorted(FOLDER.glob("*.toml")):
        told = definition_of(tomllib.loads(path.read_text("utf-8")))
        if not told.self_referral:
            continue
        asked = [*told.eligibility, *told.questions]
        read = {told.called(of_oneself=True), told.introduced(of_oneself=True), told.what_happens_next}
        read |= {question.asked(of_oneself=True) for question in asked}
        read |= {q.hint for q in told.questions} | {o.label for q in told.questions for o in q.options}
        assert read - {""} <= TEXTS, path.name
        # Whoever asks for themselves is spoken to, and not of.
        assert not [text for text in read if re.search(r"\b(the|a) person\b|with them\b", text)], path.name
