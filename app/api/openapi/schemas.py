"""The shapes of what the feed answers. Keys without a value are left out, so nothing here admits null."""

from __future__ import annotations

from app.api.openapi.operations import ref
from app.api.openapi.shapes import (
    Json,
    always,
    any_text,
    clock_time,
    day,
    email,
    instant,
    many,
    number,
    one_of,
    some_of,
    text,
    truth,
    uri,
    uuid,
    whole,
    whole_object,
)
from app.directory.codes import (
    Accepting,
    AccessFeature,
    AccessRoute,
    Coverage,
    Frequency,
    Gender,
    Kind,
    LocationType,
    Precision,
    Reach,
    Status,
)

SERVICE = whole_object(
    "Help that a person can get.",
    "id",
    "name",
    "status",
    id=uuid(),
    organization_id=uuid(),
    name=text(),
    alternate_name=text(),
    description=text(),
    url=uri(),
    email=email(),
    status=one_of(Status),
    fees=text("What it costs, in words."),
    fees_description=text("The same, under its name in HSDS."),
    accreditations=text(),
    licenses=text(),
    interpretation_services=text(),
    application_process=text("How to get in, in words."),
    wait_time=text(),
    eligibility_description=text(),
    minimum_age=whole("Years."),
    maximum_age=whole("Years."),
    assured_date=day("When somebody last checked the listing."),
    assurer_email=email(),
    alert=text(),
    last_modified=instant(),
    phones=many("Phone"),
    schedules=many("Schedule"),
    service_areas=many("ServiceArea"),
    service_at_locations=many("ServiceAtLocation"),
    languages=many("Language"),
    organization=ref("Organization"),
    funding=many("Funding"),
    cost_options=many("CostOption"),
    contacts=many("Contact"),
    attributes=many("Attribute"),
    x_waymark_kind=one_of(Kind),
    x_waymark_program=text("The programme that it is a part of."),
    x_waymark_reach=some_of(Reach, "How a person can meet it."),
    x_waymark_coverage=one_of(Coverage),
    x_waymark_access_routes=some_of(AccessRoute, "How to get in."),
    x_waymark_gender=one_of(Gender, "Whom it is for, where it is for some only."),
    x_waymark_not_for=text("Whom it does not suit."),
    x_waymark_what_to_say=text("What to say on first contact."),
    x_waymark_what_to_bring=text(),
    x_waymark_what_happens_next=text(),
    x_waymark_accepting=one_of(Accepting, "Whether it takes new people."),
    x_waymark_wait_weeks=whole(),
    x_waymark_capacity_stated_at=instant("When the service said so."),
)

MINIMAL_SERVICE = whole_object(
    "What minimal=true leaves of a service.", "id", "modified_date", id=uuid(), modified_date=instant()
)

ORGANIZATION = whole_object(
    "Who provides services.",
    "id",
    "name",
    "description",
    id=uuid(),
    name=text(),
    alternate_name=text(),
    description=text("The name again where there is no description."),
    email=email(),
    website=uri(),
    logo=uri(),
    uri=uri(),
    parent_organization_id=uuid(),
    last_modified=instant(),
    organization_identifiers=many("OrganizationIdentifier"),
    phones=many("Phone"),
    contacts=many("Contact"),
    attributes=many("Attribute"),
    services=many("Service"),
)

SERVICE_AT_LOCATION = whole_object(
    "One service at one place.",
    "id",
    id=uuid(),
    service_id=uuid(),
    location_id=uuid(),
    description=text(),
    location=ref("Location"),
    service=ref("Service"),
    schedules=many("Schedule"),
)

LOCATION = whole_object(
    "Where services are given. Of a confidential place nothing is told but its id and type.",
    "id",
    "location_type",
    id=uuid(),
    location_type=one_of(LocationType),
    name=text(),
    alternate_name=text(),
    description=text(),
    transportation=text(),
    latitude=number(low=-90, high=90),
    longitude=number(low=-180, high=180),
    external_identifier=text("For example a UPRN."),
    external_identifier_type=text(),
    url=uri(),
    addresses=many("Address"),
    phones=many("Phone"),
    accessibility=many("Accessibility"),
    attributes=many("Attribute"),
    x_waymark_precision=one_of(Precision, "How exactly the point is known."),
    x_waymark_confidential=always(value=True, description="The address is not given out."),
)

ADDRESS = whole_object(
    "An address.",
    "id",
    "address_1",
    "city",
    "state_province",
    "postal_code",
    "country",
    "address_type",
    id=uuid(),
    location_id=uuid(),
    attention=text(),
    address_1=text(),
    address_2=text(),
    city=text(),
    region=text(),
    state_province=text("County or council area."),
    postal_code=any_text("Blank where it is not known."),
    country=text("Two letters."),
    address_type=one_of(LocationType),
    x_waymark_filled_in={
        "type": "array",
        "items": text(),
        "description": "Parts that the source left out and others stand for.",
    },
)

