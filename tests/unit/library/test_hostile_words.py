"""No query costs long work, whatever is typed: each part of understanding reads a bounded piece of it."""

from __future__ import annotations

import random
import string
from collections import Counter
from collections.abc import Callable

import pytest

from app.directory.topic_model import topic_model
from app.library.conditions import conditions
from search_index.lexicon import Corrector, danger, expand, folded_words, known_mistakes, lexicon_words
from search_index.query import Vocabulary, analyse
from tests.work import LONGEST_SECONDS, busy_seconds

_rng = random.Random(1)
_nonsense = ["".join(_rng.choices(string.ascii_lowercase, k=length)) for length in [8] * 2_000 + [24] * 2_000]
HOSTILE = {
    "10,000 letters": "x" * 10_000,
    "4,000 words": "food " * 4_000,
    "4,000 unknown words": " ".join(_nonsense),
    "repeated letters": "aaaaaaaa " * 1_200,
    "accents": "e\u0301" * 5_000,
    "one letter, many accents": "e" + "\u0301" * 9_999,
    "ligatures": "\ufdfa" * 5_000,
    "emoji": "\U0001f600" * 5_000,
    "right to left": "\u202eabc\u202d " * 1_500,
    "apostrophes": "'" * 10_000,
    "hyphens": "a-" * 5_000,
    "dots": "a." * 5_000,
    "ampersands": "a & " * 2_500,
    "ages": "aged 45 year old 33 yo " * 400,
    "dangers": "kill myself suicide want to die " * 300,
    "mistyped": "hosuing benefitz deppression anxietyy rentt " * 200,
    "run together": "foodbankdebtadvicehousingbenefitcourse " * 250,
    "acronyms": "UC PIP CAB CBT DV SMI ESA DLA JSA HB " * 250,
    "lone surrogates": "\ud800" * 10_000,
}


@pytest.fixture(scope="module")
def understand() -> Callable[[str], object]:
    counts = Counter(lexicon_words())
    corrector = Corrector(counts, known_mistakes())
    vocabulary = Vocabulary(counts, 1_000, lambda _stem: 0)
    model = topic_model()

    def everything(text: str) -> object:
        topics = model.topics(text, 12)
        return (
            corrector.correct(folded_words(text)),
            danger(text),
            expand(text),
            conditions(text),
            topics,
            analyse(text, vocabulary),
        )

    everything("what is made once is made now")
    return everything


@pytest.mark.parametrize("shape", HOSTILE)
def test_no_words_are_long_work(understand: Callable[[str], object], shape: str) -> None:
    assert busy_seconds(lambda: understand(HOSTILE[shape])) < LONGEST_SECONDS
