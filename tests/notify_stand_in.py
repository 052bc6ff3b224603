"""A server that speaks the API of GOV.UK Notify as far as Waymark uses it, with keys checked and failures on demand."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import jwt

SERVICE, SECRET = str(uuid4()), str(uuid4())
API_KEY = f"trial-{SERVICE}-{SECRET}"
EMAIL_TEMPLATE, SMS_TEMPLATE = str(uuid4()), str(uuid4())
FIELDS = {"email": "email_address", "sms": "phone_number"}


class StandIn:
    """What the server has been sent. `fail_next` answers one request with an error, after taking it if so told."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sent: list[dict[str, Any]] = []
        self.failures: list[tuple[int, str, bool]] = []
        self.wait = 0.0

    def fail_next(self, status: int, error: str, *, but_take_it: bool = False) -> None:
        self.failures.append((status, error, but_take_it))

    def status(self, number: int, status: str) -> dict[str, Any]:
        """Give a notification a status and return the receipt that Notify would send."""
        notification = self.sent[number]
        notification["status"] = status
        return {
            "id": notification["id"],
            "reference": notification["reference"],
            "to": notification["to"],
            "status": status,
            "created_at": "2026-11-25T12:00:00.000000Z",
            "completed_at": "2026-11-25T12:00:02.000000Z",
            "sent_at": "2026-11-25T12:00:01.000000Z",
            "notification_type": notification["type"],
            "template_id": notification["template"],
            "template_version": 1,
        }


@contextmanager
def notify_stand_in() -> Iterator[StandIn]:
    """Run one on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.stand_in = stand_in = StandIn(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    @property
    def stand_in(self) -> StandIn:
        return self.server.stand_in  # type: ignore[attr-defined, no-any-return]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kind = self.path.rsplit("/", 1)[-1]
        time.sleep(self.stand_in.wait)
        if not self._may_enter():
            return self._error(403, "AuthError", "Invalid token: signature, api token not found")
        failure = self.stand_in.failures.pop(0) if self.stand_in.failures else None
        if failure is None or failure[2]:
            self.stand_in.sent.append(_notification(kind, body))
        if failure is not None:
            return self._error(failure[0], "ValidationError" if failure[0] == 400 else "Exception", failure[1])
        template = EMAIL_TEMPLATE if kind == "email" else SMS_TEMPLATE
        if body["template_id"] != template:
            return self._error(400, "BadRequestError", "Template not found")
        return self._answer(201, {"id": self.stand_in.sent[-1]["id"], "reference": body.get("reference")})

    def do_GET(self) -> None:
        if not self._may_enter():
            return self._error(403, "AuthError", "Invalid token")
        parts = urlsplit(self.path)
        if parts.path == "/v2/notifications":
            reference = parse_qs(parts.query)["reference"][0]
            found = [known for known in self.stand_in.sent if known["reference"] == reference]
            return self._answer(200, {"notifications": found, "links": {"current": self.path}})
        known = [one for one in self.stand_in.sent if one["id"] == parts.path.rsplit("/", 1)[-1]]
        return self._answer(200, known[0]) if known else self._error(404, "NoResultFound", "No result found")

    def _may_enter(self) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            return jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_aud": False})["iss"] == SERVICE
        except jwt.PyJWTError:
            return False

    def _error(self, status: int, error: str, message: str) -> None:
        self._answer(status, {"status_code": status, "errors": [{"error": error, "message": message}]})

    def _answer(self, status: int, told: object) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


def _notification(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "reference": body.get("reference"),
        "to": body[FIELDS[kind]],
        "type": kind,
        "template": body["template_id"],
        "values": body["personalisation"],
        "status": "created",
    }
