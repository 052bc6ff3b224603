"""Settings that follow from others."""

from __future__ import annotations

import pytest

from app.settings import Settings


@pytest.mark.parametrize(
    ("told", "base_url", "checks"),
    [
        ("", "https://help.example.org", True),
        ("", "http://127.0.0.1:8000", False),
        ("", "http://localhost", False),
        ("0", "https://help.example.org", False),
        ("1", "http://127.0.0.1:8000", True),
    ],
)
def test_web_addresses_are_looked_at_unless_waymark_is_for_trial(tmp_path, told, base_url, checks):
    env = {"WAYMARK_INSTANCE": str(tmp_path), "WAYMARK_CHECK_LINKS": told, "WAYMARK_BASE_URL": base_url}
    assert Settings.from_env(env).check_links is checks
