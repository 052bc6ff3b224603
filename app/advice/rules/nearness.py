"""How far it is from one place to another."""

from __future__ import annotations

from math import cos, hypot, radians

KILOMETRES_A_DEGREE = 111.2


def kilometres_between(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """As the crow flies, on a flat map: right to a hundredth within a county, which is enough to say what is nearer."""
    east = (to_longitude - longitude) * cos(radians((latitude + to_latitude) / 2))
    return KILOMETRES_A_DEGREE * hypot(to_latitude - latitude, east)
