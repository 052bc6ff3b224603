"""What every count of a report asks: whether somebody may be counted, and of how many rows something is true."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from app.core import clock
from app.people.queries import who_refuse_reports


def may_count(person_id: InstrumentedAttribute[UUID | None] | InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether a row is of nobody on record, or of somebody who did not ask to be left out of reports."""
    return or_(person_id.is_(None), person_id.not_in(who_refuse_reports(clock.today())))


def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Of how many rows it is true."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
