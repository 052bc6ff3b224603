"""Raw objects of a feed become bundles of clean rows."""

from app.directory.importing.building.feed import Feed
from app.directory.importing.building.services import build

__all__ = ["Feed", "build"]
