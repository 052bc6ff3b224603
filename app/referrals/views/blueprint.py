"""The blueprint that every module of referrals adds its routes to."""

from __future__ import annotations

from app.web.blueprint import FeatureBlueprint

referrals = FeatureBlueprint("referrals", __name__)
