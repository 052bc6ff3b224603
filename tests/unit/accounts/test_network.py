"""Of an address the audit trail keeps its network alone."""

import ipaddress

import pytest

from app.accounts.current import network_of


@pytest.mark.parametrize("address", ["198.51.100.77", "0.0.0.9", "2001:db8:7:8::9", "::1"])
def test_the_network_is_that_of_the_library(address: str) -> None:
    prefix = 24 if "." in address else 48
    assert network_of(address) == str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))


@pytest.mark.parametrize("address", [None, "", "nonsense", "198.51.100.256"])
def test_what_is_no_address_has_none(address: str | None) -> None:
    assert network_of(address) == ""
