"""Taxonomies and their terms."""

from __future__ import annotations

from collections.abc import Iterable

from app.api.hsds.values import Json, given, uri
from app.directory.models import Taxonomy, TaxonomyTerm


def taxonomy_json(taxonomy: Taxonomy) -> Json:
    """A taxonomy's own fields. The description is required, so the name stands in for a missing one."""
    fields = {
        "id": str(taxonomy.id),
        "name": taxonomy.name,
        "description": taxonomy.description.strip() or taxonomy.name,
        "uri": uri(taxonomy.uri),
        "version": taxonomy.version,
        "x_waymark_slug": taxonomy.slug,
    }
    return given(fields)


def full_taxonomy(taxonomy: Taxonomy, terms: Iterable[TaxonomyTerm]) -> Json:
    """A taxonomy with its terms."""
    return given(taxonomy_json(taxonomy) | {"taxonomy_terms": [term_json(term) for term in terms]})


def term_json(term: TaxonomyTerm) -> Json:
    """A term. The description is required, so the name stands in for a missing one."""
    fields = {
        "id": str(term.id),
        "code": term.code,
        "name": term.name,
        "description": term.description.strip() or term.name,
        "parent_id": str(term.parent_id) if term.parent_id else None,
        "taxonomy": term.taxonomy.name,
        "taxonomy_id": str(term.taxonomy_id),
        "term_uri": uri(term.term_uri),
    }
    return given(fields)
