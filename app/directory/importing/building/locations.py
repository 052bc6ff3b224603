"""Places of a feed: address, point, access."""

from __future__ import annotations

from dataclasses import dataclass

from app.directory.codes import AccessFeature, FlagCode, LocationType, Precision
from app.directory.importing.building.feed import Feed
from app.directory.importing.building.fields import Fields
from app.directory.importing.building.parts import add_phones, add_tags, parts_of
from app.directory.importing.bundles import Bundle, Row
from app.directory.importing.cleaning import access
from app.directory.importing.cleaning.addresses import (
    checked_point,
    is_postcode,
    is_withheld,
    take_apart,
    tidy_postcode,
)
from app.directory.importing.identity import part_of
from app.directory.importing.raw import Raw, Where, items

KIND = "location"
REQUIRED = ("address_1", "city", "state_province", "postal_code", "country")
POINT = ("latitude", "longitude", "precision")


@dataclass(frozen=True, slots=True)
class StagedLocation:
    """A staged place and what its service has to be told of it."""

    bundle: Bundle
    flags: list[Row]

    @property
    def is_somewhere(self) -> bool:
        """Whether a person can go there."""
        return bool(self.bundle.main["location_type"] is LocationType.PHYSICAL)

    @property
    def has_point(self) -> bool:
        """Whether it is on the map, or rightly is not."""
        return self.bundle.main.get("latitude") is not None or bool(self.bundle.main["confidential"])


def stage_location(feed: Feed, raw: Raw, where: Where, *, fallback_id: str) -> StagedLocation:
    """Stage a place. `fallback_id` stands for the id of a place that has none."""
    fields = Fields(raw, where, KIND, feed.staging)
    source_id = fields.old_id or fallback_id
    addresses = _raw_addresses(raw)
    secret = fields.truth("confidential") or any(is_withheld(_all_words(address)) for address in addresses)
    identity = feed.object_id(KIND, source_id, where, fields.line("name"))
    bundle = Bundle(
        KIND,
        {
            "id": identity.id,
            "source": feed.source,
            "source_id": source_id,
            "location_type": _type(fields, addresses),
            "name": fields.line("name"),
            "alternate_name": fields.line("alternate_name"),
            "description": fields.text("description"),
            "transportation": fields.text("transportation"),
            "external_identifier": fields.line("external_identifier"),
            "external_identifier_type": fields.line("external_identifier_type"),
            "url": fields.url("url"),
            "confidential": secret,
        },
        stands_in=identity.is_theirs,
    )
    _add_addresses(feed, bundle, fields, [address for address in addresses if not is_withheld(_all_words(address))])
    bundle.main.update(_point(feed, fields, bundle))
    _add_access(feed, bundle, raw, where)
    add_phones(feed, bundle, raw, where)
    add_tags(feed, bundle, raw, where)
    if secret:
        _leave_secrets(bundle)
    feed.staging.put(bundle, where)
    return StagedLocation(bundle, fields.flags)


def _leave_secrets(bundle: Bundle) -> None:
    """A feed that keeps an address to itself does not say that there is none: what is known stays."""
    if not bundle.rows("address"):
        bundle.parts.pop("address", None)
    for name in (*POINT, "name", "description", "transportation", "external_identifier", "external_identifier_type"):
        if bundle.main.get(name) is None:
            bundle.main.pop(name, None)
    for table in ("phone", "accessibility", "attribute"):
        if not bundle.rows(table):
            bundle.parts.pop(table, None)


def _type(fields: Fields, addresses: list[Raw]) -> LocationType:
    if told := fields.code(LocationType, "location_type"):
        return told
    kinds = {str(address.get("address_type") or "").lower() for address in addresses}
    return LocationType.POSTAL if kinds == {"postal"} else LocationType.PHYSICAL


def _raw_addresses(raw: Raw) -> list[Raw]:
    return [address for address in items(raw.get("addresses")) if _all_words(address)]


def _all_words(address: Raw) -> str:
    names = ("attention", "address_1", "address_2", "address", "city", "region", "state_province", "postal_code")
    return " ".join(str(address[name]) for name in names if address.get(name)).strip()


