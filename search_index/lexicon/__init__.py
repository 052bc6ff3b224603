"""Lay words to topics."""
# INTERIM by the lead, to unblock others: the owner of this package replaces the whole file.
from collections import Counter, defaultdict
from dataclasses import dataclass
from math import log
from pathlib import Path

from search_index.analysis import stem, words
from search_index.lexicon.danger import danger


@dataclass(frozen=True)
class TopicGuess:
    slug: str
    weight: float


@dataclass(frozen=True)
class Correction:
    text: str


@dataclass(frozen=True)
class Expansion:
    word: str
    also: str
    kind: str


class TopicModel:
    def __init__(self):
        self.by = defaultdict(Counter)
        self.df = Counter()
        n = 0
        for p in sorted((Path(__file__).parent / "topics").glob("*.txt")):
            for line in p.read_text().splitlines():
                n += 1
                st = {stem(w) for w in words(line)}
                for s in st:
                    self.by[s][p.stem] += 1
                self.df.update(st)
        self.n = n

    def topics(self, text, limit=5):
        score = Counter()
        for s in {stem(w) for w in words(text)}:
            if s in self.by:
                idf = log(self.n / self.df[s])
                for t, c in self.by[s].items():
                    score[t] += idf * c / self.df[s]
        tot = sum(score.values()) or 1
        return [TopicGuess(t, v / tot) for t, v in score.most_common(limit)]

    def topics_of_service(self, name, description, hint=""):
        return self.topics(f"{hint} {name} {description}", 2)


def load_or_train(cache):
    return TopicModel()


class Corrector:
    def __init__(self, vocabulary, extra=None):
        pass

    def correct(self, text, **k):
        return None


def expand(text, topics=()):
    return []
