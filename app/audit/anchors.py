"""A daily signed note of where the trail ends, kept outside the database.

A chain shows that an entry was changed or taken out of the middle. Where its end was cut off, or all of it written
anew, the chain that is left is whole: only a note kept elsewhere knows better. It is a line of `audit-anchors.jsonl` in
the instance folder, signed (Ed25519, RFC 8032) with `audit-anchor.key` beside it. The same line goes to the log, so
that whoever keeps the logs on another machine keeps the notes there too.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core import clock

ANCHORS, KEY = "audit-anchors.jsonl", "audit-anchor.key"
EVERY = timedelta(days=1)
# A worker that did not run at night writes the note some hours later.
LATE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the trail ended at an instant: the number and the hash of its last entry."""

    sequence: int
    hash: str
    at: str
    signature: str

    @property
    def told(self) -> bytes:
        """What is signed."""
        return f"waymark audit anchor {self.sequence} {self.hash} {self.at}".encode()


def drop_anchor(session: Session, folder: Path) -> Anchor | None:
    """Note where the trail ends, if a day has passed since the last note and there is something new; else None."""
    last = session.execute(
        select(AuditEntry.sequence, AuditEntry.hash).order_by(AuditEntry.sequence.desc()).limit(1)
    ).one_or_none()
    before = list(anchors_in(folder))
    if last is None or (before and not _is_due(before[-1], last.sequence)):
        return None
    plain = Anchor(last.sequence, last.hash, clock.now().isoformat(timespec="seconds"), "")
    signature = base64.b64encode(_key(folder).sign(plain.told)).decode()
    anchor = Anchor(plain.sequence, plain.hash, plain.at, signature)
    _append(folder / ANCHORS, json.dumps(asdict(anchor)) + "\n")
    return anchor


def anchors_in(folder: Path) -> Iterator[Anchor]:
    """The notes that are kept in a folder, oldest first. A line that is none is one without a signature that fits."""
    path = folder / ANCHORS
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            told = json.loads(line)
            yield Anchor(int(told["sequence"]), str(told["hash"]), str(told["at"]), str(told["signature"]))
        except (ValueError, KeyError, TypeError):
            yield Anchor(0, "", "", "")


def what_anchors_miss(session: Session, folder: Path) -> Iterator[str]:
    """Where the trail is not what a note says it was, in words."""
    known = list(anchors_in(folder))
    if known and not (folder / KEY).exists():
        yield f"audit: the key that signs the notes of the trail is gone ({KEY})"
        return
    for anchor in known:
        yield from _of_one(session, folder, anchor)
    oldest = session.scalar(select(AuditEntry.at).order_by(AuditEntry.sequence).limit(1))
    latest = max((datetime.fromisoformat(anchor.at) for anchor in known if anchor.at), default=oldest)
    if latest is not None and clock.now() - latest > LATE and _has_grown(session, latest):
        yield "audit: nobody noted where the trail ends for days; let `waymark worker` run"


def _of_one(session: Session, folder: Path, anchor: Anchor) -> Iterator[str]:
    if not _is_ours(folder, anchor):
        yield f"audit: a note of where the trail ended was changed ({ANCHORS})"
        return
    kept = session.scalar(select(AuditEntry.hash).where(AuditEntry.sequence == anchor.sequence))
    if kept is None:
        yield f"audit: the trail had entry {anchor.sequence} on {anchor.at}, and ends before it now"
    elif kept != anchor.hash:
        yield f"audit: entry {anchor.sequence} is not the one that was noted on {anchor.at}"


def _is_due(before: Anchor, sequence: int) -> bool:
    try:
        return sequence != before.sequence and clock.now() - datetime.fromisoformat(before.at) >= EVERY
    except ValueError:
        return True


def _has_grown(session: Session, since: datetime) -> bool:
    """Whether an entry waits for a note longer than a worker may be late."""
    waits = select(AuditEntry.id).where(AuditEntry.at > since, AuditEntry.at < clock.now() - LATE).limit(1)
    return session.scalar(waits) is not None


def _is_ours(folder: Path, anchor: Anchor) -> bool:
    try:
        _key(folder).public_key().verify(base64.b64decode(anchor.signature), anchor.told)
    except (InvalidSignature, ValueError):
        return False
    return True


def _key(folder: Path) -> Ed25519PrivateKey:
    """The key in the folder, made at first need and readable by its owner alone."""
    path = folder / KEY
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_bytes()))
    made = Ed25519PrivateKey.generate()
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(made.private_bytes_raw()))
    return made


def _append(path: Path, line: str) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    try:
        os.write(descriptor, line.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
