"""What the worker does for the library."""

from __future__ import annotations

import contextlib
from datetime import timedelta

from flask import current_app
from sqlalchemy.orm import Session

from app.library.engine import index_writer
from app.library.indexing import follow, forget_old_changes
from app.notifications.worker import sweep
from app.web.database import READ, db
from search_index import WriterBusy


@sweep("search index")
def keep_index() -> int:
    """Take changes into this machine's index. Another worker on the machine that is at it already is left to it."""
    with contextlib.suppress(WriterBusy), index_writer(current_app) as writer, Session(db.engines[READ]) as session:
        return follow(session, writer)
    return 0


@sweep("old changes of listings", every=timedelta(days=1))
def drop_old_changes() -> int:
    """Keep the list of changes short."""
    with Session(db.engines[None]) as session:
        gone = forget_old_changes(session)
        session.commit()
    return gone
