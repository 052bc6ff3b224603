"""`waymark directory …` and `waymark postcodes …`."""

from __future__ import annotations

import click


def register(cli: click.Group) -> None:
    """Add the feature's commands."""
