import random

import pytest

from search_index.lexicon import Corrector, folded_words, known_mistakes, lexicon_words
from tests.work import calls


@pytest.fixture(scope="module")
def corrector() -> Corrector:
    return Corrector(lexicon_words(), known_mistakes(), also_known={"Wexmoor", "Skelby Bridge"})


def mended(corrector: Corrector, text: str) -> str:
    correction = corrector.correct(folded_words(text))
    return correction.text if correction else text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("bailif at the door", "bailiff at the door"),
        ("deprresion", "depression"),
        ("anixety", "anxiety"),
        ("councilling", "counselling"),
        ("rnet arears", "rent arrears"),
        ("homelesness", "homelessness"),
        ("emplyoment", "employment"),
        ("gamling adiction", "gambling addiction"),
        ("volountering", "volunteering"),
        ("alchol", "alcohol"),
        ("cantpayrent", "cant pay rent"),
        ("universalcredit", "universal credit"),
        ("helpwithdebt", "help with debt"),
        ("mentalhelth", "mental health"),
        ("foodbank", "food bank"),
        ("nousing advice", "housing advice"),
    ],
)
def test_mistakes_are_mended(corrector: Corrector, written: str, meant: str) -> None:
    assert mended(corrector, written) == meant


def test_more_than_one_of_a_short_word_is_no_mistake() -> None:
    known = Corrector({"tax": 5, "takes": 9, "box": 4, "boxed": 2}, {})
    assert [mended(known, text) for text in ("taxes", "boxes", "takez")] == ["taxes", "boxes", "takes"]


def test_halves_of_a_known_word_are_joined() -> None:
    assert mended(Corrector({"befriending": 5}, {}), "befrien ding") == "befriending"


@pytest.mark.parametrize(
    "text",
    [
        "M33 2AB",
        "wexmoor",
        "skelby bridge",
        "solicitors",
        "can't pay",
        "asdf qwer",
        "xylophone",
        "the",
        "pip",
        "",
        "日本",
        "a1b2",
    ],
)
def test_what_is_known_or_not_ours_is_left_alone(corrector: Corrector, text: str) -> None:
    assert corrector.correct(folded_words(text)) is None


def test_a_known_word_is_never_changed() -> None:
    corrector = Corrector({"rent": 900, "rant": 1}, {})
    assert corrector.correct(["rant"]) is None


@pytest.mark.parametrize("word", ["dental", "chatting", "sobbing", "ramble", "begged", "taught", "reception"])
def test_an_ordinary_word_is_not_taken_for_a_slip_of_ours(corrector: Corrector, word: str) -> None:
    """Of a mental thing, cutting, robbing, a gamble, what is bugged, caught or a rejection."""
    assert corrector.correct([word]) is None


def test_a_short_word_of_any_story_is_no_mistake() -> None:
    assert mended(Corrector({"tae": 9, "beat": 9}, {}), "havent ate") == "havent ate"


def test_the_commoner_word_wins() -> None:
    assert mended(Corrector({"hoping": 3, "housing": 50, "hosing": 4}, {}), "housng") == "housing"


def test_it_says_what_it_changed(corrector: Corrector) -> None:
    correction = corrector.correct(["rent", "arears"])
    assert correction is not None
    assert correction.changes == (("arears", "arrears"),)
    assert correction.words == ("rent", "arrears")


def test_written_mistakes_are_no_vocabulary() -> None:
    words = lexicon_words()
    assert "depression" in words
    assert not {"depresed", "bailif", "anixety"} & set(words)


def test_words_beside_it_say_which_word_was_meant() -> None:
    def together(left: str, right: str) -> bool:
        return (left, right) in {("mental", "health"), ("debt", "advice")}

    words = {"mental": 9, "gentle": 90, "health": 9, "advice": 9, "debt": 5, "bipolar": 4, "solar": 50}
    corrector = Corrector(words, {}, together=together)
    assert mended(corrector, "mentle health") == "mental health"
    assert mended(corrector, "mentle exercise") == "gentle exercise"
    assert mended(corrector, "dbet advice") == "debt advice"
    assert mended(corrector, "bi polar") == "bipolar"
    assert mended(corrector, "in polar") == "in solar"


def test_large_vocabularies_stay_quick(corrector: Corrector) -> None:
    chance = random.Random(1)
    words = {
        f"{word}{end}": chance.randint(1, 50) for word in lexicon_words() for end in ("", "ox", "ment", "ish", "ful")
    }
    large = Corrector(words, known_mistakes())
    texts = [[f"{word[:2]}x{word[2:]}" for word in chance.sample(sorted(words), 6)] for _ in range(100)]
    mended = calls(lambda: [large.correct(text) for text in texts])
    assert mended < 1.5 * calls(lambda: [corrector.correct(text) for text in texts])


def test_nonsense_is_harmless(corrector: Corrector) -> None:
    for text in ("x" * 10_000, "\x00" * 50, "qwertyuiopasdfghjklz " * 500, "'" * 90):
        corrector.correct(folded_words(text))
