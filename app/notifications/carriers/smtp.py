"""Mail over SMTP, on one connection for as long as there is something to send."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import SplitResult, parse_qs, unquote

from app.notifications.carriers.mime import as_email
from app.notifications.carriers.parcel import BadAddress, Leaving, Parcel, Refused, TryLater, Unreachable, Unsure

TIMEOUT_SECONDS = 20
ACCEPTED = 250
RECIPIENT_ACCEPTED = frozenset({250, 251})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mail is handed in, and how."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    starttls: bool = False

    @classmethod
    def from_address(cls, parts: SplitResult) -> SmtpServer:
        """Read `smtp://user:password@host:port?starttls=1` or `smtps://…`.

        A password crosses a network encrypted only: with one, STARTTLS is on unless the server is this machine.
        """
        host, tls = parts.hostname or "localhost", parts.scheme == "smtps"
        told = parse_qs(parts.query).get("starttls")
        wanted = told[-1] not in {"0", "no", "false"} if told else bool(parts.username) and host not in LOOPBACK
        return cls(
            host=host,
            port=parts.port or (465 if tls else 587 if wanted else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=tls,
            starttls=wanted and not tls,
        )


class SmtpCarrier:
    """Hands mail to one server."""

    name = "smtp"
    repeats_safely = False

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._open: smtplib.SMTP | None = None

    def hand_over(self, parcel: Parcel, leaving: Leaving) -> str | None:
        """Send to the one recipient; what the server answers decides whether it is tried again."""
        content = as_email(parcel).as_bytes()
        connection = self._connection()
        failure: type[TryLater] = TryLater
        try:
            self._address(connection, parcel)
            leaving()
            failure = Unsure
            code, _ = connection.data(content)
        except smtplib.SMTPDataError as error:  # it does not even want to see the mail
            code = error.smtp_code
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise failure(f"smtp {type(error).__name__}") from error
        if code != ACCEPTED:
            raise (Refused if _is_final(code) else TryLater)(f"smtp {code}")
        return None

    def _address(self, connection: smtplib.SMTP, parcel: Parcel) -> None:
        connection.ehlo_or_helo_if_needed()
        code, _ = connection.mail(parseaddr(parcel.sender)[1])
        if code != ACCEPTED:
            # The sender or the sign-in is refused: that is for the operator to mend, and no fault of the message.
            connection.rset()
            raise TryLater(f"smtp {code}")
        code, _ = connection.rcpt(parcel.recipient)
        if code not in RECIPIENT_ACCEPTED:
            connection.rset()
            raise (BadAddress if _is_final(code) else TryLater)(f"smtp {code}")

    def close(self) -> None:
        """End the connection."""
        if self._open is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._open.quit()
            self._open = None

    def _connection(self) -> smtplib.SMTP:
        if self._open is not None and not _answers(self._open):
            self.close()
        if self._open is None:
            self._open = self._connect()
        return self._open

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context()
        try:
            if server.tls:
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=TIMEOUT_SECONDS, context=context
                )
            else:
                connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
            if server.starttls:
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password)
        except TimeoutError as error:
            raise Unreachable("smtp timeout") from error
        except smtplib.SMTPResponseException as error:
            raise TryLater(f"smtp {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise TryLater(f"smtp {type(error).__name__}") from error
        return connection


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _is_final(code: int) -> bool:
    return 500 <= code <= 599
