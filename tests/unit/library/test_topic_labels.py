"""The names of the topics that the catalogues see are those that the database gets."""

from __future__ import annotations

import csv

from app.library.topic_labels import TOPIC_LABELS
from app.library.views.home import TILES
from app.settings import ROOT


def test_the_labels_are_those_of_the_reference_data():
    with (ROOT / "seed" / "reference" / "topics.tsv").open(encoding="utf-8", newline="") as file:
        seeded = {row["slug"]: row["label"] for row in csv.DictReader(file, delimiter="\t")}
    assert {slug: str(label) for slug, label in TOPIC_LABELS.items()} == seeded


def test_the_tiles_of_the_first_page_carry_the_same_names():
    assert {tile.slug: str(tile.label) for tile in TILES}.items() <= {
        slug: str(label) for slug, label in TOPIC_LABELS.items()
    }.items()
