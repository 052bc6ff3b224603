"""Signed links."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.engines import write_engine
from app.core.errors import NotFound
from app.notifications.about import About
from app.notifications.links import find, is_open, issue, look_up, revoke, use
from app.notifications.models import SignedLink
from app.notifications.sweeps import forget_links

WEEK = timedelta(days=7)


def make(session: Session, *, purpose: str = "confirm", once: bool = True) -> tuple[str, About]:
    about = About(type="booking", id=uuid4())
    token = issue(session, purpose, about, lifetime=WEEK, once=once, detail="yes")
    session.commit()
    return token, about


def test_a_link_leads_to_its_object_and_only_for_its_purpose(session: Session) -> None:
    token, about = make(session)
    link = find(session, "confirm", token)
    assert link is not None
    assert (link.subject_type, link.subject_id, link.detail) == (about.type, about.id, "yes")
    assert find(session, "cancel", token) is None
    with pytest.raises(NotFound):
        use(session, "cancel", token)


def test_the_token_is_long_and_not_kept(session: Session) -> None:
    token, _ = make(session)
    assert len(token) == 43
    row = session.scalars(select(SignedLink)).one()
    assert token not in str(vars(row))


def test_looking_uses_nothing_up_and_using_does(session: Session) -> None:
    token, _ = make(session)
    for _ in range(3):
        assert find(session, "confirm", token) is not None
    assert use(session, "confirm", token).used_at is not None
    session.commit()
    assert find(session, "confirm", token) is None
    used = look_up(session, "confirm", token)
    assert used is not None
    assert not is_open(used)
    with pytest.raises(NotFound):
        use(session, "confirm", token)


def test_one_that_may_be_used_again(session: Session) -> None:
    token, _ = make(session, once=False)
    use(session, "confirm", token)
    use(session, "confirm", token)


def test_it_ends_in_time(session: Session) -> None:
    token, _ = make(session)
    with clock.moved_to(clock.now() + WEEK - timedelta(minutes=1)):
        assert find(session, "confirm", token)
    with clock.moved_to(clock.now() + WEEK + timedelta(minutes=1)):
        assert find(session, "confirm", token) is None
        with pytest.raises(NotFound):
            use(session, "confirm", token)


def test_it_is_revoked_with_its_object(session: Session) -> None:
    (token, about), (other, _) = make(session), make(session)
    assert revoke(session, about, purpose="something else") == 0
    assert revoke(session, about) == 1
    assert revoke(session, about) == 0
    session.commit()
    assert find(session, "confirm", token) is None
    assert find(session, "confirm", other) is not None


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "\x00", "\ud800", "a" * 5_000, "' OR 1=1 --"])
def test_rubbish_is_no_link(session: Session, token: str) -> None:
    make(session)
    assert find(session, "confirm", token) is None


def test_a_token_changed_in_one_place_is_no_link(session: Session) -> None:
    token, _ = make(session)
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        assert find(session, "confirm", token[:place] + other + token[place + 1 :]) is None


def test_old_links_are_forgotten_in_the_end(session: Session) -> None:
    make(session)
    for days, left in ((90, 1), (98, 0)):
        with clock.moved_to(clock.now() + timedelta(days=days)):
            forget_links()
        assert len(session.scalars(select(SignedLink)).all()) == left
        session.rollback()


def test_of_many_at_once_one_uses_it(session: Session, database_url: str) -> None:
    token, _ = make(session)
    at_once = threading.Barrier(6)

    def try_it(_number: int) -> bool:
        engine = write_engine(database_url)
        try:
            with Session(engine) as own:
                at_once.wait()
                use(own, "confirm", token)
                own.commit()
        except NotFound:
            return False
        finally:
            engine.dispose()
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(try_it, range(6))) == [False] * 5 + [True]
