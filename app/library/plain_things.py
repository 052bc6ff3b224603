"""Places to go and things to do that listings call by the same plain word as people do: a library, football, a choir.

A topic is too wide for them ("physical activity" is football, judo and a walk in the park), or there is none. So what
is looked for first is a listing that names the thing. Each is told by what listings call it, its own name first, and by
how people ask for it: words or several in a row, in the singular, small and without apostrophes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

# Places that are a matter of no topic.
PLACES: Mapping[tuple[str, ...], str] = {
    ("primary school", "infant school", "junior school"): "primary school, infant school, junior school",
    ("secondary school", "high school", "grammar school"): "secondary school, high school, grammar school",
    ("special school",): "special school",
    ("police station",): "police station",
    ("post office",): "post office",
    ("public toilet", "toilet", "changing places"): "public toilet, disabled toilet, changing places",
    ("museum", "gallery", "heritage"): "museum, art gallery, heritage centre",
    ("recycling", "tip", "waste"): "recycling centre, the tip, household waste",
    ("village hall", "community centre", "church hall", "hall hire", "room hire"): (
        "village hall, church hall, community hall, community centre, hire a hall, hire a room, hall hire, room hire"
        ", venue hire, hall to hire, room to hire, centre to hire, hall to rent"
    ),
}
# What topics are for, with much else beside.
PASTIMES: Mapping[tuple[str, ...], str] = {
    ("football",): "football, footy, five a side, 5 a side",
    ("rugby",): "rugby",
    ("cricket",): "cricket",
    ("tennis",): "tennis",
    ("badminton",): "badminton",
    ("netball",): "netball",
    ("basketball",): "basketball",
    ("hockey",): "hockey",
    ("golf",): "golf",
    ("bowls", "bowling"): "bowls, bowling, crown green",
    ("boxing", "boxercise"): "boxing, boxercise",
    ("karate", "judo", "martial arts", "ju jitsu", "taekwondo"): (
        "karate, judo, martial art, jujitsu, ju jitsu, jiu jitsu, taekwondo, kung fu, kickboxing"
    ),
    ("gymnastics",): "gymnastics, trampolining",
    ("gym", "fitness centre", "leisure centre"): "gym, fitness centre",
    (
        "swimming",
        "swimming pool",
        "leisure centre",
        "swim",
    ): "swimming, swimming pool, swimming baths, baths to swim, swim",
    ("leisure centre", "sports centre"): "leisure centre, sports centre, sports hall",
    ("cycling", "bike", "cycle"): "cycling, bike ride, cycle ride, bike club",
    ("running", "parkrun", "athletics"): "running club, running group, parkrun, park run, jogging, athletics",
    ("yoga",): "yoga",
    ("pilates",): "pilates",
    ("tai chi", "qigong"): "tai chi, qigong, qi gong",
    ("dance", "dancing", "ballet"): "dance, dancing, ballet, zumba",
    ("drama", "theatre", "acting"): "drama, theatre, acting, amateur dramatics",
    ("guitar", "music", "ukulele"): "guitar, ukulele, piano, learn an instrument, music lesson, brass band, orchestra",
    ("bingo",): "bingo",
    ("chess",): "chess",
    ("photography", "camera"): "photography, camera club",
    ("history", "local history"): "history group, history society, local history, family history",
    ("library", "libraries"): "library, libraries",
    ("book club", "reading group", "library"): "book club, reading group, book group",
    ("gardening", "horticulture"): "gardening, horticulture",
    ("allotment", "allotments"): "allotment",
    ("men's shed", "mens shed", "men in sheds", "woodwork", "shed"): "mens shed, men in sheds, woodwork, woodworking",
    ("women's institute", "wi"): "womens institute, the wi",
    ("u3a", "university third age"): "u3a, university of the third age",
    ("scouts", "scout", "guides", "brownies", "cubs", "beavers"): "scout, brownies, brownie, girl guide, cubs, beavers",
    ("cadets",): "cadets, army cadets, sea cadets, air cadets",
    ("youth club", "youth centre", "youth group"): "youth club, youth centre",
    ("playgroup", "toddler group", "toddlers", "stay and play", "parent toddler"): (
        "playgroup, play group, toddler group, baby group, stay and play, mum and baby, mums and babies, mum and tot"
        ", mums and tots, mother and baby, mother and toddler, parent and toddler, baby and toddler, tots"
    ),
    ("breastfeeding", "infant feeding", "breast feeding"): "breastfeeding, breast feeding, breastfeed, breast feed",
    ("children's centre", "childrens centre", "family hub", "family centre", "sure start"): (
        "childrens centre, child centre, family hub, family centre, sure start, surestart"
    ),
    ("holiday club", "playscheme", "holiday scheme"): (
        "holiday club, holiday scheme, play scheme, playscheme, holiday activities"
    ),
    ("after school club", "out of school"): "after school club, breakfast club, out of school club",
    ("jobcentre", "job centre"): "jobcentre, job centre, jobcentre plus, job centre plus",
    ("care home", "nursing home", "residential home"): (
        "care home, nursing home, residential home, old folks home, old peoples home, retirement home"
    ),
    ("credit union",): "credit union",
    ("talking newspaper",): "talking newspaper, talking book",
}
# A sentence of more words is a story, in which such a thing is mentioned: "people stare at my scars at the baths".
MOST_WORDS = 8
# Who is "scared of the gym", or has a grandmother "in a care home", asks for something else.
_NO_WISH = ("scared of", "scared of the", "hate", "hates", "stopped", "bullied at", "in a", "in the", "into a")
NOT_BEFORE = "".join(rf"(?<!\b{words} )" for words in _NO_WISH)


def is_plain(query: str) -> bool:
    """Whether a query is short enough to ask for a thing by its name."""
    return len(query.split()) <= MOST_WORDS


def asked_for(written: str) -> Sequence[str]:
    """The ways of asking that are written for one thing."""
    return [way.strip() for way in written.split(",")]


def pattern_of(written: str) -> str:
    """The pattern of how people ask for it, one or several of it."""
    ways = sorted(asked_for(written), key=len, reverse=True)
    return rf"{NOT_BEFORE}\b(?:{'|'.join(ways)})(?:s|es)?\b"


def beginnings(written: str, letters: int) -> Iterator[str]:
    """The first letters of the words with which people begin to ask for it."""
    return (way.split()[0][:letters] for way in asked_for(written))
