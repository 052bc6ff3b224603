"""The WSGI entry: `gunicorn wsgi:app`."""

import logging
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import create_app
from app.advice.issue_finding import find_issues
from app.api.suggestions import phrase_book
from app.directory.topic_model import WORDS_CHANGED, ModelState, serve_at_hand
from app.library.ahead import lay_out_beside
from app.library.engine import engine_of
from app.web import logs
from app.web.database import READ, db
from app.web.loaded import keep_what_is_loaded
from app.web.turns import take_turns

logs.configure()
app = create_app()
take_turns(app)
if serve_at_hand() is ModelState.EARLIER:
    logging.getLogger("waymark.search").warning(WORDS_CHANGED)
engine_of(app).warm()
# A database that does not answer yet is no reason not to start.
with app.app_context(), suppress(SQLAlchemyError), Session(db.engines[READ]) as session:
    engine_of(app).cards.fill(session)
find_issues("behind with the rent")  # else the first adviser who looks for issues waits, in a transaction
phrase_book()  # else the first person who types waits for it
keep_what_is_loaded()
lay_out_beside(app)
