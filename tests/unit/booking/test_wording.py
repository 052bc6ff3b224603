"""How times are told, which everybody reads again and again and are therefore kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from app import create_app
from app.booking.wording import session_time
from app.core import clock
from app.web import languages
from tests.conftest import settings_for

STARTS, ENDS = datetime(2026, 12, 1, 14, tzinfo=UTC), datetime(2026, 12, 1, 16, 30, tzinfo=UTC)


def test_a_time_is_told_in_the_language_of_the_page_and_with_a_year_that_is_not_this_one(tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'none.sqlite3'}", tmp_path))
    with app.test_request_context("/", headers={"Accept-Language": "en-GB"}):
        with clock.moved_to(datetime(2026, 11, 1, 9, tzinfo=UTC)):
            assert session_time(STARTS, ENDS) == "Tuesday 1 December, 2pm to 4:30pm"
            languages.speak("cy")
            assert session_time(STARTS, ENDS) == "Dydd Mawrth 1 Rhagfyr, 2pm tan 4:30pm"
            languages.speak("en")
        with clock.moved_to(datetime(2027, 1, 1, 9, tzinfo=UTC)):
            assert session_time(STARTS, ENDS) == "Tuesday 1 December 2026, 2pm to 4:30pm"
