"""The blueprint that every module of outcomes adds its routes to."""

from __future__ import annotations

from app.web.blueprint import FeatureBlueprint

outcomes = FeatureBlueprint("outcomes", __name__)
