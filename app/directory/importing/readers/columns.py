"""Which heading of a spreadsheet means which field."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.directory.importing.cleaning.texts import is_nothing
from app.directory.importing.cleaning.values import truth

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# How a column is headed that tells the hours of one day.
_OF_A_DAY = ("{day}", "{day}_hours", "{day}_times", "{day}_opening_hours", "{day}_opening_times", "{day}_opening",
             "{day}_open", "{day}_staffed_hours", "opening_hours_{day}", "opening_times_{day}", "hours_{day}",
             "open_{day}", "{day}_opens", "{day}_start", "{day}_from", "{day}_opening_time")  # fmt: skip
# And the column beside it, where one tells the beginning and one the end.
_END_OF_A_DAY = ("{day}_close", "{day}_closes", "{day}_closing", "{day}_closing_time", "{day}_end", "{day}_to",
                 "close_{day}")  # fmt: skip
# What else is worth reading about a service: it stands in its description, each under its heading.
DETAILS = ("services", "activities", "key_activities", "facilities", "what_to_expect", "other_details",
           "other_information", "additional_information", "additional_details", "more_information",
           "further_information")  # fmt: skip
# "English classes", "Other events", "Room hire": what goes on there, and not what somebody keeps for themselves.
_GOES_ON = re.compile(r"(?:^|_)(?:sessions|classes|groups|events|activities|clubs|workshops|courses|rhymetimes|hire)$")
_KEPT_FOR_ONESELF = re.compile(r"internal|private|staff|admin|user|number|no_of|total|count|volunteer|review|previous")
# Of these a sheet has at least two whose first column is the name, whatever its heading.
_OF_A_SERVICE = frozenset(
    {"address", "address_1", "postal_code", "phone", "email", "url", "hours", "point", "latitude", "easting", "contact"}
)
_CALLED = re.compile(r"^name_of_|_name$")
_CALLED_A_SERVICE = re.compile(r"^name_of_(?:the_)?(?:service|group|activity|project|course|resource|club)_")
_NOT_THE_SERVICE = re.compile(
    r"contact|first|last|sur|middle|manager|person|user|file|street|road|ward|town|city|area|council|authority|parent"
    r"|alternat|other|source|head|country|county|region|district|group_name_"
)
_BARE_ADDRESS = re.compile(r"^(?:https?://|www\.)\S+$", re.IGNORECASE)


def end_of(day: str) -> str:
    """The field for when a day of the week ends."""
    return f"{day}_end"


# Field: headings that mean it, best first.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "identifier", "service_id", "uuid", "reference", "ref", "registered_charity_number", "charity_number",
           "featurenum", "feature_num", "external_id", "record_id", "resource_agency_num"),
    "name": ("name", "service_name", "charity_name", "title", "service", "program_name",
             "programme_name", "scheme_name", "organisation_name", "organization_name",
             "project", "project_name", "group_name", "activity_name", "name_of_service", "name_of_organisation",
             "name_of_group", "provider_name", "agency_name", "public_name", "organisation", "organization",
             "org_name", "organisation_group", "listing_title", "centre_name", "display_name", "company_name",
             "venue_name"),
    "alternate_name": ("alternate_name", "also_known_as", "known_as"),
    "organization": ("organisation", "organization", "provider", "organisation_name", "organization_name",
                     "provider_name", "agency_name", "parent_agency", "run_by", "provided_by", "delivered_by",
                     "organisations", "organizations",
                     "org_name", "provider_organisation", "host_organisation", "managed_by"),
    "description": ("description", "service_description", "charity_activities", "activities", "details", "about",
                    "about_us", "summary", "overview", "what_we_do", "what_they_do", "what_they_offer", "service_info",
                    "services_provided", "services_offered", "agency_description", "short_description",
                    "long_description", "service_details", "further_information", "information", "notes"),
    "address": ("address", "full_address", "charity_contact_address", "venue_address", "meeting_venue_address",
                "contact_address", "location",
                "location_address", "physical_address", "postal_address",
                "venue_and_address", "address_and_postcode", "site_address",
                "service_address", "where"),
    "address_1": ("address_1", "address1", "address_line_1", "addressline1", "address_line1", "street", "street_1",
                  "street_line_1", "street_line1", "street_address", "physical_address1"),
    "address_2": ("address_2", "address2", "address_line_2", "addressline2", "address_line2", "street_2",
                  "street_line_2", "street_line2", "physical_address2"),
    "place": ("venue", "venue_name", "building", "location_name", "site", "locations"),
    "city": ("city", "town", "town_city", "post_town", "locality", "physical_city",
             "town_or_city", "town_village", "village", "city_town", "address_town"),
    "region": ("region",),
    "state_province": ("state_province", "county", "area_name", "borough", "local_authority", "council", "district",
                       "physical_county"),
    "postal_code": ("postcode", "postal_code", "post_code", "charity_contact_postcode", "physical_postal_code",
                    "zip", "zip_code",
                    "venue_postcode", "meeting_postcode", "contact_postcode", "location_postcode", "address_postcode",
                    "service_postcode", "zipcode"),
    "point": ("lat_long", "lat_lng", "lat_lon", "latlong", "latlng", "latlon", "latitude_longitude",
              "latitude_and_longitude", "coordinates", "co_ordinates", "geolocation", "geo_location", "map_coordinates",
              "meeting_location", "location"),
    "easting": ("easting", "eastings", "geo_x", "geox", "x_coordinate", "x_coord", "os_easting", "grid_easting"),
    "northing": ("northing", "northings", "geo_y", "geoy", "y_coordinate", "y_coord", "os_northing", "grid_northing"),
    "latitude": ("latitude", "lat", "y_lat"),
    "longitude": ("longitude", "lon", "lng", "long", "x_lon"),
    "phone": ("telephone", "phone", "phone_number", "telephone_number", "tel", "charity_contact_phone", "contact_phone",
              "contact_number", "contact_telephone", "telephone_no", "phone_no", "main_phone", "public_phone",
              "phone1_number", "telephone_1", "phone_primary", "primary_phone", "helpline", "mobile",
              "tel_no", "tel_number", "telephone_numbers", "phone_numbers", "contact_tel",
              "contact_telephone_number", "contact_phone_number", "contact_telephone_no", "phone1", "landline",
              "mobile_number"),
    "email": ("email", "e_mail", "email_address", "charity_contact_email", "contact_email", "main_email",
              "public_email", "email_address_main",
              "email_addresses", "email_primary", "primary_email",
              "contact_email_address", "e_mail_address", "general_email", "enquiries_email"),
    "contact": ("contact", "contact_phone_or_e_mail", "contact_phone_or_email", "contact_details", "how_to_contact"),
    "url": ("website", "url", "web", "web_address", "web_site", "charity_contact_web", "link", "webpage", "web_page",
            "website_url", "website_address", "service_url", "org_website", "organisation_website", "homepage",
            "web_pages", "websites", "web_link", "website_link", "service_website", "establishment_website",
            "web_url", "facebook", "facebook_page"),
    "hours": ("opening_times", "opening_hours", "hours", "times", "when", "schedule", "opening", "day_and_time",
              "days_and_times", "hours_of_operation", "service_hours", "session_times", "timings", "timing_notes",
              "opening_days_and_times", "days_times", "day_time", "meeting_times", "open_times", "open_hours",
              "when_open", "time"),
    "days": ("days", "day", "day_s", "opening_days", "days_open", "day_of_week"),
    **{
        field: tuple(shape.format(day=word) for word in (day, day[:3]) for shape in shapes)
        for day in WEEK
        for field, shapes in ((day, _OF_A_DAY), (end_of(day), _END_OF_A_DAY))
    },
    "application_process": ("referral_method", "how_to_access", "how_to_refer", "access", "referral",
                            "application_process", "referral_route", "referral_process", "referral_information",
                            "how_to_get_help", "how_to_join", "how_to_apply",
                            "how_to_book", "booking_details", "booking_information", "referral_details",
                            "how_to_arrange_a_place", "what_to_do_next"),
    "eligibility_description": ("eligibility", "eligibility_description", "who_for", "who_is_it_for", "criteria",
                                "who_can_use_it", "who_can_attend", "who_can_apply", "referral_criteria",
                                "target_group", "target_audience", "client_group", "client_groups", "audience",
                                "age_group", "age_groups", "age_range", "ages",
                                "eligibility_criteria", "clients", "suitable_for", "who_is_this_for", "who_it_s_for",
                                "who_is_it_suitable_for"),
    "minimum_age": ("minimum_age", "min_age", "age_from"),
    "maximum_age": ("maximum_age", "max_age", "age_to"),
    "fees_description": ("cost", "costs", "fees", "price", "charge", "charges", "fees_description",
                         "prices", "how_much", "how_much_does_it_cost", "cost_to_attend"),
    "free": ("free", "is_free", "free_of_charge"),
    "status": ("status",),
    "languages": ("languages", "language", "languages_spoken", "languages_offered"),
    "accessibility": ("accessibility", "access_for_disabled_people", "disabled_access", "wheelchair_access",
                      "disabilities_access",
                      "wheelchair_accessible", "accessibility_information", "access_information"),
    "areas": ("service_area", "service_areas", "area_served", "areas_served", "area_covered", "areas_covered",
              "coverage", "coverage_area", "operation_area", "area_of_operation", "catchment_area",
              "geographic_area", "geographical_area", "regions", "where_is_this_service_available", "area_of_benefit"),
    "categories": ("category", "categories", "topic", "topics", "type", "service_type", "service_category",
                   "activity_type", "facility_type", "establishment_type", "venue_type", "business_type",
                   "organisation_type", "organization_type", "sub_category", "tags",
                   "theme", "themes", "support_type", "type_of_support", "type_of_service", "primary_category",
                   "main_category"),
    "charity_number": ("registered_charity_number", "charity_number"),
    "company_number": ("charity_company_registration_number", "company_number", "company_registration_number"),
    "assured_date": ("last_checked", "checked", "assured_date", "date_checked", "last_verified", "last_verified_on"),
}  # fmt: skip


def columns_of(names: list[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Which heading stands for which field: the operator's `mapping` first, then the usual headings."""
    found = {field: heading for field, heading in mapping.items() if heading in names}
    for field, usual in HEADINGS.items():
        if field not in found:
            choice = next((heading for heading in usual if heading in names), None)
            if choice:
                found[field] = choice
    if "name" not in mapping and found.get("name") in HEADINGS["organization"]:
        # "Name of service or product" beside "Organization name" is what the row is called.
        found["name"] = next((name for name in names if _CALLED_A_SERVICE.match(name)), found["name"])
    if found.get("organization") == found.get("name"):
        found.pop("organization", None)
    return found


