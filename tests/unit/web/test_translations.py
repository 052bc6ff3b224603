"""The catalogues: whole, in step with the sources, and fit to be filled in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po

from app.settings import ROOT
from app.web.translations import CATALOGUES, KEYWORDS, compile_catalogues, extracted, is_for_the_public, read_catalogue

SOURCES = sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po"))
TEMPLATE = CATALOGUES / "messages.pot"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|&\w+;|[“”]")


@pytest.fixture(scope="module")
def sources() -> Catalog:
    return extracted()


@pytest.fixture(scope="module", params=SOURCES, ids=lambda path: path.parts[-3])
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return read_catalogue(request.param)


def keys(catalogue: Catalog) -> set[tuple[str | None, str | tuple[str, ...]]]:
    return {(message.context, message.id) for message in catalogue if message.id}


def told(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def test_welsh_is_among_the_languages():
    assert "cy" in {path.parts[-3] for path in SOURCES}


def test_the_template_is_in_step_with_the_sources(sources):
    with TEMPLATE.open("rb") as file:
        assert keys(read_po(file)) == keys(sources), "run: make translations"


def test_the_template_changes_only_with_its_messages():
    text = TEMPLATE.read_text(encoding="utf-8")
    assert "Creation-Date" not in text
    assert str(ROOT) not in text
    assert not re.search(r"^#: .*:\d", text, re.MULTILINE)


def test_each_language_has_every_message_for_the_public(catalogue, sources):
    assert keys(catalogue) == keys(sources), "run: make translations"
    public = {(message.context, message.id) for message in messages(sources) if is_for_the_public(message)}
    missing = [
        message.id
        for message in messages(catalogue)
        if not all(told(message)) and (message.context, message.id) in public
    ]
    assert len(public) > 500
    assert not missing
    assert not [message.id for message in messages(catalogue) if message.fuzzy]
    assert not catalogue.obsolete


def test_plurals_have_all_their_forms(catalogue):
    for message in messages(catalogue):
        if message.pluralizable:
            assert len(told(message)) == catalogue.num_plurals, message.id


def test_welsh_counts_in_six_ways(catalogue):
    if str(catalogue.locale) == "cy":
        assert catalogue.num_plurals == 6


def test_placeholders_and_markup_are_kept(catalogue):
    for message in messages(catalogue):
        english = message.id if isinstance(message.id, str) else message.id[-1]
        for words in filter(None, told(message)):
            assert marks(words) >= marks(english), message.id
            assert {mark for mark in marks(words) if mark[0] in "%{&"} <= marks(english), message.id
            assert "<" not in words, message.id
            assert words[:1].isspace() == english[:1].isspace(), message.id


def marks(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def test_welsh_compiles_with_its_own_plurals(tmp_path):
    source = tmp_path / "cy" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    source.write_bytes((CATALOGUES / "cy" / "LC_MESSAGES" / "messages.po").read_bytes())
    (compiled,) = compile_catalogues(tmp_path)
    with compiled.open("rb") as file:
        welsh = GNUTranslations(file)
    assert welsh.gettext("Find help") == "Dod o hyd i help"
    counted = [welsh.ngettext("%(num)d result", "%(num)d results", number) for number in (0, 1, 2, 3, 6, 10)]
    assert [words.split()[1] for words in counted] == [
        "canlyniad",
        "canlyniad",
        "ganlyniad",
        "chanlyniad",
        "chanlyniad",
        "canlyniad",
    ]


def test_nothing_is_hidden_from_the_extraction(sources):
    """A message inside an f-string, or asked for by another name, would never be translated."""
    for module in sorted((ROOT / "app").rglob("*.py")):
        if "node_modules" in module.parts or module.is_relative_to(ROOT / "app" / "api"):
            continue
        for name, english in calls(module):
            assert name in KEYWORDS, f"{module}: the extraction does not know {name}"
            assert english in sources, f"{module}: {english!r} is not extracted; is it inside an f-string?"


def calls(module: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "flask_babel"
        for alias in node.names
        if alias.name.endswith("gettext")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield node.func.id, first.value
