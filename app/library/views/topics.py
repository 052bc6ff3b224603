"""All topics, and one topic with what there is for it."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from app.directory.curation import collections
from app.directory.queries import topics_tree
from app.directory.wording.queries import wording
from app.directory.wording.rules import living
from app.library.request import SearchRequest
from app.library.topics import TopicTree
from app.library.views.blueprint import library
from app.library.views.kept_pages import kept_page
from app.library.views.search import results_page
from app.web.access import PUBLIC
from app.web.caching import conditional
from app.web.database import db


@library.route("/topics", access=PUBLIC)
def topics() -> Response:
    """The tree of topics, with how much there is for each."""
    session = db.session()
    labels = {slug: found.label for slug, found in TopicTree.of(session).items()}
    return conditional(
        render_template(
            "library/topics.html",
            nodes=topics_tree(session),
            labels=labels,
            collections=collections.published(session),
        )
    )


@library.route("/topics/<slug>", access=PUBLIC)
def topic(slug: str) -> Response:
    """What there is for one topic."""
    tree = TopicTree.of(db.session())
    found = tree.get(slug)
    if found is None:
        abort(404)
    if found.retired:
        instead = living(slug, wording(db.session()).heirs)
        return redirect(f"/topics/{instead}" if instead else "/topics", code=302)
    wanted = SearchRequest.from_args(request.args, path=request.path)
    wanted = replace(wanted, filters={**wanted.filters, "topic": (slug,)})
    about = {"topic": found, "parent": tree.get(found.parent) if found.parent else None, "near_by": tree.near(slug)}
    return make_response(kept_page(lambda: results_page("library/topic.html", wanted, fixed="topic", **about)))
