"""Which passwords are taken."""

from __future__ import annotations

import time

import pytest
from argon2 import Type, extract_parameters

from app.accounts.password_rules import Problem, problem_with
from tests.conftest import HASHER_AS_SHIPPED

ABOUT = ("Priya Nair", "priya.nair@harbour.example", "Harbour Street Surgery")


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short pass", Problem.SHORT),
        ("elevenchars", Problem.SHORT),
        ("x" * 129, Problem.LONG),
        ("passwordpassword", Problem.ABOUT_YOU),
        ("qwertyuiop123", Problem.COMMON),
        ("aaaaaaaaaaaaaaaa", Problem.GUESSABLE),
        ("harbour street surgery", Problem.ABOUT_YOU),
        ("Priya.Nair.2026", Problem.ABOUT_YOU),
        ("waymark-waymark-1", Problem.ABOUT_YOU),
        ("1234567890123456", Problem.GUESSABLE),
        ("wexmoor lantern bridge", None),
        ("correct horse battery", None),
        ("plötzlich blauer Regen", None),
        ("tr0mbone kettle marsh", None),
    ],
)
def test_a_password_is_taken_or_not(password, problem):
    assert problem_with(password, ABOUT) is problem


def test_common_ones_are_refused_however_they_are_written():
    assert problem_with("ILoveYou1234", ()) is not None


@pytest.mark.parametrize("password", ["ab" * 64, "a b " * 32, "password" * 16, "\U0001f600" * 128, "1" * 128])
def test_a_long_one_is_scored_quickly(password):
    before = time.process_time()
    problem_with(password, ABOUT)
    assert time.process_time() - before < 1


def test_what_is_kept_of_one_takes_long_to_guess():
    kept = extract_parameters(HASHER_AS_SHIPPED.hash("correct horse battery"))
    assert kept.type is Type.ID
    assert (kept.time_cost, kept.memory_cost, kept.parallelism) >= (2, 19 * 1024, 1)
