"""The home page: one question."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, render_template
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.library.views.blueprint import library
from app.web.access import PUBLIC
from app.web.caching import conditional


@dataclass(frozen=True, slots=True)
class Tile:
    """A top topic: `slug` as in the topic tree, and the words on its tile."""

    slug: str
    label: LazyString


# In code and not in the database, so that the first page never waits for anything.
TILES = (
    Tile("crisis", _("Help now")),
    Tile("housing", _("Housing and homelessness")),
    Tile("money", _("Debt and money")),
    Tile("benefits", _("Benefits")),
    Tile("mental-health", _("Mental health")),
    Tile("peer-support", _("Peer support and company")),
    Tile("employment", _("Work, volunteering and learning")),
    Tile("recovery-college", _("Recovery college")),
    Tile("family", _("Family and relationships")),
    Tile("carers", _("Carers")),
    Tile("bereavement", _("Bereavement")),
    Tile("substance-use", _("Alcohol and drugs")),
    Tile("disability", _("Disability, neurodiversity and long-term conditions")),
    Tile("wellbeing", _("Health and wellbeing activities")),
    Tile("rights", _("Rights and advocacy")),
    Tile("daily-life", _("Everyday life")),
)


@library.route("/", access=PUBLIC)
def home() -> Response:
    """The question, the topics, the courses and the groups."""
    return conditional(render_template("library/home.html", tiles=TILES))
