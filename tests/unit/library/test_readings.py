"""What a query, a listing and a person are about, as ranking uses it."""

from __future__ import annotations

import numpy as np
import pytest

from app.directory.codes import Gender
from app.directory.topic_model import topic_model
from app.library.company import HELPED_BY, company, goes_with
from app.library.conditions import conditions
from app.library.named_audience import for_relatives, named_audience
from app.library.readings import says_something, topic_shares
from app.library.told_topics import told_tags


def likeliest(text: str, count: int) -> list[str]:
    model = topic_model()
    return [model.slugs[place] for place in np.argsort(-topic_shares(text, model))[:count].tolist()]


def strength(tags: list[str], slug: str) -> int:
    return max((int(tag[4]) for tag in tags if tag.endswith(f":{slug}")), default=-1)


def test_a_group_for_something_is_first_about_that_thing() -> None:
    assert likeliest("anxiety group", 1) == ["anxiety"]


def test_every_clause_of_a_long_query_is_heard() -> None:
    text = "husband had a stroke, blue badge, rent arrears"
    assert {"long-term-conditions", "rent-arrears"} <= set(likeliest(text, 6))


def test_a_story_is_heard_by_what_its_clauses_say_plainly() -> None:
    text = (
        "hello im not sure if this is the right place, i came out of the army in 2015, it was ok for a bit, then my "
        "marriage broke up, i have been sleeping in the van, my mate told me about this, i am drinking every night, "
        "i dont know where to start, thanks"
    )
    assert {"armed-forces", "homelessness", "relationships", "alcohol"} <= set(likeliest(text, 5))


@pytest.mark.parametrize("text", ["", "   ", "group", "?!", "and"])
def test_a_query_of_nothing_is_about_nothing_and_no_error(text: str) -> None:
    assert topic_shares(text, topic_model()).shape == (len(topic_model().slugs),)


@pytest.mark.parametrize("text", ["zzxqv flurb", "asdf", "lorem ipsum dolor", "pizza"])
def test_nothing_is_guessed_from_words_that_nobody_knows(text: str) -> None:
    assert not topic_shares(text, topic_model()).any()


def test_whom_a_group_is_for_says_something_and_a_kind_of_help_does_not() -> None:
    assert says_something("womens group")
    assert not says_something("someone for advice and support")


def test_a_listing_without_topics_tells_of_each_thing_it_names() -> None:
    text = "Talking therapies for people who suffer from anxiety and depression-related problems."
    tags = list(told_tags("Sale Psychological Therapies", text))
    assert strength(tags, "talking-therapies") >= 2
    assert min(strength(tags, "anxiety"), strength(tags, "depression")) >= 1
    assert strength(tags, "gambling") == -1


def test_the_categories_of_its_source_tell_what_a_listing_is_about() -> None:
    plain = list(told_tags("The Beacon", "Open to all on Tuesdays."))
    tags = list(told_tags("The Beacon", "Open to all on Tuesdays.", categories=["Regular event", "Debt advice"]))
    assert strength(plain, "debt-advice") <= 0
    assert strength(tags, "debt-advice") == 3
    assert list(told_tags("The Beacon", "Open to all on Tuesdays.", categories=["Regular event"])) == plain


def test_a_listing_without_any_text_tells_nothing_wrong() -> None:
    assert list(told_tags("", "")) == []


def test_words_that_say_nothing_alone_tell_nothing() -> None:
    text = "Martial arts are taught in the main hall on two days of each week. " * 3 + "And to give awards."
    assert {tag.split(":")[1] for tag in told_tags("Riverside Budo", text)} <= {"physical-activity", "wellbeing"}
    assert strength(list(told_tags("Heart and stroke group", "This group is now closed")), "crisis") <= 0


@pytest.mark.parametrize(
    ("name", "description", "found"),
    [
        ("The other table", "Wives, husbands, mothers, brothers: you found the statements.", True),
        ("Family and friends' evening", "", True),
        ("Tuesday table", "For anybody who gambles. Friends are welcome too.", False),
        ("Family hub", "", False),
        ("Clear of the storm", "A four-evening programme for parents and partners on how dependence works.", True),
        ("Resin workshop", "Make jewels as a gift for family or friends.", False),
    ],
)
def test_what_is_there_for_relatives_says_so(name: str, description: str, found: bool) -> None:
    assert for_relatives(name, description) is found


@pytest.mark.parametrize(
    ("typed", "lifted"),
    [
        ("husband spends everything on betting", True),
        ("worried about my brother he hears voices", True),
        ("autism parents support group", True),
        ("living with an alcoholic husband", True),
        ("footy for lads with low mood", False),
        ("i drink too much", False),
        # It is about what was done, about danger, about a form or a home.
        ("my husband hits me", False),
        ("my son wants to kill himself", False),
        ("son coming out of prison nowhere to go", False),
        ("my wife died", False),
        ("mum cant wash herself any more", False),
    ],
)
def test_who_is_worried_about_another_is_shown_help_for_relatives(typed: str, lifted: bool) -> None:
    assert ("for:relatives" in dict(conditions(typed).tags)) is lifted


def test_what_helps_is_written_of_known_topics_and_joined_with_the_situations() -> None:
    slugs = set(topic_model().slugs)
    assert slugs.issuperset(HELPED_BY)
    assert all(slugs.issuperset(others) for others in HELPED_BY.values())
    assert goes_with("talking-therapies", ["depression"])
    assert not goes_with("gambling", ["depression"])
    assert company()["depression"]["talking-therapies"] >= HELPED_BY["depression"]["talking-therapies"]


@pytest.mark.parametrize(
    ("text", "ages", "not_for", "by_relative"),
    [
        ("my 14 year old hits me", (14, 14), None, True),
        ("daughter 17 anorexic", (17, 17), None, True),
        ("m44 low mood", (44, 44), "for:women", False),
        ("f27 anx, isolated", (27, 27), "for:men", False),
        ("wife batters me", None, "for:women", False),
        ("husband hits me", None, "for:men", False),
        ("he is controlling me", None, "for:men", False),
        ("boyfriend raped me", None, "for:men", False),
        ("husband hits me and i am a man", None, None, False),
        ("he beats cancer", None, None, False),
        ("she hits me", None, None, False),
        ("women only drop in", None, "for:men", False),
        ("grandad wants to learn the internet", (70, 80), None, False),
        ("bringing up the grandkids", None, None, False),
        ("care leaver needs a flat", (18, 21), None, False),
        ("food bank", None, None, False),
    ],
)
def test_the_person_is_read_out_of_the_words(
    text: str, ages: tuple[int, int] | None, not_for: str | None, *, by_relative: bool
) -> None:
    found = conditions(text)
    assert (found.ages, found.not_for, found.by_relative) == (ages, not_for, by_relative)


@pytest.mark.parametrize(
    ("name", "audience"),
    [
        ("The Men's Room", Gender.MEN),
        ("Andy’s Man Club, Sale", Gender.MEN),
        ("Women's Centre", Gender.WOMEN),
        ("Mums and Dads together", None),
        ("Mental health matters", None),
        ("Isle of Man food bank", None),
    ],
)
def test_whom_a_service_is_for_is_read_off_its_name(name: str, audience: Gender | None) -> None:
    assert named_audience(name) is audience
