"""Search results as JSON, the same from the API and the command line."""

from __future__ import annotations

from typing import Any

from app.library.search import Hit, SearchResults


def search_json(results: SearchResults) -> dict[str, Any]:
    """The object that `/api/search` answers and `waymark search query --json` prints."""
    return {
        "total": results.total,
        "took_ms": round(results.took_ms, 3),
        "page": results.page.number,
        "pages": results.page.count,
        "results": [_hit_json(hit) for hit in results.hits],
        "topics": [{"slug": topic.slug, "label": topic.label, "weight": topic.weight} for topic in results.topics],
        "did_you_mean": results.did_you_mean or results.corrected,
        "crisis": sorted(results.crisis),
        "near": _near_json(results),
        "degraded": results.degraded,
    }


def _hit_json(hit: Hit) -> dict[str, Any]:
    service = hit.service
    return {
        "id": str(service.id),
        "name": service.name,
        "score": hit.score,
        "source": service.source,
        "source_id": service.source_id,
        "distance_km": hit.distance_km,
        "kind": service.kind,
        "organization": {"id": str(service.organization_id), "name": service.organization.name},
        "topics": list(service.topics),
        "coverage": service.coverage,
        "reach": sorted(service.reach),
    }


def _near_json(results: SearchResults) -> dict[str, Any] | None:
    point = results.point
    return None if point is None else {"label": point.label, "precision": point.precision}
