"""The blueprint that every module of curation adds its routes to."""

from __future__ import annotations

from app.web.blueprint import FeatureBlueprint

curation = FeatureBlueprint("curation", __name__)
