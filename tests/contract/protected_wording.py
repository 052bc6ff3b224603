"""Finds words of questionnaires that we may not give away, without holding those words.

`protected_wording.txt` has fingerprints of runs of four or five words from them. To add to it, give lines of
`measure<TAB>wording` on standard input, from a file outside the repository:

    python -m tests.contract.protected_wording < wording.tsv >> tests/contract/protected_wording.txt
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FINGERPRINTS = Path(__file__).with_suffix(".txt")
LONG, SHORT = 5, 4
_WORD = re.compile(r"[a-z0-9]+")
_TAG = re.compile(r"<[^<>\n]*>")
_APOSTROPHE = re.compile(r"['\u2018\u2019`]")


@dataclass(frozen=True)
class Known:
    """Fingerprint to measure, and how the runs begin: most of a text is passed over by its pairs of words."""

    runs: Mapping[str, str]
    starts: frozenset[str]


def fingerprints() -> Known:
    """Those kept beside this module."""
    lines = [line.split() for line in FINGERPRINTS.read_text(encoding="ascii").splitlines()]
    return Known({run: measure for measure, _, run in lines}, frozenset(start for _, start, _ in lines))


def words_of(text: str) -> list[str]:
    """The words of a text: no case, marks, tags or apostrophes, and line breaks as spaces."""
    return _WORD.findall(_APOSTROPHE.sub("", _TAG.sub(" ", text.lower())))


def fingerprint(run: str) -> str:
    """A run of words, made unreadable."""
    return hashlib.blake2b(run.encode(), digest_size=8, person=b"waymark-words").hexdigest()


@cache
def start_of(pair: str) -> str:
    """A short fingerprint of two words."""
    return fingerprint(pair)[:4]


def found_in(text: str, known: Known) -> set[str]:
    """The measures whose words are in a text."""
    words, found = words_of(text), set()
    for place, pair in enumerate(map(" ".join, pairwise(words))):
        if start_of(pair) in known.starts:
            runs = {fingerprint(" ".join(words[place : place + length])) for length in (SHORT, LONG)}
            found |= {known.runs[run] for run in runs & known.runs.keys()}
    return found


def tracked_texts() -> Iterator[tuple[str, str]]:
    """Name and text of every file in git that is text."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        path = ROOT / name
        try:
            yield name, path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue


def common_runs(texts: Iterable[str]) -> set[str]:
    """Every run in texts that we have anyway: too common to mean anything."""
    return {run for text in texts for length in (LONG, SHORT) for run in runs_of(words_of(text), length)}


def of_wording(lines: Iterable[str], common: set[str]) -> Iterator[str]:
    """Lines for the file of fingerprints, without what is common."""
    for line in lines:
        measure, wording = line.rstrip("\n").split("\t")
        words = words_of(wording)
        for run in runs_of(words, min(len(words), LONG)) if len(words) >= SHORT else ():
            if run not in common:
                yield f"{measure} {start_of(' '.join(run.split()[:2]))} {fingerprint(run)}"


def runs_of(words: list[str], length: int) -> Iterator[str]:
    """Each run of so many words."""
    return map(" ".join, zip(*(words[start:] for start in range(length)), strict=False))


if __name__ == "__main__":
    for each in dict.fromkeys(of_wording(sys.stdin, common_runs(text for _, text in tracked_texts()))):
        print(each)
