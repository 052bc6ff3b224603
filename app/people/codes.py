"""The codes of a person's record, each with where it comes from."""

from __future__ import annotations

from enum import StrEnum


class ContactChannel(StrEnum):
    """Ways to reach a person: UK Core's preferred contact methods that are ways, in our words."""

    LETTER = "letter"
    VISIT = "visit"
    PHONE = "phone"
    EMAIL = "email"
    MINICOM = "minicom"
    PHONE_BY_PROXY = "phone-by-proxy"
    SIGN_LANGUAGE = "sign-language"
    SMS = "sms"


# UK Core R4 (June 2025), preferred contact method.
UK_CORE_CHANNELS: dict[ContactChannel, str] = {
    ContactChannel.LETTER: "1",
    ContactChannel.VISIT: "2",
    ContactChannel.PHONE: "3",
    ContactChannel.EMAIL: "4",
    ContactChannel.MINICOM: "5",
    ContactChannel.PHONE_BY_PROXY: "6",
    ContactChannel.SIGN_LANGUAGE: "7",
    ContactChannel.SMS: "9",
}
UK_CORE_NO_PHONE = "8"


class NeedGroup(StrEnum):
    """The groups of needs that DAPB1605 names."""

    FORMAT = "format"
    PROFESSIONAL = "professional"
    CONTACT = "contact"
    SUPPORT = "support"


class AccessibleFormat(StrEnum):
    """What somebody needs to take in what is written and said, as DAPB1605 asks to identify, record and flag.

    Their groups and concepts of SNOMED CT, with the source, are in `rules.access_needs`.
    """

    LARGE_PRINT = "large-print"
    LARGE_PRINT_24 = "large-print-24"
    LARGE_PRINT_28 = "large-print-28"
    EASY_READ = "easy-read"
    READ_ALOUD = "read-aloud"
    SPOKEN = "spoken"
    AUDIO = "audio"
    BY_EMAIL = "by-email"
    TO_DOWNLOAD = "to-download"
    BRAILLE = "braille"
    BRAILLE_1 = "braille-1"
    BRAILLE_2 = "braille-2"
    MOON = "moon"
    MAKATON = "makaton"
    APHASIA_FRIENDLY = "aphasia-friendly"
    SIGN_LANGUAGE_VIDEO = "sign-language-video"
    BSL_INTERPRETER = "bsl-interpreter"
    SSE_INTERPRETER = "sse-interpreter"
    MAKATON_INTERPRETER = "makaton-interpreter"
    HANDS_ON_SIGNING = "hands-on-signing"
    VISUAL_FRAME_SIGNING = "visual-frame-signing"
    DEAFBLIND_MANUAL = "deafblind-manual"
    DEAFBLIND_BLOCK = "deafblind-block"
    DEAFBLIND_HAPTIC = "deafblind-haptic"
    DEAFBLIND_GUIDE = "deafblind-guide"
    LIPSPEAKER = "lipspeaker"
    SPEECH_TO_TEXT = "speech-to-text"
    NOTE_TAKER = "note-taker"
    SIGHTED_GUIDE = "sighted-guide"
    ADVOCATE = "advocate"
    THROUGH_CARER = "through-carer"
    TEXT_RELAY = "text-relay"
    AUDIBLE_ALERT = "audible-alert"
    VISUAL_ALERT = "visual-alert"
    TACTILE_ALERT = "tactile-alert"
    LIP_READS = "lip-reads"
    HEARING_AID = "hearing-aid"
    HEARING_LOOP = "hearing-loop"
    USES_BSL = "uses-bsl"
    USES_MAKATON = "uses-makaton"
    DEAFBLIND_ALPHABET = "deafblind-alphabet"
    IN_WRITING = "in-writing"
    DEVICE = "device"
    GESTURES = "gestures"
    PHOTOGRAPHS = "photographs"
    SYMBOLS = "symbols"
    PASSPORT = "passport"


# UK Core R4 (June 2025), preferred written communication format; it has no code for the others.
UK_CORE_FORMATS: dict[AccessibleFormat, str] = {
    AccessibleFormat.LARGE_PRINT: "11",
    AccessibleFormat.BRAILLE: "12",
    AccessibleFormat.AUDIO: "13",
}


class AddressStatus(StrEnum):
    """What is known of where a person lives; no fixed address is an answer, not a gap."""

    KNOWN = "known"
    NO_FIXED_ADDRESS = "no-fixed-address"
    NOT_GIVEN = "not-given"


class NhsNumberStatus(StrEnum):
    """How sure an NHS number is. A right check digit does not make it traced."""

    NOT_TRACED = "not-traced"
    TRACED = "traced"


class PermissionKind(StrEnum):
    """The five separate permissions, each asked for, dated and withdrawn by itself."""

    RECORD = "record"
    SHARE_REFERRAL = "share-referral"
    TELL_REFERRER = "tell-referrer"
    FOLLOW_UP = "follow-up"
    ANONYMOUS_REPORTING = "anonymous-reporting"


