"""What can be done with a referral: each with its form, who may, and what it does. One page serves them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import LazyString

from app.accounts.current import current_actor
from app.core.actor import Actor
from app.core.errors import InvalidInput
from app.referrals.codes import Move, Party, Status
from app.referrals.forms import moves as forms
from app.referrals.forms.fields import as_choices
from app.referrals.models import Referral
from app.referrals.parties import moves_of, parties_of
from app.referrals.rules.states import TRANSITIONS

Form = Any
Make = Callable[[Referral], Form]
Do = Callable[[Actor, Referral, Form, int], object]
AT_WORK = frozenset({Status.ACCEPTED, Status.WAITING, Status.ACTIVE, Status.PAUSED})
IN_TRIAGE = frozenset({Status.SENT, Status.INFO_REQUESTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that can be done. `move` is what the state machine must allow; else `states` and `parties` say when.

    `when` narrows that to some of those referrals. `title` is the heading of its page, `button` what the link and the
    button say, `lead` a sentence under the heading.
    """

    name: str
    title: LazyString
    button: LazyString
    make: Make
    do: Do
    move: Move | None = None
    states: frozenset[Status] = frozenset()
    parties: frozenset[Party] = frozenset({Party.WORKER})
    when: Callable[[Referral], bool] | None = None
    lead: LazyString | str = ""
    is_first: bool = False
    is_shown: bool = True
    # What it says otherwise where somebody asked for help themselves, and there is no referrer.
    of_own_request: Mapping[str, LazyString] = field(default_factory=dict)

    def is_open_to(self, parties: frozenset[Party], referral: Referral) -> bool:
        """Whether somebody in these parts can do it with this referral now; nothing once the record was erased."""
        if referral.person.erased_at is not None:
            return False
        if self.move is not None:
            return any(self.move in moves_of(referral, party) for party in parties)
        if referral.status not in self.states or not self.parties & parties:
            return False
        return self.when is None or self.when(referral)

    def about(self, referral: Referral) -> Act:
        """As it reads for this referral."""
        return self if referral.referrer_organization_id else replace(self, **dict[str, Any](self.of_own_request))

    def is_ever_open_to(self, parties: frozenset[Party]) -> bool:
        """Whether somebody in these parts can do it at all, in whatever state the referral is."""
        return bool((TRANSITIONS[self.move].by if self.move is not None else self.parties) & parties)


@dataclass(frozen=True, slots=True)
class ActionLink:
    """A link to do something."""

    name: str
    words: LazyString
    is_first: bool


ACTS: dict[str, Act] = {}


def add(*acts: Act) -> None:
    """Make things known that can be done, in the order in which they are offered."""
    ACTS.update((act.name, act) for act in acts)


def links_for(actor: Actor, referral: Referral) -> list[ActionLink]:
    """What the actor can do now."""
    parties = parties_of(actor, referral)
    return [
        ActionLink(act.name, act.about(referral).button, act.is_first)
        for act in ACTS.values()
        if act.is_shown and act.is_open_to(parties, referral)
    ]


def open_to(actor: Actor, referral: Referral) -> frozenset[str]:
    """The names of everything that the actor can do now, also of what a page offers in a place of its own."""
    parties = parties_of(actor, referral)
    return frozenset(act.name for act in ACTS.values() if act.is_open_to(parties, referral))


def plain(form: type[Any]) -> Make:
    """A form that needs nothing but the version that was looked at."""
    return lambda referral: form(data={"version": str(referral.version)})


def part() -> UUID:
    """Which appointment, step or item it is about; the address says."""
    try:
        return UUID(request.args.get("of", ""))
    except ValueError as error:
        raise InvalidInput("Go back and choose again.") from error


def reasoned(form: type[Any], move: Move, **data: Any) -> Make:
    """A form with the reasons that the actor may give for a move; `data` are makers of what is filled in."""

    def make(referral: Referral) -> Form:
        made = form(data={"version": str(referral.version)} | {name: value() for name, value in data.items()})
        made.reason.choices = as_choices(forms.reasons_for(move, parties_of(current_actor(), referral)))
        return made

    return make
