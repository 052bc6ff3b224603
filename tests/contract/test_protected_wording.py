"""No words of a questionnaire that belong to others enter the repository."""

from __future__ import annotations

from app.outcomes.measures import Verdict, measures, shipped_text
from tests.contract.protected_wording import (
    Known,
    common_runs,
    fingerprint,
    fingerprints,
    found_in,
    of_wording,
    start_of,
    tracked_texts,
)


def test_no_tracked_file_holds_protected_wording() -> None:
    known = fingerprints()
    found = {name: sorted(measures) for name, text in tracked_texts() if (measures := found_in(text, known))}
    assert found == {}


def test_every_measure_without_words_is_watched() -> None:
    watched = {name.split("-")[0] for name in fingerprints().runs.values()}
    withheld = {each.id for each in measures().values() if each.licence.verdict is Verdict.SCORING}
    # The short scale is part of the long one.
    assert {name.split("-")[0] for name in withheld} - {"swemwbs"} <= watched


def test_only_what_the_licence_allows_has_words() -> None:
    for reference, measure in measures().items():
        assert (shipped_text(reference) is not None) is (measure.licence.verdict is Verdict.TEXT), reference


def test_words_are_found_however_they_are_laid_out() -> None:
    known = made_of("purple otters dont sing opera", "my otter sings well")
    assert found_in('{"q1": "Purple Otters don’t\n   sing OPERA!"}', known) == {"otters"}
    assert found_in("<p>My <b>otter</b> sings</p> well.", known) == {"otters"}
    assert found_in("Purple otters sing opera", known) == set()


def test_what_is_common_gets_no_fingerprint() -> None:
    common = common_runs(["Otters: red otters blue otters green ones."])
    lines = list(of_wording(["otters\tred otters blue otters green mugs"], common))
    assert [line.split()[2] for line in lines] == [fingerprint("otters blue otters green mugs")]


def made_of(*runs: str) -> Known:
    return Known(
        {fingerprint(run): "otters" for run in runs}, frozenset(start_of(" ".join(run.split()[:2])) for run in runs)
    )
