"""Which heading of a spreadsheet means which field."""

from __future__ import annotations

from collections.abc import Mapping

from app.directory.importing.cleaning.texts import is_nothing

# Field: headings that mean it, best first.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "identifier", "service_id", "uuid", "reference", "ref", "registered_charity_number", "charity_number",
           "featurenum", "feature_num", "external_id", "record_id", "resource_agency_num"),
    "name": ("name", "service_name", "charity_name", "title", "service", "organisation_name", "organization_name",
             "project", "project_name", "group_name", "activity_name", "name_of_service", "name_of_organisation",
             "name_of_group", "provider_name", "agency_name", "public_name", "organisation", "organization"),
    "alternate_name": ("alternate_name", "also_known_as", "known_as"),
    "organization": ("organisation", "organization", "provider", "organisation_name", "organization_name",
                     "provider_name", "agency_name", "parent_agency", "run_by", "provided_by", "delivered_by",
                     "organisations", "organizations"),
    "description": ("description", "service_description", "charity_activities", "activities", "details", "about",
                    "about_us", "summary", "overview", "what_we_do", "what_they_do", "what_they_offer", "service_info",
                    "services_provided", "services_offered", "agency_description", "short_description",
                    "long_description", "service_details", "further_information", "information", "notes"),
    "address": ("address", "full_address", "charity_contact_address", "contact_address", "location", "venue_address",
                "location_address", "physical_address", "postal_address"),
    "address_1": ("address_1", "address1", "address_line_1", "addressline1", "address_line1", "street", "street_1",
                  "street_line_1", "street_line1", "street_address", "physical_address1"),
    "address_2": ("address_2", "address2", "address_line_2", "addressline2", "address_line2", "street_2",
                  "street_line_2", "street_line2", "physical_address2"),
    "place": ("venue", "venue_name", "building", "location_name", "site", "locations"),
    "city": ("city", "town", "town_city", "post_town", "locality", "physical_city"),
    "region": ("region",),
    "state_province": ("state_province", "county", "area_name", "borough", "local_authority", "council", "district",
                       "physical_county"),
    "postal_code": ("postcode", "postal_code", "post_code", "charity_contact_postcode", "physical_postal_code",
                    "zip", "zip_code"),
    "latitude": ("latitude", "lat", "y_lat"),
    "longitude": ("longitude", "lon", "lng", "long", "x_lon"),
    "phone": ("telephone", "phone", "phone_number", "telephone_number", "tel", "charity_contact_phone", "contact_phone",
              "contact_number", "contact_telephone", "telephone_no", "phone_no", "main_phone", "public_phone",
              "phone1_number", "telephone_1", "helpline", "mobile"),
    "email": ("email", "e_mail", "email_address", "charity_contact_email", "contact_email", "main_email",
              "public_email", "email_address_main"),
    "contact": ("contact", "contact_phone_or_e_mail", "contact_phone_or_email", "contact_details", "how_to_contact"),
    "url": ("website", "url", "web", "web_address", "web_site", "charity_contact_web", "link", "webpage", "web_page",
            "website_url", "website_address", "service_url", "org_website", "organisation_website", "homepage"),
    "hours": ("opening_times", "opening_hours", "hours", "times", "when", "schedule", "opening", "day_and_time",
              "days_and_times", "hours_of_operation", "service_hours", "session_times", "timings", "timing_notes"),
    "application_process": ("referral_method", "how_to_access", "how_to_refer", "access", "referral",
                            "application_process", "referral_route", "referral_process", "referral_information",
                            "how_to_get_help", "how_to_join", "how_to_apply"),
    "eligibility_description": ("eligibility", "eligibility_description", "who_for", "who_is_it_for", "criteria",
                                "who_can_use_it", "who_can_attend", "who_can_apply", "referral_criteria",
                                "target_group", "target_audience", "client_group", "client_groups", "audience",
                                "age_group", "age_groups", "age_range", "ages"),
    "minimum_age": ("minimum_age", "min_age", "age_from"),
    "maximum_age": ("maximum_age", "max_age", "age_to"),
    "fees_description": ("cost", "costs", "fees", "price", "charge", "charges", "fees_description"),
    "free": ("free", "is_free", "free_of_charge"),
    "status": ("status",),
    "languages": ("languages", "language", "languages_spoken", "languages_offered"),
    "accessibility": ("accessibility", "access_for_disabled_people", "disabled_access", "wheelchair_access",
                      "disabilities_access"),
    "areas": ("service_area", "service_areas", "area_served", "areas_served", "area_covered", "areas_covered",
              "coverage", "coverage_area", "operation_area", "area_of_operation", "catchment_area"),
    "categories": ("category", "categories", "topic", "topics", "type", "service_type", "service_category",
                   "activity_type", "sub_category", "tags"),
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
    if found.get("organization") == found.get("name"):
        found.pop("organization", None)
    return found


def fields_of(row: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, str]:
    """What a row says, by field; what it leaves blank is not there."""
    told = {field: row.get(heading, "") for field, heading in columns.items()}
    return {field: value for field, value in told.items() if not is_nothing(value)}
