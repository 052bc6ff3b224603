"""The directory's objects in the shape of Open Referral UK 3.0. Import from here.

No field admits null or blank: a key without a value is left out. Names that the standard does not know begin with
`x_waymark_`.
"""

from app.api.hsds.listings import (
    full_organization,
    full_service,
    full_service_at_location,
    listed_organization,
    listed_service,
    listed_service_at_location,
)
from app.api.hsds.taxonomies import full_taxonomy, taxonomy_json, term_json
from app.api.hsds.values import Json, instant

__all__ = [
    "Json",
    "full_organization",
    "full_service",
    "full_service_at_location",
    "full_taxonomy",
    "instant",
    "listed_organization",
    "listed_service",
    "listed_service_at_location",
    "taxonomy_json",
    "term_json",
]
