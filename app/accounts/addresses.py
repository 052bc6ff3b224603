"""How a person can be reached: an e-mail address or a British mobile, as they type it."""

from __future__ import annotations

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email

BRITAIN = 44
# What Ofcom keeps for drama: given to nobody, and so what the demo's people have.
OF_DRAMA = "+447700900"
# The parser reads letters as the keys of a telephone: a slip would reach a stranger's.
LETTER_AFTER_DIGIT = re.compile(r"\D*\d[\W\d_]*[^\W\d_]")


def as_reached(typed: str) -> str | None:
    """An e-mail address in lower case, or a mobile number in E.164; None for anything else."""
    if "@" in typed:
        try:
            return validate_email(typed, check_deliverability=False).normalized.lower()
        except EmailNotValidError:
            return None
    if LETTER_AFTER_DIGIT.match(typed):
        return None
    try:
        number = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        return None
    typed_out = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if typed_out.startswith(OF_DRAMA) and len(typed_out) == len(OF_DRAMA) + 3:
        return typed_out
    is_british = number.country_code == BRITAIN and phonenumbers.is_valid_number(number)
    is_mobile = is_british and phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    return typed_out if is_mobile else None
