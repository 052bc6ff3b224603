"""A page's words are looked up once a request; what is said in another language for a while is said in that one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_babel import gettext, lazy_gettext, lazy_ngettext, ngettext

from app import create_app
from app.web import languages
from app.web.page_words import words_of
from tests.conftest import settings_for

DAY = lazy_gettext("Day")
DAYS_AGO = lazy_ngettext("%(num)d day ago", "%(num)d days ago", 3)


@pytest.fixture
def _welsh_page(tmp_path: Path) -> Iterator[None]:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'none.sqlite3'}", tmp_path))
    with app.test_request_context("/", headers={"Accept-Language": "cy"}):
        yield


def said() -> list[str]:
    return [gettext("Day"), str(DAY), ngettext("%(num)d day ago", "%(num)d days ago", 3), str(DAYS_AGO)]


@pytest.mark.usefixtures("_welsh_page")
def test_all_words_of_a_page_are_in_its_language() -> None:
    day, lazy_day, ago, lazy_ago = said()
    assert day == lazy_day == "Diwrnod"
    assert ago == lazy_ago
    assert "3" in ago
    assert ago != "3 days ago"


@pytest.mark.usefixtures("_welsh_page")
def test_another_language_is_spoken_for_a_while_and_no_longer() -> None:
    before = said()
    with words_of("en_GB"):
        assert said() == ["Day", "Day", "3 days ago", "3 days ago"]
    assert said() == before
    with pytest.raises(ZeroDivisionError), words_of("en_GB"):
        str(1 // len(said()[0][3:]))
    assert said() == before


@pytest.mark.usefixtures("_welsh_page")
def test_a_page_that_is_made_for_somebody_else_speaks_as_they_read() -> None:
    assert said()[0] == "Diwrnod"
    languages.speak("en")
    assert said()[0] == "Day"