def name_column(names: list[str]) -> str | None:
    """The heading that must be the name's where none is usual: "Library name", or the first of a sheet of places."""
    for heading in names:
        if _CALLED.search(heading) and not _NOT_THE_SERVICE.search(heading):
            return heading
    columns = columns_of(names, {})
    first = names[0] if names else ""
    is_free = bool(first) and first not in columns.values() and not _is_detail(first)
    return first if is_free and len(_OF_A_SERVICE & columns.keys()) > 1 else None


def unused(names: list[str], columns: Mapping[str, str]) -> list[str]:
    """The headings that no field has taken."""
    return [heading for heading in names if heading and heading not in columns.values() and not _is_detail(heading)]


def _is_detail(heading: str) -> bool:
    """Whether a column says more of what there is."""
    return heading in DETAILS or (_GOES_ON.search(heading) is not None and _KEPT_FOR_ONESELF.search(heading) is None)


def fields_of(row: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, str]:
    """What a row says, by field; what it leaves blank is not there."""
    told = {field: row.get(heading, "") for field, heading in columns.items()}
    found = {field: value for field, value in told.items() if not is_nothing(value)}
    taken = set(columns.values())
    for heading in (*DETAILS, *(more for more in row if more not in DETAILS and _is_detail(more))):
        value = row.get(heading, "")
        if heading in taken or is_nothing(value) or truth(value) or value.casefold() in {"no", "n", "false", "0"}:
            continue
        if _BARE_ADDRESS.match(value):
            found.setdefault("url", value)
        elif value not in found.get("description", ""):
            words = f"{heading.replace('_', ' ').capitalize()}: {value}"
            found["description"] = "\n\n".join(filter(None, [found.get("description"), words]))
    return found
