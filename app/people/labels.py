"""The codes of a person's record in words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import time

from flask_babel import LazyString, format_time
from flask_babel import lazy_gettext as _

from app.people.codes import (
    AccessibleFormat,
    AddressStatus,
    CarerRelation,
    ContactChannel,
    EmergencyReason,
    EmergencyVerdict,
    EndOfRecord,
    NeedGroup,
    PermissionKind,
    PermissionMethod,
    PermissionState,
    RequestKind,
    RetentionClass,
    SharingLevel,
)
from app.people.rules import access_needs
from app.people.rules.contact import SafeTime

CHANNELS: dict[ContactChannel, LazyString] = {
    ContactChannel.SMS: _("Text message"),
    ContactChannel.PHONE: _("Phone call"),
    ContactChannel.EMAIL: _("Email"),
    ContactChannel.LETTER: _("Letter"),
    ContactChannel.VISIT: _("Visit at home"),
    ContactChannel.PHONE_BY_PROXY: _("Phone, through somebody else"),
    ContactChannel.SIGN_LANGUAGE: _("Sign language call"),
    ContactChannel.MINICOM: _("Textphone"),
}
FORMATS: dict[AccessibleFormat, LazyString] = {
    AccessibleFormat.LARGE_PRINT: _("Large print, 20 point or more"),
    AccessibleFormat.LARGE_PRINT_24: _("Large print, 24 point or more"),
    AccessibleFormat.LARGE_PRINT_28: _("Large print, 28 point or more"),
    AccessibleFormat.EASY_READ: _("Easy read"),
    AccessibleFormat.READ_ALOUD: _("Somebody reads it to them"),
    AccessibleFormat.SPOKEN: _("Told, not written"),
    AccessibleFormat.AUDIO: _("Audio file"),
    AccessibleFormat.BY_EMAIL: _("By email, for a screen reader"),
    AccessibleFormat.TO_DOWNLOAD: _("A file to download"),
    AccessibleFormat.BRAILLE: _("Braille, grade not said"),
    AccessibleFormat.BRAILLE_1: _("Braille, grade 1"),
    AccessibleFormat.BRAILLE_2: _("Braille, grade 2"),
    AccessibleFormat.MOON: _("Moon alphabet"),
    AccessibleFormat.MAKATON: _("Makaton"),
    AccessibleFormat.APHASIA_FRIENDLY: _("For people with aphasia"),
    AccessibleFormat.SIGN_LANGUAGE_VIDEO: _("Sign language video"),
    AccessibleFormat.BSL_INTERPRETER: _("British Sign Language interpreter"),
    AccessibleFormat.SSE_INTERPRETER: _("Sign Supported English interpreter"),
    AccessibleFormat.MAKATON_INTERPRETER: _("Makaton interpreter"),
    AccessibleFormat.HANDS_ON_SIGNING: _("Hands-on signing interpreter"),
    AccessibleFormat.VISUAL_FRAME_SIGNING: _("Visual frame signing interpreter"),
    AccessibleFormat.DEAFBLIND_MANUAL: _("Deafblind manual alphabet interpreter"),
    AccessibleFormat.DEAFBLIND_BLOCK: _("Deafblind block alphabet interpreter"),
    AccessibleFormat.DEAFBLIND_HAPTIC: _("Deafblind haptic interpreter"),
    AccessibleFormat.DEAFBLIND_GUIDE: _("Deafblind communicator guide"),
    AccessibleFormat.LIPSPEAKER: _("Lipspeaker"),
    AccessibleFormat.SPEECH_TO_TEXT: _("Speech to text reporter"),
    AccessibleFormat.NOTE_TAKER: _("Note taker"),
    AccessibleFormat.SIGHTED_GUIDE: _("Sighted guide"),
    AccessibleFormat.ADVOCATE: _("Advocate"),
    AccessibleFormat.THROUGH_CARER: _("Through their carer"),
    AccessibleFormat.TEXT_RELAY: _("By text relay"),
    AccessibleFormat.AUDIBLE_ALERT: _("They must hear it when they are called"),
    AccessibleFormat.VISUAL_ALERT: _("They must see it when they are called"),
    AccessibleFormat.TACTILE_ALERT: _("They must feel it when they are called"),
    AccessibleFormat.LIP_READS: _("They lip read"),
    AccessibleFormat.HEARING_AID: _("They use a hearing aid"),
    AccessibleFormat.HEARING_LOOP: _("They use a hearing loop"),
    AccessibleFormat.USES_BSL: _("They use British Sign Language"),
    AccessibleFormat.USES_MAKATON: _("They use Makaton"),
    AccessibleFormat.DEAFBLIND_ALPHABET: _("They use the deafblind manual alphabet"),
    AccessibleFormat.IN_WRITING: _("They would rather write"),
    AccessibleFormat.DEVICE: _("They use a device to communicate"),
    AccessibleFormat.GESTURES: _("They use gestures"),
    AccessibleFormat.PHOTOGRAPHS: _("They use photographs"),
    AccessibleFormat.SYMBOLS: _("They use symbols"),
    AccessibleFormat.PASSPORT: _("They have a communication passport"),
}
NEED_GROUPS: dict[NeedGroup, LazyString] = {
    NeedGroup.FORMAT: _("In what form can they take in what is written?"),
    NeedGroup.PROFESSIONAL: _("Who must be there so that they can take part?"),
    NeedGroup.CONTACT: _("What is needed to reach or call them?"),
    NeedGroup.SUPPORT: _("How do they communicate?"),
}
ADDRESS_STATUSES: dict[AddressStatus, LazyString] = {
    AddressStatus.KNOWN: _("They live at this address"),
    AddressStatus.NO_FIXED_ADDRESS: _("No fixed address"),
    AddressStatus.NOT_GIVEN: _("Not asked, or not said"),
}
PERMISSIONS: dict[PermissionKind, LazyString] = {
    PermissionKind.RECORD: _("Keep a record"),
    PermissionKind.SHARE_REFERRAL: _("Share a referral"),
    PermissionKind.TELL_REFERRER: _("Tell the GP and the referrer"),
    PermissionKind.FOLLOW_UP: _("Ask how it went"),
    PermissionKind.ANONYMOUS_REPORTING: _("Count in reports, without a name"),
}
# What staff ask, and what the person reads.
QUESTIONS: dict[PermissionKind, LazyString] = {
    PermissionKind.RECORD: _("May we write down what you tell us, and use it to help you?"),
    PermissionKind.SHARE_REFERRAL: _("May we pass a referral about you on to these organisations?"),
    PermissionKind.TELL_REFERRER: _("What may we tell your GP, and whoever referred you?"),
    PermissionKind.FOLLOW_UP: _("May we get in touch later and ask how it went?"),
    PermissionKind.ANONYMOUS_REPORTING: _("May we count you in reports? Nobody can see from them who you are."),
}
METHODS: dict[PermissionMethod, LazyString] = {
    PermissionMethod.VERBAL: _("They said so"),
    PermissionMethod.WRITTEN: _("In writing"),
    PermissionMethod.PROXY: _("Somebody with the right to decide for them said so"),
    PermissionMethod.BEST_INTERESTS: _("They could not decide; it was decided in their best interests"),
}
LEVELS: dict[SharingLevel, LazyString] = {
    SharingLevel.NONE: _("Nothing"),
    SharingLevel.CODES: _("Only what happened, in codes and dates"),
    SharingLevel.SUMMARY: _("A short summary as well"),
    SharingLevel.FULL: _("Everything that matters for their care"),
}
STATES: dict[PermissionState, LazyString] = {
    PermissionState.NOT_ASKED: _("Not asked yet"),
    PermissionState.IN_FORCE: _("Yes"),
    PermissionState.REFUSED: _("No"),
    PermissionState.WITHDRAWN: _("Taken back"),
    PermissionState.EXPIRED: _("Ran out"),
}
DAYS: tuple[LazyString, ...] = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
RELATIONS: dict[CarerRelation, LazyString] = {
    CarerRelation.PARTNER: _("Partner"),
    CarerRelation.PARENT: _("Parent"),
    CarerRelation.FAMILY: _("Family"),
    CarerRelation.FRIEND: _("Friend or neighbour"),
    CarerRelation.PAID_CARER: _("Paid carer"),
    CarerRelation.ADVOCATE: _("Advocate"),
    CarerRelation.ATTORNEY: _("Attorney under a lasting power"),
    CarerRelation.DEPUTY: _("Deputy of the Court of Protection"),
}
EMERGENCY_REASONS: dict[EmergencyReason, LazyString] = {
    EmergencyReason.DANGER: _("Somebody’s life is in danger"),
    EmergencyReason.MISSING: _("The person is missing"),
    EmergencyReason.SAFEGUARDING: _("A child or adult must be protected"),
    EmergencyReason.COURT_ORDER: _("A court or the law asks for it"),
}
VERDICTS: dict[EmergencyVerdict, LazyString] = {
    EmergencyVerdict.RIGHT: _("It was right to open it"),
    EmergencyVerdict.WRONG: _("It was wrong to open it"),
}
RETENTION: dict[RetentionClass, LazyString] = {
    RetentionClass.MENTAL_HEALTH: _("Mental health: 20 years, or 10 after death"),
    RetentionClass.ADULT: _("Adult health and social care: 8 years"),
    RetentionClass.CHILD: _("Child: until 25, or 26"),
}
ENDS: dict[EndOfRecord, LazyString] = {
    EndOfRecord.ERASED: _("Erased, as the person asked"),
    EndOfRecord.DESTROYED: _("Destroyed, its time was over"),
}
REQUESTS: dict[RequestKind, LazyString] = {
    RequestKind.COPY: _("A copy of everything"),
    RequestKind.CORRECTION: _("Put something right"),
    RequestKind.ERASURE: _("Delete everything"),
}


def needs_in_words(codes: Collection[AccessibleFormat]) -> list[tuple[LazyString, list[LazyString]]]:
    """What somebody needs, by group, each in words; groups without a need are left out."""
    found = [(group, access_needs.of_group(group, codes)) for group in NeedGroup]
    return [(NEED_GROUPS[group], [FORMATS[code] for code in needed]) for group, needed in found if needed]


def time_words(stretch: SafeTime) -> str:
    """For example "Monday, Wednesday, 9:00 to 12:30"."""
    days = ", ".join(str(DAYS[day]) for day in sorted(stretch.weekdays))
    hours = {"opens": clock_words(stretch.opens), "closes": clock_words(stretch.closes)}
    return str(_("%(days)s, %(opens)s to %(closes)s", days=days, **hours))


def clock_words(value: time) -> str:
    """A time of day, for example "9:30"."""
    return str(format_time(value, "H:mm", rebase=False))
