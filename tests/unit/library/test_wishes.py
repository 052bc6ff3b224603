"""What a query says beside its subject: a language, what is not wanted; and subjects that no topic is for."""

from __future__ import annotations

import pytest

from app.directory.codes import Coverage, Reach
from app.directory.models import Attribute, Organization, Service, TaxonomyTerm
from app.library.beyond import beyond, within
from app.library.conditions import conditions
from app.library.documents import document
from app.library.refusals import REFUSED, refusals
from app.library.spoken import is_language, spoken


@pytest.mark.parametrize(
    ("typed", "codes", "rest"),
    [
        ("nepali speaking help", ["ne"], "help"),
        ("nepalese lady", ["ne"], "lady"),
        ("someone who speaks urdu", ["ur"], "someone"),
        ("counsellor that speaks bengali", ["bn"], "counsellor"),
        ("my mum only speaks cantonese and shes lonely", ["yue"], "my mum and shes lonely"),
        ("need forms explained in romanian", ["ro"], "need forms explained"),
        ("arabic or farsi speaking womens group", ["ar", "fa"], "or womens group"),
        ("bsl interpreter", ["bfi"], "interpreter"),
        ("british sign language", ["bfi"], ""),
        ("help for a deaf man who signs", ["bfi"], "help for a"),
    ],
)
def test_a_language_is_a_wish_beside_the_subject(typed: str, codes: list[str], rest: str) -> None:
    found = spoken(typed)
    assert found is not None
    assert ([language.code for language in found.languages], found.rest) == (codes, rest)


def test_a_word_of_speaking_says_that_the_language_itself_is_meant() -> None:
    plainly, hardly = spoken("polish speaking advice"), spoken("polish advice")
    assert plainly is not None
    assert hardly is not None
    assert (plainly.plainly, plainly.named) == (True, "polish advice")
    assert (hardly.plainly, hardly.named) == (False, "polish advice")


@pytest.mark.parametrize(
    "typed", ["learn english", "nobody to speak to", "nail polish", "deaf and lonely", "signs of stress", "speak up"]
)
def test_no_language_is_heard_where_none_is_named(typed: str) -> None:
    assert spoken(typed) is None


def test_the_name_of_a_language_is_no_misspelling() -> None:
    assert is_language("pashto")
    assert is_language("bsl")
    assert not is_language("paste")


@pytest.mark.parametrize(
    ("typed", "tags", "rest"),
    [
        ("i dont want a group, just one to one", ("kind:peer-group", "topic:peer-groups"), ", just one to one"),
        ("not religious food bank", (), "food bank"),
        ("not drugs, just the drink", (), ", just the drink"),
        ("counselling without a doctor", (), "counselling"),
        ("depressed and won't see a doctor", (), "depressed and"),
        ("low mood, declined meds, doesn't want counselling", ("topic:talking-therapies",), "low mood, declined meds,"),
    ],
)
def test_what_is_refused_is_not_looked_for(typed: str, tags: tuple[str, ...], rest: str) -> None:
    found = refusals(typed)
    assert found is not None
    assert (found.tags, found.rest) == (tags, rest)


@pytest.mark.parametrize(
    "typed",
    [
        "no money",
        "not sleeping",
        "no one to talk to",
        "no gp",
        "im not drinking any more",
        "no group",
        "group",
        "cant see a doctor till friday, in pain",
    ],
)
def test_a_need_in_the_words_of_a_refusal_stays(typed: str) -> None:
    assert refusals(typed) is None


def test_what_is_refused_by_name_sinks_by_the_words_of_its_listing() -> None:
    assert conditions("drinking too much but not aa").refused == ("anonymous",)
    assert "church" in conditions("somewhere warm not a church").refused
    assert conditions("aa meeting").refused == conditions("church lunch").refused == ()


def test_a_refused_group_sinks_and_is_not_lifted() -> None:
    tags = dict(conditions("i don't want a group for my anxiety").tags)
    assert tags["kind:peer-group"] == REFUSED
    assert dict(conditions("a group for my anxiety").tags)["kind:peer-group"] > 1


