"""A page with a list of dates, as a browser reads it and sends it back."""

from __future__ import annotations

import re


def leads_to_a_field(page: str, field_id: str) -> None:
    """The words over the list lead to the first date that cannot be, which is open."""
    said = page.split("govuk-error-summary__list")[1].split("</ul>", maxsplit=1)[0]
    assert re.findall(r'<a href="#([^"]+)">Some dates cannot be', said) == [field_id]
    [before, _after] = page.split(f' id="{field_id}"')
    if field_id.endswith("-day"):
        assert " open" in before.rsplit("<details", 1)[1].split(">")[0]


def shifted(page: str, **changes_: str | list[str]) -> dict[str, str | list[str]]:
    """What a browser sends of the list of dates to be changed."""
    fields = dict(re.findall(r'name="(row-[^"]+-(?:day|at))" value="([^"]*)"', page))
    rooms = re.findall(r'<select[^>]* name="(row-[^"]+)">(.*?)</select>', page, re.DOTALL)
    chosen = {name: (re.findall(r'value="([^"]*)" selected', options) or [""])[0] for name, options in rooms}
    asked = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    ticked = re.findall(r'name="take" value="([^"]+)" checked', page)
    return {**asked, **fields, **chosen, "take": ticked, "do": "move", **changes_}
