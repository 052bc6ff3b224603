"""National lines, with how sure we are of each and when somebody must look again."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.core.errors import InvalidInput
from app.directory.codes import AccessRoute, Coverage, Frequency, Reach
from app.directory.importing.applying import apply_bundles
from app.directory.importing.bundles import Bundle, Row
from app.directory.importing.identity import minted, part_of
from app.directory.models import Metadata
from seed.reference.taxonomies import term_id
from seed.tables import HERE, read_tsv

SOURCE = "national-lines"
COLUMNS = frozenset(
    "slug name organization organization_description description website phone phone_type phone_description hours "
    "certainty source checked_on review_by area topics".split()
)
EVERY_DAY = "MO,TU,WE,TH,FR,SA,SU"
HOURS = {"24 hours": (time(0), time(23, 59)), "5pm to midnight": (time(17), time(23, 59))}
CERTAINTIES = frozenset({"verified", "likely", "unverified"})
LIKELY = (
    "We have not been able to check this number with the service itself. Look at its website if it does not answer."
)
# Number ranges that cost nothing to ring from any telephone in the United Kingdom.
FREE_NUMBERS = ("999", "111", "116 ", "0800", "0808")

Line = dict[str, str]


def load(session: Session) -> int:
    """Bring the national lines to what the table says; returns how many there are."""
    lines = read()
    apply_bundles(session, [organization(line) for line in lines])
    applied = apply_bundles(session, [service(line) for line in lines])
    for line in lines:
        if minted(SOURCE, "service", line["slug"]) in applied.new | applied.updated:
            session.add(evidence(line))
    session.flush()
    return len(lines)


def read() -> list[Line]:
    """The table's rows; InvalidInput where one gives a number nobody vouches for."""
    lines = read_tsv(HERE / "reference" / "helplines.tsv", columns=COLUMNS)
    for line in lines:
        if line["certainty"] not in CERTAINTIES:
            raise InvalidInput(f"helplines.tsv: {line['slug']} has the unknown certainty {line['certainty']!r}")
        if line["certainty"] == "unverified" and line["phone"]:
            raise InvalidInput(f"helplines.tsv: {line['slug']} gives a number that is not verified")
    return lines


def organization(line: Line) -> Bundle:
    """Who runs the line."""
    return Bundle(
        "organization",
        {
            "id": minted(SOURCE, "organization", line["slug"]),
            "source": SOURCE,
            "source_id": line["slug"],
            "name": line["organization"],
            "description": line["organization_description"],
            "website": line["website"],
        },
    )


def _number(line: Line) -> dict[str, Any]:
    kind, note = line["phone_type"] or None, line["phone_description"] or None
    return {"number": line["phone"], "type": kind, "description": note}


def service(line: Line) -> Bundle:
    """The line itself."""
    checked = date.fromisoformat(f"{line['checked_on']}-01")
    bundle = Bundle("service", {**_main(line), "assured_date": checked})
    # The same in every database, so that an export is.
    bundle.at_first["last_modified"] = datetime.combine(checked, time(0), UTC)
    if line["phone"]:
        bundle.add("phone", _part(bundle, "phone", **_number(line)))
        if line["phone"].startswith(FREE_NUMBERS):
            bundle.add("cost_option", _part(bundle, "cost_option", option="Free to ring", amount=Decimal(0)))
    if line["hours"]:
        bundle.add("schedule", _part(bundle, "schedule", **_hours(line["hours"])))
    if line["area"]:
        bundle.add("service_area", _part(bundle, "service_area", name=line["area"]))
    for position, topic in enumerate(line["topics"].split()):
        bundle.add(
            "attribute", _part(bundle, "attribute", topic, taxonomy_term_id=term_id("need", topic), position=position)
        )
    return bundle


def evidence(line: Line) -> Metadata:
    """Where the number comes from, how sure it is, and when to look again."""
    words = f"{line['certainty']}: {line['source']}; checked {line['checked_on']}; review by {line['review_by']}"
    return Metadata(
        resource_id=minted(SOURCE, "service", line["slug"]),
        resource_type="service",
        last_action_type="checked",
        field_name="phone" if line["phone"] else "url",
        replacement_value=words,
        updated_by="Waymark reference data",
    )


def _main(line: Line) -> Row:
    return {
        "id": minted(SOURCE, "service", line["slug"]),
        "source": SOURCE,
        "source_id": line["slug"],
        "organization_id": minted(SOURCE, "organization", line["slug"]),
        "name": line["name"],
        "description": line["description"],
        "url": line["website"],
        "alert": LIKELY if line["certainty"] == "likely" else None,
        "coverage": Coverage.NATIONAL,
        "reach": frozenset({Reach.PHONE, Reach.ONLINE} if line["phone"] else {Reach.ONLINE}),
        "access_routes": frozenset({AccessRoute.SELF_REFERRAL}),
    }


def _part(bundle: Bundle, table: str, name: str = "", /, **values: Any) -> Row:
    return {"id": part_of(bundle.id, table, name), "service_id": bundle.id, **values}


def _hours(words: str) -> Row:
    known = HOURS.get(words)
    if known is None:
        return {"description": "See the website for the hours."}
    opens, closes = known
    return {
        "freq": Frequency.WEEKLY,
        "byday": EVERY_DAY,
        "opens_at": opens,
        "closes_at": closes,
        "description": None,
    }
