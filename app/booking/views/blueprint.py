"""The blueprint that every module of booking adds its routes to."""

from __future__ import annotations

from app.web.blueprint import FeatureBlueprint

booking = FeatureBlueprint("booking", __name__)
