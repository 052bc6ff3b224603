"""The ready-made pathways that a manager can take over: one TOML file each in `pathways/`."""

from __future__ import annotations

import tomllib

from sqlalchemy.orm import Session

from app.core.actor import SYSTEM
from app.core.errors import InvalidInput
from app.referrals.operations.pathways import load_template
from seed.tables import HERE

FOLDER = HERE / "reference" / "pathways"


def load(session: Session) -> int:
    """Bring the templates to what the files say; returns how many there are. A fault names its file."""
    paths = sorted(FOLDER.glob("*.toml"))
    for path in paths:
        try:
            load_template(session, SYSTEM, path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, InvalidInput) as error:
            raise InvalidInput(f"{path.name}: {error}") from error
    return len(paths)
