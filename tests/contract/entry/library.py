"""The public directory, and what staff teach it and keep of it."""

from __future__ import annotations

from collections.abc import Mapping

from app.accounts.codes import Role
from tests.contract.entry.rows import ANY_ROLE, PUBLIC, Row, roles

EDITOR = Role.DIRECTORY_EDITOR

_FOR_ALL = (
    "accessibility add_service add_to_list choose_language collection cookies courses empty_list groups help_now home "
    "not_found notices opensearch organization privacy remove_from_list report robots search security_txt "
    "service shared_list shortlist sitemap sitemap_pages sitemap_services suggest topic topics"
).split()

ROUTES: Mapping[str, Row] = {
    "words_home": roles(EDITOR),
    "words_history": roles(EDITOR),
    "new_topic": roles(EDITOR),
    "edit_topic": roles(EDITOR, own=lambda _world: "/desk/words/topics/hoarding"),
    "move_topic_up": roles(EDITOR, own=lambda _world: "/desk/words/topics/hoarding/up"),
    "topic_as_shipped": roles(EDITOR, own=lambda _world: "/desk/words/topics/hoarding/as-shipped"),
    "teach_phrase": roles(EDITOR),
    "restore_wording": roles(EDITOR),
    "keep_search": ANY_ROLE,
    "remove_search": roles(*Role, other=lambda world: f"/desk/searches/{world.search_of_other}/remove"),
    "saved_searches": ANY_ROLE,
} | dict.fromkeys(_FOR_ALL, PUBLIC)
