"""The doctor sees a document whose file is gone, and a correction that is not whole."""

from __future__ import annotations

from app.advice.document_store import DocumentStore
from app.advice.operations.cases import open_case
from app.advice.operations.documents import add_document
from app.advice.upkeep import corrections_are_whole, documents_have_their_files
from app.core import clock
from tests.advice import PDF, a_contact


def test_a_document_without_its_file(app, session, desk):
    store = DocumentStore(app.extensions["waymark_settings"].instance)
    case = open_case(session, desk.actor, client_number="7")
    made = add_document(session, desk.actor, case, store, PDF, name="a.pdf", is_scanned=False)
    assert list(documents_have_their_files(session)) == []
    store.remove(made.stored_as)
    (told,) = documents_have_their_files(session)
    assert told.startswith("1 documents have no file")


def test_a_correction_that_is_not_whole(session, desk):
    one, two = a_contact(session, desk.actor), a_contact(session, desk.actor)
    two.replaces_id, one.replaced_at = one.id, clock.now()
    session.flush()
    assert list(corrections_are_whole(session)) == []
    one.replaced_at = None
    session.flush()
    assert len(list(corrections_are_whole(session))) == 1
