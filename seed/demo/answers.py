"""What many people answered whose help has ended: enough of them that the demo's group figures can be told.

Everybody and every answer is made up. Written as rows, so that the demo is seeded about as fast as without them; their
records were destroyed in their time, so nobody at work finds them in a list.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization
from app.core import clock
from app.directory.importing.identity import minted
from app.notifications.codes import Channel, MessageState
from app.notifications.models import Message
from app.outcomes.codes import AnswerKind, CloseReason, EndReason, FormState, Mode, OccasionState
from app.outcomes.measures import ItemKind, find_measure
from app.outcomes.models import (
    Answer,
    Measurement,
    MeasurementScore,
    Occasion,
    OutcomeInvitation,
    OutcomePlan,
)
from app.outcomes.operations import how_far, points
from app.outcomes.plans import find_plan
from app.outcomes.rules.answers import read_answers
from app.outcomes.rules.scoring import SCORER_VERSION, FormStatus, score_form
from app.people.codes import AccessReason
from app.people.models import Person, PersonAccess

PEOPLE = 40
Row = tuple[type[Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where they were helped, by what their follow-ups go, and what is asked: at the start, and again at the end."""

    name: str
    template: str
    label: str
    measures: tuple[str, ...]


PLACES = (
    Place("Wexmoor Recovery College", "course-completed", "A course", ("ons4", "goals")),
    Place("Wexmoor Advice", "after-close", "", ("ons4", "gad-7")),
)


def load(session: Session) -> None:
    """Write what is not there yet."""
    rows: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
    for place in PLACES:
        organization_id = session.scalars(
            select(MemberOrganization.id).where(MemberOrganization.name == place.name).order_by(MemberOrganization.id)
        ).one()
        if session.get(Person, minted("demo", "answers", f"{place.name} 0")) is None:
            for model, row in _of_place(place, organization_id):
                rows[model].append(row)
    for model in (Person, PersonAccess, OutcomePlan, Occasion, Message, OutcomeInvitation, Measurement, Answer,
                  MeasurementScore):  # fmt: skip
        if rows[model]:
            session.execute(insert(model), rows[model])
    if rows[Measurement]:
        points.rebuild(session)
        how_far.rebuild(session)


def _of_place(place: Place, organization_id: UUID) -> Iterator[Row]:
    rng = random.Random(place.name)  # noqa: S311 - the same made-up answers each time
    for number in range(PEOPLE):
        yield from _Somebody(rng, place, organization_id, number).rows()


