"""How a person gets in, and how a service is met, from words: only where the words are plain."""

from __future__ import annotations

import re

from app.directory.codes import AccessFeature, AccessRoute, Coverage, Kind, Reach

_PROFESSIONAL, _SELF, _DROP_IN = AccessRoute.PROFESSIONAL_REFERRAL, AccessRoute.SELF_REFERRAL, AccessRoute.DROP_IN
# Whole phrases, so that "no referral needed" is never read as "referral".
_ROUTES = {
    "foodbank voucher": _PROFESSIONAL, "foodbank vouchers": _PROFESSIONAL, "food bank voucher": _PROFESSIONAL,
    "voucher": _PROFESSIONAL, "vouchers": _PROFESSIONAL, "voucher only": _PROFESSIONAL, "referral": _PROFESSIONAL,
    "referrals": _PROFESSIONAL, "referral only": _PROFESSIONAL, "agency referral": _PROFESSIONAL,
    "agency referral only": _PROFESSIONAL, "professional referral": _PROFESSIONAL, "gp referral": _PROFESSIONAL,
    "professional-referral": _PROFESSIONAL, "referral by agency": _PROFESSIONAL, "referral from agency": _PROFESSIONAL,
    "self referral": _SELF, "self-referral": _SELF, "self refer": _SELF, "self-refer": _SELF, "self referrals": _SELF,
    "self-referrals": _SELF, "contact us": _SELF, "contact directly": _SELF,
    "open door": _DROP_IN, "open access": _DROP_IN, "drop in": _DROP_IN, "drop-in": _DROP_IN, "walk in": _DROP_IN,
    "walk-in": _DROP_IN, "first come first served": _DROP_IN, "no referral needed": _DROP_IN,
    "no referral required": _DROP_IN, "no referral": _DROP_IN,
}  # fmt: skip
_BETWEEN = re.compile(r"\s*(?:[/;,&+]|\bor\b|\band\b)\s*", re.IGNORECASE)
_FEATURES = (
    (AccessFeature.CHANGING_PLACE, r"changing places?\b"),
    (AccessFeature.ACCESSIBLE_TOILET, r"(?:accessible|disabled|adapted|wheelchair)[\w\s-]{0,20}(?:toilet|wc|washroom)"),
    (AccessFeature.HEARING_LOOP, r"(?:hearing|induction)[\s-]loop|loop system"),
    (AccessFeature.STEP_FREE, r"step[\s-]?free|level access|wheelchair[\s-]access|wheelchair accessible|ramp"),
    (AccessFeature.LIFT, r"\blifts?\b(?! sharing)"),
    (AccessFeature.PARKING, r"\bparking\b|blue badge"),
    (AccessFeature.QUIET_ROOM, r"quiet (?:room|space|area)"),
    (AccessFeature.GUIDE_DOGS, r"(?:guide|assistance)[\s-]dogs?"),
)
_NOT = re.compile(r"\b(?:no|not|without|isn't|unfortunately)\b", re.IGNORECASE)
_COURSE = re.compile(r"\b(?:course|courses|workshop|workshops|training programme)\b", re.IGNORECASE)
_PEER_GROUP = re.compile(
    r"\b(?:peer (?:support )?group|peer support|support group|self[\s-]help group|hearing voices|"
    r"(?:anxiety|depression) group|anonymous)\b",
    re.IGNORECASE,
)
_NATIONAL = re.compile(
    r"^(?:national(?:ly)?|nationwide|uk|u\.k\.|united kingdom|uk[\s-]wide|great britain|england|scotland|wales|"
    r"england and wales|northern ireland|e92000001|k0[234]000001)$",
    re.IGNORECASE,
)
_ATTENDING = {
    "phone": Reach.PHONE, "telephone": Reach.PHONE, "call": Reach.PHONE, "online": Reach.ONLINE,
    "virtual": Reach.ONLINE, "web": Reach.ONLINE, "in-person": Reach.IN_PERSON, "in person": Reach.IN_PERSON,
    "at location": Reach.IN_PERSON,
    "venue": Reach.IN_PERSON, "face to face": Reach.IN_PERSON, "home visit": Reach.HOME_VISIT,
    "at home": Reach.HOME_VISIT, "home": Reach.HOME_VISIT, "home visits": Reach.HOME_VISIT,
}  # fmt: skip


def access_routes(text: str) -> frozenset[AccessRoute]:
    """The ways in that the words name, or none where any part of them is not a known phrase."""
    told = text.strip(" .").casefold()
    if told in _ROUTES:
        return frozenset({_ROUTES[told]})
    parts = [part for part in _BETWEEN.split(told) if part]
    if not parts or any(part not in _ROUTES for part in parts):
        return frozenset()
    return frozenset(_ROUTES[part] for part in parts)


def access_features(text: str) -> list[AccessFeature]:
    """The known access features that the words name; none where they say that something is not there."""
    if _NOT.search(text):
        return []
    return [feature for feature, pattern in _FEATURES if re.search(pattern, text, re.IGNORECASE)]


def kind_of(name: str) -> Kind:
    """Course or peer group where the name says so, else service."""
    if _COURSE.search(name):
        return Kind.COURSE
    return Kind.PEER_GROUP if _PEER_GROUP.search(name) else Kind.SERVICE


def coverage_of(areas: list[str]) -> Coverage:
    """National where an area is a nation, else local."""
    return Coverage.NATIONAL if any(_NATIONAL.match(area.strip()) for area in areas) else Coverage.LOCAL


def reach_of(attending: str) -> Reach | None:
    """The reach that a feed's "attending type" names."""
    return _ATTENDING.get(attending.strip().casefold().replace("_", " "))
