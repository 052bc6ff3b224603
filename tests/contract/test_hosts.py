"""A host that is not ours is refused before anything of ours is said or logged."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    "path", ["/", "/search?q=secret+words", "/api/search?q=secret", "/open-referral/services", "/x"]
)
def test_a_forged_host_is_a_400(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.text
    assert response.headers["Content-Security-Policy"]
