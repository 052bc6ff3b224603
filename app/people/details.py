"""What is written down of a person, as one value: forms make it, operations store it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, time
from typing import Any

import phonenumbers

from app.core import clock, postcode
from app.core.errors import InvalidInput
from app.core.text import clean, single_line
from app.people.codes import AccessibleFormat, AddressStatus, ContactChannel, NhsNumberStatus
from app.people.rules.ages import age_on
from app.people.rules.contact import ContactSafety, SafeTime
from app.people.rules.nhs_number import nhs_number

OLDEST = 125
MOST_ADJUSTMENTS = 20
MOST_TIMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Everything of a person's record that is not a permission, a carer or an answer about equality.

    `email`, `mobile` and `phone` come ready for use: in lower case, E.164, as people write it.
    """

    name: str
    known_as: str = ""
    born_on: date | None = None
    nhs_number: str | None = None
    nhs_number_status: NhsNumberStatus = NhsNumberStatus.NOT_TRACED
    address_status: AddressStatus = AddressStatus.NOT_GIVEN
    address: str = ""
    postcode: str = ""
    gp_ods_code: str = ""
    gp_name: str = ""
    email: str | None = None
    email_is_private: bool = False
    mobile: str | None = None
    mobile_is_private: bool = False
    phone: str | None = None
    do_not_contact: bool = False
    safe_channels: frozenset[ContactChannel] = frozenset()
    safe_times: tuple[SafeTime, ...] = ()
    voicemail_allowed: bool = False
    discreet: bool = True
    contact_note: str = ""
    language: str = "en"
    interpreter: bool = False
    formats: frozenset[AccessibleFormat] = frozenset()
    adjustments: tuple[str, ...] = ()

    def tidy(self) -> Details:
        """The same, checked and in one spelling; InvalidInput where it cannot be used."""
        name = single_line(self.name)
        if not name:
            raise InvalidInput("Enter a name, or what the person wants to be called.")
        if self.born_on is not None and age_on(self.born_on, clock.today()) > OLDEST:
            raise InvalidInput("Check the year of birth.")
        if len(self.adjustments) > MOST_ADJUSTMENTS:
            raise InvalidInput("Put the adjustments into fewer lines.")
        if len(self.safe_times) > MOST_TIMES:
            raise InvalidInput("Put the safe times into three stretches or fewer.")
        lives_somewhere = self.address_status == AddressStatus.KNOWN
        return Details(
            **self.as_dict()
            | {
                "name": name,
                "known_as": single_line(self.known_as),
                "nhs_number": nhs_number(self.nhs_number) if self.nhs_number else None,
                "address": clean(self.address) if lives_somewhere else "",
                "postcode": _postcode(self.postcode) if lives_somewhere else "",
                "gp_ods_code": single_line(self.gp_ods_code).upper(),
                "gp_name": single_line(self.gp_name),
                "contact_note": clean(self.contact_note),
                "email_is_private": self.email_is_private and bool(self.email),
                "mobile_is_private": self.mobile_is_private and bool(self.mobile),
                "adjustments": tuple(dict.fromkeys(line for each in self.adjustments if (line := single_line(each)))),
            }
        )

    def as_dict(self) -> dict[str, Any]:
        """Each field by its name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


# The fields that are columns of `Person` under the same name.
COLUMNS = tuple(each.name for each in fields(Details) if each.name not in {"safe_times", "adjustments"})


def stored_times(times: tuple[SafeTime, ...]) -> list[dict[str, Any]]:
    """Stretches of safe time as the database keeps them."""
    return [
        {"days": sorted(each.weekdays), "opens": f"{each.opens:%H:%M}", "closes": f"{each.closes:%H:%M}"}
        for each in times
    ]


def read_times(stored: list[dict[str, Any]]) -> tuple[SafeTime, ...]:
    """Stretches of safe time from the database."""
    return tuple(
        SafeTime(frozenset(each["days"]), time.fromisoformat(each["opens"]), time.fromisoformat(each["closes"]))
        for each in stored
    )


def contact_safety(values: Mapping[str, Any]) -> ContactSafety:
    """What the rules of safe contact ask for."""
    names = (each.name for each in fields(ContactSafety))
    return ContactSafety(**{name: values[name] for name in names})


def phone_shown(number: str) -> str:
    """A British number as people here write it."""
    parsed = phonenumbers.parse(number, "GB")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def can_be_rung(typed: str) -> bool:
    """Whether it could be a number that somebody can ring, in Britain or abroad: of a length that there is."""
    if phonenumbers.is_alpha_number(typed):
        return False  # "0300 something" would be read as the keys with those letters
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(typed, "GB"))
    except phonenumbers.NumberParseException:
        return False


def _postcode(text: str) -> str:
    if not text.strip():
        return ""
    found = postcode.parse(text)
    if found is None:
        raise InvalidInput("Enter a postcode like WX2 1AA, or leave it empty.")
    return str(found)
