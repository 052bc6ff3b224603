"""Logs: JSON lines on standard error that hold ids and route templates, never names, words typed or addresses."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from uuid import uuid4

from flask import Flask, Response, g, request

_EXTRA = ("request_id", "method", "route", "status", "ms")
log = logging.getLogger("waymark.request")


class JsonLines(logging.Formatter):
    """One JSON object a line. An exception is told by its class and places, for its message may quote a person."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record as one line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({name: getattr(record, name) for name in _EXTRA if hasattr(record, name)})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["at"] = [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
        return json.dumps(line)


def configure(level: int = logging.INFO) -> None:
    """Send everything that Waymark logs to standard error as JSON lines."""
    # What no line of ours tells need not be looked up for each of them.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def install(app: Flask) -> None:
    """Give each request an id and log how it went."""

    @app.before_request
    def begin() -> None:
        g.request_id = uuid4().hex
        g.request_started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        log.info(
            "request",
            extra={
                "request_id": g.get("request_id", ""),
                "method": request.method,
                "route": request.url_rule.rule if request.url_rule else None,
                "status": response.status_code,
                "ms": round((time.perf_counter() - g.get("request_started", time.perf_counter())) * 1000, 1),
            },
        )
        return response
