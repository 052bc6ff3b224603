"""Pages of results that a process keeps for a minute, for visitors who have nothing of their own on them.

The same lists are asked for again and again: courses, topics, the back button, a page of results after a look at a
listing. A page is kept under all that it depends on: its address and language, the generation of the index, the
database's last change of a listing, the topics, and the minute, because opening hours pass. Whoever is signed in or has
a list gets a page of their own, and a page that says whether there are places is made anew each time, because somebody
may just have booked the last one. Kept in memory only, and only so many.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial

from flask import current_app, request
from sqlalchemy.orm import Session

from app.accounts.current import signed_in
from app.core import clock
from app.directory.changes import has_changes
from app.directory.wording.queries import wording
from app.library import ledger
from app.library.card_store import last_change
from app.library.codes import LedgerSource
from app.library.engine import engine_of
from app.library.topics import TopicTree
from app.library.views.chosen import chosen_ids
from app.web.blueprint import afterwards
from app.web.database import db
from app.web.languages import chosen_language
from search_index import IndexUnavailable

EXTENSION = "waymark_kept_pages"
MOST_KEPT = 500
KEPT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Page:
    """A page as sent, and the topic and district to count where it found little. A `live` one is not kept."""

    html: bytes
    unmet: tuple[str, str] | None = None
    live: bool = False


class KeptPages:
    """The pages of one process, some fifty kilobytes each; safe for threads."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[float, Page]] = OrderedDict()

    def get(self, key: Hashable) -> Page | None:
        """The page under this key, unless it was made too long ago."""
        with self._lock:
            found = self._kept.get(key)
        if found is None or time.monotonic() - found[0] >= KEPT_SECONDS:
            return None
        return found[1]

    def keep(self, key: Hashable, page: Page) -> None:
        """Keep a page; the oldest goes, and with it all whose time is over."""
        now = time.monotonic()
        with self._lock:
            self._kept[key] = (now, page)
            self._kept.move_to_end(key)
            while self._kept and (len(self._kept) > self._most or now - self._oldest() > KEPT_SECONDS):
                self._kept.popitem(last=False)

    def _oldest(self) -> float:
        return next(iter(self._kept.values()))[0]


def kept_page(make: Callable[[], Page]) -> bytes:
    """The page of the present address: as kept, or made now. What it did not find is counted either way."""
    pages: KeptPages = current_app.extensions.setdefault(EXTENSION, KeptPages())
    key = _key(db.session())
    page = pages.get(key) if key is not None else None
    if page is None:
        page = make()
        if key is not None and not page.live:
            pages.keep(key, page)
    if page.unmet is not None:
        topic, district = page.unmet
        afterwards(partial(ledger.record, topic=topic, district=district, source=LedgerSource.SEARCH))
    return page.html


def _key(session: Session) -> Hashable:
    """All that the page depends on; None where it is to be made anew."""
    if current_app.debug or chosen_ids() or has_changes(session) or signed_in() is not None:
        return None
    try:
        snapshot = engine_of(current_app).index.snapshot()
    except IndexUnavailable:
        return None
    return (
        request.script_root,
        request.full_path,
        chosen_language(),
        snapshot,
        last_change(session),
        TopicTree.of(session),
        wording(session).phrases,
        clock.local_now().replace(second=0, microsecond=0),
    )
