"""Contacts as a table for a spreadsheet: codes and numbers, no names and no free text."""

from __future__ import annotations

from flask import Response

from app.accounts.current import current_actor
from app.advice.access import READER
from app.advice.exporting import lines
from app.advice.operations.exporting import record_export
from app.advice.views.blueprint import advice
from app.advice.views.contacts import asked
from app.web.database import db
from app.web.tables import table_file

FILE_NAME = "contacts.csv"


@advice.route("/desk/advice/contacts/export", access=READER, methods=["POST"])
def export_contacts() -> Response:
    """The contacts that the list shows, all pages of it."""
    session, actor, wanted = db.session(), current_actor(), asked()
    record_export(session, actor)
    return table_file(lines(session, actor, wanted), FILE_NAME)
