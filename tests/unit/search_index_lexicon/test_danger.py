import pytest

from search_index.lexicon import KINDS, danger
from tests.unit.search_index_lexicon.danger_cases import HARMLESS, SPOKEN, spread
from tests.work import LONGEST_SECONDS, busy_seconds, calls

CASES = [(kind, text) for kind, texts in SPOKEN.items() for text in spread(texts)]


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 150
    assert len(spread(HARMLESS)) >= 80


@pytest.mark.parametrize(("kind", "text"), CASES)
def test_danger_is_heard(kind: str, text: str) -> None:
    assert kind in danger(text)


@pytest.mark.parametrize("text", spread(HARMLESS))
def test_what_only_sounds_like_danger_is_let_pass(text: str) -> None:
    assert danger(text) == frozenset()


@pytest.mark.parametrize("text", ["My husband HITS me.", "my   husband\nhits,me", "please help — my husband hits me!!"])
def test_case_space_and_stops_make_no_difference(text: str) -> None:
    assert "abuse" in danger(text)


@pytest.mark.parametrize("apostrophe", ["'", "\u2019", "`", ""])
def test_apostrophes_make_no_difference(apostrophe: str) -> None:
    assert "suicide" in danger(f"i don{apostrophe}t want to be here")


def test_danger_is_heard_inside_a_long_text() -> None:
    assert "suicide" in danger(
        "my landlord is selling up and i owe money and " + "i feel so low " * 4 + "i want to die"
    )


def test_only_known_kinds() -> None:
    assert set().union(*(danger(text) for _, text in CASES)) == set(KINDS)


@pytest.mark.parametrize("text", ["he hits " * 5000, "want to " * 5000, "@" * 50_000, "\x00\ud800 die", "i" * 50_000])
def test_hostile_text_takes_no_time(text: str) -> None:
    danger(text)
    assert busy_seconds(lambda: danger(text)) < LONGEST_SECONDS


def test_an_ordinary_text_takes_no_time() -> None:
    texts = spread(HARMLESS) + [text for _, text in CASES]
    assert calls(lambda: [danger(text) for text in texts]) / len(texts) < 150  # measured: 66


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("dwi eisiau marw", "suicide"),
        ("Hunanladdiad", "suicide"),
        ("lladd fy hun", "suicide"),
        ("hunan-niweidio", "self-harm"),
        ("mae fy ngŵr yn fy ngham-drin", "abuse"),
    ],
)
def test_the_plainest_welsh_words_are_known(text: str, kind: str) -> None:
    assert danger(text) == {kind}
    assert danger("dwi eisiau bwyd") == frozenset()
