"""What people itself keeps of a person, as a part like those of other features."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.people.details import phone_shown, read_times
from app.people.labels import (
    CHANNELS,
    EMERGENCY_REASONS,
    LEVELS,
    METHODS,
    PERMISSIONS,
    RELATIONS,
    needs_in_words,
    time_words,
)
from app.people.languages import language_name
from app.people.models import (
    Adjustment,
    Carer,
    Emergency,
    MatchKey,
    Permission,
    Person,
    PersonAccess,
    PersonAccount,
    PersonRequest,
)
from app.people.operations.equality import forget_equality
from app.people.parts import ExportItem, RecordPart, TimelineEntry, register
from app.people.queries import organizations_with_access, permission_history
from app.people.rules.nhs_number import shown
from app.web.filters import day

ERASED_WORDS = "These words were erased with the record."


def timeline(session: Session, actor: Actor, person_id: UUID) -> Iterator[TimelineEntry]:
    """The beginning of the record, each answer about permissions, who is close, and each opening in an emergency."""
    person = session.get_one(Person, person_id)
    own = actor.kind is ActorKind.PERSON
    yield TimelineEntry(
        at=person.created_at,
        words=_("%(place)s began a record about you", place=person.organization.name)
        if own
        else _("%(place)s began the record", place=person.organization.name),
    )
    for row in permission_history(session, person_id):
        named = ", ".join(each.name for each in row.organizations)
        words = _("You said yes to: %(what)s") if row.given else _("You said no to: %(what)s")
        if not own:
            words = _("They said yes to: %(what)s") if row.given else _("They said no to: %(what)s")
        detail = named or (str(LEVELS[row.level]) if row.level else "")
        yield TimelineEntry(at=row.created_at, words=words % {"what": PERMISSIONS[row.kind]}, detail=detail)
    yield from _carer_entries(session, person_id, own=own)
    if own:
        for opened in _emergencies(session, person_id):
            place = session.get_one(MemberOrganization, opened.organization_id).name
            words = _("%(place)s opened your record in an emergency", place=place)
            yield TimelineEntry(at=opened.created_at, words=words, detail=opened.words)


def _carer_entries(session: Session, person_id: UUID, *, own: bool) -> Iterator[TimelineEntry]:
    """Who came to be known as close to the person, and who is no longer.

    Nobody is named on the person's own page: whoever else holds their phone must not learn in whom they confide.
    """
    for carer in _carers(session, person_id):
        if not carer.name:
            continue
        if own:
            came = _("Somebody was added to the people close to you")
            gone = _("Somebody is no longer among the people close to you")
        else:
            came = _("%(name)s was added as a carer", name=carer.name)
            gone = _("%(name)s is no carer now", name=carer.name)
        yield TimelineEntry(at=carer.created_at, words=came, detail=_agreed_words(carer, own=own))
        if carer.ended_at is not None:
            yield TimelineEntry(at=carer.ended_at, words=gone)


def _agreed_words(carer: Carer, *, own: bool) -> str:
    agreed = _("You agreed that they are told.") if own else _("The person agreed that they are told.")
    told = agreed if carer.agreed_on else _("They are told nothing.")
    return f"{RELATIONS[carer.relation]}. {told}"


def _carers(session: Session, person_id: UUID) -> list[Carer]:
    wanted = select(Carer).where(Carer.person_id == person_id)
    return list(session.scalars(wanted.order_by(Carer.created_at, Carer.id)))


def _emergencies(session: Session, person_id: UUID) -> list[Emergency]:
    wanted = select(Emergency).where(Emergency.person_id == person_id)
    return list(session.scalars(wanted.order_by(Emergency.created_at, Emergency.id)))


def export(session: Session, person_id: UUID) -> Iterator[ExportItem]:
    """All of the record."""
    person = session.get_one(Person, person_id)
    yield ExportItem(heading=_("Who you are"), at=person.created_at, lines=_identity_lines(person))
    yield ExportItem(heading=_("How we may reach you"), lines=_contact_lines(person))
    if person.contact_note:
        # Staff wrote it, and it may speak of others.
        yield ExportItem(
            heading=_("A note on reaching you"), lines=[(_("Note"), person.contact_note)], needs_review=True
        )
    needs = session.scalars(
        select(Adjustment).where(Adjustment.person_id == person_id).order_by(Adjustment.created_at, Adjustment.id)
    ).all()
    told = [(day(each.created_at), each.words) for each in needs]
    yield ExportItem(heading=_("What you need"), lines=[*_need_lines(person), *told])
    places = [(_("Name"), place.name) for place in organizations_with_access(session, person_id)]
    yield ExportItem(heading=_("Who can see it"), lines=places)
    yield from _permission_items(permission_history(session, person_id))
    for carer in _carers(session, person_id):
        reached = ", ".join(filter(None, (carer.name, carer.reach)))
        lines = [(str(RELATIONS[carer.relation]), reached)]
        yield ExportItem(heading=_("People close to you"), at=carer.created_at, lines=lines, needs_review=True)
    for opened in _emergencies(session, person_id):
        place = session.get_one(MemberOrganization, opened.organization_id).name
        yield ExportItem(
            heading=_("Opened in an emergency"),
            at=opened.created_at,
            lines=[(place, f"{EMERGENCY_REASONS[opened.reason]}. {opened.words}")],
            needs_review=True,
        )
    wishes = select(PersonRequest).where(PersonRequest.person_id == person_id, PersonRequest.wish != "")
    for asked in session.scalars(wishes.order_by(PersonRequest.created_at, PersonRequest.id)):
        lines = [(_("Your words"), asked.wish), (_("The answer"), asked.answer)]
        yield ExportItem(heading=_("What you asked to put right"), at=asked.created_at, lines=lines)
    if person.review_on is not None:
        yield ExportItem(heading=_("How long it is kept"), lines=[(_("Kept until"), day(person.review_on))])


def _permission_items(history: list[Permission]) -> Iterator[ExportItem]:
    yield ExportItem(
        heading=_("What you permitted"), lines=[(str(PERMISSIONS[row.kind]), _answer_words(row)) for row in history]
    )
    if notes := [(str(PERMISSIONS[row.kind]), row.note) for row in history if row.note]:
        yield ExportItem(heading=_("Who decided for you, and why"), lines=notes, needs_review=True)


def _answer_words(row: Permission) -> str:
    named = ", ".join(each.name for each in row.organizations)
    told = (_("Yes") if row.given else _("No"), named, str(LEVELS[row.level]) if row.level else "")
    return ". ".join([*filter(None, told), str(METHODS[row.method]), day(row.created_at)])


def _identity_lines(person: Person) -> list[tuple[str, str]]:
    return [
        (_("Name"), person.name),
        (_("What you like to be called"), person.known_as),
        (_("Date of birth"), day(person.born_on) if person.born_on else ""),
        (_("NHS number"), shown(person.nhs_number) if person.nhs_number else ""),
        (_("Address"), f"{person.address}\n{person.postcode}".strip()),
        (_("GP practice"), f"{person.gp_name} {person.gp_ods_code}".strip()),
    ]


def _need_lines(person: Person) -> list[tuple[str, str]]:
    needs = [(str(group), ", ".join(map(str, told))) for group, told in needs_in_words(person.formats)]
    return [
        (_("Language"), language_name(person.language)),
        (_("Interpreter"), _("They need one") if person.interpreter else ""),
        *needs,
    ]


def _contact_lines(person: Person) -> list[tuple[str, str]]:
    channels = ", ".join(str(words) for code, words in CHANNELS.items() if code in person.safe_channels)
    return [
        (_("Do not contact"), _("Yes") if person.do_not_contact else _("No")),
        (_("Safe ways"), channels),
        (_("Mobile"), phone_shown(person.mobile) if person.mobile else ""),
        (_("Email"), person.email or ""),
        (_("Other phone"), person.phone or ""),
        (_("Safe times"), "; ".join(time_words(each) for each in read_times(person.safe_times))),
        (_("Voicemail"), _("A message is safe") if person.voicemail_allowed else _("Leave no message")),
        (_("Be discreet"), _("Say nothing that gives away what it is about") if person.discreet else ""),
    ]


def erase(session: Session, _actor: Actor, person_id: UUID) -> int:
    """Wipe the record itself: the row stays as a stub without a word about anybody."""
    person = session.get_one(Person, person_id)
    for name in ("name", "known_as", "search_name", "address", "postcode", "gp_ods_code", "gp_name", "contact_note"):
        setattr(person, name, "")
    reached_at = ("email", "email_wrong_since", "mobile", "mobile_wrong_since", "phone")
    for name in ("born_on", "nhs_number", *reached_at, "died_on"):
        setattr(person, name, None)
    person.safe_channels, person.formats, person.safe_times = frozenset(), frozenset(), []
    person.email_is_private = person.mobile_is_private = False
    person.do_not_contact, person.language, person.interpreter = True, "en", False
    person.erased_at = clock.now()
    session.flush()
    return 1 + sum(_wipe_rows(session, person_id)) + forget_equality(session, person_id)


def _wipe_rows(session: Session, person_id: UUID) -> Iterator[int]:
    ended = {"ended_at": clock.now()}
    for model, values in (
        (Carer, {"name": "", "reach": ""} | ended),
        (Permission, {"note": ""}),
        (Adjustment, {"words": ""} | ended),
        (Emergency, {"words": ERASED_WORDS, "finding": ""}),
        (PersonRequest, {"wish": "", "answer": "", "prepared": None}),
        (PersonAccess, ended),
        (PersonAccount, ended),
    ):
        rows = update(model).where(model.person_id == person_id).values(values).returning(model.id)
        yield len(session.execute(rows.execution_options(synchronize_session="fetch")).all())
    gone = delete(MatchKey).where(MatchKey.person_id == person_id).returning(MatchKey.id)
    yield len(session.execute(gone).all())


# Permissions and access stay with the record that they were given for (see `operations.merging`).
register(
    RecordPart(
        name="people",
        columns=(Carer.person_id, Adjustment.person_id, PersonRequest.person_id, Emergency.person_id),
        timeline=timeline,
        export=export,
        erase=erase,
    )
)