def test_an_hour_after_work_is_an_evening() -> None:
    assert "open:evenings" in dict(conditions("anything open after 6 for stress").tags)
    assert "open:evenings" not in dict(conditions("help after 2 bereavements").tags)


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("how do i find a gp", "medical practice"),
        ("cant get registered at a doctors no address", "medical practice"),
        ("gp", "medical practice"),
        ("walk in centre", "medical practice"),
        ("nhs dentist taking new patients", "dental"),
        ("need an abortion", "contraception"),
        ("think ive caught something, std check", "sexual health"),
        ("hep c treatment", "hepatitis"),
        ("need new glasses cant afford", "optician"),
        ("where can i get flu jab", "vaccination"),
        ("chemist open now", "pharmacy"),
        ("vet cheap dog is ill", "veterinary"),
        ("someone to look after my dog while im in hospital", "pet fostering"),
        ("no school place for my daughter", "school admissions"),
        ("lost my glasses and cant see", "optician"),
        ("trying to find my sister lost in eritrea", "family tracing"),
        ("our brother is missing since the war", "family tracing"),
        ("lost my passport and all my papers", "identity documents"),
        ("need to register my babys birth", "registrar"),
        ("register a death", "registrar"),
        ("registry office near me", "registrar"),
        ("tigrinya interpreter for hospital", "interpreters"),
        ("can someone translate a letter", "translation"),
        ("somewhere warm to sit", "warm hub"),
        ("warm bank near me", "warm space"),
        ("lost my family in the war", "family tracing"),
        ("got split up leaving syria, where is my brother", "family tracing"),
        ("somewhere to collect my tablets", "chemist"),
        ("is there somewhere quiet to pray", "mosque"),
        ("doctor open saturday", "medical centre"),
        ("hall to hire for a party", "village hall"),
    ],
)
def test_what_is_a_matter_of_no_topic_is_looked_for_by_its_name(typed: str, listed: str) -> None:
    found = beyond(typed)
    assert found is not None
    assert listed in found.listed


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("custody lawyer", "family law"),
        ("power of attorney for mum", "lasting power"),
        ("nursery for my 2 year old", "childcare"),
        ("want to make a will", "probate"),
        ("how do i write my will", "probate"),
        ("kept in hospital against my will", ""),
        ("boss sacked me by text", "dismissal"),
        ("i got fired", "dismissal"),
        ("fired up and ready to start", ""),
        ("son wont go to school", "school refusal"),
        ("cant get her to school in the morning", "school refusal"),
        ("was in care till 18", "care leavers"),
        ("grandma is in a care home", ""),
        ("ex wont let me see the kids", "family law"),
        ("no money for dog food", "pet food"),
        ("our dog was put to sleep", "pet bereavement"),
        ("we lost our baby at 30 weeks", "baby loss"),
        ("need a cot and a pram", "baby bank"),
        ("my son is in prison, visits cost too much", "prisoners families"),
        ("grew up in foster care", "care leavers"),
        ("they have put my kids into care", "care proceedings"),
        ("meals on wheels", "meals on wheels"),
        ("blue badge form", "blue badge"),
        ("cant afford broadband", "social tariff"),
        ("flat is full of mould", "disrepair"),
        ("stop smoking", "smokefree"),
        ("mum has weeks to live", "hospice"),
        ("somewhere to have a shower", "showers"),
        ("want to stop smoking weed", ""),
        ("walk in shower for a disabled man", "adaptations"),
        ("ramp for my wheelchair", "adaptations"),
        ("mum cant get up the stairs", "stairlift"),
        ("im going blind", "sight loss"),
        ("losing my hearing", "hearing aid"),
        ("he is hearing voices", ""),
        ("need carers to come in for mum", "home care"),
        ("someone to help dad get washed", "personal care"),
        ("carers coffee morning", ""),
        ("no money on the gas", "prepayment meter"),
        ("electric has run out", "fuel voucher"),
        ("gas bill too dear", ""),
        ("dad keeps missing appointments", ""),
        ("my kids are missing out", ""),
        ("looking for my mum a day centre", ""),
        ("how do i get on the list for a council house", "housing register"),
        ("nobody takes me on with a criminal record", "criminal record"),
        ("i like to paint", "arts prescription"),
        ("paint is peeling off the damp wall", "disrepair"),
        ("somewhere to sing", "choir"),
        ("somewhere cheap to eat with the kids", "community meal"),
        ("where can i get a free hot dinner", "community meal"),
        ("cant eat, cant sleep", ""),
        ("cant cope with all these letters", "letter reading"),
        ("work letter says i am dismissed", ""),
        ("stroke survivor and lonely", "stroke"),
        # Who cares for somebody with an illness needs what is for carers.
        ("looking after my husband, he has parkinsons", ""),
        ("pet died and im heartbroken", "pet loss"),
        ("daycare cheap", "childcare"),
        ("dad cant talk anymore since the stroke", "communication aid"),
        ("adult daycare", ""),
        ("day care for my mum", ""),
        ("football for young men", "football"),
        ("computers at the library", "library"),
        ("cheap swimming lessons", "swimming"),
        ("mums and tots", "toddler group"),
        ("nursing homes near here", "care home"),
        ("scared of the gym", ""),
        ("gran is in a nursing home", ""),
        ("scars on my arms and people ask at the swimming baths", ""),
        ("cant talk to my wife", ""),
        ("warm home discount", ""),
        ("debt advice", ""),
    ],
)
def test_a_small_part_of_a_topic_is_looked_for_by_its_name_beside_the_topic(typed: str, listed: str) -> None:
    assert beyond(typed) is None
    found = within(typed)
    assert listed in found if listed else not found


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        ("my cat is ill", "veterinary"),
        ("how do i find a gp", "GP surgery"),
        ("morning after pill", "contraception"),
        ("hep c treatment", "hepatitis"),
    ],
)
def test_people_read_its_own_name_and_not_all_that_is_looked_for(typed: str, called: str) -> None:
    found = beyond(typed)
    assert found is not None
    assert found.called == (called,)
    assert called.lower() in found.listed
    assert len(found.listed) > 1


