"""A signpost as it is read: each service with how to reach it today, and the words that were given with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from app.directory.models import Phone, Service
from app.directory.showing.costs import cost_lines
from app.directory.showing.hours import HoursRow, hours_rows, schedules_of
from app.directory.showing.places import address_lines, has_hidden_place, phones_of, visible_places
from app.directory.showing.ways import ways_of
from app.referrals.signposts.models import Signpost, SignpostLine
from app.referrals.signposts.operations import answer_of
from app.referrals.signposts.rules import Answer
from app.web.languages import AsTold
from app.web.page_words import words_of

# More would crowd out the next service; the rest is on the service's own page.
PHONES, PLACES, HOURS = 2, 2, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaching:
    """How to reach a service, as far as a slip tells it."""

    organization: str
    phones: Sequence[Phone]
    email: str
    website: str
    website_words: str
    places: Sequence[str]
    hidden_place: bool
    hours: Sequence[HoursRow]
    costs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipLine:
    """One service of a slip; `reaching` is None once the service is not there any more."""

    id: UUID
    name: str
    reaching: Reaching | None
    say: str
    bring: str
    happens_next: str
    answer: Answer


def slip_of(signpost: Signpost, services: Mapping[UUID, Service]) -> list[SlipLine]:
    """Every line of a signpost; `services` are those that there are today."""
    return [_line(line, services.get(line.service_id) if line.service_id else None) for line in signpost.lines]


def ready_words(name: str) -> str:
    """What stands ready to be said where a listing says nothing of that, in the language that is spoken."""
    return _("I was told about %(name)s. Can you help me?", name=name)


def _in_language_of_slip(line: SignpostLine) -> str | None:
    """Words of ours that nobody changed, as the slip speaks; None for anybody else's."""
    with words_of("en_GB"):  # as they stood ready on the desk, which is in English
        is_ours = line.what_to_say == ready_words(line.name)
    return ready_words(line.name) if is_ours else None


def _line(line: SignpostLine, service: Service | None) -> SlipLine:
    def words(given: str, told: str | None) -> str:
        return AsTold(given) if given == told else given

    return SlipLine(
        id=line.id,
        name=AsTold(line.name),
        reaching=_reaching(service) if service else None,
        say=_in_language_of_slip(line) or words(line.what_to_say, service.what_to_say if service else None),
        bring=words(line.what_to_bring, service.what_to_bring if service else None),
        happens_next=words(line.what_happens_next, service.what_happens_next if service else None),
        answer=answer_of(line),
    )


def _reaching(service: Service) -> Reaching:
    ways = ways_of(service)
    return Reaching(
        organization=AsTold("" if service.organization.name == service.name else service.organization.name),
        phones=phones_of(service)[:PHONES],
        email=ways.email,
        website=ways.website,
        website_words=ways.website_words,
        places=_places(service),
        hidden_place=has_hidden_place(service),
        hours=hours_rows(schedules_of(service))[:HOURS],
        costs="; ".join(cost_lines(service)[:2]),
    )


def _places(service: Service) -> list[str]:
    lines = []
    for place in visible_places(service)[:PLACES]:
        address = [line for one in place.addresses[:1] for line in address_lines(one)]
        lines.append(AsTold(", ".join(dict.fromkeys(part for part in (place.name or "", *address) if part))))
    return [line for line in lines if line]
