"""Word lists of the analysis: low-value words, spellings of one word, words written apart or together."""

import re


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never worth a posting in running text; kept in names ("The Who", "Us and Them").
GRAMMAR = _set(
    """
    a about after again all also am an and any are as at be because been before being both but by could did do does
    doing don done down during each eg either else even ever few for from further had has have having he her here hers
    herself him himself his how however i ie if im in into is it its itself ive just let me might more most must my
    myself no nor not of off on once only or other others our ours ourselves out over own per quite rather same several
    shall she should so some such than that thats the their theirs them themselves then there these they theyre this
    those though through to too under until up upon us very was we were what whats when where whether which while who
    whom whos whose why will willing with within without would yes yet you your youre youve yours yourself yourselves
    """
)

# Words of asking rather than of the thing asked for. Indexed, but scored only when nothing else was typed.
FILLER = _set(
    """
    ask asking anyone anything anybody best can cant cannot dont find finding get gets getting give go going gone got
    hello help helped helping helps hi im ive know like looking look local near nearby nearest need needed needing
    needs patient patients please pls plz pt pts
    somebody someone something somewhere show suggest tell thank thanks there try
    trying use using want wanted wanting wants way wanna wont ya yeah
    """
)

LOW_VALUE = GRAMMAR | FILLER

# Words that would share a stem with a word of another matter, and what they are indexed under instead: who needs
# probate is not on probation, a new need that emerges is no emergency, and a university pays no Universal Credit.
STEMS_APART = {
    "probation": "probation",
    "university": "university",
    "universities": "university",
    "hospitality": "hospitality",
    "informal": "informal",
    "informally": "informal",
    "emerge": "emerge",
    "emerges": "emerge",
    "emerged": "emerge",
    "emerging": "emerge",
    # One name, however many letters it has.
    **dict.fromkeys(("glbt", "lgbti", "lgbtq", "lgbtqi", "lgbtqia", "lgbtqplus"), "lgbt"),
    **dict.fromkeys(("bame", "bme"), "bme"),
}

# Written apart, hyphened or joined in listings and queries alike: the joined form is the one that all share.
_COMPOUNDS = """
    food+bank child+care drop+in work+shop home+less back+ache house+bound wheel+chair week+end after+noon
    night+shelter day+centre health+care self+harm self+help self+care play+group play+scheme after+school day+care
    hand+rail stair+lift step+father step+mother step+parent step+child grand+parent grand+parents grand+mother
    grand+father grand+child bed+sit bed+room house+hold land+lord land+lady pay+day pay+slip over+draft over+dose
    break+down break+up key+worker case+worker care+giver on+line off+line web+site e+mail tele+phone text+line
    help+line hot+line life+line call+back pre+school new+born baby+bank clothes+bank furniture+bank
    soup+kitchen bread+line meal+time lunch+club break+fast book+club work+place job+centre job+seeker job+club
    sick+pay sign+post well+being neuro+divergent neuro+diverse
    neuro+diversity trans+gender non+binary bi+polar post+natal ante+natal peri+natal post+partum pre+menstrual
    by+stander fire+arms knife+crime flash+back dog+walking wood+work craft+work key+ring keep+fit
    shop+mobility car+share mini+bus sub+let news+letter under+graduate
    life+style life+long long+term short+term full+time part+time first+aid face+book lap+top smart+phone
    broad+band top+up meter+key heat+pump pre+pay pre+payment co+production co+operative multi+cultural inter+faith
    old+age day+time night+time walk+in out+reach in+reach out+patient in+patient psycho+therapy
    physio+therapy hydro+therapy aroma+therapy chemo+therapy photo+graphy
    """


def _pairs(text: str) -> dict[str, frozenset[str]]:
    following: dict[str, set[str]] = {}
    for entry in text.split():
        parts = entry.split("+")
        if len(parts) == 2:
            following.setdefault(parts[0], set()).update((parts[1], parts[1] + "s"))
    return {first: frozenset(seconds) for first, seconds in following.items()}


FOLLOWING = _pairs(_COMPOUNDS)

_OUR = (
    "arb ard arm behavi cand clam col demean endeav enam fav ferv flav glam harb hon hum lab neighb od parl ranc rig"
    " rum sav savi splend tum val vap vig"
)
_BRITISH = (
    (re.compile(rf"^(mis|dis|un|re)?({'|'.join(_OUR.split())})our"), r"\1\2or"),
    (re.compile(r"i[sz](e|ed|es|er|ers|ing|ation|ations|ational|able)$"), r"is\1"),
    (re.compile(r"ly[sz](e|ed|es|er|ers|ing)$"), r"lys\1"),
    (re.compile(r"^(cent|theat|met|lit|fib|calib|sab|lust|meag|somb|spect)re(s|d)?$"), r"\1er\2"),
    (re.compile(r"^program(me)s?$"), "program"),
    (
        re.compile(
            "(travel|counsel|cancel|label|level|model|signal|total|fuel|dial|channel|jewel|panel|pedal|rival|shovel)"
            "l(or|ors|er|ers|ed|ing)$"
        ),
        r"\1\2",
    ),
    (re.compile(r"^(def|off|pret|lic)en[cs]e"), r"\1ense"),
    (re.compile(r"^practis"), "practic"),
    (re.compile(r"^(p|ortho?p|encyclop)aed"), r"\1ed"),
    (re.compile(r"^(gyn)aec"), r"\1ec"),
    (re.compile(r"an(a?e)sth"), "anesth"),
    (re.compile(r"^haem"), "hem"),
    (re.compile(r"^foet"), "fet"),
    (re.compile(r"^oestr"), "estr"),
    (re.compile(r"rrhoea"), "rrhea"),
    (re.compile(r"^(cata|dia|ana|mono|pro)logue"), r"\1log"),
    (re.compile(r"^(enrol|fulfil|instal|skil)l?(ment|ful)?"), r"\1l\2"),
    (re.compile(r"^ageing$"), "aging"),
    (re.compile(r"^judgement"), "judgment"),
    (re.compile(r"^acknowledgement"), "acknowledgment"),
    (re.compile(r"^gr[ae]y(s|ed|ing)?$"), r"grey\1"),
    (re.compile(r"^tyre(s)?$"), r"tire\1"),
    (re.compile(r"^pyjama"), "pajama"),
    (re.compile(r"^mould"), "mold"),
    (re.compile(r"^storey(s)?$"), r"story\1"),
    (re.compile(r"^mums?$|^moms?$|^mams?$"), "mum"),
    (re.compile(r"^sceptic"), "skeptic"),
)


# What every pattern above needs: most words are let through by one look.
_CANDIDATE = re.compile(
    r"our|i[sz]|ly[sz]|re[sd]?$|program|ll|en[cs]e|practis|aed|aec|an(a?e)sth|haem|foet|oestr|rrhoea|logue|enrol|fulfil"
    r"|instal|skil|ageing|gement|gr[ae]y|tyre|pyjama|mould|storey|m[auo]ms?$|sceptic"
)


def one_spelling(word: str) -> str:
    """Give the word in the one spelling under which British and American forms are indexed."""
    if _CANDIDATE.search(word) is None:
        return word
    for pattern, replacement in _BRITISH:
        word = pattern.sub(replacement, word)
    return word
