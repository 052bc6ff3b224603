"""The measures that come with Waymark, read once from their files."""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.core.errors import NotFound
from app.outcomes.measures.definition import Measure, WrongDefinition
from app.outcomes.measures.reading import read_measure
from app.outcomes.measures.text_packs import TextPack, read_text_pack

HERE = Path(__file__).resolve().parent
# One file a measure and version: phq-9.1.toml. One file a measure, version and language: phq-9.1.en.toml.
DEFINITION_NAME = re.compile(r"(?P<id>[a-z0-9-]+)\.(?P<version>[0-9]+)")


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file with its numbers exactly as written."""
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


@functools.cache
def measures() -> Mapping[str, Measure]:
    """Every shipped definition by its reference (`phq-9/1`), sorted by id and version."""
    found = [_measure(path) for path in (HERE / "definitions").glob("*.toml")]
    return MappingProxyType({each.reference: each for each in sorted(found, key=lambda each: (each.id, each.version))})


def find_measure(name: str) -> Measure:
    """A measure by what people call it: `PHQ-9`, `phq9`, or with its version, `phq-9/1`; the newest version by default.

    Raises NotFound with the likeliest names.
    """
    wanted, _, version = name.partition("/")
    versions = [each for each in measures().values() if _plain(wanted) in {_plain(each.id), _plain(each.name)}]
    if version:
        versions = [each for each in versions if str(each.version) == version]
    if not versions:
        raise NotFound(f"There is no measure {name[:40]!r}. {_suggestion(wanted)}")
    return versions[-1]


@functools.cache
def shipped_text(reference: str, language: str = "en") -> TextPack | None:
    """The words of a measure that we may ship, or None."""
    measure = measures()[reference]
    path = HERE / "texts" / f"{measure.id}.{measure.version}.{language}.toml"
    return read_text_pack(read_toml(path), measure) if path.is_file() else None


def _measure(path: Path) -> Measure:
    named, measure = DEFINITION_NAME.fullmatch(path.stem), read_measure(read_toml(path))
    if named is None or (named["id"], int(named["version"])) != (measure.id, measure.version):
        raise WrongDefinition(f"{path.name} holds {measure.reference}")
    return measure


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _suggestion(wanted: str) -> str:
    names = {_plain(each.id): each.id for each in measures().values()}
    close = difflib.get_close_matches(_plain(wanted)[:40], list(names), n=3, cutoff=0.5)
    return (
        f"Did you mean {' or '.join(names[name] for name in close)}?"
        if close
        else f"There are: {', '.join(names.values())}."
    )
