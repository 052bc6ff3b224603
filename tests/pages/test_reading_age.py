"""Our own words read at age 9 to 11: Flesch-Kincaid grade 5 or below, counted here."""

from __future__ import annotations

import re

import html5lib
import pytest

from tests.pages.site import Site

HIGHEST_GRADE = 5.0
OWN_WORDS = [
    *("/", "/help-now", "/privacy", "/cookies", "/accessibility", "/list", "/list/shared/cut", "/ask-for-help"),
    *("/not-found", "/no-such-page"),
]
BLOCKS = {"p", "h1", "h2", "h3", "li", "label", "legend", "dt", "dd"}


def syllables(word: str) -> int:
    """About how many: groups of vowels, without a silent e at the end."""
    word = word.lower()
    count = len(re.findall(r"[aeiouy]+", word))
    if word.endswith(("e", "es", "ed")) and not word.endswith(("le", "ted", "ded", "ses", "ges", "ces")) and count > 1:
        count -= 1
    return max(1, count)


def sentences(page: str) -> list[list[str]]:
    """The sentences of the main part, each as its words; a block ends a sentence."""
    main = html5lib.parse(page, namespaceHTMLElements=False).find(".//main")
    blocks = [" ".join("".join(element.itertext()).split()) for element in main.iter() if element.tag in BLOCKS]
    parts = [part for block in blocks for part in re.split(r"(?<=[.?!:])\s", block)]
    return [words for part in parts if (words := re.findall(r"[A-Za-z’']+", part))]


def grade(page: str) -> float:
    """The Flesch-Kincaid grade: 5 is about ten years of age."""
    found = sentences(page)
    words = [word for sentence in found for word in sentence]
    return 0.39 * len(words) / len(found) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_measure_tells_easy_from_hard() -> None:
    easy = "<main><p>You can call us. We will listen to you.</p></main>"
    hard = "<main><p>Eligibility is determined following comprehensive multidisciplinary assessment.</p></main>"
    assert grade(easy) < HIGHEST_GRADE < grade(hard)


@pytest.mark.parametrize("path", OWN_WORDS)
def test_our_own_words_are_easy_to_read(path: str, site: Site) -> None:
    page = site.app.test_client().get(path, base_url=site.url).text
    assert grade(page) <= HIGHEST_GRADE
