"""The codes of a person's record in words."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.people.codes import (
    AccessibleFormat,
    AddressStatus,
    CarerRelation,
    ContactChannel,
    EmergencyReason,
    EmergencyVerdict,
    PermissionKind,
    PermissionMethod,
    PermissionState,
    RequestKind,
    RetentionClass,
    SharingLevel,
)

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
    AccessibleFormat.LARGE_PRINT: _("Large print"),
    AccessibleFormat.EASY_READ: _("Easy read"),
    AccessibleFormat.READ_ALOUD: _("Read aloud"),
    AccessibleFormat.AUDIO: _("Audio"),
    AccessibleFormat.BRAILLE: _("Braille"),
    AccessibleFormat.SIGN_LANGUAGE_VIDEO: _("Sign language video"),
    AccessibleFormat.BY_EMAIL: _("By email, for a screen reader"),
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
REQUESTS: dict[RequestKind, LazyString] = {
    RequestKind.COPY: _("A copy of everything"),
    RequestKind.ERASURE: _("Delete everything"),
}
