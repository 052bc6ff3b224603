"""The college that staff run in these tests."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.booking_college import College


@pytest.fixture
def college(app: Flask) -> College:
    return College(app)
