"""What may be kept as a document of a case: by its content, whatever it is called.

OWASP, "File Upload": a short list of kinds; the content decides, and not the name or the type that the sender states;
names of our own; limits of size, also of what an archive unpacks to.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile

from app.advice.codes import DocumentKind
from app.core.errors import InvalidInput
from app.core.zips import UNREADABLE_ZIP

LARGEST = 10 * 1024 * 1024
# What a text document may unpack to, and of how many parts it may be.
LARGEST_UNPACKED = 60 * 1024 * 1024
MOST_PARTS = 2000
LONGEST_NAME = 100
EXTENSIONS = {
    DocumentKind.PDF: "pdf",
    DocumentKind.JPEG: "jpg",
    DocumentKind.PNG: "png",
    DocumentKind.DOCX: "docx",
    DocumentKind.ODT: "odt",
    DocumentKind.TEXT: "txt",
}
CONTENT_TYPES = {
    DocumentKind.PDF: "application/pdf",
    DocumentKind.JPEG: "image/jpeg",
    DocumentKind.PNG: "image/png",
    DocumentKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    DocumentKind.ODT: "application/vnd.oasis.opendocument.text",
    DocumentKind.TEXT: "text/plain; charset=utf-8",
}
NOT_TAKEN = "Choose a PDF, a picture (JPEG or PNG), a Word or OpenDocument text, or plain text."
TOO_LARGE = "The file must be smaller than 10 MB."
TOO_LARGE_UNPACKED = "The file unpacks to more than a document can hold. Save it as a PDF, and choose that."
HAS_PROGRAM = "The document holds a program (macro). Save it as a PDF, and choose that."
_MARKUP = ("<html", "<script", "<svg", "<!doctype", "<?xml", "<?php", "<body", "<iframe")
_PROGRAMS = ("vbaproject.bin", "vbadata.xml", "basic/", "scripts/", "activex/")


def kind_of(data: bytes) -> DocumentKind:
    """What a file is. InvalidInput, with what to do, for everything that is not taken."""
    if not data:
        raise InvalidInput("The file is empty. Choose another one.")
    if len(data) > LARGEST:
        raise InvalidInput(TOO_LARGE)
    if data.startswith((b"%PDF-1.", b"%PDF-2.")) and b"%%EOF" in data[-2048:]:
        return DocumentKind.PDF
    if data.startswith(b"\xff\xd8\xff"):
        return DocumentKind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in data[-64:]:
        return DocumentKind.PNG
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_archive(data)
    if _is_plain_text(data):
        return DocumentKind.TEXT
    raise InvalidInput(NOT_TAKEN)


def _kind_of_archive(data: bytes) -> DocumentKind:
    """A text document is an archive: its parts say which it is, and that no program is in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [part.filename for part in archive.infolist()]
            if len(names) > MOST_PARTS:
                raise InvalidInput(TOO_LARGE_UNPACKED)
            if any(program in name.lower() for name in names for program in _PROGRAMS):
                raise InvalidInput(HAS_PROGRAM)
            kind = _kind_by_parts(archive, names)
            _require_size(archive)
    except UNREADABLE_ZIP as problem:
        raise InvalidInput(NOT_TAKEN) from problem
    return kind


def _kind_by_parts(archive: zipfile.ZipFile, names: list[str]) -> DocumentKind:
    if "[Content_Types].xml" in names and "word/document.xml" in names:
        return DocumentKind.DOCX
    if names[:1] == ["mimetype"]:
        with archive.open("mimetype") as part:
            if part.read(64) == CONTENT_TYPES[DocumentKind.ODT].encode():
                return DocumentKind.ODT
    raise InvalidInput(NOT_TAKEN)


def _require_size(archive: zipfile.ZipFile) -> None:
    """What it says it unpacks to, and what it really does: a bomb lies about the one or the other."""
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise InvalidInput(TOO_LARGE_UNPACKED)
    left = LARGEST_UNPACKED
    for part in parts:
        with archive.open(part) as stream:
            while chunk := stream.read(65536):
                left -= len(chunk)
                if left < 0:
                    raise InvalidInput(TOO_LARGE_UNPACKED)


def _is_plain_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if any(unicodedata.category(character) == "Cc" and character not in "\t\n\r\f" for character in text):
        return False
    plain = text.lstrip().lower()
    return not plain.startswith(("<", "#!", "%")) and not any(sign in plain for sign in _MARKUP)


def shown_name(told: str, kind: DocumentKind) -> str:
    """What a file is called on the screen: its own last name, without tricks, and with the ending of its kind."""
    last = told.replace("\\", "/").rpartition("/")[2]
    plain = "".join(
        character for character in last if unicodedata.category(character)[0] not in "CZ" or character == " "
    )
    stem = plain.rpartition(".")[0] or plain
    stem = " ".join(stem.replace(".", " ").split())[:LONGEST_NAME].strip()
    return f"{stem or 'document'}.{EXTENSIONS[kind]}"
