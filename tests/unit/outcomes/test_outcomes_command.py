"""`waymark outcomes …` as somebody types it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.outcomes.cli import outcomes_group


def run(*arguments: str, given: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(outcomes_group, list(arguments), input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def score(measure: str, answers: Any) -> dict[str, Any]:
    result = run("score", measure, "--answers", json.dumps(answers), "--json")
    return {**json.loads(result.stdout), "exit": result.exit_code}


def test_a_form_is_scored() -> None:
    assert score("PHQ-9", [1, 2, 1, 2, 1, 1, 1, 1, 0]) == {
        "status": "complete",
        "total": 10,
        "band": "moderate",
        "caseness": True,
        "flags": [],
        "n_missing": 0,
        "estimated": False,
        "rule": "phq-9/1 total: sum of 9 items",
        "exit": 0,
    }


def test_decimals_come_out_exactly() -> None:
    assert score("swemwbs", [4, 4, 4, 4, 4, 4, 5])["total"] == 26.02
    assert score("swemwbs", [1] * 7)["total"] == 7
    assert score("dialog", [1, 1, 1, 1, 1, 1, 1, 2, 7, 7, 6])["scores"]["treatment"]["value"] == 6.67


def test_an_answer_outside_its_codes_is_refused() -> None:
    found = score("gad-7", [0, 0, 4, 0, 0, 0, 0])
    assert (found["status"], found["total"], found["exit"]) == ("invalid", None, 2)
    assert found["problems"] == ["The answer to 3 is 4; it must be 0, 1, 2 or 3."]


def test_unanswered_is_incomplete_and_no_failure() -> None:
    found = score("phq-9", [0] * 8 + [None])
    assert (found["status"], found["total"], found["n_missing"], found["exit"]) == ("incomplete", None, 1, 0)
    assert found["flags"] == [{"item": "9", "state": "unknown", "level": "look"}]


def test_what_is_unconfirmed_is_said() -> None:
    assert "items.6" in score("reqol-10", [2] * 10)["unconfirmed"]
    assert "unconfirmed" not in score("phq-9", [2] * 9)


def test_lines_in_lines_out() -> None:
    lines = ["[0,0,0,0,0,0,0,0,0]", "", "rubbish", "[1,1,1,1,1,1,1,1,null]", "[3,3,3,3,3,3,3,3,3]"]
    result = run("score", "phq-9", "--answers", "-", "--json", given="\n".join(lines))
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["status"] for each in found] == ["complete", "invalid", "invalid", "incomplete", "complete"]
    assert [each["total"] for each in found] == [0, None, None, None, 27]
    assert result.exit_code == 2
    assert run("score", "phq-9", "--answers", "-", given="[0,0,0,0,0,0,0,0,0]\n").exit_code == 0
    assert run("score", "phq-9", "--answers", "-", "--json", given="").stdout == ""


def test_a_file_of_another_system_is_read_as_it_is() -> None:
    """With the mark that some editors put first, and their ends of line."""
    result = run(
        "score", "gad-7", "--answers", "-", "--json", given=b"\xef\xbb\xbf[0,0,0,0,0,0,0]\r\n[1,1,1,1,1,1,1]\r\n"
    )
    assert ([json.loads(line)["total"] for line in result.stdout.splitlines()], result.exit_code) == ([0, 7], 0)


@pytest.mark.parametrize("typed", ["1_0", "٣", "1e1", "0x9", "nan", "inf", "", "5 6", "true", '"5"', "+5"])
def test_what_is_no_plain_number_is_no_score(typed: str) -> None:
    result = run("change", "phq-9", "--first", typed, "--last", "9")
    assert (result.exit_code, "must be a score or a JSON list of answers" in result.output) == (2, True)


def test_problems_are_said_in_words() -> None:
    assert score("gad-7", [[0], 0, 0, 0, 0, 0, {}])["problems"] == [
        "The answer to 1 is a list; it must be 0, 1, 2 or 3.",
        "The answer to 7 is an object; it must be 0, 1, 2 or 3.",
    ]
    assert score("gad-7", [0])["problems"] == ["GAD-7 has 7 items; 1 answer was given."]


def test_rubbish_on_input_gives_a_line_each() -> None:
    rubbish = [
        b"\xff\xfe",
        b"[" * 300_000,
        b"[1,2",
        b"\x00",
        b'{"a": 1}',
        b"[" + b"9" * 5000 + b"]",
        b"x" * 65_536,
        b"\r",
    ]
    given = b"\n".join([*rubbish, b"[1,1,1,1,1,1,1]\r\n"])
    result = run("score", "gad-7", "--answers", "-", "--json", given=given)
    statuses = [json.loads(line)["status"] for line in result.stdout.splitlines()]
    assert statuses == ["invalid"] * len(rubbish) + ["complete"]


def test_ten_thousand_lines_take_seconds() -> None:
    begun = time.process_time()
    result = run("score", "core-10", "--answers", "-", "--json", given="[0,1,2,3,4,0,1,2,3,null]\n" * 10_000)
    assert len(result.stdout.splitlines()) == 10_000
    assert time.process_time() - begun < 10


def test_in_words() -> None:
    assert run("score", "phq-9", "--answers", "[1,1,1,1,1,1,1,1,1]").stdout == (
        "complete; total 9; band mild; ! item 9: raised; [phq-9/1 total: sum of 9 items]\n"
    )
    assert "satisfied 4 low" in run("score", "ons4", "--answers", "[4,4,4,4]").stdout


def test_change() -> None:
    result = run("change", "phq-9", "--first", "15", "--last", "9", "--json")
    found = json.loads(result.stdout)
    assert (found["change"], found["reliable"], found["direction"]) == (-6, True, "better")
    assert found["rule"].startswith("phq-9/1 reliable-6: a change of 6 or more")
    assert list(found) == ["change", "reliable", "direction", "rule"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["swemwbs", "--first", "19.25", "--last", "22.12"], (2.87, False, "better")),
        (["swemwbs", "--first", "19.25", "--last", "22.12", "--rule", "sem-2.77"], (2.87, True, "better")),
        (["ons4", "--first", "[1,1,1,9]", "--last", "[1,1,1,6]", "--score", "anxious"], (-3, None, "better")),
        (["goals", "--first", "2", "--last", "5", "--score", "goal-2"], (3, True, "better")),
        (["gad-7", "--first", " 7 ", "--last", "[1,1,1,1,1,1,1]"], (0, False, "same")),
        (["core-10", "--first", "17.78", "--last", "22.78"], (5, True, "worse")),
    ],
)
def test_changes_of_each_kind(arguments: list[str], expected: tuple[Any, ...]) -> None:
    found = json.loads(run("change", *arguments, "--json").stdout)
    assert (found["change"], found["reliable"], found["direction"]) == expected


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "phq-99", "--answers", "[]"],
        ["score", "recovery-star", "--answers", "[]"],
        ["score", "phq-9"],
        ["change", "phq-9", "--first", "28", "--last", "3"],
        ["change", "phq-9", "--first", "NaN", "--last", "3"],
        ["change", "phq-9", "--first", "1e999999999", "--last", "3"],
        ["change", "phq-9", "--first", "ten", "--last", "3"],
        ["change", "phq-9", "--first", "[1]", "--last", "3"],
        ["change", "phq-9", "--first", "[1,1,1,1,1,1,1,1,null]", "--last", "3"],
        ["change", "phq-9", "--first", "3", "--last", "3", "--rule", "mine"],
        ["change", "phq-9", "--first", "3", "--last", "3", "--score", "mine"],
        ["change", "ons4", "--first", "3", "--last", "3"],
        ["change", "gaf", "--first", "3", "--last", "3"],
        ["due", "--anchor", "2026-02-30", "--plan", "job-kept"],
        ["due", "--anchor", "20260228", "--plan", "job-kept"],
        ["due", "--anchor", "9999-12-31", "--plan", "job-kept"],
        ["due", "--anchor", "0001-01-01", "--plan", "after-close"],
        ["due", "--anchor", "2026-02-28", "--plan", "for-ever"],
        ["questionnaire", "phq-9", "--answers", "[0,0,0,0,0,0,0,0,0]"],
        ["questionnaire", "phq-9", "--answers", "[9,0,0,0,0,0,0,0,0]", "--answered-on", "2026-01-01"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2_and_said(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr
    assert result.stdout == ""


def test_due() -> None:
    found = json.loads(run("due", "--anchor", "2026-01-31", "--plan", "after-close", "--json").stdout)
    assert [each["due"] for each in found] == ["2026-01-31", "2026-01-31", "2026-04-30", "2026-07-31", "2026-10-31"]
    assert [each["message"] for each in found] == [1, 1, 2, 3, 4]
    assert found[2] == {
        "occasion": "after",
        "months": 3,
        "due": "2026-04-30",
        "opens": "2026-04-23",
        "closes": "2026-05-28",
        "or_contact": None,
        "invite_at": "2026-04-30T09:00:00+01:00",
        "remind_at": ["2026-05-04T09:00:00+01:00", "2026-05-08T09:00:00+01:00"],
        "call_on": "2026-05-14",
        "message": 2,
    }
    assert len(run("due", "--anchor", "2026-01-31", "--plan", "support").stdout.splitlines()) == 6


def test_lists_of_measures_and_plans() -> None:
    rows = {row["id"]: row for row in json.loads(run("measures", "--json").stdout)}
    assert rows["core-10"]["change_rules"] == ["mhsds-5", "barkham-6"]
    assert rows["wemwbs"]["unconfirmed"]
    assert len(run("measures").stdout.splitlines()) == len(rows)
    assert [row["id"] for row in json.loads(run("plans", "--json").stdout)] == [
        "after-close",
        "course-completed",
        "group-attended",
        "job-kept",
        "once",
        "support",
    ]
    assert "job-kept" in run("plans").stdout
    # A line may be broken at a space or a hyphen.
    told = "".join(run("due", "--help").stdout.split())
    assert "after-close,course-completed,group-attended,job-kept,once,support" in told


@pytest.mark.parametrize("command", ["", "score", "change", "due", "measures", "plans", "questionnaire"])
def test_help_everywhere(command: str) -> None:
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


def test_questionnaire_of_words_that_are_ours_to_give(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_BASE_URL", "https://help.example.org")
    monkeypatch.setenv("WAYMARK_SECRET_KEY", "x" * 40)
    found = json.loads(run("questionnaire", "phq-9").stdout)
    assert found["url"] == "https://help.example.org/fhir/Questionnaire/phq-9-1"
    arguments = ["questionnaire", "gad-7", "--answers", "[0,0,0,0,0,0,null]", "--answered-on", "2026-01-31"]
    assert json.loads(run(*arguments).stdout)["status"] == "in-progress"