SCHEDULE = whole_object(
    "Regular hours. Times are those of a London clock, with the offset that holds at the next occurrence.",
    "id",
    id=uuid(),
    service_id=uuid(),
    service_at_location_id=uuid(),
    valid_from=day(),
    valid_to=day(),
    dtstart=day(),
    freq=one_of(Frequency),
    interval=whole(least=None),
    byday=text("MO,TU or, in a month, 1MO."),
    bymonthday=text(),
    description=text(),
    opens_at=clock_time(),
    closes_at=clock_time(),
    schedule_link=uri(),
    attending_type=text(),
    notes=text(),
    x_waymark_timezone=always("Europe/London"),
    x_waymark_term_time=always(value=True, description="In school terms only."),
    x_waymark_by_appointment=always(value=True),
)

PHONE = whole_object(
    "A telephone number.",
    "id",
    "number",
    id=uuid(),
    service_id=uuid(),
    organization_id=uuid(),
    location_id=uuid(),
    number=text(),
    extension=whole(),
    type=text(),
    description=text(),
)

CONTACT = whole_object(
    "Whom to ask for.",
    "id",
    id=uuid(),
    service_id=uuid(),
    organization_id=uuid(),
    name=text(),
    title=text(),
    department=text(),
    email=email(),
)

COST_OPTION = whole_object(
    "What it costs.",
    "id",
    id=uuid(),
    service_id=uuid(),
    valid_from=day(),
    valid_to=day(),
    option=text(),
    currency=always("GBP"),
    amount=number("Pounds.", low=0),
    amount_description=text(),
)

SERVICE_AREA = whole_object(
    "Where people must live to use a service.",
    "id",
    id=uuid(),
    service_id=uuid(),
    name=text(),
    description=text(),
    extent=text(),
    extent_type=text(),
    uri=uri(),
)

LANGUAGE = whole_object(
    "A language that a service is given in.",
    "id",
    id=uuid(),
    service_id=uuid(),
    name=text(),
    code=text("ISO 639."),
    note=text(),
)

ACCESSIBILITY = whole_object(
    "What helps a person to come in and take part.",
    "id",
    id=uuid(),
    location_id=uuid(),
    description=text(),
    details=text(),
    url=uri(),
    x_waymark_feature=one_of(AccessFeature),
)

FUNDING = whole_object("Who pays.", "id", id=uuid(), service_id=uuid(), source=text())

IDENTIFIER = whole_object(
    "A charity or company number, or the like.",
    "id",
    "identifier_type",
    "identifier",
    id=uuid(),
    organization_id=uuid(),
    identifier_scheme=text("For example GB-CHC or GB-COH."),
    identifier_type=text(),
    identifier=text(),
)

ATTRIBUTE = whole_object(
    "A term said of an object.",
    "id",
    id=uuid(),
    link_id=uuid("The object."),
    link_type=one_of(("service", "organization", "location")),
    taxonomy_term_id=uuid(),
    taxonomy_term=ref("TaxonomyTerm"),
    x_waymark_by_rule=always(value=True, description="Proposed by rule; nobody has checked it."),
)

TAXONOMY = whole_object(
    "A list that terms are taken from.",
    "id",
    "name",
    "description",
    id=uuid(),
    name=text(),
    description=text(),
    uri=uri(),
    version=text(),
    taxonomy_terms=many("TaxonomyTerm"),
    x_waymark_slug=text(),
)

TAXONOMY_TERM = whole_object(
    "A topic, a kind of service or a circumstance.",
    "id",
    "name",
    "description",
    id=uuid(),
    code=text(),
    name=text(),
    description=text(),
    parent_id=uuid("The term above."),
    taxonomy=text("Name of the taxonomy."),
    taxonomy_id=uuid(),
    term_uri=uri(),
)

ABOUT = whole_object(
    "What the feed is.",
    "version",
    "profile",
    "openapi_url",
    version=always("HSDS-UK-3.0"),
    profile=uri(),
    openapi_url=uri(),
)

# Not closed by itself: a list adds its own `contents`.
PAGE: Json = {
    "type": "object",
    "description": "What stands around the items of a page. Every page but the last is full.",
    "required": [
        "total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents",
    ],
    "properties": {
        "total_items": whole(),
        "total_pages": whole(least=1),
        "page_number": whole(least=1),
        "size": whole("Items on this page."),
        "first_page": truth(),
        "last_page": truth(),
        "empty": truth(),
        "contents": {"type": "array"},
    },
}  # fmt: skip

FEED_SCHEMAS: dict[str, Json] = {
    "About": ABOUT,
    "Accessibility": ACCESSIBILITY,
    "Address": ADDRESS,
    "Attribute": ATTRIBUTE,
    "Contact": CONTACT,
    "CostOption": COST_OPTION,
    "Funding": FUNDING,
    "Language": LANGUAGE,
    "Location": LOCATION,
    "MinimalService": MINIMAL_SERVICE,
    "Organization": ORGANIZATION,
    "OrganizationIdentifier": IDENTIFIER,
    "Page": PAGE,
    "Phone": PHONE,
    "Schedule": SCHEDULE,
    "Service": SERVICE,
    "ServiceArea": SERVICE_AREA,
    "ServiceAtLocation": SERVICE_AT_LOCATION,
    "Taxonomy": TAXONOMY,
    "TaxonomyTerm": TAXONOMY_TERM,
}
