"""Every public page, in the states in which it looks different."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.accounts.codes import Role
from tests.pages.site import Site
from tests.signing_in import member_of_demo

Address = Callable[[Site], str]


def fixed(path: str) -> Address:
    """An address that is the same whatever the database holds."""
    return lambda _site: path


PAGES: Mapping[str, Address] = {
    "home": fixed("/"),
    "help now": fixed("/help-now"),
    "accessibility": fixed("/accessibility"),
    "privacy": fixed("/privacy"),
    "cookies": fixed("/cookies"),
    "notices": fixed("/notices"),
    "error": fixed("/there-is-no-such-page"),
    "sign in": fixed("/sign-in"),
    "person, sign in": fixed("/me/sign-in"),
    "new password, asked": fixed("/sign-in/reset"),
    "new password, sent": fixed("/sign-in/reset/sent"),
    "check, thank you": fixed("/check/thank-you"),
    "check by link": lambda site: f"/check/{site.check_token}",
    "change by link": lambda site: f"/check/{site.check_token}/change",
    "places by link": lambda site: f"/places/{site.places_token}",
    "places by link, said": lambda site: f"/places/{site.places_token}?said={site.service}",
    "slip by link": lambda site: f"/slip/{site.slip_token}",
    "slip by link, over": fixed("/slip/there-is-no-such-link"),
    "search, empty": fixed("/search"),
    "search": fixed("/search?q=behind+with+rent&near=WX1+2LH"),
    "search, filtered": fixed("/search?q=feeling+low&near=WX1&cost=free&within=8"),
    "search, exact": fixed("/search?q=feeling+low&exact=1"),
    "search, danger": fixed("/search?q=i+want+to+kill+myself"),
    "search, nothing": fixed("/search?q=zzqx+qqzzx&exact=1"),
    "search, unknown place": fixed("/search?q=food&near=Nowhereville"),
    "topics": fixed("/topics"),
    "topic": fixed("/topics/housing"),
    "narrow topic": fixed("/topics/rent-arrears"),
    "collection": fixed("/collections/for-new-parents"),
    "courses": fixed("/courses"),
    "groups, page two": fixed("/groups?page=2"),
    "service": lambda site: f"/services/{site.service}",
    "service, address private": lambda site: f"/services/{site.hidden}",
    "service, after a report": lambda site: f"/services/{site.service}?reported=1",
    "organisation": lambda site: f"/organisations/{site.organization}",
    "report": lambda site: f"/services/{site.service}/report",
    "not found": fixed("/not-found"),
    "not found, told": fixed("/not-found?told=1"),
    "list, empty": fixed("/list"),
}

# Pages of signed-in staff, and in which role of the demo they are looked at.
STAFF_PAGES: Mapping[str, tuple[Role, Address]] = {
    "desk": (Role.SURGERY, fixed("/desk")),
    "messages": (Role.ADMINISTRATOR, fixed("/desk/messages")),
    "unmet needs": (Role.COMMISSIONER, fixed("/desk/unmet-needs?weeks=52")),
    "desk of an editor": (Role.DIRECTORY_EDITOR, fixed("/desk")),
    "listings": (Role.DIRECTORY_EDITOR, fixed("/desk/listings")),
    "listings, none": (Role.DIRECTORY_EDITOR, fixed("/desk/listings?queue=hidden")),
    "listings of a provider": (Role.PROVIDER, fixed("/desk/listings")),
    "listing": (Role.DIRECTORY_EDITOR, lambda site: f"/desk/listings/{site.service}"),
    "listing, checked": (Role.DIRECTORY_EDITOR, lambda site: f"/desk/listings/{site.service}?done=checked"),
    "listing, edit": (Role.DIRECTORY_EDITOR, lambda site: f"/desk/listings/{site.service}/edit"),
    "duplicates": (Role.DIRECTORY_EDITOR, fixed("/desk/duplicates")),
    "proposals": (Role.DIRECTORY_EDITOR, fixed("/desk/proposals")),
    "proposal": (Role.DIRECTORY_EDITOR, lambda site: f"/desk/proposals/{site.proposal}"),
    "problems": (Role.DIRECTORY_EDITOR, fixed("/desk/problems")),
    "problem": (Role.DIRECTORY_EDITOR, lambda site: f"/desk/problems/{site.problem}"),
    "collections": (Role.SURGERY, fixed("/desk/collections")),
    "collections of an editor": (Role.DIRECTORY_EDITOR, fixed("/desk/collections")),
    "collection": (Role.DIRECTORY_EDITOR, lambda site: f"/desk/collections/{site.collection}"),
    "collection, added": (Role.DIRECTORY_EDITOR, lambda site: f"/desk/collections/{site.collection}?done=added"),
    "collect": (Role.DIRECTORY_EDITOR, lambda site: f"/services/{site.service}/collect"),
    "collect, none": (Role.SURGERY, lambda site: f"/services/{site.service}/collect"),
    "people": (Role.SURGERY, fixed("/desk/people")),
    "people, none added": (Role.MANAGER, fixed("/desk/people")),
    "person, new": (Role.SURGERY, fixed("/desk/people/new")),
    "person": (Role.SURGERY, lambda site: f"/desk/people/{site.person}"),
    "person, saved": (Role.SURGERY, lambda site: f"/desk/people/{site.person}?done=saved"),
    "person, identity": (Role.SURGERY, lambda site: f"/desk/people/{site.person}/identity"),
    "person, contact": (Role.SURGERY, lambda site: f"/desk/people/{site.person}/contact"),
    "person, needs": (Role.SURGERY, lambda site: f"/desk/people/{site.person}/needs"),
    "person, sharing": (Role.SURGERY, lambda site: f"/desk/people/{site.person}/permissions/share-referral"),
    "person, telling": (Role.SURGERY, lambda site: f"/desk/people/{site.person}/permissions/tell-referrer"),
    "signposts": (Role.SURGERY, fixed("/desk/signposts")),
    "signposts, none": (Role.TUTOR, fixed("/desk/signposts?show=waiting")),
    "signposts, answered": (Role.SURGERY, fixed("/desk/signposts?show=answered")),
    "signpost": (Role.SURGERY, lambda site: f"/desk/signposts/{site.signpost}"),
    "signpost, shown": (Role.SURGERY, lambda site: f"/desk/signposts/{site.signpost}?done=link"),
    "signpost, new": (Role.SURGERY, lambda site: f"/desk/signposts/new?service={site.service}&service={site.hidden}"),
    "signpost, nothing picked": (Role.SURGERY, fixed("/desk/signposts/new")),
    "slip": (Role.SURGERY, lambda site: f"/desk/signposts/{site.signpost}/slip?paper=a5&large=1"),
    "slip in Welsh": (Role.SURGERY, lambda site: f"/desk/signposts/{site.signpost}/slip?language=cy"),
    "search of staff": (Role.SURGERY, fixed("/search?q=behind+with+rent&near=WX1+2LH")),
    "service of staff": (Role.SURGERY, lambda site: f"/services/{site.service}"),
    "account": (Role.SURGERY, fixed("/account")),
    "account, saved": (Role.SURGERY, fixed("/account?done=password")),
    "own password": (Role.SURGERY, fixed("/account/password")),
    "members": (Role.ADMINISTRATOR, fixed("/desk/members")),
    "members, invited": (Role.ADMINISTRATOR, fixed("/desk/members?done=invited")),
    "invite": (Role.ADMINISTRATOR, fixed("/desk/members/invite")),
    "member": (Role.ADMINISTRATOR, lambda site: f"/desk/members/{member_of_demo(site.app, Role.HUB)}"),
    "prove": (Role.SURGERY, fixed("/account/prove")),
    "second step": (Role.SURGERY, fixed("/account/second-step")),
    "second step, changed": (Role.SURGERY, fixed("/account/second-step?done=app")),
    "second step, app": (Role.SURGERY, fixed("/account/second-step/app")),
    "second step, codes": (Role.SURGERY, fixed("/account/second-step/codes")),
    "second step, passkey": (Role.SURGERY, fixed("/account/second-step/passkey")),
}
