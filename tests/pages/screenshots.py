"""Pictures of the pages: `python -m tests.pages.screenshots FOLDER`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.pages.addresses import PAGES
from tests.pages.browser import SCREEN, running_browser
from tests.pages.site import Site, running_site

PHONE = {"width": 360, "height": 740}
PICTURES = ("home", "search", "search, danger", "service", "help now", "topics")


def main(folder: Path) -> None:
    """Take each picture on a screen and on a telephone, and one of a list with two services."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, running_site(Path(place)) as site, running_browser() as browser:
        for width, size in (("screen", SCREEN), ("phone", PHONE)):
            page = browser.new_page(base_url=site.url, viewport=size, locale="en-GB")
            _take_all(page, site, folder, width)


def _take_all(page: Page, site: Site, folder: Path, width: str) -> None:
    for name in PICTURES:
        page.goto(PAGES[name](site))
        page.screenshot(path=folder / f"{name.replace(', ', '-').replace(' ', '-')}-{width}.png")
    page.goto("/search?q=food+bank")
    for _service in range(2):
        page.get_by_role("button", name="Add to my list").first.click()
    page.goto("/list")
    page.screenshot(path=folder / f"list-{width}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
