"""/healthz, /readyz and /metrics. Strangers learn whether Waymark is ready, and nothing more."""

from __future__ import annotations

from flask import Response, current_app

from app.api.access import NUMBERS, may_read_numbers
from app.api.answers import JSON_TYPE, dumps
from app.api.condition import database_takes_writes, disk_has_room, index_numbers, outbox_gauges
from app.api.metrics import metrics_of
from app.api.openapi.operations import Paths, health
from app.api.views.blueprint import api
from app.library.engine import engine_of
from app.settings import Settings
from app.web.access import PUBLIC
from app.web.database import db
from app.web.security import NO_STORE

EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"
PATHS: Paths = {
    "/healthz": health("Is the process alive?", "Asks neither database nor index.", answers={"200": "Health"}),
    "/readyz": health(
        "Can requests be sent here?",
        "Tries whether database and disk take writes. The checks are named only to this machine or with the token.",
        answers={"200": "Readiness", "503": "Readiness"},
    ),
    "/metrics": health(
        "Numbers for Prometheus",
        "Of the process that answers, by the label pid. For the machine itself, or with the token.",
        answers={"200": None},
        guarded=True,
    ),
}


@api.route("/healthz", access=PUBLIC)
def healthz() -> Response:
    """The process is alive."""
    return _fresh(Response(dumps({"status": "ok"}), mimetype=JSON_TYPE))


@api.route("/readyz", access=PUBLIC)
def readyz() -> Response:
    """Whether this machine can serve people."""
    checks = {
        "database": database_takes_writes(db.engines[None]),
        "disk": disk_has_room(_settings().instance),
    }
    ready = all(checks.values())
    told: dict[str, object] = {"status": "ready" if ready else "not ready"}
    if may_read_numbers():
        told["checks"] = checks
        # No ground to send people elsewhere: a late worker is late for all web machines.
        told["outbox_lag_seconds"] = outbox_gauges(db.session()).get("waymark_outbox_lag_seconds")
    response = _fresh(Response(dumps(told), status=200 if ready else 503, mimetype=JSON_TYPE))
    if not ready:
        response.headers["Retry-After"] = "30"
    return response


@api.route("/metrics", access=NUMBERS)
def metrics() -> Response:
    """The numbers of this process."""
    gauges = index_numbers(engine_of(current_app).index, db.session()) | outbox_gauges(db.session())
    return _fresh(Response("\n".join([*metrics_of(current_app).lines(gauges), ""]), content_type=EXPOSITION))


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = NO_STORE
    return response


def _settings() -> Settings:
    settings: Settings = current_app.extensions["waymark_settings"]
    return settings
