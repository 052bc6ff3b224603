"""Which network an address belongs to."""

from __future__ import annotations

import pytest

from app.core.limits import address_prefix


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2ff:3::1", "2001:db8:1:200::/56"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_networks(address: str, prefix: str) -> None:
    assert address_prefix(address) == prefix
