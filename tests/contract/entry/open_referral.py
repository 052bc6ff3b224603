"""The feed of Open Referral UK."""

from __future__ import annotations

from collections.abc import Mapping

from tests.contract.entry.rows import PUBLIC, Row

_FOR_ALL = (
    "about organization organizations service service_at_location service_at_locations services "
    "taxonomies taxonomy taxonomy_term taxonomy_terms"
).split()

ROUTES: Mapping[str, Row] = dict.fromkeys(_FOR_ALL, PUBLIC)
