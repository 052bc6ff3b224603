"""A message as mail: RFC 5322, with text, HTML and calendar as alternatives of one another."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from app.notifications.carriers.parcel import BadAddress, Parcel

CALENDAR_FILE = "invite.ics"
LONGEST_LINE = 998  # octets, RFC 5322 section 2.1.1; a character may take four


def as_email(parcel: Parcel, *, eight_bit: bool = False) -> EmailMessage:
    """The mail of a parcel. The headers of all its tries differ in the date alone.

    `eight_bit` leaves the words readable to whoever opens a file; not every mail server takes that.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _mailbox(parcel.sender)
    mail["To"] = _mailbox(parcel.recipient)
    if parcel.reply_to:
        mail["Reply-To"] = _mailbox(parcel.reply_to)
    mail["Subject"] = _words(parcel.subject)
    mail["Date"] = format_datetime(parcel.date)
    mail["Message-ID"] = _words(parcel.message_id)
    # RFC 3834: absence notes and other robots do not answer.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    _add_body(mail, parcel, eight_bit=eight_bit)
    mail["Content-Language"] = _words(parcel.language)
    return mail


def _words(text: str) -> str:
    """Python decodes what looks like an encoded word (RFC 2047), line breaks in it included: so nothing may."""
    return text.replace("=?", "= ?")


def _mailbox(text: str) -> Address:
    if any(ord(character) < 32 for character in text):
        raise BadAddress("unreadable address")
    name, address = parseaddr(text)
    local, _, domain = address.rpartition("@")
    try:
        return Address(display_name=_words(name), username=local, domain=domain)
    except (ValueError, IndexError) as error:
        raise BadAddress("unreadable address") from error


def _add_body(mail: EmailMessage, parcel: Parcel, *, eight_bit: bool) -> None:
    mail.set_content(parcel.text + "\n", cte=_encoding(parcel.text, eight_bit=eight_bit))
    if parcel.html:
        mail.add_alternative(parcel.html, subtype="html", cte=_encoding(parcel.html, eight_bit=eight_bit))
    if parcel.calendar and parcel.calendar_method:
        # base64: quoted-printable calendar parts break in Outlook.
        method = {"method": parcel.calendar_method}
        mail.add_alternative(parcel.calendar, subtype="calendar", cte="base64", params=method)
        mail.add_attachment(
            parcel.calendar.encode(), maintype="application", subtype="ics", filename=CALENDAR_FILE, cte="base64"
        )


def _encoding(text: str, *, eight_bit: bool) -> str:
    if max(map(len, text.split("\n"))) * 4 > LONGEST_LINE:
        return "quoted-printable"
    if text.isascii():
        return "7bit"
    return "8bit" if eight_bit else "quoted-printable"
