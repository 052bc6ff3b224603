"""What a topic says: as shipped, as changed here, and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from search_index.lexicon import folded_words

LONGEST_PHRASE = 100
MOST_TOPICS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicWords:
    """All that can be changed of a topic; `parent` and `heir` are slugs, or empty.

    Welsh (`name_cy`, `description_cy`) is empty where the translation that Waymark ships will do.
    """

    name: str
    description: str
    parent: str = ""
    position: int = 0
    retired: bool = False
    heir: str = ""
    name_cy: str = ""
    description_cy: str = ""

    def changed_by(self, document: Mapping[str, Any]) -> TopicWords:
        """These words with what a version changed of them."""
        known = asdict(self)
        return replace(self, **{field: value for field, value in document.items() if field in known})


def difference(shipped: TopicWords | None, words: TopicWords) -> dict[str, Any]:
    """What differs from what is shipped; of a topic that is not shipped, everything."""
    told = asdict(words)
    if shipped is None:
        return told
    before = asdict(shipped)
    return {field: value for field, value in told.items() if value != before[field]}


def phrase_key(phrase: str) -> str:
    """What makes two phrases the same: capitals, accents and apostrophes do not."""
    return " ".join(folded_words(phrase))


def living(slug: str, heirs: Mapping[str, str]) -> str:
    """The topic that stands for this one now: itself, or of a retired one its heir's; empty where there is none."""
    seen: set[str] = set()
    while slug in heirs and slug not in seen:
        seen.add(slug)
        slug = heirs[slug]
    return "" if slug in heirs else slug


def lived(topics: Mapping[str, float], heirs: Mapping[str, str]) -> dict[str, float]:
    """The weights of topics, those of retired ones given to what stands for them."""
    found: dict[str, float] = {}
    for slug, weight in topics.items():
        if heir := living(slug, heirs):
            found[heir] = found.get(heir, 0.0) + weight
    return found


def living_slugs(slugs: Sequence[str], heirs: Mapping[str, str]) -> list[str]:
    """The topics that stand for these, each once, in order."""
    return list(dict.fromkeys(heir for slug in slugs if (heir := living(slug, heirs))))
