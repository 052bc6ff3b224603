"""Pages of listings and lists that depend on what the database holds."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.codes import Role
from app.core import clock
from app.directory.codes import Accepting, AccessRoute, Kind, ProposalState, Status
from app.directory.curation.document import document_of
from app.directory.curation.operations import decline
from app.directory.models import (
    Address,
    ListingSuggestion,
    Location,
    Organization,
    Phone,
    ProblemReport,
    Proposal,
    Service,
    ServiceAtLocation,
)
from app.library.models import UnmetNeed
from app.library.request import LONGEST_PLACE, LONGEST_TEXT
from app.library.shortlist import LASTS, make_token
from app.library.views import feedback
from app.notifications.models import Message
from tests.signing_in import a_member, actor_of, signed_in_client

OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def service(session: Session) -> Service:
    organization = Organization(name="Harbour Trust", website="javascript:alert(1)")
    listed = Service(organization=organization, name="Harbour <drop-in>", description="A café & more", url="ftp://x")
    session.add_all([organization, listed])
    session.commit()
    session.refresh(listed)
    # Left in the session it would open a writing transaction each time it is read, and lock the pages out.
    session.expunge_all()
    session.rollback()
    return listed


def test_a_listing_shows_words_as_words_and_links_to_pages_only(client: FlaskClient, service: Service) -> None:
    page = client.get(f"/services/{service.id}").text
    assert "Harbour &lt;drop-in&gt;" in page
    for link in ("javascript:", "ftp:"):
        assert f'href="{link}' not in page


def test_a_fax_is_named_and_never_called(client: FlaskClient, session: Session, service: Service) -> None:
    numbers = (("01632 960111", "fax"), ("85258", "text"), ("01632 960222", None))
    session.add_all(
        Phone(service_id=service.id, number=number, type=kind, position=place)
        for place, (number, kind) in enumerate(numbers)
    )
    session.commit()
    page = client.get(f"/services/{service.id}").get_data(as_text=True)
    dialled = re.findall(r'href="((?:tel|sms):[^"]+)"', page)
    assert dialled[:2] == ["tel:01632960222", "sms:85258"]
    assert "Fax: 01632 960111" in page
    assert re.search(r"Text messages: <a[^>]*>85258", page)
    assert '"servicePhone": {"@type": "ContactPoint", "telephone": "01632 960222"}' in page


def test_what_would_make_a_call_in_vain_stands_before_the_number(
    client: FlaskClient, session: Session, service: Service
) -> None:
    listed = session.merge(service)
    listed.accepting, listed.access_routes = Accepting.NO, frozenset({AccessRoute.PROFESSIONAL_REFERRAL})
    listed.capacity_stated_at = clock.now()
    session.add(Phone(service_id=service.id, number="01632 960222"))
    session.commit()
    page = client.get(f"/services/{service.id}").text
    number = page.index('href="tel:01632960222"')
    assert page.index("Not taking new people now") < number
    assert page.index("Somebody has to refer you") < number


def test_a_website_that_is_the_only_way_is_the_button(client: FlaskClient, session: Session, service: Service) -> None:
    button = re.compile(r'class="wm-button [^"]*" href="https://harbour.example"')
    session.merge(service).url = "https://harbour.example"
    session.commit()
    assert button.search(client.get(f"/services/{service.id}").text)
    session.add(Phone(service_id=service.id, number="01632 960222"))
    session.commit()
    assert not button.search(client.get(f"/services/{service.id}").text)


def test_the_search_box_takes_as_much_as_is_read(client: FlaskClient) -> None:
    limits = re.findall(r'name="(q|near)"[^>]*maxlength="(\d+)"', client.get("/").text)
    assert limits == [("q", str(LONGEST_TEXT)), ("near", str(LONGEST_PLACE))]


def test_every_public_page_leads_to_the_ways_in(client: FlaskClient, service: Service) -> None:
    for path in ("/", f"/services/{service.id}", "/nowhere"):
        foot = client.get(path).text.split("<footer")[1]
        for way in ("/ask-for-help", "/prospectus", "/bookings", "/me", "/desk"):
            assert f'href="{way}"' in foot


def test_a_private_address_is_nowhere_on_the_page(client: FlaskClient, session: Session, service: Service) -> None:
    secret = Location(name="The Refuge", confidential=True, transportation="Bus 9")
    secret.addresses.append(Address(address_1="12 Secret Lane", city="Wexmoor", postal_code="WX1 9ZZ"))
    session.add(ServiceAtLocation(service=session.merge(service), location=secret))
    session.commit()
    page = client.get(f"/services/{service.id}").text
    for word in ("The Refuge", "Secret Lane", "WX1 9ZZ", "Bus 9"):
        assert word not in page
    assert "The address is private" in page


def test_a_place_of_which_only_the_point_is_known_is_no_empty_box(
    client: FlaskClient, session: Session, service: Service
) -> None:
    bare = Location(latitude=54.7, longitude=-2.35)
    session.add(ServiceAtLocation(service=session.merge(service), location=bare))
    session.commit()
    assert "wm-place" not in client.get(f"/services/{service.id}").text


def test_a_closed_listing_says_so(client: FlaskClient, session: Session, service: Service) -> None:
    session.merge(service).status = Status.DEFUNCT
    session.commit()
    answer = client.get(f"/services/{service.id}")
    assert answer.status_code == 410
    assert "no longer running" in answer.text


def test_a_listing_is_sent_once(client: FlaskClient, service: Service) -> None:
    tag = client.get(f"/services/{service.id}").headers["ETag"]
    assert client.get(f"/services/{service.id}", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("path", ["/services/{}", "/organisations/{}", "/services/{}/report", "/topics/{}"])
@pytest.mark.parametrize("key", ["0f8fad5b-d9cb-469f-a165-70867728950e", "1", "..", "%00", "'"])
def test_what_is_not_there_is_a_clear_404(client: FlaskClient, path: str, key: str) -> None:
    assert client.get(path.format(key)).status_code == 404


def test_reading_leaves_no_cookie(client: FlaskClient, service: Service) -> None:
    for path in ("/", "/help-now", "/topics", f"/services/{service.id}"):
        assert "Set-Cookie" not in client.get(path).headers


def test_a_report_is_kept(client: FlaskClient, session: Session, service: Service) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    answer = client.post(f"/services/{service.id}/report", data={"kind": "phone", "details": "It rings out"})
    assert answer.status_code == 303
    kept = session.scalars(select(ProblemReport).order_by(ProblemReport.id)).one()
    assert (kept.service_id, kept.details, kept.reply_to) == (service.id, "It rings out", None)


def suggested(client: FlaskClient, service: Service, **changes: str) -> TestResponse:
    client.application.config["WTF_CSRF_ENABLED"] = False
    shown = {"description": service.description, "url": service.url or ""}
    return client.post(f"/services/{service.id}/suggest", data=shown | changes)


def test_anybody_suggests_a_change_and_an_editor_decides(
    client: FlaskClient, session: Session, service: Service
) -> None:
    answer = suggested(client, service, phones="0161 496 0000, office", note="I rang", reply_to="me@home.example")
    assert answer.status_code == 303
    kept = session.scalars(select(Proposal).order_by(Proposal.id)).one()
    assert (kept.state, kept.after, kept.note) == (ProposalState.OPEN, {"phones": ["0161 496 0000, office"]}, "I rang")
    assert document_of(kept.service)["phones"] == []
    editor = actor_of(session, a_member(session, Role.DIRECTORY_EDITOR))
    decline(session, editor, kept, answer="That is our fax.")
    assert session.scalars(select(Message.recipient)).all() == ["me@home.example"]
    assert kept.reply_to is None


def test_anybody_says_which_service_is_missing_and_nobody_sees_it_before_an_editor_does(
    client: FlaskClient, session: Session
) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    told = {"name": " Tool \n library", "organization": "Hob Lane Neighbours", "description": "Lends drills & ladders."}
    nowhere = client.post("/add-a-service", data=told)
    assert (nowhere.status_code, "Give a place" in nowhere.text, "Lends drills &amp; ladders." in nowhere.text) == (
        422,
        True,
        True,
    )
    wrong = client.post("/add-a-service", data=told | {"phone": "ring me", "url": "javascript:x", "reply_to": "me@"})
    assert (wrong.status_code, wrong.text.count("govuk-error-message")) == (422, 3)
    assert "on a line of its own" not in wrong.text, "there is one line only"
    right = told | {"url": "tools.example.org", "place": "6 Hob Lane, Sale, M33 2AA", "reply_to": "me@home.example"}
    for sent in (right, right, right | {"reply_to": "another@home.example"}):
        assert client.post("/add-a-service", data=sent).location == "/add-a-service?told=1"
    kept, other = session.scalars(select(ListingSuggestion).order_by(ListingSuggestion.created_at)).all()
    assert other.reply_to == "another@home.example"
    assert (kept.name, kept.url, kept.reply_to) == ("Tool library", "https://tools.example.org", "me@home.example")
    assert session.scalars(select(Service.name).where(Service.name == "Tool library")).all() == []
    assert "Tool library" not in client.get("/search?q=tool+library").text
    assert "Thank you" in client.get("/add-a-service?told=1").text


def test_who_suggests_is_told_what_of_the_whole_organisation_people_see(
    client: FlaskClient, session: Session, service: Service
) -> None:
    kept = session.get_one(Service, service.id)
    kept.organization.email = "all@group.example"
    session.commit()
    page = f"/services/{service.id}/suggest"
    told = client.get(page).text
    assert "People see all@group.example here" in told
    assert "javascript:" not in told
    kept.email = "own@group.example"
    session.commit()
    assert "all@group.example" not in client.get(page).text


def test_a_suggestion_in_words_alone_is_a_report_and_an_empty_one_is_refused(
    client: FlaskClient, session: Session, service: Service
) -> None:
    assert suggested(client, service).status_code == 422
    wrong = suggested(client, service, phones="ring me", note="Kept words")
    assert (wrong.status_code, "Kept words" in wrong.text) == (422, True)
    assert suggested(client, service, note="It opens at noon").status_code == 303
    assert session.scalars(select(ProblemReport.details)).all() == ["It opens at noon"]
    assert not session.scalars(select(Proposal).order_by(Proposal.id)).all()


def test_too_many_reports_wait_and_keep_what_was_typed(
    client: FlaskClient, session: Session, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(feedback, "REPORTS", replace(feedback.REPORTS, tries=2))

    def send(details: str, address: str = "192.0.2.7") -> TestResponse:
        data = {"kind": "phone", "details": details}
        return client.post(f"/services/{service.id}/report", data=data, environ_overrides={"REMOTE_ADDR": address})

    assert [send("It rings").status_code for _ in range(2)] == [303, 303]
    refused = send("The third one", "192.0.2.99")
    assert refused.status_code == 429
    assert 1700 < int(refused.headers["Retry-After"]) <= 1800
    assert "The third one" in refused.text
    assert "Wait 30 minutes" in refused.text
    assert send("Elsewhere", "198.51.100.1").status_code == 303
    with clock.moved_to(clock.now() + timedelta(minutes=30, seconds=1)):
        assert send("Later").status_code == 303
    assert len(session.scalars(select(ProblemReport).order_by(ProblemReport.id)).all()) == 4


def test_a_refused_report_is_not_kept(client: FlaskClient, session: Session, service: Service) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    answer = client.post(f"/services/{service.id}/report", data={"kind": "nonsense", "details": "x"})
    assert answer.status_code == 422
    assert not session.scalars(select(ProblemReport).order_by(ProblemReport.id)).all()


@pytest.mark.usefixtures("topics")
@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("i want to die", "116 123"),
        ("she keeps going to the railway line and standing there", "116 123"),
        ("next door are hitting their kid", "0808 800 5000"),
        ("food bank", ""),
    ],
)
def test_words_of_danger_show_who_to_call(client: FlaskClient, typed: str, number: str) -> None:
    page = client.get("/search", query_string={"q": typed}).text
    panel = re.search(r'<section class="wm-danger".*?</section>', page, re.DOTALL)
    assert bool(panel) is bool(number)
    assert panel is None or number in panel[0]


@pytest.mark.usefixtures("topics")
def test_of_missing_help_only_topic_and_district_are_kept(client: FlaskClient, session: Session) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    answer = client.post("/not-found", data={"topic": "housing", "near": "m33 2ab"})
    assert answer.status_code == 303
    kept = session.scalars(select(UnmetNeed).order_by(UnmetNeed.id)).one()
    assert (kept.topic, kept.district, kept.times) == ("housing", "M33", 1)


def test_a_list_is_kept_in_the_session(client: FlaskClient, service: Service) -> None:
    answer = client.post("/list/add", data={"service": service.id, "next": "/topics"}, headers=OWN)
    assert answer.location == f"/topics#s-{service.id}"
    assert "Harbour &lt;drop-in&gt;" in client.get("/list").text
    client.post("/list/remove", data={"service": service.id, "next": "/list"}, headers=OWN)
    assert "nothing on your list" in client.get("/list").text
    client.post("/list/add", data={"service": service.id, "next": "/list"}, headers=OWN)
    assert 'action="/list/empty"' in client.get("/list").text
    client.post("/list/empty", data={"next": "/list"}, headers=OWN)
    assert "nothing on your list" in client.get("/list").text


@pytest.mark.parametrize("next_page", ["//evil.example", "/\\evil.example", "https://evil.example", "x", "/a\nb"])
def test_going_back_stays_here(client: FlaskClient, service: Service, next_page: str) -> None:
    answer = client.post("/list/add", data={"service": service.id, "next": next_page}, headers=OWN)
    assert answer.location == f"/#s-{service.id}"


@pytest.mark.parametrize("path", ["/list/add", "/list/remove", "/language"])
def test_forms_of_other_sites_are_refused(client: FlaskClient, path: str) -> None:
    assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400


def test_rubbish_put_on_a_list(client: FlaskClient) -> None:
    assert client.post("/list/add", data={"service": "x"}, headers=OWN).status_code == 400
    assert client.post("/list/add", data={"service": uuid4()}, headers=OWN).status_code == 404


def test_a_shared_list_and_its_end(client: FlaskClient, service: Service) -> None:
    token = make_token([service.id], "only for tests")
    page = client.get(f"/list/shared/{token}")
    assert "Harbour &lt;drop-in&gt;" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/help-now").headers
    with clock.moved_to(clock.now() + LASTS + timedelta(days=1)):
        ended = client.get(f"/list/shared/{token}")
    assert ended.status_code == 410
    for mangled in (token[:-9], token[:20], token.replace("-", " ") + "%20x", "rubbish"):
        cut = client.get(f"/list/shared/{mangled}")
        assert cut.status_code == 404
        assert "Part of the link may be missing" in cut.text
        assert "ask the person who sent it" in cut.text


@pytest.mark.parametrize("behind", [".", ")", "%E2%80%9D.", "/", "%20", ",%20see", "...", "%0A"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_a_message_put_behind_an_address_is_taken_off(
    client: FlaskClient, service: Service, behind: str, method: str
) -> None:
    token = make_token([service.id], "only for tests")
    for meant in (f"/list/shared/{token}", f"/services/{service.id}", "/help-now"):
        answer = client.open(meant + behind, method=method)
        if behind.endswith("see"):
            # Words behind it are not ours to judge.
            assert answer.status_code == 404
        else:
            assert (answer.status_code, answer.headers["Location"]) == (302, meant)


@pytest.mark.parametrize("path", ["/open-referral/services/%1D", "/open-referral/services.", "/api/openapi.json)"])
def test_a_program_is_told_that_its_address_is_wrong(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.is_json) == (404, True)


@pytest.mark.parametrize("path", ["/nothing.", "/%2Fevil.example.", "/.", "/search.php", "/join/x"])
def test_an_address_that_is_unknown_all_the_same_leads_nowhere(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in {308, 404}
    assert answer.headers.get("Location", "/").startswith(("/", "http://localhost/"))
    assert not answer.headers.get("Location", "/").startswith("//")


def test_what_an_organisation_offers_is_told_in_lines_where_it_is_much(
    app: Flask, client: FlaskClient, session: Session, service: Service
) -> None:
    page = f"/organisations/{service.organization_id}"
    assert "wm-result__name" in client.get(page).text
    names = [f"Course {number}" for number in range(4)]
    numbers = ["01632 960001", "01632 960002"]
    by_phone = Service(organization_id=service.organization_id, name="By phone", phones=[Phone(number=numbers[1])])
    session.add_all([Phone(organization_id=service.organization_id, number=numbers[0]), by_phone])
    session.add_all(
        Service(
            organization_id=service.organization_id,
            name=name,
            kind=Kind.COURSE,
            accepting=Accepting.NO,
            capacity_stated_at=clock.now(),
        )
        for name in names
    )
    session.commit()
    told = client.get(page).text
    assert "wm-result__name" not in told
    assert told.count('class="wm-offers__one"') == 6
    # On paper a line has its number where that does not stand at the head of the page already.
    assert re.findall(r'class="wm-offers__phone">([0-9 ]+)<', told) == numbers[1:]
    assert told.index("Services <") < told.index("Harbour &lt;drop-in&gt;") < told.index("Courses <")
    assert all(name in told for name in names)
    assert told.count("Not taking new people now") == 4
    assert "/desk/signposts/new" not in told
    # Whoever gives services to others has the buttons of a card at each line, and comes back to it.
    member, one = a_member(session, Role.SURGERY, workplace="Harbour Street").id, by_phone.id
    session.commit()
    gp = signed_in_client(app, member)
    told = gp.get(page).text
    assert told.count('href="/desk/signposts/new?service=') == told.count('action="/list/add"') == 6
    app.config["WTF_CSRF_ENABLED"] = False
    back = gp.post("/list/add", data={"service": str(one), "next": page}).location
    assert back.startswith(page)
    assert gp.get(page).text.count('action="/list/remove"') == 1


def test_search_engines_are_told_what_a_page_is_about(client: FlaskClient, service: Service) -> None:
    page = client.get(f"/services/{service.id}").text
    assert '<meta name="description" content="A café &amp; more">' in page
    organization = client.get(f"/organisations/{service.organization_id}").text
    address = f"http://localhost/organisations/{service.organization_id}"
    assert f'<link rel="canonical" href="{address}">' in organization
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', organization)
    assert found is not None
    # The javascript: of its website is none.
    assert json.loads(found[1]) == {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": address,
        "url": address,
        "name": "Harbour Trust",
    }
    assert '<meta name="description"' in client.get("/help-now").text


def test_machines_find_every_listing(client: FlaskClient, service: Service) -> None:
    assert "sitemap-services-1.xml" in client.get("/sitemap.xml").text
    assert f"/services/{service.id}" in client.get("/sitemap-services-1.xml").text
    assert f"/organisations/{service.organization_id}" in client.get("/sitemap-pages.xml").text
    assert client.get("/sitemap-services-2.xml").status_code == 404
    assert "{searchTerms}" in client.get("/opensearch.xml").text
    assert "Disallow: /search" in client.get("/robots.txt").text
