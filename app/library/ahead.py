"""What is told of the listings that a process holds, laid out beside the first requests.

A card met for the first time takes as long as all the others of its page together. In English, which most people read;
a card in Welsh is made when it is first asked for.
"""

from __future__ import annotations

import threading
import time

from flask import Flask

from app.core import clock
from app.library.engine import engine_of
from app.library.reasons import look_ahead
from app.library.showing.card_html import kept_card
from app.web.page_words import page_words

# So many at a time, then the thread gives way: it computes without a pause of its own, and would else keep each request
# waiting for its turn, 5 ms at a time (`sys.getswitchinterval`).
AT_ONCE = 5
PAUSE = 0.001


def lay_out_beside(app: Flask) -> threading.Thread:
    """Lay them out in a thread of its own, which nobody waits for."""
    thread = threading.Thread(target=lay_out, args=(app,), name="library-ahead", daemon=True)
    thread.start()
    return thread


def lay_out(app: Flask) -> None:
    """Lay out the cards that the process holds, as they are today."""
    with app.app_context():
        language, today = page_words().language, clock.today()
        for place, service in enumerate(engine_of(app).cards.kept()):
            kept_card(service, language, today)
            look_ahead(service)
            if place % AT_ONCE == 0:
                time.sleep(PAUSE)
