"""From a client's words to the issues they are about, and the tree itself."""

from __future__ import annotations

import pytest

from app.advice.codes import Emergency
from app.advice.issue_finding import find_issues, signs_of_emergency
from app.advice.issue_tree import issue_tree
from app.directory.topic_model import topic_tree


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("pip turned down", "benefits/pip/appeal"),
        ("landlord wants us out", "housing/eviction"),
        ("bailiffs at the door about council tax", "debt/bailiffs"),
        ("uc sanction", "benefits/universal-credit/sanction"),
        ("sacked from work", "employment"),
        ("behind with rent", "housing/rent-arrears"),
        ("black mould in the flat", "housing/disrepair"),
        ("asylum seeker", "immigration"),
        ("credit cards", "debt/credit"),
        ("esa50 form", "benefits/esa"),
        ("betting on his phone all night", "debt/gambling"),
        ("bus pass", "transport"),
        ("looking after my mum, carers allowance", "benefits/carers"),
    ],
)
def test_plain_words_lead_to_the_issue(words, code):
    assert code in [issue.code for issue in find_issues(words)[:3]]


@pytest.mark.parametrize("words", ["", "hello there", "the and of", "\x00", "9" * 5000])
def test_words_that_say_nothing_find_nothing(words):
    assert find_issues(words) == []


def test_the_tree_is_whole():
    tree = issue_tree()
    topics = topic_tree()[0]
    assert {issue.tier for issue in tree.values()} == {1, 2, 3}
    for issue in tree.values():
        assert issue.parent == issue.code.rpartition("/")[0]
        assert not issue.parent or issue.parent in tree
        assert set(issue.topics) <= topics.keys()
    assert tree.label("debt/council-tax") == "Debt: council tax"
    assert tree.label("benefits/esa") == "Benefits: Employment and Support Allowance (ESA)"
    assert tree.label("benefits/pip/appeal") == "PIP: reconsideration and appeal"


@pytest.mark.parametrize(
    ("words", "emergency"),
    [
        ("she has no food and the kids are hungry", Emergency.NO_FOOD),
        ("The meter has run out", Emergency.NO_HEAT),
        ("nowhere to sleep tonight", Emergency.HOMELESS_TONIGHT),
        ("he hits her when he drinks", Emergency.VIOLENCE),
    ],
)
def test_signs_of_an_emergency(words, emergency):
    assert emergency in signs_of_emergency(words)
    assert signs_of_emergency("a form for a bus pass") == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (
            "he beats me, i lost my job, benefits stopped, bailiffs come, rent is behind",
            "housing/domestic-abuse",
        ),
        ("no food, rent arrears, council tax, pip turned down, sacked, visa ran out", "benefits/food-fuel"),
        ("locked out, and the bailiffs come for the council tax, credit cards and rent", "housing/homeless-now"),
        ("no power", "debt/energy-water"),
    ],
)
def test_the_issue_of_an_emergency_is_offered_however_much_else_was_said(words, code):
    found = [issue.code for issue in find_issues(words)]
    assert code in found
    assert len(found) == len(set(found)) <= 6


def test_four_emergencies_in_one_sentence_are_all_offered_and_so_is_what_else_was_said():
    words = "my partner hits me, i have no food, no heating and nowhere to sleep, and pip was turned down"
    found = [issue.code for issue in find_issues(words)]
    urgent = {"housing/domestic-abuse", "benefits/food-fuel", "debt/energy-water", "housing/homeless-now"}
    assert urgent < set(found)
    assert len(found) == 6
