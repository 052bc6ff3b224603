"""`waymark search …`."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session
from tqdm import tqdm

from app.core.errors import WaymarkError
from app.directory.models import Service
from app.library.documents import all_documents
from app.library.engine import engine_of, index_writer
from app.library.evaluation import FullTextPeer, figures, read_judgements
from app.library.indexing import rebuild
from app.library.request import SearchRequest
from app.library.search import SearchResults, search
from app.library.wire import search_json
from app.web.database import READ, db
from search_index import IndexWriteFailed, WriterBusy


def register(cli: click.Group) -> None:
    """Add the feature's commands."""
    cli.add_command(search_group)


@click.group("search")
def search_group() -> None:
    """The search index, and searching by hand."""


@search_group.command("rebuild")
@with_appcontext
def search_rebuild() -> None:
    """Build this machine's index anew from the database."""
    with Session(db.engines[READ]) as session, tqdm(unit=" services", disable=not sys.stderr.isatty()) as bar:
        try:
            with index_writer(current_app) as writer:
                rebuild(session, writer, progress=partial(_show, bar))
                status = writer.status()
        except WriterBusy as error:
            raise WaymarkError("The worker is writing to the index just now. Try again in a moment.") from error
        except IndexWriteFailed as error:
            raise WaymarkError(f"The index could not be written: {error}") from error
    click.echo(f"{status.size} services in the index.")


@search_group.command("learn")
@with_appcontext
def search_learn() -> None:
    """Train what understands lay words, if the lexicon has changed since the last time."""
    topics = len(engine_of(current_app).model.slugs)
    click.echo(f"{topics} topics are understood.")


@search_group.command("query")
@click.argument("text")
@click.option("--near", default="", help="A postcode or place.")
@click.option("--topic", "topics", multiple=True, help="A topic's slug; may be given again.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def search_query(text: str, near: str, topics: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Search as the public page does."""
    with Session(db.engines[READ]) as session:
        results = _search(session, text, near=near, topics=topics, limit=limit)
        if as_json:
            click.echo(json.dumps(search_json(results), indent=2, ensure_ascii=False))
        else:
            _print(results)


@search_group.command("evaluate")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--worst", default=0, help="Also name this many of the queries that did worst.")
@with_appcontext
def search_evaluate(path: Path, as_json: bool, worst: int) -> None:
    """Judge the search by lines of query, id and relevance (0 to 2), beside SQLite FTS5 on the same documents."""
    judged = read_judgements(path)
    with Session(db.engines[READ]) as session:
        report, by_query = _evaluate(session, judged)
    lowest = sorted(by_query.items(), key=lambda item: item[1])[:worst]
    if as_json:
        click.echo(
            json.dumps(report | {"worst": [{"query": q, "ndcg_at_10": round(v, 4)} for q, v in lowest]}, indent=2)
        )
        return
    for name, row in report.items():
        click.echo(f"{name:15}" + "  ".join(f"{figure} {value}" for figure, value in row.items()))
    for query, value in lowest:
        click.echo(f"  {value:.3f}  {query}")


def _show(bar: tqdm[NoReturn], count: int) -> None:
    bar.update(count - bar.n)


def _search(session: Session, text: str, *, near: str = "", topics: tuple[str, ...] = (), limit: int) -> SearchResults:
    request = SearchRequest(text=text, near=near, filters={"topic": topics} if topics else {}, size=limit)
    return search(request, session=session, engine=engine_of(current_app), with_facets=False, with_reasons=False)


def _print(results: SearchResults) -> None:
    if results.crisis:
        click.echo(f"! {', '.join(sorted(results.crisis))}")
    click.echo(
        f"{results.total} found in {results.took_ms:.1f} ms. Topics: " + ", ".join(t.slug for t in results.topics)
    )
    for hit in results.hits:
        away = "" if hit.distance_km is None else f"  {hit.distance_km:.1f} km"
        click.echo(f"{hit.score:7.4f}  {hit.service.name} ({hit.service.organization.name}){away}")


def _evaluate(session: Session, judged: dict[str, dict[str, int]]) -> tuple[dict[str, Any], dict[str, float]]:
    keys = {str(row.id): row.source_id or str(row.id) for row in session.execute(select(Service.id, Service.source_id))}
    wanted = {key for relevant in judged.values() for key in relevant}
    # A judgement names a service by its own id or by that of its source.
    named = {service_id: service_id if service_id in wanted else key for service_id, key in keys.items()}
    good_topics = 0

    def waymark(query: str) -> list[str]:
        nonlocal good_topics
        results = _search(session, query, limit=10)
        good_topics += _topic_is_right(results, judged[query], session, named)
        return [named[str(hit.service.id)] for hit in results.hits]

    ours, by_query = figures(judged, waymark)
    peer = FullTextPeer(all_documents(session))
    theirs, _ = figures(judged, lambda query: [named[found] for found in peer.search(query)])
    report = {
        "waymark": ours.as_dict() | {"topic_accuracy": round(good_topics / len(judged), 4)},
        "sqlite_fts5": theirs.as_dict(),
    }
    return report, by_query


def _topic_is_right(results: SearchResults, relevant: dict[str, int], session: Session, named: dict[str, str]) -> bool:
    if not results.topics:
        return False
    best = {key for key, grade in relevant.items() if grade == max(relevant.values())}
    ids = [service_id for service_id, key in named.items() if key in best]
    services = session.scalars(
        select(Service).where(Service.id.in_([UUID(identifier) for identifier in ids])).order_by(Service.id)
    )
    return any(
        attribute.taxonomy_term.code == results.topics[0].slug
        for service in services
        for attribute in service.attributes
    )