def _add_addresses(feed: Feed, bundle: Bundle, place: Fields, addresses: list[Raw]) -> None:
    for fields, row in parts_of(feed, bundle, "address", addresses, place.where):
        told = _told_address(fields)
        filled_in = fields.words("filled_in")
        if "filled_in" not in fields.raw:
            filled_in = " ".join(name for name in REQUIRED if not told[name])
        default = _defaults(told, bundle.main["name"]) if "filled_in" not in fields.raw else dict.fromkeys(REQUIRED, "")
        kind = fields.code(LocationType, "address_type") or bundle.main["location_type"]
        values = {**told, **{name: told[name] or default[name] for name in REQUIRED}}
        position = len(bundle.rows("address"))
        bundle.add("address", {**row, **values, "address_type": kind, "filled_in": filled_in, "position": position})
        if filled_in and set(filled_in.split()) - {"country", "state_province"}:
            place.flag(FlagCode.ADDRESS_FILLED_IN, "address", filled_in)


def _told_address(fields: Fields) -> dict[str, str | None]:
    """The parts as told; one string taken apart where the parts are not there."""
    whole = fields.line("address")
    country = _country(fields.line("country") or "")
    postcode = _postcode(fields, country)
    taken = take_apart(whole or "", postcode)
    return {
        "attention": fields.line("attention"),
        "address_1": fields.line("address_1") or taken.address_1,
        "address_2": fields.line("address_2") or taken.address_2 or None,
        "city": fields.line("city", "town") or taken.city,
        "region": fields.line("region") or taken.region or None,
        "state_province": fields.line("state_province", "county") or "",
        "postal_code": postcode or taken.postal_code,
        "country": country,
    }


def _postcode(fields: Fields, country: str) -> str:
    told = fields.line("postal_code", "postcode") or ""
    if told and country in {"", "GB"} and not is_postcode(told):
        fields.note(f"postal_code: {told[:20]!r} is no British postcode and was kept as it is written")
    return tidy_postcode(told)


def _country(told: str) -> str:
    return "GB" if told.upper() in {"UK", "GBR", "UNITED KINGDOM", "ENGLAND", "WALES", "SCOTLAND"} else told


def _defaults(told: dict[str, str | None], name: str | None) -> dict[str, str]:
    """What stands for a required part that is not told."""
    city = told["city"] or told["region"] or ""
    return {
        "address_1": name or "",
        "city": city,
        "state_province": told["region"] or city,
        "postal_code": "",
        "country": "GB",
    }


def _point(feed: Feed, fields: Fields, bundle: Bundle) -> Row:
    """The point as told if it can be true, else the postcode's, else none; with its precision."""
    postcode = next((str(row["postal_code"]) for row in bundle.rows("address") if row["postal_code"]), "")
    latitude, longitude = fields.number("latitude", "lat"), fields.number("longitude", "lon", "lng", "long")
    near = feed.point(postcode) if postcode else None
    if latitude or longitude:
        point = checked_point(latitude, longitude, (near.latitude, near.longitude) if near else None)
        if point.note:
            fields.note(point.note)
        if point.latitude is not None:
            precision = fields.code(Precision, "precision") or Precision.EXACT
            return dict(zip(POINT, (point.latitude, point.longitude, precision), strict=True))
    if bundle.main["location_type"] is LocationType.VIRTUAL or near is None:
        return dict.fromkeys(POINT)
    return dict(zip(POINT, (near.latitude, near.longitude, near.precision), strict=True))


def _add_access(feed: Feed, bundle: Bundle, raw: Raw, where: Where) -> None:
    for fields, row in parts_of(feed, bundle, "accessibility", items(raw.get("accessibility")), where):
        description, details = fields.text("description", "accessibility"), fields.text("details")
        told = fields.code(AccessFeature, "feature")
        features = [told] if told else access.access_features(f"{description or ''} {details or ''}")
        first = {"feature": next(iter(features), None), "description": description, "details": details}
        first["url"] = fields.url("url")
        if not any(first.values()):
            continue
        bundle.add("accessibility", {**row, **first, "position": len(bundle.rows("accessibility"))})
        for feature in features[1:]:
            # The words stand with the first feature that they name.
            more = {"id": part_of(row["id"], "accessibility", feature), "location_id": bundle.id, "feature": feature}
            bundle.add("accessibility", {**more, "position": len(bundle.rows("accessibility"))})
