"""Carriers that keep messages at home: printed, or as files."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TextIO

from app.notifications.carriers.mime import as_email
from app.notifications.carriers.parcel import Leaving, Parcel, TryLater
from app.notifications.codes import Channel


class ConsoleCarrier:
    """Prints each message: for those who develop Waymark."""

    name = "console"
    repeats_safely = True

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out

    def hand_over(self, parcel: Parcel, leaving: Leaving) -> str | None:
        """Print it."""
        out = self._out or sys.stdout
        head = f"--- {parcel.channel} to {parcel.recipient} {parcel.message_id}"
        lines = [head, *([parcel.subject, ""] if parcel.subject else []), parcel.text, "---"]
        leaving()
        print("\n".join(lines), file=out, flush=True)
        return None

    def close(self) -> None:
        """Nothing is open."""


class FileCarrier:
    """Writes each message into a folder: mail as .eml, texts as .json. A repeated message replaces its file."""

    name = "file"
    repeats_safely = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hand_over(self, parcel: Parcel, leaving: Leaving) -> str | None:
        """Write it whole or not at all, readable by the owner alone; its name says when it was made and its id."""
        is_mail = parcel.channel is Channel.EMAIL
        content = as_email(parcel, eight_bit=True).as_bytes() if is_mail else _as_json(parcel)
        name = f"{parcel.made_at:%Y%m%dT%H%M%S}-{parcel.id}.{'eml' if is_mail else 'json'}"
        leaving()
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self._folder / name, content)
        except OSError as error:
            raise TryLater(f"file {type(error).__name__}") from error
        return name

    def close(self) -> None:
        """Nothing is open."""


def _as_json(parcel: Parcel) -> bytes:
    told = {
        "id": str(parcel.id),
        "message_id": parcel.message_id,
        "kind": parcel.kind,
        "to": parcel.recipient,
        "text": parcel.text,
        "language": parcel.language,
        "date": parcel.date.isoformat(),
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _write(target: Path, content: bytes) -> None:
    draft = target.with_name(f".{target.name}.part")
    descriptor = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
