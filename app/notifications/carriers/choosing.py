"""Which carrier a setting names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from app.core.errors import InvalidInput
from app.notifications.carriers.local import ConsoleCarrier, FileCarrier
from app.notifications.carriers.notify import NotifyCarrier, NotifyService
from app.notifications.carriers.parcel import Carrier
from app.notifications.carriers.smtp import SmtpCarrier, SmtpServer
from app.notifications.codes import Channel
from app.settings import Settings

DROPS = {Channel.EMAIL: "mail", Channel.SMS: "sms"}


def carrier_for(channel: Channel, settings: Settings) -> Carrier:
    """The carrier of `WAYMARK_MAIL` or `WAYMARK_SMS`; InvalidInput says what is wrong with the setting."""
    variable, address = _setting(channel, settings)
    scheme, _, rest = address.partition(":")
    match scheme:
        case "console":
            return ConsoleCarrier()
        case "file":
            return FileCarrier(_folder(rest, settings.instance, channel))
        case "smtp" | "smtps" if channel is Channel.EMAIL:
            return SmtpCarrier(SmtpServer.from_address(_split(address, variable)))
        case "notify":
            return NotifyCarrier(_notify_service(settings), channel)
        case _:
            raise InvalidInput(f"{variable} is none of {_choices(channel)}.")


def _setting(channel: Channel, settings: Settings) -> tuple[str, str]:
    return ("WAYMARK_MAIL", settings.mail) if channel is Channel.EMAIL else ("WAYMARK_SMS", settings.sms)


def _notify_service(settings: Settings) -> NotifyService:
    return NotifyService(
        url=settings.notify_url,
        api_key=settings.notify_api_key,
        email_template=settings.notify_email_template,
        sms_template=settings.notify_sms_template,
    )


def _folder(rest: str, instance: Path, channel: Channel) -> Path:
    path = rest.removeprefix("//") if rest.startswith("///") else rest
    return (Path(path) if path else instance / DROPS[channel]).resolve()


def _split(address: str, variable: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise InvalidInput(f"{variable} is not an address such as smtp://user:password@host:587.") from error
    return parts


def _choices(channel: Channel) -> str:
    smtp = "smtp://HOST, " if channel is Channel.EMAIL else ""
    return f"console:, file:FOLDER, {smtp}notify:"
