"""What advice is about: a tree of up to three tiers, read from the table beside this module.

The codes are Waymark's own; `map_to` names the topics of the search that an issue belongs to, likeliest first.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("issue_tree.tsv")


@dataclass(frozen=True, slots=True)
class Issue:
    """One node. `code` is the path to it ("benefits/pip/appeal"); `words` are everyday words for it."""

    code: str
    parent: str
    label: str
    topics: tuple[str, ...]
    words: str

    @property
    def tier(self) -> int:
        """1, 2 or 3."""
        return self.code.count("/") + 1

    @property
    def root(self) -> str:
        """The code of its first tier."""
        return self.code.partition("/")[0]


class IssueTree(Mapping[str, Issue]):
    """All issues by code, in the order of the table."""

    def __init__(self, issues: list[Issue]) -> None:
        self._issues = {issue.code: issue for issue in issues}

    def __getitem__(self, code: str) -> Issue:
        return self._issues[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._issues)

    def __len__(self) -> int:
        return len(self._issues)

    def roots(self) -> list[Issue]:
        """The first tier."""
        return [issue for issue in self._issues.values() if not issue.parent]

    def below(self, code: str) -> list[Issue]:
        """Everything under a node, in order."""
        return [issue for issue in self._issues.values() if issue.code.startswith(f"{code}/")]

    def label(self, code: str) -> str:
        """With the first tier before it, where the label does not say it: "Debt: council tax"."""
        issue = self._issues.get(code)
        if issue is None:
            return code
        if not issue.parent or ":" in issue.label:
            return issue.label
        return (
            f"{self._issues[issue.root].label}: {issue.label[0].lower() + issue.label[1:]}"
            if _is_plain(issue.label)
            else f"{self._issues[issue.root].label}: {issue.label}"
        )


def _is_plain(label: str) -> bool:
    """Whether the label begins with an everyday word, which is written small after a colon."""
    first, _, rest = label.partition(" ")
    return first[1:].islower() and not any(word[:1].isupper() for word in rest.split() if word[:1] != "(")


@cache
def issue_tree() -> IssueTree:
    """The tree; read once."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return IssueTree(
        [Issue(row["code"], row["parent"], row["label"], tuple(row["map_to"].split()), row["words"]) for row in rows]
    )
