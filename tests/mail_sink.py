"""A mail server that remembers what it took."""

from __future__ import annotations

import email
import email.policy
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.databases import free_port


class MailSink:
    """Takes all mail. `answer_to` gives other answers by recipient; `on_mail` is called as a message was taken."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answers: dict[str, str] = {}
        self.answer_to_data: str | None = None
        self.on_mail: Callable[[], None] = lambda: None

    @property
    def copies(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer_to_data is not None:
            return self.answer_to_data
        mail = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        self.mails.append(mail)  # type: ignore[arg-type]
        self.recipients.append(envelope.rcpt_tos)
        self.on_mail()
        return "250 OK"


@contextmanager
def mail_sink(**options: Any) -> Iterator[MailSink]:
    """Run one on a free port of this machine."""
    sink = MailSink()
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, **options)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
