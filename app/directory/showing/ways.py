"""How to get in touch with a service besides the telephone."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.directory.models import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The ways to get in touch besides the telephone; empty where there are none."""

    email: str
    website: str
    website_words: str


def ways_of(service: Service) -> Ways:
    """Those of the service, else those of its organisation."""
    return ways(service.email or service.organization.email, service.url or service.organization.website)


def ways(email: str | None, website: str | None) -> Ways:
    """Only web addresses that a browser opens as pages are told."""
    parts = urlsplit(website or "")
    is_page = parts.scheme in ("http", "https") and bool(parts.hostname)
    host = (parts.hostname or "").removeprefix("www.")
    return Ways(email=email or "", website=(website or "") if is_page else "", website_words=host)
