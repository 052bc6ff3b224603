"""Services of a feed, with the organisations and places inside them."""

from __future__ import annotations

from uuid import UUID

from app.core import clock
from app.directory.codes import (
    Accepting,
    AccessRoute,
    Coverage,
    FlagCode,
    Gender,
    Kind,
    Reach,
    Status,
)
from app.directory.importing.building import parts
from app.directory.importing.building.feed import OWN_TAXONOMIES, Feed
from app.directory.importing.building.fields import Fields
from app.directory.importing.building.locations import StagedLocation, stage_location
from app.directory.importing.building.organizations import stage_organization, stand_in
from app.directory.importing.building.schedules import add_schedules
from app.directory.importing.building.terms import stage_taxonomy, term_of
from app.directory.importing.bundles import Bundle, Row
from app.directory.importing.cleaning import access, values
from app.directory.importing.identity import part_of
from app.directory.importing.raw import RawObject, items
from app.directory.importing.staging import REJECTED, THEIRS
from search_index.lexicon.phrases import load_terms
from search_index.lexicon.service_topics import is_over, telling

KIND = "service"
# A feed that has these is Waymark's own export: what it leaves out is blank, not unknown.
WAYMARK_MARKS = frozenset({"kind", "reach", "coverage", "access_routes"})


def build(feed: Feed, told: RawObject) -> None:
    """Stage one object of the feed; one that cannot be used goes into the report instead."""
    if told.kind == "organization":
        stage_organization(feed, told.value, told.where)
        return
    if told.kind == "taxonomy":
        stage_taxonomy(feed, told.value, told.where)
        return
    fields = Fields(told.value, told.where, told.kind, feed.staging)
    if told.kind == "taxonomy_term":
        term_of(feed, fields)
        return
    if (name := fields.line("name")) is None:
        _reject(feed, fields, "the service has no name")
        return
    identity = feed.object_id(KIND, _source_id(fields, name), told.where, name)
    if identity.is_theirs:
        feed.staging.counts[THEIRS] += 1
        fields.note("the service is in the directory from another source, and was left as it is")
        return
    bundle = _service(feed, fields, name, identity.id)
    outcome = feed.staging.put(bundle, told.where)
    if outcome == "same":
        fields.note("the service is in the feed twice, in the same words")
    elif outcome == "other":
        fields.note("the id is used twice: only the first service with it was imported", level=REJECTED)


def _reject(feed: Feed, fields: Fields, reason: str) -> None:
    if fields.old_id:
        feed.staging.keep(feed.object_id(KIND, fields.old_id, fields.where).id)
    fields.note(reason, level=REJECTED)


def _source_id(fields: Fields, name: str) -> str:
    return fields.old_id or f"named {name.casefold()}"


def _service(feed: Feed, fields: Fields, name: str, service_id: UUID) -> Bundle:
    raw, where = fields.raw, fields.where
    bundle = Bundle(KIND, {"id": service_id, "source": feed.source, "source_id": _source_id(fields, name)})
    bundle.main.update(organization_id=_organization(feed, fields, name), name=name, missing_since=None)
    bundle.main.update(_described(fields), **_ages(fields))
    if is_over(bundle.main["description"], name):
        fields.flag(FlagCode.SAYS_IT_IS_OVER, "description")
    _add_known_only(bundle, fields)
    from_waymark = raw.keys() >= WAYMARK_MARKS
    places = _add_places(feed, bundle, fields, read_words=not from_waymark)
    add_schedules(feed, bundle, items(raw.get("schedules")), where, service=fields, read_words=not from_waymark)
    parts.add_phones(feed, bundle, raw, where)
    parts.add_contacts(feed, bundle, raw, where)
    parts.add_costs(feed, bundle, raw, where)
    parts.add_languages(feed, bundle, raw, where)
    parts.add_areas(feed, bundle, raw, where)
    parts.add_fundings(feed, bundle, raw, where)
    parts.add_tags(feed, bundle, raw, where)
    if from_waymark:
        bundle.main.update(_waymark_words(fields))
    else:
        _work_out(bundle, fields, places)
        _add_topics(feed, bundle, fields)
    _flag_places(bundle, fields, places)
    bundle.flags = fields.flags
    return bundle


def _organization(feed: Feed, fields: Fields, name: str) -> UUID:
    told = fields.raw.get("organization")
    if isinstance(told, dict) and told.get("name"):
        return stage_organization(feed, told, fields.where).id
    old_id = fields.words("organization_id") or (values.words(told.get("id")) if isinstance(told, dict) else "")
    if not old_id:
        fields.note("no organisation is named: one with the service's name stands for it")
    return stand_in(feed, old_id, name, fields.where)


def _described(fields: Fields) -> Row:
    status = values.status(fields.words("status"))
    if status is None:
        fields.note(f"status: {fields.words('status')[:60]!r} is unknown and was taken for active")
    return {
        "status": status or Status.ACTIVE,
        "alternate_name": fields.line("alternate_name"),
        "program": fields.line("program"),
        "description": fields.text("description") or "",
        "url": fields.url("url", "website"),
        "email": fields.email("email"),
        "alert": fields.text("alert"),
        "accreditations": fields.text("accreditations"),
        "licenses": fields.text("licenses"),
        "interpretation_services": fields.text("interpretation_services"),
        "fees_description": fields.text("fees_description", "fees"),
        "wait_time": fields.text("wait_time"),
        "application_process": fields.text("application_process"),
        "eligibility_description": fields.text("eligibility_description", "eligibility"),
        "assurer_email": fields.email("assurer_email"),
    }


