"""The public pages in Welsh: chosen or asked for, whole, and honest about what is in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory.models import Location, Service, ServiceAtLocation
from app.web.database import db
from app.web.translations import CATALOGUES, compile_catalogues, read_catalogue
from tests.town import demo_town

OWN = {"Sec-Fetch-Site": "same-origin"}
FILLED_IN = r"%\(\w+\)[sd]|\{\w+\}"
SOURCE = CATALOGUES / "cy" / "LC_MESSAGES" / "messages.po"
NOTE = "Nid yw cyfieithydd wedi gwirio’r dudalen hon eto."
WORDS_IN = ("aria-label", "placeholder", "title", "alt", "data-title", "data-done", "data-list-label", "data-found")
# The list as text is told in the words of its listings, and a field has one language.
NOT_READ = ("script", "style", "textarea")
FIXED = ["/", "/topics", "/help-now", "/accessibility", "/privacy", "/cookies", "/notices", "/not-found", "/list"]
SEARCHES = [
    "/search",
    "/search?q=I+can't+pay+my+rent",
    "/search?q=rent+areas&near=Wexmoor",
    "/search?q=rent&exact=1",
    "/search?q=group&page=2",
    "/search?q=food&cost=free&open=weekends",
    "/search?q=I+want+to+die",
    "/search?q=xyzzyqq",
    "/search?q=rent&near=Nowhereville",
    "/courses",
    "/groups",
    "/topics/housing",
    "/topics/debt-advice",
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    compiled = SOURCE.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < SOURCE.stat().st_mtime:
        compile_catalogues()
    app = demo_town(tmp_path_factory.mktemp("welsh"))
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def welsh(town: Flask) -> FlaskClient:
    client = town.test_client()
    client.post("/language", data={"language": "cy", "next": "/"}, headers=OWN)
    return client


@pytest.fixture(scope="module")
def services(town: Flask) -> list[Service]:
    with town.app_context(), Session(db.engines["read"]) as session:
        return list(session.scalars(select(Service).order_by(Service.name, Service.id)))


def page_of(text: str) -> Element:
    return html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)


def welsh_words(element: Element) -> Iterator[str]:
    """Every text that a reader meets as Welsh: not what is marked as English, no scripts."""
    if element.tag in NOT_READ or element.get("lang") == "en":
        return
    yield from (element.attrib[name] for name in WORDS_IN if name in element.attrib)
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from welsh_words(child)
        yield child.tail or ""


@cache
def english() -> tuple[frozenset[str], list[re.Pattern[str]]]:
    """What an untranslated message would look like on a page: word by word, or with something filled in."""
    forms = []
    for message in read_catalogue(SOURCE):
        pair = zip(message.id, message.string, strict=False) if message.pluralizable else [(message.id, message.string)]
        forms += [told for told, words in pair if told and told not in (words, "")]
    parts = [re.split(FILLED_IN, plain(form.replace("&amp;", "&"))) for form in forms if stands_fast(form)]
    patterns = [re.compile(".+".join(re.escape(each) for each in part)) for part in parts if len(part) > 1]
    return frozenset(part[0] for part in parts if len(part) == 1), patterns


def is_english(words: str) -> bool:
    told, patterns = english()
    return words in told or any(pattern.fullmatch(words) for pattern in patterns)


def stands_fast(message: str) -> bool:
    """Whether enough of it is always there to be told from Welsh and from names; of "For %(name)s" it is not."""
    shortest = 4 if "%(" in message else 3
    return re.search(rf"(^|\s)[A-Za-z]{{{shortest},}}", message) is not None


def plain(text: str) -> str:
    return " ".join(text.split()).strip(" .:·?()")


def assert_welsh(answer, *, status: int = 200) -> Element:
    assert answer.status_code == status
    page = page_of(answer.text)
    assert page.get("lang") == "cy"
    assert NOTE in answer.text
    texts = {plain(words) for words in welsh_words(page)} - {""}
    assert not [text for text in texts if is_english(text)], "left in English"
    return page


def test_a_chosen_language_stays(town):
    client = town.test_client()
    assert page_of(client.get("/").text).get("lang") == "en-GB"
    answer = client.post("/language", data={"language": "cy", "next": "/topics"}, headers=OWN)
    assert (answer.status_code, urlsplit(answer.location).path) == (303, "/topics")
    for path in ("/topics", "/", "/help-now"):
        assert page_of(client.get(path).text).get("lang") == "cy"
    client.post("/language", data={"language": "en", "next": "/"}, headers=OWN)
    assert page_of(client.get("/").text).get("lang") == "en-GB"


@pytest.mark.parametrize(("asked", "tag"), [("cy", "cy"), ("cy-GB,cy;q=0.9,en;q=0.5", "cy"), ("en,cy;q=0.5", "en-GB")])
def test_the_browser_may_ask_for_it(town, asked, tag):
    answer = town.test_client().get("/", headers={"Accept-Language": asked})
    assert page_of(answer.text).get("lang") == tag
    assert {"Cookie", "Accept-Language"} <= set(answer.vary)


@pytest.mark.parametrize("path", [*FIXED, *SEARCHES])
def test_no_english_of_ours_is_left(welsh, path):
    assert_welsh(welsh.get(path))


def test_every_listing_is_framed_in_welsh(welsh, services):
    for service in services[:40]:
        assert_welsh(welsh.get(f"/services/{service.id}"))
    for organization in {service.organization_id for service in services[:10]}:
        assert_welsh(welsh.get(f"/organisations/{organization}"))


def test_a_list_is_in_welsh(welsh, services):
    for service in services[:3]:
        welsh.post("/list/add", data={"service": str(service.id), "next": "/"}, headers=OWN)
    page = assert_welsh(welsh.get("/list"))
    texts = " ".join(page.itertext())
    assert "Mynd â hi gyda chi" in texts
    assert "<span" not in page.find(".//textarea").text
    link = next(a.get("href") for a in page.iter("a") if a.get("href", "").startswith("http://localhost/list/shared/"))
    assert_welsh(welsh.get(urlsplit(link).path))


def test_known_words(welsh):
    for path, words in {
        "/": "Gyda beth mae angen help arnoch chi?",
        "/search?q=rent&near=Wexmoor": "Yr help y daethom o hyd iddo",
        "/topics/housing": "Tai a digartrefedd",
        "/help-now": "Cael help nawr",
        "/list": "Fy rhestr",
    }.items():
        assert words in "".join(page_of(welsh.get(path).text).find(".//h1").itertext())


def test_counts_and_distances_are_in_welsh(welsh):
    text = " ".join(page_of(welsh.get("/search?q=rent&near=Wexmoor").text).itertext())
    assert re.search(r"\d+ (canlyniad|ganlyniad|chanlyniad)", text)
    assert re.search(r"\d [fm]illtir i ffwrdd", text)
    assert "yn ôl" in text


def test_days_times_and_languages_are_in_welsh(welsh, services):
    pages = (page_of(welsh.get(f"/services/{service.id}").text) for service in services[:40])
    text = " ".join(words for page in pages for words in welsh_words(page))
    assert "Dydd Llun" in text
    assert re.search(r"\d(yb|yh) tan \d", text)
    assert "Saesneg" in text
    assert "Monday" not in text


@pytest.mark.parametrize("path", ["/nowhere", "/topics/nowhere", "/services/1"])
def test_an_error_page_is_in_welsh(welsh, path):
    page = assert_welsh(welsh.get(path), status=404)
    assert page.find(".//h1").text == "Heb ddod o hyd i’r dudalen"


def test_a_refused_form_is_in_welsh(town, welsh, services):
    town.config["WTF_CSRF_ENABLED"] = False
    try:
        answer = welsh.post("/not-found", data={"topic": "", "near": "x" * 30})
        assert_welsh(answer, status=422)
        assert "Rhowch ran gyntaf cod post, fel M33" in answer.text
        answer = welsh.post(f"/services/{services[0].id}/report", data={"kind": "nonsense", "reply_to": "x"})
        assert_welsh(answer, status=422)
        assert "Rhowch gyfeiriad e-bost fel enw@example.com" in answer.text
        assert "Not a valid choice" not in answer.text
    finally:
        town.config["WTF_CSRF_ENABLED"] = True


def test_words_of_listings_are_marked_as_english(welsh, services):
    service = next(found for found in services if found.description)
    page = page_of(welsh.get(f"/services/{service.id}").text)
    assert page.find(".//h1/span").attrib == {"lang": "en"}
    assert service.name not in " ".join(welsh_words(page.find("body/main")))


def test_addresses_are_marked_as_english(town, welsh):
    page = page_of(welsh.get(f"/services/{visited(town)}").text)
    (address, *_) = page.iter("address")
    assert {line.get("lang") for line in address if line.tag != "br"} == {"en"}


def visited(town: Flask) -> UUID:
    with town.app_context(), Session(db.engines["read"]) as session:
        return session.scalars(
            select(ServiceAtLocation.service_id)
            .join(Location)
            .where(~Location.confidential, Location.addresses.any())
            .order_by(ServiceAtLocation.service_id)
            .limit(1)
        ).one()


def test_an_english_page_marks_nothing(town, services):
    page = page_of(town.test_client().get(f"/services/{services[0].id}").text)
    assert not [one for one in page.iter() if one.get("lang") == "en"]


@pytest.mark.parametrize("path", ["/api/search?q=rent", "/api/nothing", "/open-referral/services/1"])
def test_what_answers_programs_stays_english(welsh, town, path):
    english = town.test_client().get(path).json
    asked = welsh.get(path, headers={"Accept-Language": "cy"}).json
    for answer in (english, asked):
        answer.pop("took_ms", None)
    assert asked == english
