"""The HSDS objects as tables. Import from here."""

from app.directory.models.collections import Collection, CollectionItem
from app.directory.models.curation import (
    DistinctPair,
    LikelyDuplicate,
    LinkState,
    ListingCheck,
    ListingExperience,
    ListingSuggestion,
    ListingVersion,
    ProblemReport,
    Proposal,
    ServiceRedirect,
)
from app.directory.models.facts import (
    Accessibility,
    Contact,
    CostOption,
    Funding,
    Language,
    OrganizationIdentifier,
    Phone,
    Schedule,
    ServiceArea,
)
from app.directory.models.feed import FeedImport, Flag, IndexChange, Metadata, Source
from app.directory.models.geography import Place, PostcodeDistrict, PostcodeSector, PostcodeUnit
from app.directory.models.imports import ListingImport
from app.directory.models.listing import Address, Location, Organization, Service, ServiceAtLocation
from app.directory.models.taxonomy import Attribute, Taxonomy, TaxonomyTerm
from app.directory.models.wording import WordingVersion

__all__ = [
    "Accessibility",
    "Address",
    "Attribute",
    "Collection",
    "CollectionItem",
    "Contact",
    "CostOption",
    "DistinctPair",
    "FeedImport",
    "Flag",
    "Funding",
    "IndexChange",
    "Language",
    "LikelyDuplicate",
    "LinkState",
    "ListingCheck",
    "ListingExperience",
    "ListingImport",
    "ListingSuggestion",
    "ListingVersion",
    "Location",
    "Metadata",
    "Organization",
    "OrganizationIdentifier",
    "Phone",
    "Place",
    "PostcodeDistrict",
    "PostcodeSector",
    "PostcodeUnit",
    "ProblemReport",
    "Proposal",
    "Schedule",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceRedirect",
    "Source",
    "Taxonomy",
    "TaxonomyTerm",
    "WordingVersion",
]
