"""Outcomes as JSON, the same for command line and machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.core.clock import LONDON
from app.outcomes.measures import Measure
from app.outcomes.plans import Plan
from app.outcomes.rules.change import Change
from app.outcomes.rules.dates import Occasion, merged
from app.outcomes.rules.scoring import FormScore, ScoreValue


def number(value: Decimal | None) -> int | float | None:
    """A decimal as a JSON number: whole ones without a point."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def score_json(result: FormScore) -> dict[str, Any]:
    """One scored form; `scores` where it has others than its total, `problems` where an answer was refused."""
    found: dict[str, Any] = {
        "status": str(result.status),
        "total": number(result.total),
        "band": result.band,
        "caseness": result.caseness,
        "flags": [{"item": flag.item, "state": str(flag.state), "level": flag.level} for flag in result.flags],
        "n_missing": result.n_missing,
        "estimated": result.estimated,
        "rule": result.rule,
    }
    if len(result.scores) > 1:
        found["scores"] = {key: _value_json(each) for key, each in result.scores.items()}
    if result.doubts:
        found["unconfirmed"] = dict(result.doubts)
    if result.problems:
        found["problems"] = list(result.problems)
    return found


def score_line(result: FormScore) -> str:
    """One scored form on one line."""
    return json.dumps(score_json(result), ensure_ascii=False)


def change_json(found: Change) -> dict[str, Any]:
    """A change and the rule it is judged by."""
    return {
        "change": number(found.change),
        "reliable": found.reliable,
        "direction": str(found.direction),
        "rule": found.rule,
    }


def occasions_json(plan: Plan, found: Sequence[Occasion]) -> list[dict[str, Any]]:
    """Occasions in the order of their dates; those with the same `message` are asked for in one message."""
    groups = merged(found, plan.messages.merge_within)
    return [
        {
            "occasion": each.kind,
            "months": each.months,
            "due": each.due.isoformat(),
            "opens": each.opens.isoformat(),
            "closes": each.closes.isoformat(),
            "or_contact": each.or_contact,
            "invite_at": _local(each.invite_at),
            "remind_at": [_local(instant) for instant in each.remind_at],
            "call_on": each.call_on.isoformat() if each.call_on else None,
            "message": number_of_group,
        }
        for number_of_group, group in enumerate(groups, 1)
        for each in group
    ]


def measure_json(measure: Measure) -> dict[str, Any]:
    """What there is to know of a measure before it is used."""
    return {
        "id": measure.id,
        "version": measure.version,
        "name": measure.name,
        "title": measure.title,
        "verdict": str(measure.licence.verdict),
        "holder": measure.licence.holder,
        "items": len(measure.items),
        "scores": [score.key for score in measure.scores],
        "change_rules": [rule.id for rule in measure.change_rules],
        "needs_duty_person": measure.needs_duty_person,
        "unconfirmed": dict(measure.doubts),
        "content_hash": measure.content_hash,
    }


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan in short."""
    return {
        "id": plan.id,
        "version": plan.version,
        "name": plan.name,
        "anchor": plan.anchor,
        "kinds": [f"{step.kind} +{'/'.join(map(str, step.months))} months" for step in plan.steps],
        "content_hash": plan.content_hash,
    }


def _value_json(each: ScoreValue) -> dict[str, Any]:
    return {
        "value": number(each.value),
        "band": each.band,
        "caseness": each.caseness,
        "estimated": each.estimated,
        "out_of": number(each.out_of),
    }


def _local(instant: datetime) -> str:
    return instant.astimezone(LONDON).isoformat()
