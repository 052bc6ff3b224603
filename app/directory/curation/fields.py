"""What fields about a listing take, for editors and for the public alike."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import ValidationError
from wtforms.validators import Length, Optional, Regexp

from app.core.text import single_line
from app.directory.importing.cleaning.values import EMAIL, PHONE, web_address

SHORT = [Length(max=300, message=_("Use 300 characters or fewer"))]
LONG = [Length(max=5000, message=_("Use 5,000 characters or fewer"))]
MOST_PHONES = 6
OPTIONAL_EMAIL = [
    Optional(),
    Length(max=254, message=_("Use 254 characters or fewer")),
    Regexp(f"^{EMAIL.pattern}$", message=_("Enter an email address like name@example.com, or leave it out")),
]


def lines_of(text: str | None) -> list[str]:
    """The lines of a text box, without the empty ones."""
    return [" ".join(line.split()) for line in (text or "").splitlines() if line.strip()]


def single_line_of(text: str | None) -> str:
    """The words of a text with one space between them, so that a name is found however it was pasted."""
    return single_line(text or "")


def phone_lines(_form: Any, field: Any) -> None:
    """Each line is a number, and what it is for after a comma."""
    lines = lines_of(field.data)
    if len(lines) > MOST_PHONES:
        raise ValidationError(_("Enter six numbers or fewer"))
    for line in lines:
        if not _is_phone(line):
            raise ValidationError(_("Enter each number on a line of its own, like 0161 496 0000, office"))


def phone_number(_form: Any, field: Any) -> None:
    """One number, where there is room for one only; what it is for may stand after a comma."""
    if field.data and not _is_phone(field.data):
        raise ValidationError(_("Enter a phone number like 01632 960001 or 07700 900123"))


def _is_phone(line: str) -> bool:
    return re.fullmatch(PHONE.pattern, line.partition(",")[0].strip()) is not None


def web_page(_form: Any, field: Any) -> None:
    """A web address."""
    if field.data and web_address(field.data) is None:
        raise ValidationError(_("Enter a web address like www.example.org"))


WEB_PAGE = [Length(max=2000, message=_("Use 2,000 characters or fewer")), web_page]
