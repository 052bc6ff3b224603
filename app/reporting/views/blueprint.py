"""The blueprint that every module of reporting adds its routes to."""

from __future__ import annotations

from app.web.blueprint import FeatureBlueprint

reporting = FeatureBlueprint("reporting", __name__)
