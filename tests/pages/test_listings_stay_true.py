"""How listings stay true, walked by keyboard in a browser that runs no scripts, axe clean at every stop."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts.codes import Role
from tests.pages.browser import PHONE
from tests.pages.site import Site
from tests.pages.test_ways_back_in import clean, type_in
from tests.signing_in import member_of_demo, session_token

pytestmark = pytest.mark.browser
SignIn = Callable[[Role | None], Page]


@pytest.fixture
def at(browser: Browser, site: Site) -> Iterator[SignIn]:
    """A page for somebody in a role, or for nobody in particular."""
    opened = []

    def visitor(role: Role | None) -> Page:
        context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport=PHONE, locale="en-GB")
        opened.append(context)
        if role is not None:
            token = session_token(site.app, member_of_demo(site.app, role))
            context.add_cookies([{"name": "sid", "value": token, "url": site.url}])
        return context.new_page()

    yield visitor
    for context in opened:
        context.close()


def type_over(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def test_a_providers_change_is_approved_and_seen(at: SignIn, browser: Browser, site: Site, axe: str) -> None:
    provider, editor, public = at(Role.PROVIDER), at(Role.DIRECTORY_EDITOR), at(None)
    provider.goto("/desk/listings")
    link = provider.locator("main .wm-rows a, main table a").first
    name = link.inner_text()
    link.press("Enter")
    listing = provider.url.rsplit("/", 1)[1]
    provider.get_by_role("link", name="Change it").first.press("Enter")
    type_over(provider, "What it does", "")
    provider.keyboard.press("Delete")
    provider.get_by_role("button", name="Send to an editor").last.press("Enter")
    expect(provider.get_by_role("alert")).to_contain_text("Say what it does")
    clean(provider, axe, browser, site)
    type_over(provider, "What it does", "We mend bicycles together every Tuesday.")
    provider.get_by_role("button", name="Send to an editor").last.press("Enter")
    expect(provider.get_by_role("heading", level=1)).to_have_text(name)
    public.goto(f"/services/{listing}")
    expect(public.locator("main")).not_to_contain_text("We mend bicycles together")

    editor.goto("/desk/proposals")
    editor.get_by_role("link", name=name).last.press("Enter")
    expect(editor.locator("main ins").first).to_have_text("We mend bicycles together every Tuesday.")
    clean(editor, axe, browser, site)
    editor.get_by_role("button", name="Approve").press("Enter")
    public.reload()
    expect(public.locator("main")).to_contain_text("We mend bicycles together every Tuesday.")


def test_the_link_of_a_reminder_and_a_problem_told(at: SignIn, browser: Browser, site: Site, axe: str) -> None:
    holder, public, editor = at(None), at(None), at(Role.DIRECTORY_EDITOR)
    holder.goto(f"/check/{site.check_token}")
    expect(holder.locator("main")).to_contain_text("Opening hours")
    clean(holder, axe, browser, site)
    holder.get_by_role("button", name="Still right").press("Enter")
    expect(holder.get_by_role("status")).to_contain_text("counts as checked today")
    clean(holder, axe, browser, site)

    public.goto(f"/services/{site.service}")
    public.get_by_role("link", name="Something is wrong with these details").press("Enter")
    public.get_by_label("The place or the hours are wrong").press("Space")
    type_in(public, "Tell us more", "The door was shut at noon.")
    type_in(public, "Your email address", "someone@reader.example")
    clean(public, axe, browser, site)
    public.keyboard.press("Enter")
    expect(public.get_by_role("status")).to_be_visible()

    editor.goto("/desk/problems")
    editor.locator("main li, main tr").filter(has_text="The place or the hours are wrong").get_by_role(
        "link"
    ).last.press("Enter")
    expect(editor.locator("main")).to_contain_text("The door was shut at noon.")
    editor.get_by_label("It was wrong and I have put it right").press("Space")
    type_in(editor, "Your answer", "Thank you. It opens at one now.")
    clean(editor, axe, browser, site)
    editor.get_by_role("button", name="Answer and close").press("Enter")
    expect(editor).to_have_url(re.compile("/desk/problems"))
    expect(editor.get_by_role("status")).to_contain_text("The report is answered and closed.")


def test_a_list_is_imported_and_several_are_changed(at: SignIn, browser: Browser, site: Site, axe: str) -> None:
    editor = at(Role.DIRECTORY_EDITOR)
    editor.goto("/desk/imports")
    rows = b"name,organisation,description\nBread oven,Mill Lane Trust,Bake together.\n,Mill Lane Trust,Nothing\n"
    editor.get_by_label("The file").set_input_files({"name": "mill.csv", "mimeType": "text/csv", "buffer": rows})
    type_in(editor, "What is this list called?", "Mill Lane")
    editor.keyboard.press("Enter")
    expect(editor.locator("main")).to_contain_text("Bread oven", timeout=30_000)
    clean(editor, axe, browser, site)
    editor.get_by_role("button", name="Import it").press("Enter")
    editor.goto("/desk/listings?q=Bread+oven")
    editor.get_by_role("checkbox").first.press("Space")
    editor.get_by_role("button", name="Change the ticked ones").press("Enter")
    editor.get_by_label("Hide them from the public").press("Space")
    clean(editor, axe, browser, site)
    editor.get_by_role("button", name="Show what will change").press("Enter")
    expect(editor.locator("main")).to_contain_text("Bread oven")
    clean(editor, axe, browser, site)
    editor.get_by_role("button", name="Change them").press("Enter")
    expect(editor.get_by_role("status")).to_be_visible()
