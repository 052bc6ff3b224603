"""`python -m app.web.translations` compiles the message catalogues in app/translations."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.settings import ROOT

CATALOGUES = ROOT / "app" / "translations"


def compile_catalogues(folder: Path = CATALOGUES) -> list[Path]:
    """Write a .mo file beside each .po file; return what was written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        target = source.with_suffix(".mo")
        with target.open("wb") as file:
            write_mo(file, catalogue)
        written.append(target)
    return written


if __name__ == "__main__":
    compile_catalogues()
