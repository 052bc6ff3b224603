"""Text to words, as the lexicon reads them."""

import re

from search_index.analysis import fold

MAXIMUM_TEXT = 500  # characters that are read of what somebody typed

_WORD = re.compile(r"[^\W_]+")


def folded_words(text: str, *, limit: int = MAXIMUM_TEXT) -> list[str]:
    """Give the words of the first `limit` characters: lower case, no accents, no apostrophes ("can't" is "cant")."""
    return _WORD.findall(fold(text[:limit])[:limit].replace("'", ""))
