"""What is taken as a document: by its content, with no tricks in its name, and nothing that bursts."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.advice.codes import DocumentKind
from app.advice.document_store import DocumentStore
from app.advice.rules import documents
from app.advice.rules.documents import EXTENSIONS, kind_of, shown_name
from app.core.errors import InvalidInput
from tests.advice import DOCX, JPEG, ODT, PDF, PNG, archive

BOMB = archive({"[Content_Types].xml": b"", "word/document.xml": b"\0" * (documents.LARGEST_UNPACKED + 1)})


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, DocumentKind.PDF),
        (JPEG, DocumentKind.JPEG),
        (PNG, DocumentKind.PNG),
        (DOCX, DocumentKind.DOCX),
        (ODT, DocumentKind.ODT),
        ("Dear Sir,\r\n\tless < more, 3 > 2. Llŷr ŵ £".encode(), DocumentKind.TEXT),
    ],
)
def test_what_is_taken(data, kind):
    assert kind_of(data) is kind


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"\xef\xbb\xbf <svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"harmless at first\n<SCRIPT>alert(1)</SCRIPT>",
        b"<?xml version='1.0'?><!DOCTYPE svg>",
        b"#!/bin/sh\nrm -rf /",
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"\x7fELF\x02\x01\x01",
        b"GIF89a<script>",
        b"%PDF-1.7 without an end",
        b"<b>%PDF-1.7</b> %%EOF",
        b"\x89PNG\r\n\x1a\n and no end",
        b"text\x00with a nought",
        b"\xff\xfe\xfd not UTF-8",
        b"x" * (documents.LARGEST + 1),
        b"PK\x03\x04 broken",
        b"MZ" + DOCX,
        archive({"readme.txt": b"an archive of anything"}),
        archive({"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b"x"}),
        archive({"[Content_Types].xml": b"", "xl/workbook.xml": b""}),
        archive({"content.xml": b"", "mimetype": b"application/vnd.oasis.opendocument.text"}),
        archive({"mimetype": b"application/vnd.oasis.opendocument.text", "Basic/script-lb.xml": b""}),
        archive({"[Content_Types].xml": b"", "word/document.xml": b"", **{f"p{n}": b"" for n in range(2001)}}),
        BOMB,
    ],
)
def test_what_is_not_taken(data):
    with pytest.raises(InvalidInput):
        kind_of(data)


def test_a_bomb_that_lies_about_its_size():
    """The size in the directory says little; what comes out of the part is counted all the same."""
    assert len(BOMB) < documents.LARGEST
    lying = bytearray(BOMB)
    at = lying.rindex(b"PK\x01\x02")
    struct.pack_into("<I", lying, at + 24, 10)
    with pytest.raises(InvalidInput):
        kind_of(bytes(lying))


def test_an_encrypted_archive_is_none():
    locked = bytearray(DOCX)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.index(mark)
        locked[at + offset] |= 1
    with pytest.raises(InvalidInput):
        kind_of(bytes(locked))


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fall_over(data):
    for tried in (data, b"PK\x03\x04" + data, DOCX[:40] + data + DOCX[40:], b"%PDF-1.4" + data):
        try:
            kind_of(tried)
        except InvalidInput:
            continue


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Letter of 3.5.2026.pdf", "Letter of 3 5 2026.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\win.ini", "win.pdf"),
        ("invoice.pdf.exe", "invoice pdf.pdf"),
        ("evil\u202efdp.exe", "evilfdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("", "document.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("nul\x00.pdf", "nul.pdf"),
        ("x" * 400 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_names_without_tricks(told, shown):
    assert shown_name(told, DocumentKind.PDF) == shown


@given(st.text(max_size=300), st.sampled_from(DocumentKind))
def test_a_name_has_no_path_and_one_ending(told, kind):
    shown = shown_name(told, kind)
    assert not set(shown) & set("/\\\r\n\0")
    assert shown.count(".") == 1
    assert shown.endswith("." + EXTENSIONS[kind])


@pytest.mark.parametrize("name", ["", "../secret.key", "a" * 31, "A" * 32, "a" * 32 + "\n", "/etc/passwd"])
def test_only_our_own_names_become_paths(tmp_path, name):
    with pytest.raises(ValueError, match="no name"):
        DocumentStore(tmp_path).path(name)


def test_files_are_for_their_owner_alone(tmp_path):
    store = DocumentStore(tmp_path)
    path = store.path(store.put(b"words"))
    assert path.read_bytes() == b"words"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert tmp_path / "documents" in path.parents
    store.remove(path.name)
    store.remove(path.name)
    assert not path.exists()


def test_a_text_document_of_the_library_is_taken():
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", "<w:document/>" * 1000)
    assert kind_of(into.getvalue()) is DocumentKind.DOCX