def _ages(fields: Fields) -> Row:
    least, most = fields.age("minimum_age"), fields.age("maximum_age")
    if most == 0:
        most = None
    if least is not None and most is not None and most < least:
        fields.note(f"ages: {most} is below {least}, and both were left out")
        least = most = None
    return {"minimum_age": least, "maximum_age": most}


def _add_known_only(bundle: Bundle, fields: Fields) -> None:
    """What is said only where the feed says it, so that an editor's own check is not wiped out."""
    if assured := fields.day("assured_date"):
        bundle.main["assured_date"] = min(assured, clock.today())
    if modified := fields.instant("last_modified"):
        bundle.at_first["last_modified"] = modified


def _waymark_words(fields: Fields) -> Row:
    """What only Waymark's own exports say."""
    accepting = fields.code(Accepting, "accepting")
    stated = fields.instant("capacity_stated_at")
    return {
        "kind": fields.code(Kind, "kind") or Kind.SERVICE,
        "coverage": fields.code(Coverage, "coverage") or Coverage.LOCAL,
        "reach": fields.code_set(Reach, "reach"),
        "access_routes": fields.code_set(AccessRoute, "access_routes"),
        "gender": fields.code(Gender, "gender"),
        "not_for": fields.text("not_for"),
        "what_to_say": fields.text("what_to_say"),
        "what_to_bring": fields.text("what_to_bring"),
        "what_happens_next": fields.text("what_happens_next"),
        "accepting": accepting if stated else None,
        "capacity_stated_at": stated,
        "wait_weeks": fields.count("wait_weeks"),
    }


def _work_out(bundle: Bundle, fields: Fields, places: list[StagedLocation]) -> None:
    """Kind, reach, coverage and ways in: written when the service is new, an editor's afterwards."""
    areas = [str(row["name"]) for row in bundle.rows("service_area") if row["name"]]
    bundle.at_first.update(
        kind=access.kind_of(bundle.main["name"]),
        coverage=access.coverage_of(areas),
        reach=_reach(bundle, fields, places),
        access_routes=access.access_routes(fields.words("application_process")),
    )


def _reach(bundle: Bundle, fields: Fields, places: list[StagedLocation]) -> frozenset[Reach]:
    told = [str(row["attending_type"]) for row in bundle.rows("schedule") if row["attending_type"]]
    found = {reach for word in [*told, fields.words("attending_type")] if (reach := access.reach_of(word))}
    if any(place.is_somewhere for place in places):
        found.add(Reach.IN_PERSON)
    if not found and bundle.rows("phone"):
        found.add(Reach.PHONE)
    if not found and bundle.main["url"]:
        found.add(Reach.ONLINE)
    return frozenset(found)


def _add_places(feed: Feed, bundle: Bundle, fields: Fields, *, read_words: bool) -> list[StagedLocation]:
    places: list[StagedLocation] = []
    raws = items(fields.raw.get("service_at_locations"))
    for link, row in parts.parts_of(feed, bundle, "service_at_location", raws, fields.where):
        told = link.raw.get("location")
        if not isinstance(told, dict):
            link.note("the service is at a location that the feed does not tell")
            continue
        place = stage_location(feed, told, fields.where, fallback_id=f"{bundle.main['source_id']} {len(places)}")
        if any(known.bundle.id == place.bundle.id for known in places):
            continue
        places.append(place)
        fields.flags += [flag for flag in place.flags if flag not in fields.flags]
        values_ = {"location_id": place.bundle.id, "description": link.text("description"), "position": len(places) - 1}
        bundle.add("service_at_location", {**row, **values_})
        schedules = items(link.raw.get("schedules")) or items(told.get("schedules"))
        add_schedules(
            feed, bundle, schedules, fields.where, service=fields, at_location=row["id"], read_words=read_words
        )
    return places


def _add_topics(feed: Feed, bundle: Bundle, fields: Fields) -> None:
    """Likely topics where the feed gives none of Waymark's own."""
    rows = bundle.rows("attribute")
    if any(row["taxonomy_term_id"] in feed.own.needs for row in rows) and not feed.topic:
        return
    known = {row["taxonomy_term_id"] for row in rows}
    description = ". ".join([*_subjects(fields), bundle.main["description"]])
    proposed = [found for found in feed.topics_for(bundle.main["name"], description) if found[0] not in known]
    for term, by_rule in proposed:
        part_id = part_of(bundle.id, "attribute", f"by rule {term}")
        told = {"taxonomy_term_id": term, "by_rule": by_rule, "position": len(bundle.rows("attribute"))}
        bundle.add("attribute", {"id": part_id, "service_id": bundle.id, **told})
    if any(by_rule for _term, by_rule in proposed):
        fields.flag(FlagCode.TOPICS_BY_RULE, "attributes")
    if not proposed and feed.own.needs and not feed.topic:
        fields.flag(FlagCode.NO_TOPICS, "attributes", OWN_TAXONOMIES[0])


def _subjects(fields: Fields) -> list[str]:
    """The feed's own categories of the service that say what it is about."""
    terms = [tag.get("taxonomy_term") for tag in items(fields.raw.get("attributes"))]
    names = [values.words(term.get("name")) for term in terms if isinstance(term, dict)]
    return telling(filter(None, names), tuple(load_terms()))


def _flag_places(bundle: Bundle, fields: Fields, places: list[StagedLocation]) -> None:
    somewhere = [place for place in places if place.is_somewhere]
    reach = bundle.main.get("reach") or bundle.at_first.get("reach") or frozenset()
    if Reach.IN_PERSON in reach and not any(place.has_point for place in somewhere):
        fields.flag(FlagCode.NO_PLACE, "service_at_locations")
