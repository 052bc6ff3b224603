"""Rubbish typed into the public pages: never a 500, never long work.

WAYMARK_PROOF_CASES sets how many cases each test tries (20,000 in all at the default).
"""

from __future__ import annotations

import os
import time

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.api.suggestions import phrase_book
from tests.town import demo_town

CASES = int(os.environ.get("WAYMARK_PROOF_CASES", "20000"))
# A page may take this long whatever is typed; generous, for a machine that does other work besides.
LONGEST_SECONDS = 1.0
NASTY = [
    "*", '"', "(((", "[" * 5_000, "\x00", "\u202eabc", "😀" * 300, "'; DROP TABLE service; --", "<script>alert(1)</script>",
    "name:food", "food^9", "foo~2", "a* b* c*", "[a TO z]", "AND OR NOT", "{{7*7}}", "%00", "../../etc/passwd", "\ud800",
    "x" * 10_000, "food " * 2_000, "-1", "1e999", "nan", "٣", "ﷺ" * 50, "\r\nSet-Cookie: a=b", "e\u0301" * 1_000,
]  # fmt: skip
TEXT = st.one_of(
    st.sampled_from(NASTY), st.text(max_size=300), st.text(alphabet="*?\"'()[]{}~^:+-!\\/ ab", max_size=60)
)
NAMES = st.sampled_from(
    ["q", "near", "within", "topic", "kind", "page", "reach", "cost", "route", "open", "age", "gender", "lang", "access",
     "accepting", "exact", "anything"]
)  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    app = demo_town(tmp_path_factory.mktemp("rubbish"))
    phrase_book()  # as the server does when it starts
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app.test_client()


def check(client: FlaskClient, path: str, pairs: list[tuple[str, str]]) -> None:
    started = time.thread_time()
    response = client.get(path, query_string=[(name, value.encode("utf-8", "replace")) for name, value in pairs])
    took = time.thread_time() - started
    assert response.status_code < 500, (path, pairs)
    assert took < LONGEST_SECONDS, (path, pairs, took)


@settings(max_examples=CASES // 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(NAMES, TEXT), max_size=6))
def test_search(client: FlaskClient, pairs: list[tuple[str, str]]) -> None:
    check(client, "/search", pairs)


@settings(max_examples=CASES // 4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(["/api/search", "/api/suggest"]), st.lists(st.tuples(NAMES, TEXT), max_size=6))
def test_api(client: FlaskClient, path: str, pairs: list[tuple[str, str]]) -> None:
    check(client, path, pairs)


@settings(max_examples=CASES // 4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(
        ["/services/{}", "/organisations/{}", "/topics/{}", "/list/shared/{}", "/{}", "/services/{}/report"]
    ),
    st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=60),
    st.lists(st.tuples(NAMES, TEXT), max_size=2),
)
def test_addresses(client: FlaskClient, path: str, part: str, pairs: list[tuple[str, str]]) -> None:
    from urllib.parse import quote

    check(client, path.format(quote(part, safe="")), pairs)
