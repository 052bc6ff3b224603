"""A list in a link: what goes in comes out, for two weeks, and only as it was signed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from app.core import clock
from app.library.shortlist import (
    LASTS,
    LONGEST,
    LinkExpired,
    LinkUnknown,
    added,
    make_token,
    read_ids,
    read_token,
    removed,
)

IDS = [uuid4() for _ in range(3)]


def test_a_link_holds_the_list_and_says_until_when():
    shared = read_token(make_token(IDS, "secret"), ["secret"])
    assert shared.ids == IDS
    assert abs(shared.until - clock.now() - LASTS) < timedelta(seconds=2)


def test_a_link_works_after_the_secret_was_changed():
    assert read_token(make_token(IDS, "old"), ["new", "old"]).ids == IDS


def test_a_link_ends():
    token = make_token(IDS, "secret")
    with clock.moved_to(clock.now() + LASTS + timedelta(minutes=1)), pytest.raises(LinkExpired):
        read_token(token, ["secret"])


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "." * 5000, "AAAA.aaaa.bbbb"])
def test_what_was_not_signed_here_is_unknown(token):
    with pytest.raises(LinkUnknown):
        read_token(token, ["secret"])


def test_a_changed_link_is_unknown():
    token = make_token(IDS, "secret")
    with pytest.raises(LinkUnknown):
        read_token(("B" if token[0] == "A" else "A") + token[1:], ["secret"])


def test_a_list_has_each_service_once_and_an_end():
    assert added(IDS, IDS[0]) == IDS
    assert removed(added(IDS, IDS[0]), IDS[0]) == IDS[1:]
    assert len(added([uuid4() for _ in range(LONGEST)], uuid4())) == LONGEST


@pytest.mark.parametrize("kept", [None, "text", {"a": 1}, [1, "x", None], ["0" * 31]])
def test_rubbish_in_a_session_is_an_empty_list(kept):
    assert read_ids(kept) == []
