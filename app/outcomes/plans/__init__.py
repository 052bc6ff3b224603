"""Plan templates as data: which occasions follow an anchor, and when. One file a plan and version."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.core.errors import NotFound
from app.outcomes.measures.definition import WrongDefinition
from app.outcomes.measures.shelf import read_toml
from app.outcomes.measures.tables import Table, content_hash

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Step:
    """Occasions of one kind: `months` after the anchor, each with days of grace `before` and `after` it.

    `or_contact` says that an occasion comes sooner, at that contact.
    """

    kind: str
    months: tuple[int, ...]
    before: int
    after: int
    or_contact: int | None = None


@dataclass(frozen=True, slots=True)
class Messages:
    """Days after the due date: reminders, a call by staff, and the day on which an open occasion is closed."""

    reminders: tuple[int, ...]
    call: int
    close: int
    merge_within: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A versioned template."""

    id: str
    version: int
    name: str
    anchor: str
    steps: tuple[Step, ...]
    messages: Messages
    content_hash: str


@functools.cache
def plans() -> Mapping[str, Plan]:
    """The newest version of every shipped plan, by id."""
    found = [read_plan(read_toml(path)) for path in HERE.glob("*.toml")]
    return MappingProxyType({plan.id: plan for plan in sorted(found, key=lambda plan: (plan.id, plan.version))})


def find_plan(name: str) -> Plan:
    """A plan by its id or how that begins, in whatever case, with hyphens, underscores or spaces.

    Raises NotFound with those there are.
    """
    wanted = "-".join(name.lower().replace("_", " ").replace("-", " ").split())
    likely = [plan for plan_id, plan in plans().items() if wanted and plan_id.startswith(wanted)]
    if wanted in plans():
        return plans()[wanted]
    if len(likely) == 1:
        return likely[0]
    raise NotFound(f"There is no plan {name[:40]!r}. There are: {', '.join(plans())}.")


def read_plan(data: Mapping[str, Any]) -> Plan:
    """A plan from its data; raises WrongDefinition where it cannot be followed."""
    table = Table(data, f"plan {data.get('id')}")
    plan = Plan(
        id=table.text("id"),
        version=table.integer("version"),
        name=table.text("name"),
        anchor=table.text("anchor"),
        steps=tuple(_step(each) for each in table.tables("steps")),
        messages=_messages(table.table("messages")),
        content_hash=content_hash(data),
    )
    table.done()
    if not plan.steps:
        raise WrongDefinition(f"plan {plan.id} has no steps")
    return plan


def plan_data(plan: Plan) -> dict[str, Any]:
    """A plan as data, which `read_plan` reads."""
    steps = [
        {"kind": step.kind, "months": list(step.months), "before": step.before, "after": step.after}
        | ({"or_contact": step.or_contact} if step.or_contact else {})
        for step in plan.steps
    ]
    told = plan.messages
    messages = {"reminders": list(told.reminders), "call": told.call, "close": told.close}
    return {
        "id": plan.id,
        "version": plan.version,
        "name": plan.name,
        "anchor": plan.anchor,
        "steps": steps,
        "messages": messages | {"merge_within": told.merge_within},
    }


def _step(table: Table) -> Step:
    step = Step(
        kind=table.text("kind"),
        months=table.integers("months"),
        before=table.integer("before", 0),
        after=table.integer("after"),
        or_contact=table.integer("or_contact", None),
    )
    table.done()
    if not step.months or list(step.months) != sorted(set(step.months)) or step.months[0] < 0:
        raise table.wrong("months", "must be one or more, rising, none before the anchor")
    if min(step.before, step.after) < 0:
        raise table.wrong("before", "and after are counts of days")
    return step


def _messages(table: Table) -> Messages:
    messages = Messages(
        reminders=table.integers("reminders"),
        call=table.integer("call"),
        close=table.integer("close"),
        merge_within=table.integer("merge_within"),
    )
    table.done()
    days = [*messages.reminders, messages.call, messages.close]
    if days != sorted(set(days)) or days[0] < 1:
        raise table.wrong("reminders", "call and close must follow one another")
    return messages