class SharingLevel(StrEnum):
    """How much the GP and the referrer are told."""

    NONE = "none"
    CODES = "codes"
    SUMMARY = "summary"
    FULL = "full"

    @property
    def rank(self) -> int:
        """Its place in the order from nothing to everything."""
        return tuple(SharingLevel).index(self)

    def reaches(self, other: SharingLevel) -> bool:
        """Whether this level allows at least what the other does."""
        return self.rank >= other.rank


class PermissionMethod(StrEnum):
    """How a permission was given or withdrawn."""

    WRITTEN = "written"
    VERBAL = "verbal"
    PROXY = "proxy"
    BEST_INTERESTS = "best-interests"


class PermissionState(StrEnum):
    """Where a permission stands on a date."""

    NOT_ASKED = "not-asked"
    IN_FORCE = "in-force"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class MessagePart(StrEnum):
    """What a message back to the GP or referrer may be made of."""

    STATUS = "status"
    DATES = "dates"
    REASON_CODE = "reason-code"
    RECORD_CODES = "record-codes"
    DESTINATION = "destination"
    APPOINTMENTS = "appointments"
    OUTCOME_SCORES = "outcome-scores"
    RISK_CHANGED = "risk-changed"
    SUMMARY_WORDS = "summary-words"
    NEXT_STEPS = "next-steps"
    MONEY = "money"
    FULL_WORDS = "full-words"


class GenderIdentity(StrEnum):
    """Gender identity as NHS data sets code it; 1 and 2 each include trans people."""

    MALE = "1"
    FEMALE = "2"
    NON_BINARY = "3"
    OTHER = "4"
    NOT_KNOWN = "X"
    PREFER_NOT_TO_SAY = "Z"


class SameAsAtBirth(StrEnum):
    """Whether gender identity is the same as at birth, as NHS data sets code it."""

    YES = "Y"
    NO = "N"
    PREFER_NOT_TO_SAY = "Z"


class Ethnicity(StrEnum):
    """The 19 groups of the census of England and Wales 2021, and the two answers that are none."""

    BRITISH = "british"
    IRISH = "irish"
    GYPSY_OR_IRISH_TRAVELLER = "gypsy-or-irish-traveller"
    ROMA = "roma"
    OTHER_WHITE = "other-white"
    WHITE_AND_BLACK_CARIBBEAN = "white-and-black-caribbean"
    WHITE_AND_BLACK_AFRICAN = "white-and-black-african"
    WHITE_AND_ASIAN = "white-and-asian"
    OTHER_MIXED = "other-mixed"
    INDIAN = "indian"
    PAKISTANI = "pakistani"
    BANGLADESHI = "bangladeshi"
    CHINESE = "chinese"
    OTHER_ASIAN = "other-asian"
    AFRICAN = "african"
    CARIBBEAN = "caribbean"
    OTHER_BLACK = "other-black"
    ARAB = "arab"
    OTHER = "other"
    PREFER_NOT_TO_SAY = "prefer-not-to-say"
    NOT_KNOWN = "not-known"


# The 16 groups, "not stated" (Z) and "not known" (99) of UK Core's ethnic category; the census groups that it lacks
# go where its own broad groups put them (our choice).
ETHNIC_CATEGORIES: dict[Ethnicity, str] = {
    Ethnicity.BRITISH: "A",
    Ethnicity.IRISH: "B",
    Ethnicity.GYPSY_OR_IRISH_TRAVELLER: "C",
    Ethnicity.ROMA: "C",
    Ethnicity.OTHER_WHITE: "C",
    Ethnicity.WHITE_AND_BLACK_CARIBBEAN: "D",
    Ethnicity.WHITE_AND_BLACK_AFRICAN: "E",
    Ethnicity.WHITE_AND_ASIAN: "F",
    Ethnicity.OTHER_MIXED: "G",
    Ethnicity.INDIAN: "H",
    Ethnicity.PAKISTANI: "J",
    Ethnicity.BANGLADESHI: "K",
    Ethnicity.OTHER_ASIAN: "L",
    Ethnicity.CARIBBEAN: "M",
    Ethnicity.AFRICAN: "N",
    Ethnicity.OTHER_BLACK: "P",
    Ethnicity.CHINESE: "R",
    Ethnicity.ARAB: "S",
    Ethnicity.OTHER: "S",
    Ethnicity.PREFER_NOT_TO_SAY: "Z",
    Ethnicity.NOT_KNOWN: "99",
}


class ProtectedCharacteristic(StrEnum):
    """The nine of the Equality Act 2010, section 4. Each may be left out or answered "prefer not to say"."""

    AGE = "age"
    DISABILITY = "disability"
    GENDER_REASSIGNMENT = "gender-reassignment"
    MARRIAGE_AND_CIVIL_PARTNERSHIP = "marriage-and-civil-partnership"
    PREGNANCY_AND_MATERNITY = "pregnancy-and-maternity"
    RACE = "race"
    RELIGION_OR_BELIEF = "religion-or-belief"
    SEX = "sex"
    SEXUAL_ORIENTATION = "sexual-orientation"


