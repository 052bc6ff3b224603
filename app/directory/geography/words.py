"""Words that look like places and mostly are not."""

from __future__ import annotations

# Real districts that people also type as a word (mate, wait, before), a vitamin, or a section of an Act.
AMBIGUOUS_DISTRICTS = frozenset("B4 B6 B12 L8 M8 W8 S2 S3 S8 S17 S20 S21 S42".split())

# What follows a section of an Act.
LAW_WORDS = frozenset("notice notices eviction order claim form letter assessment aftercare served act housing".split())

# Never a place by themselves, whatever an address may say.
NEVER_PLACES = frozenset(
    "a an and at by for from in me my near of on or the to us we you area arrears bed benefit benefits care centre "
    "church college community council county crisis debt england estate food great britain group health help here home "
    "hospital hostel house housing job library local london road money need north northern ireland office online pain "
    "park people person prison rent road scotland service services school shelter shop south street support trouble "
    "uk united kingdom village wales work east west town city na none not known unknown various nationwide national "
    "remote virtual confidential withheld address".split()
) - {"london"} | {"united kingdom", "great britain", "northern ireland", "not known", "city centre", "town centre"}

# Names of places that are everyday words too: meant only after "in", "near" and the like.
COMMON_WORDS = frozenset(
    "ash bank barking bath battle beer bow bury cheddar chester deal diss eye flint hale hope lea lower mold moss "
    "nelson old reading rest rugby sale sandwich settle stone street ware wells wells wash wall rye rhyl corby diggle "
    "broadway holmes grange green hill hills lane mill mills oldham over poole priory hyde march may ripley rugby "
    "star well worth wing wish young field fields forest friars fleet ford hall heath hook lake land leek looe ely "
    "mere minster money nook nose page pool race ramsey rock sea seal send shore side skip spa speke spring stanley "
    "still strand tow upper vale view walk water welling whitby whiteley wick wood woods yarm".split()
) - {"chester", "oldham", "poole", "corby", "rhyl", "hyde", "whitby", "whiteley", "ripley", "ramsey", "welling"}

# Of these, towns whose name hardly ends what somebody looks for: "anxiety group sale" is near Sale.
TOWNS_AT_THE_END = frozenset(
    "bury diss ely flint fleet hale lea leek looe mere mold nelson rye sale settle speke stanley stone ware wells wick "
    "yarm".split()
)
# But not after these ("jumble sale", "for sale", "kidney stone"), nor after words of grammar ("nowhere to bury him").
BEFORE_THINGS = frozenset(
    "bake boot book bring cake clothes craft furniture garage gall house jumble kidney lost plant table tabletop toy "
    "yard wishing for on up off no not cant can will".split()
)
