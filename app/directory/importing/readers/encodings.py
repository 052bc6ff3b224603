"""In which encoding a file was written, found out by reading it: few say so, and some are not what they should be."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from app.directory.importing.limits import FeedFile

_CHUNK = 1 << 20


def encoding_of(file: FeedFile) -> str:
    """UTF-8 if the whole file is that, UTF-16 if it says so, else the old Windows code page."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open() as stream:
        if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        stream.seek(0)
        try:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


@contextmanager
def opened_as_utf8(file: FeedFile, encoding: str) -> Iterator[IO[bytes]]:
    """The file's text in UTF-8, without a mark of byte order; what `encoding` has no character for is replaced."""
    with file.open() as stream:
        if encoding != "utf-8-sig":
            yield cast("IO[bytes]", codecs.EncodedFile(stream, "utf-8", encoding, errors="replace"))
            return
        if stream.read(3) != codecs.BOM_UTF8:
            stream.seek(0)
        yield stream
