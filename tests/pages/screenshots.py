"""Pictures of the pages for the README: `python -m tests.pages.screenshots FOLDER`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize

from tests.pages.browser import running_browser
from tests.pages.site import Site, running_site

SCREEN: ViewportSize = {"width": 1120, "height": 840}
PHONE: ViewportSize = {"width": 360, "height": 1000}
SEARCH = "/search?q=landlord+wants+us+out&near=WX2+1AA"
# A picture's name, the address it shows and the size of the window.
PICTURES = (
    ("home", "/", SCREEN),
    ("results", SEARCH, SCREEN),
    ("service", "/services/{service}", SCREEN),
    ("phone", SEARCH, PHONE),
)
LARGEST = 300 * 1024


def main(folder: Path) -> None:
    """Serve the demo town and take every picture; one that is too large for the repository is an error."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, running_site(Path(place)) as site, running_browser() as browser:
        for name, address, window in PICTURES:
            take(browser, site, address.format(service=site.service), window, folder / f"{name}.png")


def take(browser: Browser, site: Site, address: str, window: ViewportSize, path: Path) -> None:
    """One picture of what a new visitor sees in the window, without scrolling."""
    context = browser.new_context(base_url=site.url, viewport=window, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.screenshot(path=path)
    context.close()
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} is larger than {LARGEST // 1024} KB.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
