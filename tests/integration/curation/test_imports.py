"""Uploading a list: nothing is written before it is confirmed, and then what was shown."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.codes import Role
from app.audit.models import AuditEntry
from app.core import clock
from app.core.errors import Refused
from app.directory.codes import ImportState
from app.directory.curation import imports, operations
from app.directory.curation.document import document_of
from app.directory.importing import run
from app.directory.models import IndexChange, ListingImport, ListingVersion, Proposal, Service
from app.web.database import db
from tests.signing_in import a_member, actor_of, signed_in_client

HEAD = "id,name,organisation,description,postcode,opening_times\n"
FIRST = HEAD + (
    "1,Warm room,Mill Trust,A warm room for whoever comes.,M33 2AB,Monday 9am - 5pm\n"
    "2,Soup run,Mill Trust,Soup every night.,,\n"
    "3,,Mill Trust,No name.,,\n"
)
SECOND = HEAD + (
    "1,Warm room,Mill Trust,A warm room for whoever comes.,M33 2AB,Tuesday 10am - 4pm\n"
    "4,Tea bar,Mill Trust,Tea and talk.,,\n"
)


@pytest.fixture
def editor(session):
    member = a_member(session, Role.DIRECTORY_EDITOR, workplace="Directory", email="ruth@directory.example")
    session.commit()
    return member


def upload(session, editor, text, **more):
    told = {"file_name": "Mill list.csv", "content": text.encode()} | more
    found = imports.look(session, **told)
    imports.keep(session, actor_of(session, editor), found)
    return found


def confirm(session, actor, found):
    with imports.read_again(session, found) as listed:
        return imports.confirm(session, actor, found, listed)


def counts(found):
    report = found.report
    return report["new"], report["changed"], report["unchanged"], len(report["missing"]), report["refused"]


def test_nothing_is_written_before_and_then_what_was_shown(session, editor):
    found = upload(session, editor, FIRST)
    assert counts(found) == (2, 0, 0, 0, 1)
    assert [(row["row"], row["name"]) for row in found.report["services"]] == [(2, "Warm room"), (3, "Soup run")]
    refused = found.report["problems"][0]
    assert (refused["level"], refused["row"], refused["reason"]) == ("rejected", 4, "the row has no name")
    session.commit()
    assert session.scalar(select(func.count()).select_from(Service)) == 0
    assert session.scalar(select(func.count()).select_from(IndexChange)) == 0
    assert confirm(session, actor_of(session, editor), found)
    session.commit()
    assert (found.state, found.content) == (ImportState.APPLIED, None)
    assert session.scalars(select(Service.name).order_by(Service.name)).all() == ["Soup run", "Warm room"]
    assert session.scalar(select(func.count()).select_from(IndexChange)) == 2
    with pytest.raises(Refused):
        confirm(session, actor_of(session, editor), found)


def test_a_newer_list_changes_adds_leaves_and_marks_and_each_can_be_taken_back(session, editor):
    actor = actor_of(session, editor)
    confirm(session, actor, upload(session, editor, FIRST))
    session.commit()
    assert counts(upload(session, editor, FIRST)) == (0, 0, 2, 0, 1)
    found = upload(session, editor, SECOND)
    assert counts(found) == (1, 1, 0, 1, 0)
    changed = next(row for row in found.report["services"] if not row["is_new"])
    assert (changed["name"], changed["fields"]) == ("Warm room", ["schedule"])
    assert found.report["missing"][0]["name"] == "Soup run"
    confirm(session, actor, found)
    session.commit()
    warm = session.scalars(select(Service).where(Service.name == "Warm room")).one()
    assert [one.byday for one in warm.schedules] == ["TU"]
    reasons = session.scalars(
        select(ListingVersion.reason).where(ListingVersion.service_id == warm.id).order_by(ListingVersion.number)
    )
    assert reasons.all() == ["Mill list", "Mill list"]
    assert operations.restore(session, actor, warm, 1)
    assert [one.byday for one in warm.schedules] == ["MO"]
    told = session.scalars(select(AuditEntry.reason).where(AuditEntry.object_id == warm.id)).all()
    assert told.count("import") == 2


def test_what_changed_since_is_shown_again_before_it_is_done(session, editor):
    actor = actor_of(session, editor)
    confirm(session, actor, upload(session, editor, FIRST))
    found = upload(session, editor, FIRST.replace("Soup every night.", "Soup on Sundays."))
    assert counts(found)[:3] == (0, 1, 1)
    warm = session.scalars(select(Service).where(Service.name == "Warm room")).one()
    operations.publish(session, actor, warm, {"description": "Other words."})
    assert not confirm(session, actor, found)
    assert (found.state, counts(found)[:3]) == (ImportState.WAITING, (0, 1, 1))
    assert [one["name"] for one in found.report["kept"]] == ["Warm room"]
    assert warm.description == "Other words."
    assert confirm(session, actor, found)


def test_an_address_that_changed_is_told_with_its_service(session, editor):
    confirm(session, actor_of(session, editor), upload(session, editor, FIRST))
    found = upload(session, editor, FIRST.replace("id,", "id,address,").replace("\n1,", "\n1,3 Mill Lane,"))
    assert "service_at_location" in found.report["services"][0]["fields"]


def test_open_referral_json_is_taken_too(session, editor):
    service = {"id": "a", "name": "Warm room", "status": "active", "organization": {"id": "o", "name": "Mill Trust"}}
    content = json.dumps({"contents": [service, {"id": "b"}]}).encode()
    found = upload(session, editor, "", file_name="feed.json", content=content)
    assert counts(found) == (1, 0, 0, 0, 1)


def test_a_list_that_nobody_decides_on_is_thrown_away(session, editor):
    found = upload(session, editor, FIRST)
    session.commit()
    assert imports.drop_forgotten(session) == 0
    with clock.moved_to(clock.now() + imports.KEPT_FOR + timedelta(minutes=1)):
        assert imports.drop_forgotten(session) == 1
    session.commit()
    assert (found.state, found.content) == (ImportState.DROPPED, None)


def client_of(app, session, editor):
    user_id = editor.id
    session.commit()
    return signed_in_client(app, user_id)


def send(client, content: bytes, name: str = "list.csv"):
    """As a browser sends a file; Werkzeug's own encoder leaves large ones open."""
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--x--\r\n"
    return client.post("/desk/imports", data=body, content_type="multipart/form-data; boundary=x")


