"""The blueprint that every module of the desk adds its routes to."""

from __future__ import annotations

from app.web.blueprint import FeatureBlueprint

desk = FeatureBlueprint("desk", __name__)
