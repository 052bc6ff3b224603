"""Personal e-mail addresses and mobile numbers in free text, which an editor should look at."""

from __future__ import annotations

import re

from app.directory.importing.cleaning.values import EMAIL

_MOBILE = re.compile(r"(?<!\d)(?:\+44\s?(?:\(0\)\s?)?|0)7\d(?:[\s-]?\d){8}(?!\d)")
# Words that a shared mailbox begins with.
_SHARED = re.compile(
    r"^(?:info|information|enquir|inquir|contact|admin|office|hello|help|support|advice|mail|email|team|reception|"
    r"referral|refer|bookings?|book|enrol|volunteer|general|customer|service|services|hub|centre|center|appointments|"
    r"carers?|helpline|crisis|duty|feedback|press|media|comm|training|courses?|community|housing|welfare|debt|food|"
    r"foodbank|secretary|chair|treasurer|manager|coordinator|co-ordinator|noreply|no-reply)",
    re.IGNORECASE,
)
_PRIVATE_HOSTS = re.compile(
    r"@(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|icloud|me|mac|aol|btinternet|talktalk|ntlworld|sky|"
    r"virginmedia|tiscali|protonmail|proton|gmx)\.",
    re.IGNORECASE,
)


def has_mobile_number(text: str) -> bool:
    """Whether a British mobile number stands in the text."""
    return _MOBILE.search(text) is not None


def has_personal_email(text: str) -> bool:
    """Whether an e-mail address stands in the text that looks like one person's."""
    return any(_is_personal(match[0]) for match in EMAIL.finditer(text))


def _is_personal(address: str) -> bool:
    return _PRIVATE_HOSTS.search(address) is not None or _SHARED.match(address) is None
