"""After each test of outcomes: what is kept for counting must be what messages and forms say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.outcomes.upkeep import how_far_fits_messages_and_forms
from app.web.database import READ, db


@pytest.fixture(autouse=True)
def _how_far_is_true(app: Flask) -> Iterator[None]:
    yield
    with app.app_context(), Session(db.engines[READ]) as session:
        assert list(how_far_fits_messages_and_forms(session)) == []
