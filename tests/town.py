"""The demo town, seeded and indexed: what tests of pages, of relevance and of rubbish run on."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from app.library.engine import engine_of, index_writer
from app.library.indexing import rebuild
from app.migrations.commands import upgrade
from app.settings import Settings
from app.web.database import db
from seed.demo import advice, collections, outcomes, people, programme, referrals, signposts, staff, town
from seed.reference import helplines, sectors, taxonomies


def demo_town(folder: Path, base_url: str = "http://localhost") -> Flask:
    """An application over a SQLite database in `folder` with reference and demo data, its index built and warm."""
    url = f"sqlite:///{folder / 'waymark.sqlite3'}"
    upgrade(url)
    app = create_app(
        Settings(
            instance=folder,
            database_url=url,
            index_dir=folder / "index",
            base_url=base_url,
            secret_key="only for tests",
            trusted_hosts=("localhost", "127.0.0.1"),
            testing=True,
        )
    )
    with app.app_context(), Session(db.engines[None]) as session:
        for data in (taxonomies, helplines, sectors, town, staff, collections, people, programme, signposts):
            data.load(session)
        referrals.load(session, people.load(session))
        advice.load(session, people.load(session))
        outcomes.load(session, people.load(session))
        session.commit()
        with index_writer(app) as writer:
            rebuild(session, writer)
    engine_of(app).warm()
    return app