@pytest.mark.parametrize(
    "typed",
    [
        "gp sent me for anxiety",
        "need a doctors note",
        "complain about my gp surgery",
        "sleeping in the car with the dog",
        "army vet with ptsd",
        "hearing aids",
        "exercise on prescription",
        "addicted to prescription painkillers",
        "no idea what to do",
    ],
)
def test_words_that_only_look_like_it_are_left_to_the_topics(typed: str) -> None:
    assert beyond(typed) is None


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("flu jab", ""),
        ("bsl interpreter for a deaf man with rent arrears", ""),
        ("need a doctor, speak no english and behind with rent", "behind with rent"),
        ("hiv positive and behind with rent", "behind with rent"),
        ("cant open bank account no passport", "cant open bank account no"),
        ("find my father lost in libya and behind with rent", "behind with rent"),
    ],
)
def test_what_else_was_said_is_kept_for_the_topics(typed: str, rest: str) -> None:
    found = beyond(typed)
    assert found is not None
    assert found.rest == rest


def test_a_national_website_without_topics_is_found_by_its_text_only() -> None:
    site = Service(
        name="Passports, dentists and school places",
        organization=Organization(name="The government"),
        description="About housing, debt, anxiety, carers and alcohol.",
        coverage=Coverage.NATIONAL,
        reach=frozenset({Reach.ONLINE}),
        access_routes=frozenset(),
    )

    def told() -> list[str]:
        return [tag for tag in document(site, {"housing": None}).tags if tag.startswith("told")]

    assert told() == []
    site.attributes = [Attribute(taxonomy_term=TaxonomyTerm(code="housing", name="Housing"), by_rule=False)]
    assert told() != []
