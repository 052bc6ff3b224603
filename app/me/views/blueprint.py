"""The blueprint that every module of the person's own page adds its routes to."""

from __future__ import annotations

from app.web.blueprint import FeatureBlueprint

me = FeatureBlueprint("me", __name__)
