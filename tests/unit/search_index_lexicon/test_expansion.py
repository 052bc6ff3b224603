import pytest

from search_index.lexicon import Expansion, expand
from search_index.lexicon.expansion import MAXIMUM


def also(text: str, topics: tuple[str, ...] = ()) -> set[str]:
    return {expansion.also for expansion in expand(text, topics)}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("help with uc", "universal credit"),
        ("PIP form", "personal independence payment"),
        ("dv", "domestic violence"),
        ("need cbt", "cognitive behavioural therapy"),
        ("skint", "debt"),
        ("on the breadline", "food bank"),
        ("A&E", "accident and emergency hospital"),
        ("cognitive behavioural therapy", "cbt"),
    ],
)
def test_words_are_expanded(text: str, meant: str) -> None:
    assert meant in also(text)


@pytest.mark.parametrize("text", ["pips", "ducks", "my pa left us", "i have ms", "na", "broken boilerplate", ""])
def test_only_whole_and_certain_words(text: str) -> None:
    assert not any(expansion.kind == "acronym" for expansion in expand(text))


def test_capitals_say_that_letters_are_meant() -> None:
    assert "multiple sclerosis" in also("just diagnosed with MS")
    assert "multiple sclerosis" not in also("JUST DIAGNOSED WITH MS")  # all in capitals says nothing


def test_the_topic_says_which_meaning() -> None:
    assert also("aa meeting", ("alcohol",)) == {"alcoholics anonymous"}
    assert also("AA form", ("disability-benefits",)) == {"attendance allowance"}
    assert "personal assistant" in also("need a pa", ("social-care",))


def test_what_was_said_already_is_not_said_again() -> None:
    assert "universal credit" not in also("UC universal credit")


def test_typed_word_is_named() -> None:
    assert Expansion("uc", "universal credit", "acronym") in expand("my UC stopped")


def test_no_expansion_twice() -> None:
    found = [(expansion.word, expansion.also) for expansion in expand("help with UC and PIP and UC")]
    assert len(found) == len(set(found))


def test_bounded() -> None:
    assert len(expand("skint uc weed lonely job boss fags booze dole bairn mam hubby " * 20)) <= MAXIMUM