class _Somebody:
    """One person: measured as help began, asked again as it ended."""

    def __init__(self, rng: random.Random, place: Place, organization_id: UUID, number: int) -> None:
        self.rng, self.place, self.organization_id, self.number = rng, place, organization_id, number
        self.id = self._id("answers", "")
        self.begun = clock.today() - timedelta(days=rng.randrange(150, 330))
        self.ended = clock.today() - timedelta(days=rng.randrange(34, 120))
        # Where they stood, from 0 to 1, and how far they have come: most a good way, some not.
        self.stood = rng.uniform(0.15, 0.45)
        self.gain = rng.choice((0.45, 0.4, 0.4, 0.35, 0.3, 0.05, 0.0))

    def _id(self, kind: str, which: str) -> UUID:
        return minted("demo", kind, f"{self.place.name} {self.number}{which and ' '}{which}")

    def rows(self) -> Iterator[Row]:
        """All that is kept of them."""
        whose = {"organization_id": self.organization_id, "person_id": self.id}
        # Their record was destroyed in its time: what they answered stands in figures, and nobody sees whose it was.
        gone = {"name": "", "search_name": "", "erased_at": clock.now()}
        yield Person, gone | {"id": self.id, "organization_id": self.organization_id}
        yield PersonAccess, whose | {"reason": AccessReason.ADDED, "because_id": self.id, "ended_at": clock.now()}
        plan, shipped = self._id("plan", ""), find_plan(self.place.template)
        yield OutcomePlan, whose | {
            "id": plan, "template": shipped.id, "template_version": shipped.version,
            "template_hash": shipped.content_hash, "anchor_on": self.ended, "label": self.place.label,
            "measures": [find_measure(name).reference for name in self.place.measures],
            "ended_on": clock.today(), "end_reason": EndReason.FINISHED, "schedule": None,
        }  # fmt: skip
        for name in self.place.measures:
            yield from self._form(name, self.begun, None, Mode.IN_PERSON, 0.0)
        yield from self._asked(plan, whose)

    def _asked(self, plan: UUID, whose: Mapping[str, Any]) -> Iterator[Row]:
        """The end of it, with "did it help?": asked for in one message, answered or not."""
        end, helped = self._id("occasion", "end"), self._id("occasion", "satisfaction")
        answers = self.rng.random() < 0.68
        mode = self.rng.choice((Mode.LINK, Mode.LINK, Mode.LINK, Mode.PHONE, Mode.PAPER)) if answers else None
        number = self.rng.choice((0, 0, 0, 1, 2)) if answers else 2
        state: dict[str, Any] = {"state": OccasionState.DONE, "done_on": self.ended, "close_reason": None}
        if mode is None:
            reason = self.rng.choice((CloseReason.NOT_REACHED,) * 4 + (CloseReason.DECLINED, CloseReason.MOVED))
            state = {"state": OccasionState.CLOSED_UNANSWERED, "done_on": None, "close_reason": reason}
        asks = {"end": [find_measure(name).reference for name in self.place.measures],
                "satisfaction": [find_measure("satisfaction").reference]}  # fmt: skip
        for kind, id_ in (("end", end), ("satisfaction", helped)):
            yield Occasion, dict(whose) | state | {
                "id": id_, "plan_id": plan, "kind": kind, "months": 0, "measures": asks[kind], "due_on": self.ended,
                "opens_on": self.ended, "closes_on": self.ended + timedelta(days=28), "lead_id": end,
                "last_message_no": number,
            }  # fmt: skip
        yield from self._messages(end, number, opened=mode is Mode.LINK or self.rng.random() < 0.3)
        for name in (*self.place.measures, "satisfaction") if mode else ():
            yield from self._form(name, self.ended, end, mode or Mode.LINK, self.gain)

    def _messages(self, lead: UUID, last: int, *, opened: bool) -> Iterator[Row]:
        channel = self.rng.choice((Channel.SMS, Channel.SMS, Channel.EMAIL))
        for number in range(last + 1):
            at, key = _morning(self.ended + timedelta(days=(0, 3, 8)[number])), f"{lead}:{number}:{channel}"
            message = self._id("message", str(number))
            yield Message, {
                "id": message, "created_at": at, "not_before": at, "sent_at": at, "dedupe_key": f"ask:{key}",
                "kind": "outcomes.ask", "channel": channel, "recipient": "", "text": "", "subject": "",
                "state": MessageState.DELIVERED,
            }  # fmt: skip
            yield OutcomeInvitation, {
                "occasion_id": lead, "message_id": message, "channel": channel, "number": number,
                "idempotency_key": key, "opened_at": at if opened and number == last else None,
            }  # fmt: skip

    def _form(self, name: str, day: date, occasion: UUID | None, mode: Mode, gain: float) -> Iterator[Row]:
        measure, id_ = find_measure(name), self._id("form", f"{name} {day}")
        codes = [self._code(item.codes, gain, measure.direction_of(item.key)) if self._is_asked(item) else None
                 for item in measure.items]  # fmt: skip
        result = score_form(measure, read_answers(measure, codes))
        yield Measurement, {
            "id": id_, "organization_id": self.organization_id, "person_id": self.id, "occasion_id": occasion,
            "measure": measure.reference, "measure_hash": measure.content_hash, "mode": mode, "answered_on": day,
            "state": FormState.COMPLETE if result.status is FormStatus.COMPLETE else FormState.INCOMPLETE,
            "finished_at": _morning(day),
        }  # fmt: skip
        for item, code in zip(measure.items, codes, strict=True):
            if code is not None:
                yield Answer, {"measurement_id": id_, "item": item.key, "kind": AnswerKind.GIVEN, "raw_code": code}
        for score in result.scores.values():
            yield MeasurementScore, {
                "measurement_id": id_, "key": score.key, "value": score.value, "band": score.band,
                "caseness": score.caseness, "n_missing": score.n_missing, "estimated": score.estimated,
                "out_of": score.out_of, "rule": score.rule, "scorer_version": SCORER_VERSION,
            }  # fmt: skip

    def _is_asked(self, item: Any) -> bool:
        """Everybody has one goal, and nobody writes at length."""
        return item.kind is ItemKind.CHOICE and item.key not in {"goal-2", "goal-3"}

    def _code(self, codes: tuple[int, ...], gain: float, direction: str | None) -> int:
        """An answer about where they stood, moved by how far they have come."""
        share = self.stood + self.rng.uniform(-0.05, 0.1) + gain
        share = 1 - share if direction == "lower" else share
        return codes[min(max(round(share * (len(codes) - 1)), 0), len(codes) - 1)]


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)
