"""Documents of a case: kept outside of everything served, sent as downloads, checked for viruses, attacks refused."""

from __future__ import annotations

import io
import os
import stat
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.advice import sweeps
from app.advice.codes import Closure, ScanState
from app.advice.models import AdviceCase, AdviceDocument
from app.advice.operations.cases import close_case, open_case
from app.advice.operations.documents import LONGEST_CHECK
from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.core import clock
from tests.advice import DOCX, PDF

MARK = "zebrafish"


@pytest.fixture
def case_id(session, desk, client_id):
    made = open_case(session, desk.actor, person_id=client_id, issue="debt/rent").id
    session.commit()
    return made


def add(desk, case_id, data=PDF, name="Letter.pdf", **more):
    sent = {"file": (io.BytesIO(data), name)} | more
    return desk.client.post(f"/desk/advice/cases/{case_id}/documents/new", data=sent)


def kept(session):
    session.rollback()
    found = list(session.scalars(select(AdviceDocument).order_by(AdviceDocument.number)))
    session.expunge_all()
    session.rollback()
    return found


def files(app):
    return sorted(path for path in (app.extensions["waymark_settings"].instance / "documents").rglob("*")
                  if path.is_file())  # fmt: skip


def scanning(app, tmp_path, ending):
    """A scanner that ends so, and writes down what it was asked about."""
    script = tmp_path / "scan.sh"
    script.write_text(f'#!/bin/sh\nfor last; do :; done\necho "$last" >> {tmp_path}/asked\nexit {ending}\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    settings = app.extensions["waymark_settings"]
    app.extensions["waymark_settings"] = replace(settings, virus_scan=f"{script} --quiet")


def test_a_document_is_kept_and_sent_as_a_download(app, session, desk, case_id):
    page = desk.client.get(f"/desk/advice/cases/{case_id}/documents/new").text
    assert "does not check files for viruses" in page
    assert add(desk, case_id, name="PIP <b>appeal</b>.pdf").status_code == 303
    (made,) = kept(session)
    (path,) = files(app)
    assert path.read_bytes() == PDF
    assert path.name == made.stored_as
    assert made.scan is ScanState.NOT_CHECKED
    shown = desk.client.get(f"/desk/advice/cases/{case_id}").text
    assert "PIP &lt;b&gt;appeal" not in shown  # the slash ends the path of what was sent
    assert "Not checked for viruses" in shown
    answer = desk.client.get(f"/desk/advice/documents/{made.id}")
    assert answer.data == PDF
    headers = answer.headers
    assert headers["Content-Disposition"] == "attachment; filename=W00001-1.pdf"
    assert (headers["X-Content-Type-Options"], headers["Content-Type"]) == ("nosniff", "application/pdf")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    reads = select(AuditEntry.id).where(AuditEntry.object_id == made.id, AuditEntry.action == Action.READ)
    assert len(session.scalars(reads).all()) == 1


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<script>alert(1)</script>", "letter.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "picture.png"),
        (b"MZ\x90\x00", "invoice.pdf.exe"),
        (b"", "empty.pdf"),
        (b"PK\x03\x04", "letter.docx"),
    ],
)
def test_what_is_not_taken_is_told_beside_the_field(app, session, desk, case_id, data, name):
    answer = add(desk, case_id, data, name)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert kept(session) == []
    assert files(app) == []


def test_names_are_not_believed(app, session, desk, case_id):
    for name in ("../../../secret.key", "C:\\temp\\letter.pdf", "letter.pdf.html", "a%0d%0aX-Evil: 1.pdf"):
        assert add(desk, case_id, name=name).status_code == 303
    assert [made.name.count(".") for made in kept(session)] == [1, 1, 1, 1]
    root = app.extensions["waymark_settings"].instance / "documents"
    assert all(root in path.parents for path in files(app))
    for made in kept(session):
        headers = desk.client.get(f"/desk/advice/documents/{made.id}").headers
        assert "X-Evil" not in headers
        assert headers["Content-Disposition"].startswith("attachment; filename=W00001-")


def raw(desk, address, *, file=b"", field=b""):
    """A form as bytes: the test client would keep a large one in a file of its own."""
    head = b"--cut\r\nContent-Disposition: form-data; name="
    body = head + b'"note"\r\n\r\n' + field + b"\r\n" + head + b'"file"; filename="a.pdf"\r\n\r\n' + file
    kind = "multipart/form-data; boundary=cut"
    return desk.client.post(address, data=body + b"\r\n--cut--\r\n", content_type=kind)


def test_no_file_and_no_end_of_one(session, desk, case_id):
    address = f"/desk/advice/cases/{case_id}/documents/new"
    assert desk.client.post(address).status_code == 422
    assert raw(desk, address, file=PDF, field=b"x").status_code == 303
    assert raw(desk, address, file=b"x" * (11 * 1024 * 1024)).status_code == 413
    too_large = raw(desk, address, file=PDF + b"\n" * (10 * 1024 * 1024))
    assert too_large.status_code == 422
    assert "smaller than 10 MB" in too_large.text
    assert raw(desk, address, file=PDF, field=b"x" * (2 * 1024 * 1024)).status_code == 413
    assert len(kept(session)) == 1


def test_only_where_files_are_sent_a_request_may_weigh_more(desk):
    assert raw(desk, "/desk/advice/log", file=b"x" * 3_000_000).status_code == 413
    assert raw(desk, "/desk/advice/log", field=b"x" * 3_000_000).status_code == 413


