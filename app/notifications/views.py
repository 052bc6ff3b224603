"""Where GOV.UK Notify says what became of messages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask, Response, abort, current_app, request

from app.core.errors import InvalidInput
from app.notifications.carriers.notify import OUTCOMES
from app.notifications.models import Message
from app.notifications.operations import record_receipt
from app.settings import Settings
from app.web.access import Access, bears_token
from app.web.blueprint import FeatureBlueprint
from app.web.database import db

notifications = FeatureBlueprint("notifications", __name__)


def _require_notify() -> None:
    settings: Settings = current_app.extensions["waymark_settings"]
    if not bears_token(settings.notify_callback_token):
        abort(Response("", status=403, mimetype="text/plain"))


NOTIFY = Access("token of GOV.UK Notify", _require_notify)


@notifications.route("/messages/notify-receipts", access=NOTIFY, methods=["POST"])
def notify_receipt() -> Response:
    """Take one delivery receipt. It answers alike for a message that is not ours: Notify need not ask again."""
    message_id, status = _read_receipt()
    message = db.session.get(Message, message_id)
    outcome = OUTCOMES.get(status)
    if message is not None and outcome is not None:
        record_receipt(db.session(), message, outcome, detail=status)
    return Response(status=204)


def _read_receipt() -> tuple[UUID, str]:
    told: Any = request.get_json(silent=True)
    try:
        return UUID(str(told["reference"])), str(told["status"])
    except (TypeError, KeyError, ValueError) as error:
        raise InvalidInput("A receipt has a reference and a status.") from error


def install(app: Flask) -> None:
    """Register the receiver; a program has no form to be forged."""
    app.register_blueprint(notifications)
    app.extensions["csrf"].exempt(notify_receipt)
