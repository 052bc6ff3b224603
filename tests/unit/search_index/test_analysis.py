"""Words and stems: what is one and the same to the search."""

import time

import pytest

from search_index import analysis
from search_index.analysis import count_terms, stem, tokens, words
from search_index.query import MAXIMUM_WORDS, QueryTerms, Vocabulary, analyse
from tests.work import LONGEST_SECONDS, busy_seconds

COUNTS = {
    "debt": 90, "housing": 80, "food": 9, "bank": 8, "babybank": 2, "women": 40, "carer": 20, "carers": 30, "care": 7,
    "careers": 3, "peer": 5, "help": 60, "welfare": 12,
}  # fmt: skip
STEMS = {**{stem(word): count for word, count in COUNTS.items()}, "foodbank": 4}
VOCABULARY = Vocabulary(COUNTS, 10_000, lambda term: STEMS.get(term, 0))


def stems(text: str) -> set[str]:
    return {term.decode() for term in count_terms(text, with_grammar=True, seen=set())}


def asked(text: str) -> QueryTerms:
    return analyse(text, VOCABULARY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("women's", "womens"), ("women\u2019s", "women"), ("Women`s", "women"), ("children's", "childrens"),
        ("carer's", "carers"), ("drop-in", "dropin"), ("drop in", "dropin"), ("drop\u2010in", "dropin"),
        ("foodbank", "food bank"), ("foodbanks", "Food-Bank"), ("childcare", "child care"), ("café", "cafe"),
        ("ŁÓDŹ", "lodz"), ("organisation", "organization"), ("organise", "organizing"), ("colour", "color"),
        ("behaviour", "behavior"), ("neighbours", "neighbor"), ("counsellor", "counselor"), ("centre", "center"),
        ("programme", "program"), ("analyse", "analyze"), ("paediatric", "pediatric"), ("travelling", "traveling"),
        ("ﬁnance", "finance"), ("ＤＥＢＴ", "debt"), ("A&E", "ae"), ("N.H.S.", "nhs"), ("e\u0301lan", "elan"),
        ("LGBTQ+", "lgbt"), ("LGBTQIA", "LGBT"), ("BAME", "bme"),
        ("mums", "mom"), ("house\u00adbound", "housebound"), ("defence", "defense"), ("enrolment", "enrollment"),
    ],
)  # fmt: skip
def test_same_to_the_search(one: str, other: str) -> None:
    assert stems(one) & stems(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("debt", "debit"), ("carer", "career"), ("selling", "seller"), ("21", "2"),
        # Other matters under one stem.
        ("probate", "probation"), ("university", "universal"), ("hospital", "hospitality"), ("emergency", "emerging"),
        ("information", "informal"),
    ],
)  # fmt: skip
def test_not_the_same(one: str, other: str) -> None:
    assert not stems(one) & stems(other)


def test_numbers_stay() -> None:
    assert {"18", "24", "7", "s21"} <= stems("18-24 year olds, 24/7, s21")


def test_grammar_only_in_names() -> None:
    seen: set[str] = set()
    assert count_terms("The help of the night", with_grammar=False, seen=seen) == {b"help": 1, b"night": 1}
    # "Even" is no evening, and who is willing has no will to write.
    assert count_terms("even the willing", with_grammar=False, seen=seen) == {}
    assert seen == {"help", "night"}
    assert count_terms("The Who", with_grammar=True, seen=set()) == {b"the": 1, b"who": 1}


@pytest.mark.parametrize(
    "text",
    [
        "a plain line of words",
        "women's drop-in, self-help & don't-know's",
        "x" * 90 + " y",
        "caf\u00e9 A&E N.H.S. food bank",
        "",
    ],
)
def test_words_as_written_are_the_tokens_but_for_those_joined(text: str) -> None:
    assert words(text) == [word for word, joined in tokens(text) if not joined]
    assert list(analysis.stems(words(text))) == list(dict.fromkeys(map(stem, words(text))))


def test_joined_words_are_no_words_as_written() -> None:
    assert words("a drop-in food bank") == ["a", "drop", "in", "food", "bank"]
    assert ("foodbank", True) in tokens("food bank")


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f600" * 25_000, "\u202e\u0627\u0644" * 16_000, "\x00" * 50_000, "\ud800" * 50_000, "a" * 50_000,
        "a-" * 25_000, "a'" * 25_000, "e" + "\u0301" * 50_000, "\ufdfa" * 50_000, "a " * 25_000, "a.b." * 12_000,
        "a & " * 12_000, "(" * 50_000, "\u0345\u0301" * 25_000, "food bank " * 5_000, "*" * 50_000,
        "AND OR NOT " * 4_000,
    ],
)  # fmt: skip
def test_hostile_queries_are_quick_and_harmless(text: str) -> None:
    terms = asked(text)
    assert busy_seconds(lambda: asked(text)) < LONGEST_SECONDS
    assert len(terms.stems) <= MAXIMUM_WORDS
    assert all(term.encode() for term, _ in terms.terms)


@pytest.mark.parametrize("text", ["e" + "\u0301" * 50_000, "\ufdfa" * 50_000, "\u0345\u0301" * 25_000, "a-'" * 20_000])
def test_hostile_listings_are_bearable(text: str) -> None:
    started = time.thread_time()
    count_terms(text, with_grammar=True, seen=set())
    assert time.thread_time() - started < 1


def test_at_most_twelve_words_worth_scoring_and_five_hundred_characters() -> None:
    assert len(asked("debt " * 30).words) == 12
    story = "hello i am not sure what to ask and i do not know where to go but i need help with debt"
    assert asked(story).stems == ("sure", "debt")
    assert asked("x" * 490 + " debt housing").words == ("x" * 40, "debt", "hous")


def test_words_of_asking_do_not_score() -> None:
    assert asked("i need help with debt please").stems == ("debt",)
    assert set(asked("can you help me").stems) == {"can", "you", "help", "me"}
    assert asked("").terms == ()


def test_a_word_counts_once() -> None:
    assert asked("debt debts DEBT").terms == (("debt", 1.0),)


def test_unfinished_words() -> None:
    assert asked("welf").unfinished == "welf"
    assert ("welfar", 0.5) in asked("welf").terms
    assert asked("welf").terms[0] == ("welf", 1.0)
    terms = dict(asked("debt ca re car").terms)
    assert terms["carer"] == terms["career"] == 0.5
    for finished in ("car ", "ca", "debt", "debts", "women", "help", "hous"):
        assert asked(finished).unfinished == ""


def test_expansion_is_bounded() -> None:
    many = Vocabulary({f"pre{chr(97 + n // 26)}{chr(97 + n % 26)}": n + 1 for n in range(600)}, 10_000, lambda _: 0)
    terms = analyse("pre", many)
    assert sum(boost == 0.5 for _, boost in terms.terms) in range(40, 51)
    assert stem("prexb") in {term for term, _ in terms.terms}  # the commonest are taken


def test_apart_and_together() -> None:
    assert "foodbank" in asked("food bank").stems
    assert "babybank" in asked("baby bank").stems  # because a listing has it
    assert dict(asked("foodcare").terms) == {"foodcar": 1.0, "food": 0.8, "care": 0.8}  # nobody has it in one
    assert "debtfood" not in asked("debt food").stems
    assert dict(asked("foodbanks").terms) == {"foodbank": 1.0}  # listings have it, written apart


def test_unknown_words() -> None:
    assert asked("debts and huosing 24 for women foodbank").unknown == ("huosing",)
