"""The blueprint that every module of people adds its routes to."""

from __future__ import annotations

from app.web.blueprint import FeatureBlueprint

people = FeatureBlueprint("people", __name__)