class AgeBand(StrEnum):
    """The age bands that figures are broken down by."""

    UNDER_18 = "under-18"
    FROM_18 = "18-19"
    FROM_20 = "20-24"
    FROM_25 = "25-29"
    FROM_30 = "30-34"
    FROM_35 = "35-39"
    FROM_40 = "40-44"
    FROM_45 = "45-49"
    FROM_50 = "50-54"
    FROM_55 = "55-59"
    FROM_60 = "60-64"
    FROM_65 = "65-69"
    FROM_70 = "70-74"
    FROM_75 = "75-79"
    FROM_80 = "80-84"
    FROM_85 = "85-89"
    FROM_90 = "90-and-over"
    UNKNOWN = "unknown"


class RetentionClass(StrEnum):
    """How long a record is kept: the classes of the Records Management Code (NHS England, 2021, updated 2023)."""

    ADULT = "adult"
    CHILD = "child"
    MENTAL_HEALTH = "mental-health"


class AccessReason(StrEnum):
    """Why an organisation may see a person's record; before a referral was accepted it only reads."""

    ADDED = "added"
    TRIAGE = "triage"
    REFERRAL = "referral"
    BOOKING = "booking"
    ADVICE = "advice"
    FOLLOW_UP = "follow-up"
    ALERT = "alert"
    MERGED = "merged"


class CarerRelation(StrEnum):
    """What somebody is to the person."""

    PARTNER = "partner"
    PARENT = "parent"
    FAMILY = "family"
    FRIEND = "friend"
    PAID_CARER = "paid-carer"
    ADVOCATE = "advocate"
    ATTORNEY = "attorney"
    DEPUTY = "deputy"


class Disability(StrEnum):
    """Census of England and Wales 2021: whether a lasting condition or illness limits day-to-day activities."""

    LIMITED_A_LOT = "limited-a-lot"
    LIMITED_A_LITTLE = "limited-a-little"
    NOT_LIMITED = "not-limited"
    NONE = "none"
    PREFER_NOT_TO_SAY = "prefer-not-to-say"


class Partnership(StrEnum):
    """Census of England and Wales 2021: legal marital or registered civil partnership status."""

    NEVER = "never"
    MARRIED = "married"
    CIVIL_PARTNERSHIP = "civil-partnership"
    SEPARATED = "separated"
    DIVORCED = "divorced"
    WIDOWED = "widowed"
    PREFER_NOT_TO_SAY = "prefer-not-to-say"


class Pregnancy(StrEnum):
    """Pregnant, or with a baby in the last half year (Equality Act 2010, section 18: 26 weeks of maternity)."""

    YES = "yes"
    NO = "no"
    PREFER_NOT_TO_SAY = "prefer-not-to-say"


class Religion(StrEnum):
    """Census of England and Wales 2021."""

    NONE = "none"
    CHRISTIAN = "christian"
    BUDDHIST = "buddhist"
    HINDU = "hindu"
    JEWISH = "jewish"
    MUSLIM = "muslim"
    SIKH = "sikh"
    OTHER = "other"
    PREFER_NOT_TO_SAY = "prefer-not-to-say"


class Sex(StrEnum):
    """Census of England and Wales 2021."""

    FEMALE = "female"
    MALE = "male"
    PREFER_NOT_TO_SAY = "prefer-not-to-say"


class Orientation(StrEnum):
    """Census of England and Wales 2021."""

    STRAIGHT = "straight"
    GAY_OR_LESBIAN = "gay-or-lesbian"
    BISEXUAL = "bisexual"
    OTHER = "other"
    PREFER_NOT_TO_SAY = "prefer-not-to-say"


class PairState(StrEnum):
    """What became of two records that may be of one person."""

    ASKED = "asked"
    DISTINCT = "distinct"
    MERGED = "merged"


class EmergencyReason(StrEnum):
    """Why a record was opened that one's organisation has nothing to do with."""

    DANGER = "danger"
    MISSING = "missing"
    SAFEGUARDING = "safeguarding"
    COURT_ORDER = "court-order"


class EmergencyVerdict(StrEnum):
    """What the privacy officer found."""

    RIGHT = "right"
    WRONG = "wrong"


class LinkKind(StrEnum):
    """How an account was joined to a record."""

    INVITATION = "invitation"
    ADDRESS = "address"


class RequestKind(StrEnum):
    """What a person asked for about their own record."""

    COPY = "copy"
    CORRECTION = "correction"
    ERASURE = "erasure"


class RequestState(StrEnum):
    """Where such a request stands."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


class EndOfRecord(StrEnum):
    """How a record ended: at the person's wish, or at the end of its time."""

    ERASED = "erased"
    DESTROYED = "destroyed"
