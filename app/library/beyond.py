"""What people look for that is a matter of no topic of ours: a GP, a dentist, an abortion, a jab, a lost passport.

The topics would guess something for such words, and guess wrong ("flu jab" is no wellbeing activity). So listings are
found by their text, also by the words that they use for it, and the topics hear only what else was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from app.library.plain_things import PASTIMES, PLACES, beginnings, is_plain, pattern_of
from search_index.analysis import words
from search_index.words import LOW_VALUE

# What the topics count where nothing else was said, and where something was that they are this sure of.
FAINT, BESIDE, SURE = 0.1, 0.25, 0.6
# Of a story of so many words it is one need of several.
A_STORY, IN_A_STORY = 20, 0.6
# A sentence of so many words that is this surely of a topic is of that, whatever it mentions: "codeine from the
# chemist, I get through a box a day and I can't stop".
A_SENTENCE, TOLD = 9, 0.5
# What the topic counts that is nearest to it.
BY_NEAREST = 0.2
# Who complains of a surgery looks for no surgery.
_COMPLAINT = re.compile(r"\bcomplain(?:t|ts|ing)?\b")
_FEWEST_WORDS = 2
# Names that are looked for at most where a query asks for several small parts of topics.
MOST_NAMES = 8

_NO_DOCTOR = r"(?!\W*(?:s\W+)?(?:not(?:e|ice)|letter|certificate|says?|said|sent|told|thinks|refer\w*|wont|has|gave))"
_SOUGHT = r"(?:find|get|need|want|see|new|change|join|without|no|any|local)"
INTERPRETERS = ("interpreters", "interpreting", "translation")
# Who has no English and needs a doctor does not ask for lessons.
_NO_ENGLISH = re.compile(
    r"\b(?:speaks? )?(?:no|little|poor|(?:dont|doesnt|cant|cannot) speak(?: any| much)?|not much) english\b"
)
_PET = r"(?:dogs?|cats?|pets?|pupp(?:y|ies)|kittens?|rabbits?|animals?)"
# Those whom day care is for that is no nursery.
_GROWN = r".*\b(?:(?:my|our|for) (?:mum|mom|dad|nan|gran|wife|husband)|elderly|older|adults?|dementia|alzheimers?)\b"
_MINE = r"(?:(?:my|our|the|a|any|all|some|her|his) )*"
_KIN = (
    r"(?:mother|father|mum|mam|dad|parents|sisters?|brothers?|wife|husband|partner|sons?|lad|daughters?|child|children"
    r"|kids|bairns?|famil(?:y|ies)|relatives?|uncle|aunt|cousins?)"
)
_CHILD = r"(?:bab(?:y|ies)|child|children|kids?|bairns?|sons?|daughters?|grand(?:kids|child|children|sons?|daughters?))"
_JAIL = r"(?:prison|jail|the nick)"
_HOUSE_OF_GOD = r"(?:church|churches|mosques?|temples?|synagogues?|gurdwaras?)"
_POWER = r"(?:meter|gas|electric\w*|leccy|key)"
_DEAD = r"\b(?:died|dead|dying|passed|put (?:down|to sleep)|lost)\b"
# Of an illness only whoever has it is told by its name: who looks after somebody with it needs what is for carers.
_OWN = (
    r"^(?!.*\b(?:husbands?|wife|hubby|partners?|mum|mam|mom|dad|mother|father|nan|gran|son|daughter|brother|sister"
    r"|look(?:ing)? after|caring|carers?)\b).*?"
)
# After these a person is looked for, and not something for that person.
_SOUGHT_SELF = r"(?=$| ?,| (?:in|from|lost|missing|since|after|we|i|they|left|back)\b)"
# What listings call it, by its own name first, and the patterns of how people ask for it.
_SUBJECTS: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("GP surgery", "medical practice", "medical centre", "health centre", "register gp"): (
        r"^(?:a |the |my |local |any )?(?:gps?|doctors?)(?: near me)?$",
        r"^(?:(?:a|the|my|local|any) )?(?:gps?|doctors?) (?:thats |that is )?(?:open|now|on|at|this|sat|sun|mon)",
        rf"\b{_SOUGHT} {_MINE}(?:(?:new|local|nhs) )?(?:gps?|doctors?)\b{_NO_DOCTOR}",
        r"\bregist\w+ (?:(?:with|at|by|to|a|the|new|local|any) )*(?:gps?|doctors?)\b",
        r"\b(?:gps?|doctors?'?s?) (?:surger\w+|near|practices?|regist\w+|list|taking)\b",
        r"\bwalk[ -]?in (?:centre|clinic)s?\b|\b(?:urgent care|minor injur\w+|out of hours doctor)\b",
    ),
    ("dentist", "dental", "teeth"): (r"\b(?:dentists?|dental|tooth\w*|teeth|dentures?)\b",),
    ("abortion", "pregnancy advisory", "sexual health", "contraception"): (
        r"\b(?:abortions?|unwanted pregnanc\w+|terminat\w+ (?:(?:a|my|the|her|of) )*pregnanc\w+)\b",
    ),
    ("contraception", "sexual health"): (r"\b(?:morning after pill|contracepti\w+|condoms?|family planning)\b",),
    ("sexual health", "gum clinic", "sti"): (
        r"\b(?:stds?|stis?|sexual health|sexually transmitted|chlamydia|gonorrh\w+|syphilis|herpes)\b",
        r"\b(?:gum clinic|smear tests?)\b",
    ),
    ("HIV", "blood borne virus", "sexual health"): (r"\bhiv\b",),
    ("hepatitis", "blood borne virus", "sexual health"): (r"\b(?:hep(?:atitis)? ?[abc]|hepatitis)\b",),
    ("optician", "eye test", "sight test", "spectacles"): (
        r"\b(?:opticians?|optometrists?|(?:eye|sight) tests?|eyes tested|spectacles|specs|contact lens\w*)\b",
        r"\b(?:new|broken|reading|free|(?:need|lost|lose|broke|get|afford|want)(?: my| some)?) glasses\b",
    ),
    ("vaccination", "immunisation", "jab"): (r"\b(?:vaccin\w+|jabs?|immuni[sz]\w+|inoculat\w+|mmr|flu shot)\b",),
    ("pharmacy", "chemist"): (
        r"\b(?:chemists?|pharmac\w+|(?<!on )prescriptions?(?! (?:drug|pain|pill|med|addict)\w*))\b",
        rf"\b(?:collect|pick up|deliver\w*) {_MINE}(?:tablets|meds|medicines?|medication)\b",
        rf"\bget {_MINE}(?:tablets|meds|medicines?|medication) (?:on|at|from|delivered|near|tonight|today|open)\b",
    ),
    ("podiatry", "chiropody", "foot care", "toenail cutting"): (
        r"\b(?:podiatr\w+|chiropod\w+|toe ?nails?|foot care|feet)\b",
    ),
    ("physiotherapy",): (r"\bphysio\w*\b",),
    ("blood pressure", "health check"): (r"\b(?:blood (?:pressure|tests?)|health check)\b",),
    ("veterinary", "vets pets", "sick animals"): (
        r"\bveterinary\b|\bvets?\b(?!.*\b(?:army|navy|raf|forces|served|ptsd)\b)",
        rf"\b{_PET} (?:(?:is|are|has|been|got|very|really) )*(?:ill|sick|poorly|hurt|injured)\b",
    ),
    ("pet fostering", "pet sitting", "dog walking", "rehoming"): (
        rf"^(?!.*{_DEAD}).*\bpets?\b(?! food| loss| bereave)|\b{_PET} (?:foster\w*|sitt\w+|walk\w+)\b",
        rf"\b(?:look(?:ing)? after|foster\w*|rehom\w+|mind) {_MINE}{_PET}\b",
        rf"\bfeed\w* {_MINE}{_PET} (?:while|when|if)\b",
    ),
    INTERPRETERS: (r"\binterpret(?:ers?|ing|ation)\b|\btranslat(?:ors?|ion|ing|ed?)\b",),
    ("warm space", "warm hub", "warm bank", "warm welcome space"): (
        r"\b(?:some ?where|any ?where|places?|where)\b.{0,16}\b(?:warm(?:er)?|heated)\b(?!.*\bhome\b)",
        r"\bwarm (?:spaces?|hubs?|banks?|rooms?|places?|cafes?|halls?)\b",
    ),
    ("school admissions", "school place"): (
        r"\bschool (?:places?|admissions?)\b|\bplaces? (?:at|in) (?:a )?school\b",
        rf"\b(?:no|find|need|new|get) (?:a )?school for {_MINE}{_CHILD}\b",
        rf"\b(?:get|getting) {_MINE}{_CHILD} in(?:to)? (?:a )?(?:new |local )?(?:school|nursery)\b",
    ),
    ("family tracing", "missing relatives", "red cross"): (
        rf"\b(?:find(?:ing)?|trac(?:e|ing)|look(?:ing)? for|search(?:ing)? for) {_MINE}(?:\w+ )?{_KIN}\b{_SOUGHT_SELF}",
        rf"\b{_KIN} (?:(?:is|are|was|has|have|been|went|gone) )+missing\b(?! (?:out|school|me|their|his|her|dad|mum))",
        r"\bmissing (?:persons?|people|relatives?|family)\b",
        rf"\blost (?:touch|contact) with {_MINE}{_KIN}\b|\bfamily tracing\b",
        rf"\blost {_MINE}{_KIN} (?:(?:in|during) the (?:war|fighting)|when we (?:fled|left|crossed|ran))\b",
        rf"\b(?:separated|split) (?:up )?(?:from {_MINE}{_KIN} )?(?:\w+ ){{0,3}}(?:leaving|fle[ed]\w*|crossing|war)\b",
        rf"\bif {_MINE}{_KIN} (?:is|are) (?:still )?(?:alive|safe)\b",
    ),
    ("worship", "prayer", "church", "mosque", "chaplain"): (
        r"\b(?:some ?where|places?|where|room) (?:\w+ ){0,3}(?:pray|worship)\b|\bprayer (?:rooms?|groups?|meetings?)\b",
        rf"\b(?:find|join|nearest) (?:\w+ )?{_HOUSE_OF_GOD}\b(?! (?:hall|group|cafe|lunch))",
    ),
    ("registrar", "register office", "registry office", "registration service"): (
        r"\bregist\w+ (?:(?:a|an|the|my|our|his|her|new|babys?|dads|mums) )*(?:births?|deaths?|baby|marriages?)\b",
        r"\b(?:give|giving|gave) notice (?:of|for) (?:\w+ )?(?:marriage|wedding)\b",
        r"\b(?:registry|register|registrars?'?s?) offices?\b|^(?:the )?registrars?$",
    ),
    ("identity documents", "id", "passport", "birth certificate"): (
        r"\bpassports?\b|\b(?:birth|marriage) certificates?\b|\bdriving licen[cs]e\b",
        r"\bproof of (?:id|identity|address)\b",
        rf"\b(?:lost|no|stolen|need|get|getting|replace) {_MINE}(?:id|identification|documents?)\b",
    ),
}
# The same, where a topic is for it too, but for much else beside.
_WITHIN: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("communication aid", "augmentative communication", "speech language therapy"): (
        r"\b(?:talking|speech|communication|voice) (?:aids?|devices?)\b|\bnon[ -]?verbal\b",
        r"\b(?:cant|cannot|unable to) (?:speak|talk) any ?more\b|\blost (?:his|her|my|their) (?:speech|voice)\b",
        r"\bspeech (?:and language )?therap\w+\b",
    ),
    ("childcare", "child care", "nursery", "childminder"): (
        r"\bchild ?care\b|\bchild ?minders?\b|\b(?:day )?nurser(?:y|ies)\b(?! nurse)",
        rf"\bday ?care\b(?!{_GROWN})(?<!adult day care)(?<!adult daycare)",
    ),
    ("power attorney", "lasting power", "deputyship", "probate"): (
        r"\bpowers? of att?o\w*|\blpa\b|\bdeputyship\b|\bprobate\b",
    ),
    # No "will writing": running text is indexed without "will".
    ("wills probate", "probate", "wills solicitor"): (
        r"\b(?:mak\w+|made|writ\w+|do|doing|sort\w*|need|chang\w+|updat\w+) (?:a|my|her|his|our|their) wills?\b",
        r"(?<!against )(?<!of )\bmy will\b(?! be)|\b(?:without|left|leave|in) a will\b",
        r"\b(?:does|do|about|for|free) wills\b",
    ),
    ("dismissal", "employment tribunal", "employment law"): (
        r"\b(?:sacked|the sack|laid off|(?:un)?fair(?:ly)? dismiss\w+|dismissal|dismissed from)\b",
        r"\b(?:got|been|was|being|get|getting|boss|work|they|he|she|im) fired\b|\bemployment tribunals?\b",
    ),
    ("family law", "divorce", "child arrangements", "family mediation", "supervised contact"): (
        rf"\b(?:cant|cannot|not allowed to) (?:see|visit) {_MINE}{_CHILD}\b",
        rf"\b(?:(?:wont|doesnt|dont) let|stop\w*) (?:me|him|us) (?:see|seeing|visit) {_MINE}{_CHILD}\b",
        r"\bcustody\b|\bchild arrangements?\b|\bfamily (?:law|courts?|solicitors?|lawyers?)\b",
        r"\bdivorce (?:lawyers?|solicitors?|papers|costs?)\b|\b(?:lawyers?|solicitors?) for (?:a |my )?divorce\b",
    ),
    ("pet food", "pet foodbank", "dog food"): (
        rf"\b(?:pet|dog|cat|animal) foods?\b|\bfood (?:bank )?for {_MINE}{_PET}\b|\bfeed\w* {_MINE}{_PET}\b",
    ),
    ("pet bereavement", "pet loss"): (
        rf"\b{_PET} (?:(?:just|has|have|was|had|got|been|to be) )*(?:died|dead|passed|put (?:down|to sleep))\b",
        r"\bpet (?:bereave\w+|loss)\b",
    ),
    ("baby loss", "stillbirth", "miscarriage", "bereaved parents"): (
        r"\b(?:lost|losing|loss of) (?:\w+ ){0,2}baby\b|\bmiscarr\w+|\bstill ?b(?:irth|orn)\w*",
        r"\bbaby (?:died|loss|death)\b",
    ),
    ("baby bank", "nappies", "baby clothes", "baby equipment"): (
        r"\bnapp(?:y|ies)\b|\bbaby (?:clothes|banks?|milk|formula|stuff|things|equipment|bundles?)\b",
        r"\b(?:cots?|prams?|pushchairs?|bugg(?:y|ies)|moses basket)\b",
    ),
    ("school uniform", "uniform exchange"): (r"\bschool (?:uniforms?|clothes|shoes|blazers?)\b",),
    ("period products", "sanitary products", "hygiene"): (
        r"\b(?:tampons?|sanitary (?:pads?|towels?|products?)|period (?:products?|pads?|poverty))\b",
    ),
    ("prisoners families", "prison visits"): (
        rf"\b{_KIN}(?: \w+){{0,3}} (?:in|into|to) {_JAIL}\b",
        rf"\b{_KIN} (?:(?:is|are|has|been|got) )*(?:inside|sent down|locked up)\b",
        rf"\b(?:in|inside) {_JAIL}\b.*\bvisit\w*|\bvisit\w*(?: \w+){{0,4}} (?:in )?{_JAIL}\b",
        r"\bprison visit\w*|\bprisoners? ?s? (?:wi(?:fe|ves)|partners?|famil\w+|kids?|child\w*|mum)\b",
    ),
    ("care leavers", "leaving care", "left care", "care experienced"): (
        r"\bcare leavers?\b|\b(?:left|leaving|grew up in|came out of|brought up in) (?:foster )?care\b(?! home)",
        r"\bcare experienced\b|\b(?:been|was|were) in (?:foster )?care\b(?! home| of)",
    ),
    ("care proceedings", "child protection", "family law"): (
        rf"\b{_CHILD} (?:\w+ ){{0,3}}in(?:to)? (?:foster )?care\b|\bcare proceedings\b|\bchild protection\b",
        rf"\b(?:took|taken|taking|take|remov\w+) {_MINE}{_CHILD} (?:\w+ )?(?:off (?:me|us|her|him)|away)\b",
    ),
    ("school refusal", "emotionally based school avoidance", "EBSA"): (
        r"\b(?:refus\w+|scared of|avoid\w*|stopped going to) (?:to go to )?school\b",
        r"\b(?:wont|not|never|doesnt|isnt|arent) go(?:es|ing)? (?:back |in )?to school\b|\bwont go school\b",
        rf"\b(?:get|getting) (?:{_MINE}(?:\w+ )?{_CHILD}|him|her|them) (?:back |in ?)?to school\b",
        r"\bschool (?:refus\w+|avoid\w+|phobia|anxiety)\b|\bebsa\b|\bnot been (?:in|to) school\b",
    ),
    ("special educational needs", "SENDIASS", "EHCP"): (
        r"\b(?:ehcps?|ehc plans?|sendi?ass|special (?:educational )?needs)\b",
    ),
    ("meals on wheels", "meal delivery"): (
        r"\bmeals? on wheels\b|\bmeals? (?:delivered|delivery|brought)\b|\b(?:deliver\w*|bring\w*) (?:\w+ )?meals?\b",
    ),
    ("blue badge", "parking badge"): (r"\b(?:blue|disabled|parking) badges?\b|\bdisabled parking\b",),
    ("bus pass", "concessionary travel", "concessions"): (r"\b(?:bus|travel|train) pass(?:es)?\b|\bfree buse?s?\b",),
    ("hospital transport", "patient transport", "hospital cars", "hospital appointments"): (
        r"\b(?:lifts?|transport|taxi|travel|ride)\b.{0,20}\b(?:hospital|chemo\w*|dialysis|clinic|appointments?)\b",
        r"\b(?:get|getting) to (?:\w+ )?(?:hospital|chemo\w*|dialysis|appointments?)\b",
    ),
    ("wheelchair loan", "wheelchair hire", "equipment loan"): (
        rf"\b(?:hire|hiring|borrow|loan|lend) (?:of )?{_MINE}(?:wheelchairs?|zimmer\w*|walking frame|commode)\b",
        r"\bwheelchair (?:hire|loan)\b",
    ),
    ("community alarm", "telecare", "careline", "pendant"): (
        r"\b(?:falls?|pendant|panic|emergency|community|neck) alarms?\b|\btelecare\b|\bcareline\b",
        r"\balarms? (?:\w+ ){0,4}(?:neck|falls?|wrist)\b",
    ),
    ("errands", "shopping prescriptions", "shopping delivered"): (
        r"\b(?:do|get|doing|with|bring|fetch) (?:my|her|his|the|their|mums|dads|nans) shopping\b",
        r"\bshopping (?:for|delivered|done|service|help)\b",
    ),
    ("showers", "laundry"): (
        r"\b(?:somewhere|place|want|need) .{0,10}\b(?:to |a )(?:have a )?(?:wash|shower)\b(?! (?:room|seat|rail))",
        r"\bwash(?:ing)? (?:my|our) clothes\b|\blaund\w+\b|\bfree showers?\b",
    ),
    ("cooking", "cookery", "recipes"): (
        r"\b(?:learn\w*|teach\w*|courses?|class(?:es)?|lessons?)\b.{0,20}\bcook\w*|\bhow to cook\b",
        r"\bcook(?:ing|ery) (?:class(?:es)?|courses?|lessons?|skills|groups?|clubs?)\b",
    ),
    ("stop smoking", "smokefree", "quit smoking"): (
        r"\b(?:stop\w*|quit\w*|giv(?:e|ing) up|pack in) (?:smoking|vaping|fags|cigs)\b(?! (?:weed|dope|crack))",
    ),
    ("weight management", "slimming", "weight loss"): (r"\blose weight\b|\bweight (?:loss|management)\b|\bslimming\b",),
    ("long covid", "post covid"): (r"\b(?:long|post) covid\b",),
    ("forced marriage", "honour based"): (
        r"\bforc\w+ (?:(?:me|her|him|into|to) )*marr\w+|\bhonou?r (?:based|violence|killings?)\b|\bfgm\b",
    ),
    ("hospice", "end life", "palliative"): (
        r"\b(?:weeks|months|days) (?:left )?to live\b|\bhospices?\b|\bend of (?:\w+ )?life\b|\bpalliative\b",
        r"\bterminal(?:ly)?\b(?! (?:1|2|3|4|5)\b)",
    ),
    ("victim support", "victims crime"): (
        r"\bvictims? of (?:a )?crimes?\b|\bburgl\w+|\bmugged\b|\b(?:was|got|been) robbed\b",
        r"\b(?:smashed|broke) (?:my|our|the) (?:windows?|door|car)\b",
    ),
    ("modern slavery", "human trafficking"): (r"\bmodern slave\w*|\btraffick\w+",),
    ("hate crime", "hate incident", "racism"): (
        r"\bhate (?:crimes?|incidents?)\b|\bracis[mt]s?\b|\b(?:racial|homophobic|transphobic) (?:abuse|attacks?)\b",
    ),
    ("loan sharks", "illegal money lending"): (r"\bloan sharks?\b|\billegal (?:money )?lend\w*",),
    ("bank account",): (r"\bbank accounts?\b",),
    ("funeral costs", "funeral payment", "funeral"): (r"\bfunerals?\b|\bcremat\w+",),
    ("databank", "sim cards", "social tariff", "wifi"): (
        r"\b(?:wi ?fi|broadband|internet)\b.{0,16}\b(?:afford|expensive|costs?|bills?|dear|free|cheap\w*)\b",
        r"\b(?:afford|no|cheap\w*|free) (?:the )?(?:wi ?fi|broadband|internet|data|sim)\b",
    ),
    ("stroke",): (rf"{_OWN}(?:\bstrokes?\b(?! of))",),
    ("fibromyalgia",): (rf"{_OWN}(?:\bfibro\w*)",),
    ("parkinsons",): (rf"{_OWN}(?:\bparkinsons?\b)",),
    ("epilepsy",): (rf"{_OWN}(?:\bepilep\w+)",),
    ("diabetes",): (rf"{_OWN}(?:\bdiabet\w+)",),
    ("arthritis",): (rf"{_OWN}(?:\barthrit\w+)",),
    ("multiple sclerosis",): (rf"{_OWN}(?:\bmultiple sclerosis\b)",),
    ("motor neurone",): (rf"{_OWN}(?:\bmotor neurone?\b|\bmnd\b)",),
    ("cancer",): (rf"{_OWN}(?:\b(?:cancer|chemo\w*|tumou?rs?)\b)",),
    ("brain injury", "headway"): (rf"{_OWN}(?:\bbrain injur\w+)",),
    ("sickle cell",): (rf"{_OWN}(?:\bsickle cell\b)",),
    ("copd", "breathe easy"): (rf"{_OWN}(?:\b(?:copd|emphysema)\b)",),
    ("drawing", "painting", "arts prescription", "art group", "studio"): (
        r"\b(?:draw|drawing|paint|painting|sketch\w*|watercolours?|pottery)\b",
    ),
    ("community meal", "hot meal", "lunch", "supper"): (
        r"\b(?:cheap|free|hot|cooked) (?:hot |cooked )?(?:meals?|dinners?|lunch\w*|suppers?)\b",
        r"\b(?:some ?where|place|where)\b.{0,16}\bto eat\b",
    ),
    ("choir", "singing"): (r"\b(?:sing|singing|choirs?)\b",),
    ("knitting", "sewing", "crochet", "stitch", "textile"): (r"\b(?:knit|knitting|sew|sewing|crochet\w*|quilt\w*)\b",),
    ("form filling", "letter reading", "letters morning"): (
        r"\b(?:fill\w*|read\w*|understand|cope with|help with|deal with|sort\w*) (?:\w+ ){0,3}(?:forms?|letters?)\b",
        r"\bpaperwork\b",
    ),
    ("housing register", "choice based lettings"): (
        r"\b(?:council|housing|council housing) (?:waiting )?(?:list|register)\b",
        r"\b(?:list|register\w*|bid\w*|apply\w*|qualify) (?:for|on) (?:a |the )?council (?:hous|flat|home|propert)\w*",
    ),
    ("criminal record", "disclosure", "convictions"): (
        r"\bcriminal records?\b|\b(?:un)?spent convictions?\b|\b(?:dbs|disclosure) (?:checks?|forms?|letters?)\b",
        r"\b(?:declar\w+|disclos\w+)\b.{0,24}\b(?:convictions?|record)\b",
    ),
    ("damp", "disrepair"): (r"\b(?:damp|mou?ld|mou?ldy|disrepair)\b",),
    ("sight loss", "visual impairment", "low vision", "visually impaired", "blind"): (
        r"\b(?:going|gone|went|is|am|im|registered|severely|partially|nearly|born) blind\b",
        rf"\b(?:losing|lost|loss of|failing|bad|poor) {_MINE}(?:eye ?sight|sight|vision)\b|\bmacular\b|\bglaucoma\b",
        r"\b(?:sight (?:loss|impair\w+)|(?:partially|visually) (?:sighted|impaired))\b|\bguide dogs?\b|\bbraille\b",
    ),
    ("hearing loss", "hard hearing", "hearing aid", "deaf"): (
        r"\b(?:going|gone|went|is|am|im|profoundly|partially|nearly|born) deaf\b|\bdeaf(?:ness|ened)\b",
        r"\bhard of hearing\b|\bhearing (?:aids?|loss|impair\w+)\b|\b(?:losing|lost) (?:my|her|his|their) hearing\b",
        r"\blip ?read\w*",
    ),
    ("tinnitus",): (r"\btinnitus\b",),
    ("grab rails", "adaptations", "stairlift", "disabled facilities"): (
        r"\bgrab ?rails?\b|\bstair ?lifts?\b|\b(?:wheelchair|door|access) ramps?\b|\bramps? (?:for|to|up)\b",
        r"\b(?:walk ?in|level access|accessible|downstairs) (?:shower|bath\w*|toilet)\b|\bwet ?rooms?\b",
        r"\badaptations?\b|\brails? (?:in|for|by|on|up) (?:(?:the|my|her|his) )?(?:bath|shower|stairs|toilet|steps)\b",
        r"\b(?:cant|cannot|struggl\w+) (?:to )?(?:get|manage|climb) (?:\w+ ){0,4}(?:bath|shower|stairs|steps)\b",
    ),
    ("home care", "personal care", "domiciliary", "care assessment"): (
        r"\bcarers? (?:to )?(?:com(?:e|es|ing)|visit\w*|call\w*) (?:in|round|out|to|every|twice)\b",
        r"\bhome (?:care|help|carers?)\b(?! (?:home|fees?))|\bpersonal care\b|\bcare package\b|\bcarers in for\b",
        rf"\b(?:help\w*|someone) (?:to )?{_MINE}(?:{_KIN} )?(?:to )?(?:get(?:ting)? )?(?:wash\w*|dress\w*)\b",
    ),
    ("meter topup", "prepayment meter", "fuel voucher"): (
        rf"\b(?:money|credit|leccy|electric\w*|gas) (?:left )?(?:on|in|for) (?:the|my|our) {_POWER}\b",
        rf"\b{_POWER} (?:(?:has|is|s|have|going to) )*(?:run|ran|running|runs) out\b|\bemergency credit\b",
        rf"\btop ?up (?:\w+ ){{0,2}}{_POWER}\b|\bpre ?pay\w* meters?\b",
    ),
}
# The topic that is nearest to a subject of no topic, by the subject's own name: who teaches a language is nearer to
# interpreting than a singer who interprets songs.
NEAREST: Mapping[str, str] = {"interpreters": "english-language", "family tracing": "immigration"}
# The topic that a small part of one belongs to, by its own name: in few words ("left care") the model may not hear it.
BELONGS_TO: Mapping[str, str] = {
    "bank account": "budgeting",
    "care leavers": "young-people",
    "choir": "creative-arts",
    "criminal record": "leaving-prison",
    "damp": "home-repairs",
    "dismissal": "legal-advice",
    "drawing": "creative-arts",
    "family law": "legal-advice",
    "hearing loss": "sensory-loss",
    "home care": "social-care",
    "hospital transport": "transport",
    "housing register": "finding-a-home",
    "knitting": "creative-arts",
    "meter topup": "energy-bills",
    "pet food": "food",
    "power attorney": "legal-advice",
    "prisoners families": "leaving-prison",
    "school refusal": "parenting",
    "sight loss": "sensory-loss",
    "stop smoking": "healthy-living",
    "tinnitus": "sensory-loss",
    "weight management": "healthy-living",
    "wills probate": "legal-advice",
}
# What that topic counts at least.
AT_LEAST = 0.35
# The first four letters of words of which a query must have one if the patterns of a subject are to be tried:
# queries have none of any, and are let through by one look at their words.
_STARTS: Mapping[str, str] = {
    "GP surgery": "gp gps doct walk urge mino",
    "registrar": "regi noti",
    "dentist": "dent toot teet",
    "abortion": "abor unwa term",
    "contraception": "morn cont cond fami",
    "sexual health": "std stds sti stis sexu chla gono syph herp gum smea",
    "HIV": "hiv",
    "hepatitis": "hep hepa hepb hepc",
    "optician": "opti opto eye eyes sigh spec cont glas",
    "vaccination": "vacc jab jabs immu inoc mmr flu",
    "pharmacy": "chem phar pres tabl meds medi",
    "podiatry": "podi chir toe toen foot feet",
    "physiotherapy": "phys",
    "blood pressure": "bloo heal",
    "veterinary": "vete vet vets {pet}",
    "pet fostering": "{pet}",
    "interpreters": "inte tran",
    "warm space": "warm heat",
    "school admissions": "scho nurs",
    "family tracing": "find trac look sear miss lost fami sepa spli aliv safe",
    "identity documents": "pass birt marr driv proo id iden docu",
    "worship": "pray wors chur mosq temp syna gurd",
    "sight loss": "blin sigh visi macu glau part eyes guid brai whit",
    "hearing loss": "deaf hear lip lipr",
    "tinnitus": "tinn",
    "grab rails": "grab stai ramp rail walk leve acce down wet wetr adap bath show step",
    "home care": "care home pers wash dres",
    "meter topup": "mete gas elec lecc key prep pre emer",
    "communication aid": "talk spee comm voic non nonv spea",
    "childcare": "chil nurs day dayc",
    "power attorney": "powe lpa depu prob",
    "wills probate": "will",
    "dismissal": "sack laid unfa fair dism fire empl",
    "family law": "cust chil fami divo see seei visi",
    "pet food": "{pet}",
    "pet bereavement": "{pet}",
    "baby loss": "baby misc stil",
    "baby bank": "napp baby cot cots pram push bugg mose",
    "school uniform": "scho",
    "period products": "tamp sani peri",
    "prisoners families": "pris jail nick insi sent lock",
    "care leavers": "care",
    "care proceedings": "care chil took take taki remo",
    "school refusal": "scho ebsa",
    "special educational needs": "ehcp ehc send spec",
    "meals on wheels": "meal",
    "blue badge": "badg park",
    "bus pass": "pass bus buse",
    "hospital transport": "hosp chem dial clin appo",
    "wheelchair loan": "whee zimm walk comm",
    "community alarm": "alar tele care",
    "errands": "shop",
    "showers": "show wash laun",
    "cooking": "cook",
    "stop smoking": "smok vapi fags cigs",
    "weight management": "weig slim",
    "long covid": "covi",
    "forced marriage": "forc hono fgm",
    "hospice": "live hosp life pall term",
    "victim support": "vict burg mugg robb smas brok",
    "modern slavery": "slav traf",
    "hate crime": "hate raci homo tran",
    "loan sharks": "loan ille",
    "bank account": "bank",
    "funeral costs": "fune crem",
    "databank": "wifi wi broa inte data sim",
    "stroke": "stro",
    "fibromyalgia": "fibr",
    "parkinsons": "park",
    "epilepsy": "epil",
    "diabetes": "diab",
    "arthritis": "arth",
    "multiple sclerosis": "mult",
    "motor neurone": "moto mnd",
    "cancer": "canc chem tumo",
    "brain injury": "brai",
    "sickle cell": "sick",
    "copd": "copd emph",
    "drawing": "draw pain sket wate pott art",
    "community meal": "meal dinn lunc supp eat",
    "choir": "sing choi",
    "knitting": "knit sew sewi croc quil",
    "form filling": "form lett pape",
    "housing register": "list regi bid bids bidd appl qual",
    "criminal record": "crim spen unsp dbs disc decl",
    "damp": "damp moul mold disr",
}
_PETS = "dog dogs cat cats pet pets pupp kitt rabb anim"
_LETTERS = 4
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[,;.?!]+|\b(?:and|but|cos|because|so|also|about)\b")


@dataclass(frozen=True, slots=True)
class Beyond:
    """What listings call it, and what else the query says (nothing where that is next to nothing).

    `called` is its own name alone, for people to read: "gp surgery", where listings also say "medical practice".
    `nearest` are the topics that are nearest to it.
    """

    called: tuple[str, ...]
    listed: tuple[str, ...]
    rest: str
    nearest: tuple[str, ...] = ()


_Subject = tuple[re.Pattern[str], tuple[str, ...]]


class _Book(NamedTuple):
    """Subjects, and by the first letters of a word those that are tried for it."""

    subjects: Sequence[_Subject]
    starts: Mapping[str, tuple[int, ...]]


def within(plain: str) -> tuple[str, ...]:
    """What listings call what a folded query asks for, where that is a small part of a topic: "custody" of the law."""
    books = (_book_within(), _book_of_pastimes()) if is_plain(plain) else (_book_within(),)
    found = (listed for book in books for pattern, listed in _tried(book, plain) if pattern.search(plain))
    return tuple(dict.fromkeys(name.lower() for listed in found for name in listed))[:MOST_NAMES]


def belonging(listed: Sequence[str]) -> Iterator[str]:
    """The topics that the small parts found belong to."""
    return (BELONGS_TO[name] for name in listed if name in BELONGS_TO)


def beyond(plain: str) -> Beyond | None:
    """Find what a folded query asks for beyond the topics; None where there is nothing of the kind."""
    books = (_book(), _book_of_places()) if is_plain(plain) else (_book(),)
    found = [(pattern, listed) for book in books for pattern, listed in _tried(book, plain) if pattern.search(plain)]
    if not found or _COMPLAINT.search(plain):
        return None
    listed = dict.fromkeys(name.lower() for _, each in found for name in each)
    called = dict.fromkeys(each[0] for _, each in found)
    # What an interpreter is for is not what is looked for.
    alone = any(names is INTERPRETERS for _, names in found)
    rest = "" if alone else _without(_NO_ENGLISH.sub(" ", plain), [pattern for pattern, _ in found])
    nearest = dict.fromkeys(NEAREST[names[0]] for _, names in found if names[0] in NEAREST)
    return Beyond(tuple(called), tuple(listed), rest, tuple(nearest))


def _without(plain: str, patterns: Sequence[re.Pattern[str]]) -> str:
    """The clauses that say nothing of it; of a single clause its other words."""
    clauses = [part for part in map(str.strip, _BETWEEN.split(plain)) if not any(p.search(part) for p in patterns)]
    if any(clauses):
        rest = " ".join(clauses)
    else:
        rest = plain
        for pattern in patterns:
            rest = pattern.sub(" ", rest)
    said = [word for word in words(rest) if word not in LOW_VALUE]
    return " ".join(rest.split()) if len(said) >= _FEWEST_WORDS else ""


def _tried(book: _Book, plain: str) -> Sequence[_Subject]:
    """The subjects that the words of a query may be about, in the order of the book."""
    common = book.starts.keys() & {word[:_LETTERS] for word in _WORD.findall(plain)}
    if not common:
        return ()
    numbers = sorted({number for start in common for number in book.starts[start]})
    return [book.subjects[number] for number in numbers]


@cache
def _book_within() -> _Book:
    return _made((listed, "|".join(patterns), _starts_of(listed)) for listed, patterns in _WITHIN.items())


@cache
def _book() -> _Book:
    return _made((listed, "|".join(patterns), _starts_of(listed)) for listed, patterns in _SUBJECTS.items())


@cache
def _book_of_pastimes() -> _Book:
    return _made((listed, pattern_of(ways), beginnings(ways, _LETTERS)) for listed, ways in PASTIMES.items())


@cache
def _book_of_places() -> _Book:
    return _made((listed, pattern_of(ways), beginnings(ways, _LETTERS)) for listed, ways in PLACES.items())


def _starts_of(listed: Sequence[str]) -> Sequence[str]:
    return _STARTS[listed[0]].format(pet=_PETS).split()


def _made(written: Iterable[tuple[tuple[str, ...], str, Iterable[str]]]) -> _Book:
    """A book of what listings call each subject, how it is asked for, and how that begins."""
    subjects: list[_Subject] = []
    starts: dict[str, tuple[int, ...]] = {}
    for listed, pattern, begun_by in written:
        for start in dict.fromkeys(begun_by):
            starts[start] = (*starts.get(start, ()), len(subjects))
        subjects.append((re.compile(pattern), listed))
    return _Book(subjects, starts)