def test_nobody_opens_it_before_it_was_checked(app, session, desk, case_id, tmp_path):
    scanning(app, tmp_path, 0)
    assert (
        "Until that is done, nobody can open it" in desk.client.get(f"/desk/advice/cases/{case_id}/documents/new").text
    )
    add(desk, case_id)
    (made,) = kept(session)
    assert "Being checked for viruses" in desk.client.get(f"/desk/advice/cases/{case_id}").text
    assert desk.client.get(f"/desk/advice/documents/{made.id}").status_code >= 400
    assert sweeps.look_for_viruses() == 1
    assert (tmp_path / "asked").read_text().strip() == str(files(app)[0])
    assert desk.client.get(f"/desk/advice/documents/{made.id}").data == PDF
    assert sweeps.look_for_viruses() == 0


def test_what_is_infected_is_deleted(app, session, desk, case_id, tmp_path):
    scanning(app, tmp_path, 1)
    add(desk, case_id)
    assert sweeps.look_for_viruses() == 1
    (made,) = kept(session)
    assert made.scan is ScanState.INFECTED
    assert files(app) == []
    assert desk.client.get(f"/desk/advice/documents/{made.id}").status_code >= 400
    assert "A virus was found" in desk.client.get(f"/desk/advice/cases/{case_id}").text


@pytest.mark.parametrize("ending", [2, 127])
def test_a_scanner_that_fails_lets_nothing_through(app, session, desk, case_id, tmp_path, ending):
    scanning(app, tmp_path, ending)
    add(desk, case_id)
    assert sweeps.look_for_viruses() == 0
    app.extensions["waymark_settings"] = replace(app.extensions["waymark_settings"], virus_scan="no-such-command")
    assert sweeps.look_for_viruses() == 0
    (made,) = kept(session)
    assert made.scan is ScanState.WAITING
    address = f"/desk/advice/documents/{made.id}"
    assert "Try again in a minute" in desk.client.get(address).text
    with clock.moved_to(made.created_at + LONGEST_CHECK + timedelta(minutes=1)):
        late = desk.client.get(address)
    assert late.status_code == 409
    assert "Tell whoever runs this Waymark" in late.text


def test_taken_out_and_erased_files_go(app, session, desk, client_id, case_id):
    from app.advice.reactions import erase, export

    for _number in range(3):
        add(desk, case_id, DOCX, "Bank statement.docx")
    one, two, _three = kept(session)
    assert ("Word document", "Bank statement.docx") in [
        line for item in export(session, client_id) for line in item.lines
    ]
    session.rollback()
    assert desk.client.post(f"/desk/advice/documents/{one.id}/take-out").status_code == 303
    assert desk.client.get(f"/desk/advice/documents/{one.id}").status_code == 404
    add(desk, case_id)
    assert [made.number for made in kept(session)] == [2, 3, 4]
    assert sweeps.delete_loose_files() == 0
    for path in files(app):
        os.utime(path, (0, 0))
    assert sweeps.delete_loose_files() == 1
    assert two.stored_as in {path.name for path in files(app)}
    erase(session, desk.actor, client_id)
    session.commit()
    assert kept(session) == []
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        assert sweeps.delete_loose_files() == 3
    assert files(app) == []


def test_nobody_elses(app, session, desk, supervisor, elsewhere, case_id):
    add(desk, case_id)
    (made,) = kept(session)
    assert supervisor.client.get(f"/desk/advice/documents/{made.id}").status_code == 200
    assert elsewhere.client.get(f"/desk/advice/documents/{made.id}").status_code == 404
    assert elsewhere.client.post(f"/desk/advice/documents/{made.id}/take-out").status_code == 404
    assert add(elsewhere, case_id).status_code == 404
    assert app.test_client().get(f"/desk/advice/documents/{made.id}").status_code == 303


def test_a_letter_that_comes_after_the_end_is_kept_and_a_wrong_one_goes_again(session, desk, case_id):
    add(desk, case_id, name="Before.pdf")
    session.rollback()
    session.scalars(select(AdviceDocument)).one().created_at -= timedelta(days=1)
    close_case(session, desk.actor, session.get_one(AdviceCase, case_id), Closure.WITHDREW, "")
    session.commit()
    assert add(desk, case_id, name="Award.pdf").status_code == 303
    before, after = kept(session)
    page = desk.client.get(f"/desk/advice/cases/{case_id}").text
    assert f"/cases/{case_id}/documents/new" in page
    assert f"/documents/{after.id}/take-out" in page
    assert f"/documents/{before.id}/take-out" not in page
    assert desk.client.post(f"/desk/advice/documents/{before.id}/take-out").status_code >= 400
    assert desk.client.post(f"/desk/advice/documents/{after.id}/take-out").status_code == 303
    assert [document.id for document in kept(session)] == [before.id]


def test_nothing_under_the_web_root_leads_to_it(app, session, desk, case_id):
    add(desk, case_id)
    (path,) = files(app)
    for address in (f"/static/documents/{path.name}", f"/documents/{path.name}", f"/static/../documents/{path.name}",
                    f"/static/..%2f..%2fdocuments/{path.parent.name}/{path.name}"):  # fmt: skip
        assert desk.client.get(address).status_code == 404
