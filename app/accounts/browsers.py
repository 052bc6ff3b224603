"""What a browser is called in the list of sessions."""

from __future__ import annotations

from flask_babel import gettext as _

# The first that fits: several browsers also say that they are others.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"))
LATER_BROWSERS = (("Chrome", "Chrome"), ("CriOS", "Chrome"), ("FxiOS", "Firefox"), ("Safari", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def browser_name(told: str) -> str:
    """For example "Firefox on Windows", of what the browser said of itself."""
    browser = next((name for mark, name in (*BROWSERS, *LATER_BROWSERS) if mark in told), None)
    system = next((name for mark, name in SYSTEMS if mark in told), None)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("A browser")
