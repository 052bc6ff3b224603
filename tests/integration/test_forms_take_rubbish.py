"""Every form of every page, filled with rubbish by everybody who may open it: a sentence or a refusal, never a 500.

Each form takes a fifth of the rubbish, by its name; `make proof` tries everything on each.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit
from zlib import crc32

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.accounts.codes import Role
from app.directory.curation.bulk import Act
from tests.pages.addresses import PAGES, PERSON_PAGES, STAFF_PAGES, STRANGER_PAGES
from tests.pages.site import Site, site_of
from tests.signing_in import member_of_demo, signed_in_client
from tests.town import demo_town

# Cut off, reversed, too long, too large, of another script, of another type.
NASTY = [
    "", "\x00", "\ud800".encode("utf-8", "replace").decode(), "\u202eabc", "😀" * 300, "x" * 10_000, "-1", "9" * 30,
    "1e999", "nan", "٣", "00000000-0000-0000-0000-000000000000", "{urn:uuid}", "\r\nBcc: a@b.example",
    "[]", "//evil.example",
    "<script>alert(1)</script>", "'; DROP TABLE service; --", "{{7*7}}", "%00", "../../etc/passwd",
]  # fmt: skip
PARTS = 1 if "WAYMARK_PROOF_CASES" in os.environ else 5
# They end the visit, and with it what the test wants to try.
LEFT_OUT = ("/sign-out", "/account/sessions/")
LEAVES = "/leave"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, Site]:
    app = demo_town(tmp_path_factory.mktemp("forms"))
    app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    return app, site_of(app)


# The same form stands on many pages.
_tried: set[tuple[str, str, tuple[str, ...]]] = set()


def try_forms_of(client: FlaskClient, path: str) -> None:
    try_forms_in(client, path, client.get(path).get_data(as_text=True))


def try_forms_in(client: FlaskClient, path: str, body: str) -> None:
    document = html5lib.parse(body, namespaceHTMLElements=False)
    for form in document.iter("form"):
        action, method = form.attrib.get("action") or path, form.attrib.get("method", "get").upper()
        if action.startswith(LEFT_OUT) or action.endswith(LEAVES):
            continue
        names = [element.attrib["name"] for element in form.iter() if "name" in element.attrib]
        form_key = (method, _where(client.application, method, action), tuple(sorted(set(names))))
        if form_key in _tried:
            continue
        _tried.add(form_key)
        for value in NASTY[crc32(repr(form_key).encode()) % PARTS :: PARTS]:
            send(client, method, action, dict.fromkeys(names, value))
        send(client, method, action, {name: ["twice", "twice"] for name in names})
        send(client, method, action, {})


def _where(app: Flask, method: str, action: str) -> str:
    """What answers there: a list of a hundred topics has a hundred addresses of one form."""
    try:
        return str(app.url_map.bind("").match(urlsplit(action).path, method)[0])
    except (HTTPException, RequestRedirect):
        return action


def send(client: FlaskClient, method: str, action: str, fields: dict[str, object]) -> None:
    words = {"query_string": fields} if method == "GET" else {"data": fields}
    answer = client.open(action, method=method, **words)
    assert answer.status_code < 500, (method, action, fields)


@pytest.mark.parametrize("name", PAGES)
def test_forms_of_the_public(town: tuple[Flask, Site], name: str) -> None:
    app, site = town
    try_forms_of(app.test_client(), PAGES[name](site))


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_forms_of_staff(town: tuple[Flask, Site], name: str) -> None:
    app, site = town
    role, address = STAFF_PAGES[name]
    try_forms_of(signed_in_client(app, member_of_demo(app, role)), address(site))


@pytest.mark.parametrize("name", [*PERSON_PAGES, *STRANGER_PAGES])
def test_forms_of_a_person(town: tuple[Flask, Site], name: str) -> None:
    app, site = town
    user_id, pages = (site.care.user, PERSON_PAGES) if name in PERSON_PAGES else (site.care.stranger, STRANGER_PAGES)
    try_forms_of(signed_in_client(app, user_id), pages[name](site))


def test_forms_that_follow_upon_a_press(town: tuple[Flask, Site]) -> None:
    """Pages that no address leads to: several listings ticked, what would change of them, a phrase tried."""
    app, site = town
    editor = signed_in_client(app, member_of_demo(app, Role.DIRECTORY_EDITOR))
    several, ticked = "/desk/listings/several", {"listing": str(site.service)}
    pressed = [
        (several, ticked),
        *((several, ticked | {"act": act.value, "topic": "housing", "do": "show"}) for act in Act),
        ("/desk/words/phrase", {"phrase": "money for the meter", "first": "energy-bills", "do": "try"}),
        ("/desk/words/topics/hoarding", {"name": "Hoarding", "retired": "y", "do": "try"}),
    ]
    for path, fields in pressed:
        answer = editor.post(path, data=fields)
        assert answer.status_code in {200, 422}, (path, fields)
        try_forms_in(editor, path, answer.get_data(as_text=True))
