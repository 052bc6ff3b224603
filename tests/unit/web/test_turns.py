"""Requests of one process take turns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from threading import Event
from typing import Any

from app.web.turns import Turns

LONG = 20.0  # seconds after which a test has failed


class Slow:
    """An application that answers when it is told to, and says who began and who was there at once."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.bodies: list[bytes] = []
        self.inside: set[str] = set()
        self.most_at_once = 0
        self.told: dict[str, Event] = {}
        self.here: dict[str, Event] = {}

    def event(self, kind: dict[str, Event], name: str) -> Event:
        return kind.setdefault(name, Event())

    def __call__(self, environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        name = environ["PATH_INFO"]
        self.began.append(name)
        self.inside.add(name)
        self.most_at_once = max(self.most_at_once, len(self.inside))
        self.event(self.here, name).set()
        assert self.event(self.told, name).wait(LONG)
        self.bodies.append(environ["wsgi.input"].read())
        self.inside.discard(name)
        if name == "breaks":
            raise ValueError
        return [name.encode()]

    def tell(self, *names: str) -> None:
        for name in names:
            self.event(self.told, name).set()


class Line:
    """A body on a slow line: says when it was read."""

    def __init__(self, body: bytes) -> None:
        self._body = BytesIO(body)
        self.read_from = Event()

    def read(self, size: int = -1) -> bytes:
        self.read_from.set()
        return self._body.read(size)


def ask(turns: Turns, name: str, line: Line | None = None, length: str = "") -> Iterable[bytes]:
    environ = {"PATH_INFO": name, "CONTENT_LENGTH": length, "wsgi.input": line or Line(b"")}
    return turns(environ, lambda *_: lambda _: None)


@contextmanager
def crowd() -> Iterator[Callable[..., Any]]:
    with ThreadPoolExecutor(8) as threads:
        yield threads.submit


def until_waiting(turns: Turns, count: int) -> None:
    pause = Event()
    for _ in range(int(LONG * 1000)):
        if turns.waiting == count:
            return
        pause.wait(0.001)
    raise AssertionError(turns.waiting)


def test_one_works_at_a_time_in_the_order_in_which_they_came():
    slow = Slow()
    turns = Turns(slow, patience=LONG)
    with crowd() as submit:
        first = submit(ask, turns, "breaks")
        assert slow.event(slow.here, "breaks").wait(LONG)
        others = []
        for number, name in enumerate("abcd"):
            others.append(submit(ask, turns, name))
            until_waiting(turns, number + 1)
        slow.tell("breaks", *"dcba")
        assert isinstance(first.exception(LONG), ValueError)
        assert [list(other.result(LONG)) for other in others] == [[b"a"], [b"b"], [b"c"], [b"d"]]
    assert slow.began == ["breaks", *"abcd"]
    assert slow.most_at_once == 1


def test_nobody_waits_long_for_a_slow_one_and_turns_are_taken_again_after_it():
    slow = Slow()
    turns = Turns(slow, patience=0.01)
    with crowd() as submit:
        report = submit(ask, turns, "report")
        assert slow.event(slow.here, "report").wait(LONG)
        page = submit(ask, turns, "page")
        assert slow.event(slow.here, "page").wait(LONG)
        assert slow.most_at_once == 2
        slow.tell("report", "page")
        assert list(report.result(LONG)), list(page.result(LONG))
    turns._patience = LONG
    slow.most_at_once = 0
    with crowd() as submit:
        asked = [submit(ask, turns, "a")]
        assert slow.event(slow.here, "a").wait(LONG)
        asked += [submit(ask, turns, name) for name in "bc"]
        until_waiting(turns, 2)
        slow.tell(*"abc")
        assert {next(iter(one.result(LONG))) for one in asked} == {b"a", b"b", b"c"}
    assert slow.most_at_once == 1


def test_a_form_is_read_before_its_turn_and_a_large_file_is_not():
    slow = Slow()
    turns = Turns(slow, patience=LONG)
    form, file = Line(b"name=Sam"), Line(b"x" * 100_000)
    with crowd() as submit:
        submit(ask, turns, "first")
        assert slow.event(slow.here, "first").wait(LONG)
        submit(ask, turns, "form", form, "8")
        submit(ask, turns, "file", file, "100000")
        until_waiting(turns, 2)
        assert form.read_from.is_set()
        assert not file.read_from.is_set()
        slow.tell("first", "form", "file")
    assert slow.bodies[0] == b""
    assert sorted(slow.bodies[1:]) == [b"name=Sam", b"x" * 100_000]
