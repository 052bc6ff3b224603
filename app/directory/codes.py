"""The codes of the directory: HSDS's own where it has them, Waymark's where it has none."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """HSDS `service.status`."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


class Kind(StrEnum):
    """What sort of thing a service is, for the person who looks for it."""

    SERVICE = "service"
    COURSE = "course"
    PEER_GROUP = "peer-group"


class Reach(StrEnum):
    """How a person can meet a service."""

    IN_PERSON = "in-person"
    PHONE = "phone"
    ONLINE = "online"
    HOME_VISIT = "home-visit"


class Coverage(StrEnum):
    """How far a service reaches from where it stands."""

    LOCAL = "local"
    REGIONAL = "regional"
    NATIONAL = "national"


class AccessRoute(StrEnum):
    """How a person gets in."""

    SELF_REFERRAL = "self-referral"
    PROFESSIONAL_REFERRAL = "professional-referral"
    DROP_IN = "drop-in"


class Accepting(StrEnum):
    """Whether a service takes new people, as last stated by it."""

    YES = "yes"
    WAITING_LIST = "waiting-list"
    NO = "no"


class Gender(StrEnum):
    """Whom a service is for, where it is for some only."""

    WOMEN = "women"
    MEN = "men"
    TRANS_NONBINARY = "trans-nonbinary"


class LocationType(StrEnum):
    """HSDS `location.location_type` and `address.address_type`."""

    PHYSICAL = "physical"
    POSTAL = "postal"
    VIRTUAL = "virtual"


class Frequency(StrEnum):
    """HSDS-UK `schedule.freq`."""

    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class AccessFeature(StrEnum):
    """What helps a person to come in and take part."""

    STEP_FREE = "step-free"
    ACCESSIBLE_TOILET = "accessible-toilet"
    HEARING_LOOP = "hearing-loop"
    PARKING = "parking"
    QUIET_ROOM = "quiet-room"
    LIFT = "lift"
    CHANGING_PLACE = "changing-place"
    GUIDE_DOGS = "guide-dogs"


class Precision(StrEnum):
    """How exactly a point on the map is known."""

    EXACT = "exact"
    UNIT = "unit"
    SECTOR = "sector"
    DISTRICT = "district"
    PLACE = "place"


class FlagCode(StrEnum):
    """What an editor should look at in a listing."""

    ADDRESS_FILLED_IN = "address-filled-in"
    TOPICS_BY_RULE = "topics-by-rule"
    NO_TOPICS = "no-topics"
    NO_PLACE = "no-place"
    TEXT_MENDED = "text-mended"
    MARKUP_REMOVED = "markup-removed"
    PERSONAL_EMAIL = "personal-email"
    MOBILE_NUMBER = "mobile-number"
    WEB_ADDRESS_DROPPED = "web-address-dropped"
    EMAIL_DROPPED = "email-dropped"
    HOURS_NOT_READ = "hours-not-read"
    MISSING_FROM_FEED = "missing-from-feed"
    SAYS_IT_IS_OVER = "says-it-is-over"


class ProblemKind(StrEnum):
    """What is wrong with a listing."""

    PHONE = "phone"
    CLOSED = "closed"
    PLACE_OR_HOURS = "place-or-hours"
    NOT_FOR_ME = "not-for-me"
    OTHER = "other"


class ProblemState(StrEnum):
    """What became of a report: the listing was mended, or it was right as it stood."""

    OPEN = "open"
    MENDED = "mended"
    NOT_A_PROBLEM = "not-a-problem"


class SuggestionState(StrEnum):
    """What became of a service that somebody said is missing."""

    OPEN = "open"
    ADDED = "added"
    DECLINED = "declined"


class ProposalState(StrEnum):
    """What became of a proposed change."""

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"
    ASKED = "asked"
    WITHDRAWN = "withdrawn"


class ImportState(StrEnum):
    """What became of a list that an editor uploaded."""

    WAITING = "waiting"
    APPLIED = "applied"
    DROPPED = "dropped"


class Experience(StrEnum):
    """What somebody who tried a listed service met with; what speaks for the listing comes first."""

    HELPED = "helped"
    FULL = "full"
    CLOSED = "closed"
    NO_ANSWER = "no-answer"
    NOT_ELIGIBLE = "not-eligible"
    COST = "cost"
    ACCESS = "access"


class CheckKind(StrEnum):
    """What is known of whether a listing is right, and from where."""

    STILL_RIGHT = "still-right"
    CHANGED = "changed"
    FOUND_WRONG = "found-wrong"
    REMINDED = "reminded"
    HIDDEN = "hidden"
    LINK_DEAD = "link-dead"
    MAIL_BOUNCED = "mail-bounced"


class WordingKind(StrEnum):
    """What staff change the wording of: a topic of the tree, or a lay phrase that the search understands."""

    TOPIC = "topic"
    PHRASE = "phrase"


class Shared(StrEnum):
    """What two listings have in common besides their names, the most telling first."""

    PHONE = "phone"
    EMAIL = "email"
    WEB_PAGE = "web-page"
    PLACE = "place"
    POSTCODE = "postcode"
    ORGANIZATION = "organization"
    DISTRICT = "district"


class NameLikeness(StrEnum):
    """How near two names are."""

    SAME = "same"
    ALMOST = "almost"
    SIMILAR = "similar"
