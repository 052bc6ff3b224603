"""Text of feeds made safe and plain."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.directory.importing.cleaning.personal import has_mobile_number, has_personal_email
from app.directory.importing.cleaning.texts import clean_line, clean_text, mend_encoding
from tests.work import LONGEST_SECONDS, busy_seconds


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("<p>One</p><p>Two &amp; three</p>", "One\n\nTwo & three"),
        ("<ul><li>Tea<li>Cake</ul>", "- Tea\n- Cake"),
        ("a<br/>b<br>c", "a\nb\nc"),
        ("<script>alert(1)</script>Safe<style>p{}</style>", "Safe"),
        ('<img src=x onerror="alert(1)">Hello', "Hello"),
        ('<a href="https://a.example/x">the form</a>', "the form (https://a.example/x)"),
        ('<a href="javascript:alert(1)">press</a>', "press"),
        ('<a href="https://a.example">https://a.example</a>', "https://a.example"),
        ("&lt;b&gt;bold&lt;/b&gt; &amp;amp; more", "bold & more"),
        ("<!-- hidden -->seen", "seen"),
        ("for people <18 or >65", "for people <18 or >65"),
        ("a < b and c > d", "a < b and c > d"),
        ("write to <info@a.example> or <https://a.example>", "write to info@a.example or https://a.example"),
        ("  many \t spaces  \n\n\n\n and lines ", "many spaces\n\nand lines"),
        ("Bell & Co; R&D", "Bell & Co; R&D"),
        (r"Soup\n\nand\nbread", "Soup\n\nand\nbread"),
        (r"Soup\r\nand bread", "Soup\nand bread"),
        (r"in C:\new", r"in C:\new"),
        ("## What we offer\n\n* **Hot** food\n* _Advice_", "What we offer\n\n- Hot food\n- Advice"),
        ("Ask for [the form](https://a.example/x).", "Ask for the form (https://a.example/x)."),
        ("[](a.example) and [a.example](https://a.example/)", "a.example and https://a.example/"),
        ("[press](javascript:alert) **_now_**", "press now"),
        ("![A picture](https://a.example/p.png)Hello", "A pictureHello"),
        (
            "5* hotel, 4* rooms [see note] (2*3*4) #1 snake_case_name",
            "5* hotel, 4* rooms [see note] (2*3*4) #1 snake_case_name",
        ),
    ],
)
def test_markup_becomes_plain_words(raw: str, plain: str) -> None:
    assert clean_text(raw).text == plain


@pytest.mark.parametrize("raw", ["", "NA", "n/a", " Not known ", "NULL", "-", "TBC", "<p>N/A</p>", "&nbsp;"])
def test_nothing_is_nothing(raw: str) -> None:
    assert clean_text(raw).text == ""


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("donâ€™t", "don’t"),
        ("cafÃ©", "café"),
        ("Ã¢â‚¬â„¢tis", "’tis"),
        ("itâ€™s Â£5", "it’s £5"),
        ("â€œhelloâ€\x9d", "“hello”"),
    ],
)
def test_broken_characters_are_mended(broken: str, whole: str) -> None:
    assert mend_encoding(broken) == whole
    assert clean_text(broken).mended


@pytest.mark.parametrize(
    "text", ["café", "naïve façade", "CAFÉ”", "Ångström — £5", "Gŵyl y Môr", "مساعدة", "plain", "Â", "Ã"]
)
def test_good_text_is_left_alone(text: str) -> None:
    assert mend_encoding(text) == text


@settings(max_examples=200, deadline=None)
# Text that was broken several times over, with control characters in it, may take more rounds than we give it.
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200))
def test_cleaning_again_changes_nothing(text: str) -> None:
    once = clean_text(text).text
    if "&" not in once and "<" not in once:
        assert clean_text(once).text == once
    assert "\n" not in clean_line(text).text
    assert "\x00" not in once


def test_markup_that_does_not_end_is_quick() -> None:
    assert len(clean_text("<" * 50_000 + "<b" * 20_000 + "&" * 20_000).text) <= 130_000
    for markdown in ("# x" + "#" * 100_000 + "y", "# " + "\t" * 100_000 + "x", "[a](" * 25_000, "**a" * 30_000):
        assert busy_seconds(lambda text=markdown: clean_text(text)) < LONGEST_SECONDS


@pytest.mark.parametrize(
    ("text", "personal"),
    [
        ("write to jo.bloggs@charity.example", True),
        ("write to helpline77@gmail.com", True),
        ("write to info@charity.example or referrals@charity.example", False),
        ("no address here, only @someone", False),
    ],
)
def test_personal_addresses(text: str, personal: bool) -> None:
    assert has_personal_email(text) is personal


@pytest.mark.parametrize(
    ("text", "mobile"),
    [
        ("ring 07700 900123", True),
        ("ring +44 7700 900 123", True),
        ("ring 07700-900-123.", True),
        ("ring 01632 960123", False),
        ("charity 1077009001234", False),
    ],
)
def test_mobile_numbers(text: str, mobile: bool) -> None:
    assert has_mobile_number(text) is mobile