def damaged_zip() -> bytes:
    """An archive whose list of entries is whole and whose packed bytes are not."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.csv", FIRST * 50)
    whole = file.getvalue()
    return whole[:40] + bytes(byte ^ 0xFF for byte in whole[40:80]) + whole[80:]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "list.csv", "This is no feed that Waymark knows"),
        (b"\x00\xff\xfe\x00", "list.csv", "This is no feed that Waymark knows"),
        (b"name\n", "list.csv", "Nothing in list.csv could be imported"),
        (b"name,description\n,Nothing\n", "list.csv", "Row 2: the row has no name."),
        (b"{" * 5000, "list.json", "list.json"),
        (b"MZ", "list.exe", "Choose a JSON file"),
        (b"PK\x03\x04rubbish", "list.zip", "list.zip"),
        (damaged_zip(), "list.zip", "cannot be read"),
        (b"name\n" + b"x\n" * 4, "../../etc/passwd", "Choose a JSON file"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_reason(app, session, editor, content, name, words):
    client = client_of(app, session, editor)
    answer = send(client, content, name)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(ListingImport)) == 0


def test_what_is_too_large_or_too_long_is_refused(app, session, editor, monkeypatch):
    client = client_of(app, session, editor)
    assert send(client, b"x" * (6 * 1024 * 1024)).status_code == 413
    assert send(client, b"name\n" + b"x" * (imports.LARGEST_FILE + 1)).status_code == 422
    # No other form takes as much.
    assert client.post("/desk/collections", data={"name": "x" * (3 * 1024 * 1024)}).status_code == 413
    many = HEAD + "".join(f"{number},Service {number},Trust,Words.,,\n" for number in range(imports.MOST_SERVICES + 1))
    assert "more than 1,000 services" in send(client, many.encode()).get_data(as_text=True)


def test_no_transaction_stands_open_while_a_list_is_read(app, session, editor, monkeypatch):
    open_ones = []
    read = run.read

    def looking(*given):
        for one in read(*given):
            yield one
            open_ones.append(db.session().in_transaction())

    monkeypatch.setattr(run, "read", looking)
    client = client_of(app, session, editor)
    report = send(client, FIRST.encode()).location
    assert open_ones
    read_once = len(open_ones)
    assert client.post(f"{report}/confirm").location.endswith("done=applied")
    assert len(open_ones) == 2 * read_once
    assert not any(open_ones)


def test_who_decides_while_a_list_is_read_again_has_decided(app, session, editor, monkeypatch):
    client, colleague = client_of(app, session, editor), client_of(app, session, editor)
    report = send(client, FIRST.encode()).location
    read = run.read

    def dropped_meanwhile(*given):
        assert colleague.post(f"{report}/drop").status_code == 303
        yield from read(*given)

    monkeypatch.setattr(run, "read", dropped_meanwhile)
    refused = client.post(f"{report}/confirm")
    assert (refused.status_code, "decided on this already" in refused.text) == (409, True)
    assert session.scalar(select(func.count()).select_from(Service)) == 0


def test_the_pages_lead_from_file_to_report(app, session, editor):
    client = client_of(app, session, editor)
    answer = send(client, FIRST.encode())
    assert answer.status_code == 303
    path = answer.headers["Location"]
    page = client.get(path).get_data(as_text=True)
    assert "Nothing has been changed yet" in page
    assert "the row has no name" in page
    assert client.post(f"{path}/confirm").headers["Location"].endswith("done=applied")
    page = client.get(path + "?done=applied").get_data(as_text=True)
    assert "The list is imported." in page
    assert client.post(f"{path}/drop").status_code == 409
    again = send(client, FIRST.encode()).headers["Location"]
    assert client.post(f"{again}/drop").headers["Location"].endswith("done=dropped")
    assert "Thrown away" in client.get("/desk/imports").get_data(as_text=True)


def test_what_staff_changed_stays_and_what_the_list_says_of_it_is_proposed(session, editor):
    actor = actor_of(session, editor)
    confirm(session, actor, upload(session, editor, FIRST))
    room = session.scalars(select(Service).where(Service.name == "Warm room")).one()
    row = {"freq": "WEEKLY", "interval": 1, "byday": "FR", "opens_at": "09:00:00", "closes_at": "12:00:00"}
    operations.publish(session, actor, room, {"description": "Warm and quiet.", "hours": [row]})
    found = upload(session, editor, SECOND.replace("A warm room for whoever comes.", "Open to all."))
    kept = found.report["kept"][0]
    assert (kept["before"]["description"], kept["after"]["description"]) == ("Warm and quiet.", "Open to all.")
    assert kept["after"]["hours"][0]["byday"] == "TU"
    assert confirm(session, actor, found)
    room = session.scalars(select(Service).where(Service.name == "Warm room")).one()
    assert room.description == "Warm and quiet."
    assert [hours["byday"] for hours in document_of(room)["hours"]] == ["FR"]
    proposal = session.scalars(select(Proposal)).one()
    again = upload(session, editor, SECOND.replace("A warm room for whoever comes.", "Open to all."))
    assert again.report["changed"] == 0
    assert confirm(session, actor, again)
    assert session.scalars(select(Proposal)).one() is proposal
    operations.approve(session, actor, proposal)
    assert (room.description, document_of(room)["hours"][0]["byday"]) == ("Open to all.", "TU")


def test_a_list_says_old_and_new_words_and_which_times_it_could_not_read(app, session, editor):
    actor = actor_of(session, editor)
    confirm(session, actor, upload(session, editor, FIRST))
    newer = SECOND.replace("A warm room for whoever comes.", "Open to all.").replace(
        "Tea and talk.,,", "Tea.,,from 9am on some days"
    )
    found = upload(session, editor, newer)
    told = {row["name"]: row for row in found.report["services"]}["Warm room"]
    assert (told["before"]["description"], told["after"]["description"]) == (
        "A warm room for whoever comes.",
        "Open to all.",
    )
    assert "opening times 'from 9am on some days' could not be read" in str(found.report["problems"])
    import_id, editor_id = found.id, editor.id
    session.commit()
    page = signed_in_client(app, editor_id).get(f"/desk/imports/{import_id}").get_data(as_text=True)
    assert "A warm room for whoever comes.</del>" in page
    assert "Open to all.</ins>" in page
