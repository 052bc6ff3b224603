"""The blueprint that every module of accounts adds its routes to."""

from __future__ import annotations

from app.web.blueprint import FeatureBlueprint

accounts = FeatureBlueprint("accounts", __name__)
