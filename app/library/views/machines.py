"""Pages for machines: search engines and the search boxes of browsers."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Response, abort, current_app, make_response, render_template

from app.core import clock
from app.directory.curation import collections
from app.library import queries
from app.library.topics import TopicTree
from app.library.views.blueprint import library
from app.settings import Settings
from app.web.access import PUBLIC
from app.web.caching import conditional
from app.web.database import db

FIXED_PATHS = (
    *("/", "/topics", "/courses", "/groups", "/prospectus", "/ask-for-help", "/add-a-service", "/help-now"),
    *("/accessibility", "/privacy", "/cookies", "/notices"),
)
AN_HOUR = "public, max-age=3600"
# RFC 9116, section 2.5.5: less than a year.
SECURITY_TXT_LASTS = timedelta(days=180)


@library.route("/opensearch.xml", access=PUBLIC)
def opensearch() -> Response:
    """How a browser can search here from its own box."""
    return _xml("library/opensearch.xml", "application/opensearchdescription+xml")


@library.route("/robots.txt", access=PUBLIC)
def robots() -> Response:
    """What crawlers may read: listings, not anybody's searches and lists.

    Private links (`X-Robots-Tag`) are not named: what may not be read could still be listed by its address.
    """
    lines = [
        "User-agent: *",
        "Disallow: /search",
        "Disallow: /list$",
        "Disallow: /not-found",
        "Disallow: /services/*/report",
        "Disallow: /services/*/suggest",
    ]
    response = make_response("\n".join([*lines, "", f"Sitemap: {_base_url()}/sitemap.xml", ""]))
    response.mimetype = "text/plain"
    return conditional(response, cache_control=AN_HOUR)


@library.route("/.well-known/security.txt", access=PUBLIC)
def security_txt() -> Response:
    """Where to tell of a weakness (RFC 9116). Without a setting it is the mailbox that RFC 2142 names for it."""
    settings: Settings = current_app.extensions["waymark_settings"]
    contact = settings.security_contact or f"mailto:security@{urlsplit(settings.base_url).hostname}"
    expires = (clock.now() + SECURITY_TXT_LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {settings.base_url}/.well-known/security.txt",
    )
    response = make_response("\n".join([*lines, ""]))
    response.mimetype = "text/plain"
    return conditional(response, cache_control=AN_HOUR)


@library.route("/sitemap.xml", access=PUBLIC)
def sitemap() -> Response:
    """The parts of the sitemap."""
    return _xml("library/sitemap_index.xml", parts=range(1, queries.sitemap_parts(db.session()) + 1))


@library.route("/sitemap-pages.xml", access=PUBLIC)
def sitemap_pages() -> Response:
    """Pages, topics, collections and organisations."""
    session = db.session()
    topics = [f"/topics/{topic.slug}" for topic in TopicTree.of(session).in_use()]
    lists = [f"/collections/{found.slug}" for found in collections.published(session)]
    organizations = [f"/organisations/{found}" for found in queries.sitemap_organizations(session)]
    return _xml(
        "library/sitemap.xml", addresses=[(path, None) for path in (*FIXED_PATHS, *topics, *lists, *organizations)]
    )


@library.route("/sitemap-services-<int:part>.xml", access=PUBLIC)
def sitemap_services(part: int) -> Response:
    """Some of the services."""
    rows = queries.sitemap_services(db.session(), part) if 0 < part < 10_000 else []
    if not rows and part != 1:
        abort(404)
    return _xml("library/sitemap.xml", addresses=[(f"/services/{found}", changed) for found, changed in rows])


def _xml(template: str, mimetype: str = "application/xml", **values: object) -> Response:
    response = make_response(render_template(template, base_url=_base_url(), **values))
    response.mimetype = mimetype
    return conditional(response, cache_control=AN_HOUR)


def _base_url() -> str:
    return str(current_app.extensions["waymark_settings"].base_url)
