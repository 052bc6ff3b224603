"""The blueprint that every module of advice adds its routes to."""

from __future__ import annotations

from app.web.blueprint import FeatureBlueprint

advice = FeatureBlueprint("advice", __name__)
