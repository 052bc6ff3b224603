"""The WSGI entry: `gunicorn wsgi:app`."""

from app import create_app
from app.web import logs

logs.configure()
app = create_app()
