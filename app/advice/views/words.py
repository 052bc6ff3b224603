"""Advice in words: issues, countdowns, clients, money."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask import Flask
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from app.advice.codes import ClientKind
from app.advice.emergencies import WHAT_TO_DO
from app.advice.issue_tree import issue_tree
from app.advice.models import AdviceCase, AdviceContact, AdviceSession
from app.advice.rules.deadlines import countdown
from app.booking.wording import session_hour
from app.core import clock
from app.web.filters import pounds


def install(app: Flask) -> None:
    """Make the filters known to every template."""
    app.jinja_env.filters.update(
        issue_label=issue_tree().label,
        countdown=countdown_words,
        countdown_kind=countdown_kind,
        client=client_words,
        pence=pence_words,
        seconds=seconds_words,
        hours=hours_words,
        london_day=london_day_words,
        london_time=session_hour,
        wait=wait_words,
    )
    app.jinja_env.globals["what_now"] = {emergency.value: now for emergency, now in WHAT_TO_DO.items()}


def countdown_words(day: date) -> str:
    """For example "in 5 days, 3 of them working days"."""
    left = countdown(day, clock.today())
    if left.is_past:
        return ngettext("%(num)d day ago", "%(num)d days ago", -left.days)
    if left.days == 0:
        return _("today")
    if left.days == 1:
        return _("tomorrow")
    if left.working_days == 0:
        return _("in %(num)d days, no working day before", num=left.days)
    return _("in %(num)d days (%(working)d working)", num=left.days, working=left.working_days)


def countdown_kind(day: date) -> str:
    """Which sort of tag a countdown is."""
    left = countdown(day, clock.today())
    return "care" if left.is_past or left.is_soon else "plain"


def client_words(of: AdviceContact | AdviceCase) -> str:
    """Who the client is, as far as it is known; `person` must be loaded."""
    if of.erased_at is not None:
        return _("Erased")
    if of.person is not None:
        return of.person.name
    if of.client_number:
        return _("Number %(number)s", number=of.client_number)
    if isinstance(of, AdviceContact) and of.client_kind is ClientKind.THIRD_PARTY:
        return _("Somebody, through %(whom)s", whom=of.relation)
    return _("No name")


def pence_words(pence: int) -> str:
    """For example "£1,250" or "-£3.50"."""
    shown = pounds(Decimal(abs(pence)) / 100)
    return f"-{shown}" if pence < 0 else shown


def seconds_words(seconds: int) -> str:
    """For example "45 seconds" or "2 minutes"."""
    if seconds < 100:
        return ngettext("%(num)d second", "%(num)d seconds", seconds)
    return ngettext("%(num)d minute", "%(num)d minutes", round(seconds / 60))


def london_day_words(instant: datetime) -> str:
    """For example "Thursday 26 November", in London."""
    return format_date(instant.astimezone(clock.LONDON).date(), "EEEE d MMMM")


def hours_words(session: AdviceSession) -> str:
    """For example "10am to 12:30pm" or "10am to midday", in London."""
    return _("%(start)s to %(end)s", start=session_hour(session.starts_at), end=session_hour(session.ends_at))


def wait_words(minutes: int) -> str:
    """For example "under a minute", "12 minutes" or "1 hour 5 minutes"."""
    hours, rest = divmod(minutes, 60)
    if minutes < 1:
        return _("under a minute")
    if not hours:
        return ngettext("%(num)d minute", "%(num)d minutes", rest)
    shown = ngettext("%(num)d hour", "%(num)d hours", hours)
    return f"{shown} {ngettext('%(num)d minute', '%(num)d minutes', rest)}" if rest else shown
