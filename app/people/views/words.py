"""A person's record in words: dates, languages, safe contact."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock
from app.people import queries
from app.people.codes import ContactChannel
from app.people.details import phone_shown
from app.people.labels import CHANNELS, DAYS, clock_words, time_words
from app.people.languages import language_name
from app.people.models import Person
from app.people.rules.ages import age_on
from app.people.rules.contact import ContactSafety, is_safe_time, next_safe_time
from app.people.rules.nhs_number import shown


def install(app: Flask) -> None:
    """Make the filters known to every template."""
    app.jinja_env.filters.update(
        nhs_number=shown,
        age_words=age_words,
        language_name=language_name,
        phone_shown=phone_shown,
        safe_channels=channel_words,
        safe_time=time_words,
        safe_now=now_words,
    )


def age_words(person: Person) -> str:
    """How old somebody is today."""
    if person.born_on is None:
        return ""
    years = age_on(person.born_on, clock.today())
    return ngettext("%(num)d year old", "%(num)d years old", years)


def channel_words(person: Person) -> list[str]:
    """The safe ways to reach somebody, in the order of the form."""
    safe = queries.safety_of(person).safe_channels
    return [str(words) for channel, words in CHANNELS.items() if channel in safe]


def now_words(person: Person) -> str:
    """Whether this is a safe time, where safe times are known and anything is safe at all."""
    safety = queries.safety_of(person)
    if not safety.safe_times or not _is_reached_by_the_hour(safety):
        return ""
    if is_safe_time(safety.safe_times, clock.now()):
        return _("Now is a safe time.")
    begins = next_safe_time(safety.safe_times, clock.now())
    if begins is None:
        return _("Now is not a safe time.")
    local = begins.astimezone(clock.LONDON)
    day = str(DAYS[local.weekday()])
    return _("Now is not a safe time. The next begins on %(day)s at %(time)s.", day=day, time=clock_words(local.time()))


def _is_reached_by_the_hour(safety: ContactSafety) -> bool:
    return not safety.do_not_contact and bool(safety.safe_channels - {ContactChannel.LETTER})
