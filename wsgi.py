"""The WSGI entry: `gunicorn wsgi:app`."""

from app import create_app
from app.advice.issue_finding import find_issues
from app.api.suggestions import phrase_book
from app.library.engine import engine_of
from app.web import logs

logs.configure()
app = create_app()
engine_of(app).warm()
find_issues("behind with the rent")  # else the first adviser who looks for issues waits, in a transaction
phrase_book()  # else the first person who types waits for it
