"""The blueprint that every module of the public pages adds its routes to."""

from __future__ import annotations

from app.web.blueprint import FeatureBlueprint

library = FeatureBlueprint("library", __name__)
