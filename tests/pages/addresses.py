"""Every public page, in the states in which it looks different."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.accounts.codes import Role
from tests.pages.site import Site

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
}
