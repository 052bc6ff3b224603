"""Synthetic directories of any size, and queries, drawn from the words of the demo town and of the lexicon.

python -m tests.bench.corpus 10000 out.jsonl
"""

import json
import random
import re
import sys
import tomllib
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from search_index import Document, Opening  # noqa: E402 - the line above makes it importable

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_TAIL = 25_000  # invented words (places, people, projects), as rare as in a real county
_SYLLABLES = """
    ash bar bick bourne brack bury by cal car ches clay combe corn cote dale den dun el fen ford frod gar gate
    glos green ham har hed hel holt hurst kel ken kirk lan leigh low lyn mar mel mere mor new nor oak over pen pres ram
    red ros rush sal sed sel shaw shel sned stan stoke stow tam thorn tod ton tor up wal war wel wen wex whit wick win
    wood worth wy yar
"""
_TYPES = ("course", "peer-group", "service")
_REACH = ("in-person", "phone", "online", "home-visit")


@cache
def _sources() -> tuple[tuple[str, ...], tuple[str, ...]]:
    sentences: list[str] = []
    for path in sorted((ROOT / "seed/demo/directory").glob("*.toml")):
        sentences += _texts(tomllib.loads(path.read_text("utf-8")))
    phrases = [
        line.strip()
        for path in sorted((ROOT / "search_index/lexicon/topics").glob("*.txt"))
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    ]
    return tuple(sentences), tuple(phrases)


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, str) and len(value) > 40:
        return [sentence.strip() for sentence in re.split(r"(?<=[.!?])\s+", value) if len(sentence) > 20]
    return []


class _Zipf:
    """Words by the frequency of the sources, and behind them a long tail."""

    def __init__(self, seed: int) -> None:
        sentences, phrases = _sources()
        counted = Counter(word for text in (*sentences, *phrases) for word in _WORD.findall(text.lower()))
        rng = random.Random(seed)
        ranked = [word for word, _ in counted.most_common()]
        tail = {"".join(rng.choices(_SYLLABLES.split(), k=rng.choice((2, 2, 3)))) for _ in range(_TAIL)}
        self.words = ranked + sorted(sorted(tail - set(ranked)), key=lambda _: rng.random())
        self._sums = list(accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))

    def draw(self, rng: random.Random, count: int) -> list[str]:
        top = self._sums[-1]
        return [self.words[bisect(self._sums, rng.random() * top)] for _ in range(count)]


@cache
def _zipf() -> _Zipf:
    return _Zipf(7)


def documents(count: int, seed: int = 1) -> Iterator[Document]:
    """`count` services, always the same for one seed."""
    rng = random.Random(seed)
    sentences, phrases = _sources()
    zipf = _zipf()
    for _ in range(count):
        labels = rng.sample(phrases, 2)
        place = "".join(rng.choices(_SYLLABLES.split(), k=2)).title()
        name = " ".join(zipf.draw(rng, rng.randint(1, 3)) + rng.choice(labels).split()[:2]).title()
        latitude, longitude = 53 + rng.random() * 2, -3 + rng.random() * 2
        yield Document(
            id=str(UUID(int=rng.getrandbits(128), version=4)),
            name=name,
            alternate_name=" ".join(zipf.draw(rng, 2)) if rng.random() < 0.3 else "",
            organization=f"{place} {rng.choice(('Trust', 'Council', 'Mind', 'Housing', 'Community Centre'))}",
            topics=" ".join(labels),
            description=" ".join((rng.choice(sentences), *zipf.draw(rng, rng.randint(15, 70)), rng.choice(sentences))),
            eligibility=rng.choice(sentences) if rng.random() < 0.5 else "",
            places=f"{place} {' '.join(zipf.draw(rng, 2))}",
            sessions=" ".join(zipf.draw(rng, 8)) if rng.random() < 0.2 else "",
            tags=frozenset(_tags(rng)),
            points=((latitude, longitude),) if rng.random() < 0.9 else (),
            openings=tuple(
                Opening(weekday=day, ordinal=0, opens=540, closes=1020)
                for day in rng.sample(range(7), rng.randint(0, 5))
            ),
            checked_on=date(2026, 11, 1) - timedelta(days=rng.randint(0, 400)),
            minimum_age=rng.choice((None, 16, 18, 65)),
            chain=f"chain{rng.randint(1, 50)}" if rng.random() < 0.05 else "",
        )


def _tags(rng: random.Random) -> Iterator[str]:
    first, second = rng.sample(_topics(), 2)
    yield from (f"main:{first}", f"also:{second}", f"topic:{first}", f"topic:{second}")
    yield f"kind:{rng.choice(_TYPES)}"
    yield f"reach:{rng.choice(_REACH)}"
    yield f"coverage:{rng.choices(('local', 'regional', 'national'), (80, 15, 5))[0]}"
    yield f"cost:{rng.choice(('free', 'paid'))}"
    yield f"accepting:{rng.choice(('yes', 'waiting-list', 'no', 'unknown'))}"


@cache
def _topics() -> list[str]:
    return sorted(path.stem for path in (ROOT / "search_index/lexicon/topics").glob("*.txt"))


def queries(count: int, seed: int = 2) -> list[str]:
    """Mixed queries of 1 to 12 words: lexicon phrases, words by frequency, and words half typed."""
    rng = random.Random(seed)
    _, phrases = _sources()
    zipf = _zipf()
    found = []
    for _ in range(count):
        kind = rng.random()
        if kind < 0.5:
            found.append(" ".join(rng.choice(phrases).split()[:12]))
            continue
        words = zipf.draw(rng, rng.randint(1, 12))
        if kind > 0.85 and len(words[-1]) > 4:
            words[-1] = words[-1][:4]
        found.append(" ".join(words))
    return found


def main() -> None:
    count, path = int(sys.argv[1]), Path(sys.argv[2])
    with path.open("w", encoding="utf-8") as stream:
        for document in documents(count):
            stream.write(json.dumps(asdict(document), default=str) + "\n")


if __name__ == "__main__":
    main()
