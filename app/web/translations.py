"""The message catalogues in app/translations.

`python -m app.web.translations` compiles them, as every set-up does. `python -m app.web.translations update` first
takes the messages of the sources into messages.pot and, still to be translated, into each language.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.settings import ROOT

CATALOGUES = ROOT / "app" / "translations"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
# Sources that only staff and providers read (see `languages.STAFF_PATHS`): they need no translation.
STAFF_SOURCES = (
    "app/accounts/",
    "app/desk/",
    "app/advice/",
    "app/booking/dates_form.py",
    "app/booking/programme_forms.py",
    "app/booking/setting_up_forms.py",
    "app/booking/shift_form.py",
    "app/booking/staff_forms.py",
    "app/booking/views/inviting.py",
    "app/booking/views/keeping.py",
    "app/booking/views/on_behalf.py",
    "app/booking/views/people.py",
    "app/booking/views/plans.py",
    "app/booking/views/programme.py",
    "app/booking/views/putting_on.py",
    "app/booking/views/sessions.py",
    "app/booking/views/setting_up.py",
    "app/booking/views/shifting.py",
    "app/booking/worklists.py",
    "app/directory/",
    "app/library/views/saved.py",
    "app/library/views/wording.py",
    "app/library/wording_forms.py",
    "app/outcomes/",
    "app/people/",
    "app/referrals/",
    "app/reporting/",
    "templates/accounts/",
    "templates/advice/",
    "templates/booking/book_for.html",
    "templates/booking/book_for_person.html",
    "templates/booking/call_off.html",
    "templates/booking/calls.html",
    "templates/booking/choose_for_person.html",
    "templates/booking/complete.html",
    "templates/booking/cover.html",
    "templates/booking/fewer.html",
    "templates/booking/invitations.html",
    "templates/booking/keep.html",
    "templates/booking/leads.html",
    "templates/booking/move.html",
    "templates/booking/move_run.html",
    "templates/booking/needs.html",
    "templates/booking/new_run.html",
    "templates/booking/not_completed.html",
    "templates/booking/of_person.html",
    "templates/booking/one_booking.html",
    "templates/booking/plan.html",
    "templates/booking/plans_due.html",
    "templates/booking/programme.html",
    "templates/booking/register.html",
    "templates/booking/run.html",
    "templates/booking/set_up",
    "templates/booking/tell_run.html",
    "templates/booking/terms.html",
    "templates/booking/when_fields.html",
    "templates/booking/who_hears.html",
    "templates/booking/words.html",
    "templates/library/saved_searches.html",
    "templates/library/words",
    "templates/outcomes/",
    "templates/emails/outcomes/",
    "templates/curation/",
    "templates/desk/",
    "templates/emails/accounts/",
    "templates/emails/curation/",
    "templates/emails/notifications/",
    "templates/emails/people/",
    "templates/emails/referrals/person",
    "templates/emails/referrals/preview",
    "templates/emails/referrals/",
    "templates/people/",
    "templates/referrals/",
    "templates/reporting/",
    "templates/signposts/",
    "app/notifications/",
    "templates/layouts/staff.html",
    "templates/components/authenticator_offer.html",
    "templates/components/passkey_form.html",
)
# Among them, what people looking for help read after all.
PUBLIC_SOURCES = (
    "app/accounts/person_forms.py",
    "app/accounts/views/person.py",
    "app/directory/curation/fields.py",
    "app/directory/curation/public_forms.py",
    "templates/accounts/person_",
    "templates/emails/accounts/code",
    "app/people/equality_form.py",
    "app/people/labels.py",
    "app/people/languages.py",
    "app/people/own_parts.py",
    "app/people/safe_time_field.py",
    "app/referrals/forms/own.py",
    "app/referrals/forms/own_message.py",
    "app/referrals/pathway_texts.py",
    "app/referrals/person_words.py",
    "app/referrals/previewing.py",
    "app/referrals/signposts/slips.py",
    "app/referrals/told_words.py",
    "app/referrals/views/own.py",
    "app/referrals/signposts/views/by_link.py",
    "templates/emails/people/",
    "templates/people/equality_fields.html",
    "app/outcomes/views/reply.py",
    "templates/emails/outcomes/ask",
    "templates/outcomes/all_questions.html",
    "templates/outcomes/help.html",
    "templates/outcomes/no_such_link.html",
    "templates/outcomes/parts.html",
    "templates/outcomes/question.html",
    "templates/outcomes/stopped.html",
    "templates/outcomes/thanks.html",
    "templates/outcomes/too_old.html",
    "templates/referrals/own_",
    "templates/signposts/line.html",
    "templates/signposts/open.html",
    "templates/signposts/over.html",
    "templates/signposts/slip",
)
NO_SOURCES = frozenset({"node_modules", "static", "__pycache__"})


def compile_catalogues(folder: Path = CATALOGUES) -> list[Path]:
    """Write a .mo file beside each .po file; return what was written."""
    written = []
    for source in _sources(folder):
        target = source.with_suffix(".mo")
        with target.open("wb") as file:
            write_mo(file, read_catalogue(source))
        written.append(target)
    return written


def read_catalogue(source: Path) -> Catalog:
    """A .po file, whose folder says its language."""
    with source.open("rb") as file:
        return read_po(file, locale=source.parts[-3], abort_invalid=True)


def extracted(root: Path = ROOT) -> Catalog:
    """The messages of all sources, with the files that they stand in."""
    with (CATALOGUES / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel gives it no types
    catalogue = Catalog()
    for name, line, message, comments, context in extract_from_dir(
        root, methods, options, keywords=KEYWORDS, directory_filter=_may_hold_sources
    ):
        catalogue.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return catalogue


def is_for_the_public(message: Message) -> bool:
    """Whether a message of the sources stands anywhere that the public reads."""
    return any(
        name.startswith(PUBLIC_SOURCES) or not name.startswith(STAFF_SOURCES) for name, _line in message.locations
    )


def update_catalogues(folder: Path = CATALOGUES) -> None:
    """Bring messages.pot and every language up to the sources. What the sources no longer say goes."""
    template = extracted()
    _write(folder / "messages.pot", template, header="")
    for source in _sources(folder):
        catalogue = read_catalogue(source)
        catalogue.update(template, no_fuzzy_matching=True)
        _write(source, catalogue, header=source.read_text(encoding="utf-8").split("\n\n", 1)[0] + "\n\n")


def _write(target: Path, catalogue: Catalog, *, header: str) -> None:
    # No times, no line numbers: a file changes only with its messages.
    with target.open("wb") as file:
        file.write(header.encode())
        write_po(
            file, catalogue, width=0, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False
        )


def _sources(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/LC_MESSAGES/messages.po"))


def _may_hold_sources(folder: str | Path) -> bool:
    name = Path(folder).name
    return not name.startswith(".") and name not in NO_SOURCES


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update_catalogues()
    compile_catalogues()
